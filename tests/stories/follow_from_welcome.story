# A receipt held to the window on the first page is what she came for.
clock 2026-11-23T10:00:00+08:00
scan 421202195803072047
touch category:A
touch service:A4
touch apply
type 13800000123
touch next
expect view form
touch next
expect view consent
touch consent:sensitive
touch next
expect view check
touch consent:correct
touch consent:entrust
touch confirm
touch finish
scan XN-20261123-000001
expect view status
expect spoken 交管部门已收到
touch home
expect view welcome
