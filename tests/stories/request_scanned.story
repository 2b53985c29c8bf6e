# Contact details of a driver go straight to the centre; the receipt says submitted, never accepted.
clock 2026-11-23T10:00:00+08:00
scan 421202195803072047\r
touch category:A
touch service:A4
touch apply
expect view form
type 13800000123
touch next
touch next
expect view consent
touch consent:sensitive
touch next
expect view check
touch confirm
expect view check
touch consent:correct
touch consent:entrust
touch confirm
expect view receipt
expect printed 提交回执
expect request submitted
touch finish
expect view welcome
