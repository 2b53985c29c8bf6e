# An impatient finger gets one ticket and one request.
clock 2026-11-23T10:00:00+08:00
touch ticket-only
touch category:B
touch service:B1
touch take-ticket
touch take-ticket
expect printed B001
expect not printed
touch finish
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
touch confirm
expect printed 提交回执
expect not printed
