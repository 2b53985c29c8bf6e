# What would help her is offered on the way to the ticket, and changes nothing else.
clock 2026-11-23T10:00:00+08:00
touch ticket-only
touch category:B
touch service:B1
expect view guide
touch choice:needs
expect spoken 可以不选
touch choice:low-counter
touch choice:hearing
touch choice:hearing
touch next
expect view guide
expect spoken 会告诉窗口：低位窗口
touch take-ticket
expect printed B001
expect ticket waiting
expect spoken 会告诉窗口：低位窗口
touch finish
expect view welcome
touch ticket-only
touch category:B
touch service:B1
touch take-ticket
expect printed B002
