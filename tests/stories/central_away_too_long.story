# Past the offline policy the waiting request is wiped, and direct requests are offered no more.
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
expect printed 暂存凭条
touch finish
wait 90000
expect request expired
touch ticket-only
touch category:A
touch service:A4
touch apply
expect view guide
touch take-ticket
expect printed A
