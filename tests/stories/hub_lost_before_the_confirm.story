# The hub is lost while the number stands on the screen: it hears of it later, once.
clock 2026-11-23T10:00:00+08:00
fault printer paper-out
touch ticket-only
touch category:B
touch service:B3
touch take-ticket
expect ticket reserved
network branch down
touch finish
expect view welcome
network branch up
expect ticket waiting
