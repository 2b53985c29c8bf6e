# A sealed request survives a crash, and arrives once.
clock 2026-11-23T10:00:00+08:00
network central down
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
expect printed 暂存凭条
expect request queued
crash
expect view welcome
expect request queued
network central up
wait 60
expect request submitted
crash
expect request submitted
expect not printed
