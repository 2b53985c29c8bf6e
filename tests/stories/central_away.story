# The centre is away: sealed, saved, said honestly, and delivered later.
clock 2026-11-23T10:00:00+08:00
network central down
scan 421202195803072047\r
touch category:A
touch service:A4
touch apply
type 13800000123
touch next
touch next
touch consent:sensitive
touch next
touch consent:correct
touch consent:entrust
touch confirm
expect view receipt
expect printed 暂存凭条
expect request queued
touch finish
crash
expect request queued
network central up
wait 600
expect request submitted
