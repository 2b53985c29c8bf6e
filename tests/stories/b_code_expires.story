# A code that is typed too late is none; the next one comes, or a clerk, or a ticket.
clock 2026-11-23T10:00:00+08:00
card card_of_nobody.json
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
touch choice:code
wait 50
touch help
wait 50
touch help
wait 50
touch help
wait 50
touch help
wait 50
touch help
wait 50
touch help
wait 20
phone types
expect view identify
expect spoken 已经超时
touch choice:code
phone types
expect request submitted
