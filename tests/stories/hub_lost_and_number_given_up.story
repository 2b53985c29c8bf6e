# The hub is lost, and nobody notes the number: it hears of that later.
clock 2026-11-23T10:00:00+08:00
fault printer paper-out
touch ticket-only
touch category:B
touch service:B3
touch take-ticket
expect ticket reserved
network branch down
wait 60
expect view welcome
network branch up
expect ticket void
