# A clerk who cannot confirm it says so; the citizen takes a ticket, and nothing was sent.
clock 2026-11-23T10:00:00+08:00
scan 421202195803072047\r
touch category:A
touch service:A3
touch apply
touch choice:self
touch choice:02
type 鄂L12345
touch next
type 13800000123
touch next
touch choice:same
touch next
touch consent:sensitive
touch next
touch consent:correct
touch consent:entrust
touch confirm
touch choice:staff
clerk refuses
expect view identify
expect spoken 工作人员不能在这里确认
touch take-ticket
expect view ticket
expect ticket waiting
