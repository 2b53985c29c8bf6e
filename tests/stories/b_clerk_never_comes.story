# Nobody comes within five minutes: the consoles forget it, she is asked whether she is still there, then all is wiped.
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
wait 290
expect view keypad
wait 15
expect view timeout
touch more-time
expect view identify
expect spoken 已经超时
wait 100
expect view welcome
expect not printed
