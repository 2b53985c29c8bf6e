# Neither hub nor paper: an emergency number on the screen, told to the hub only if she has it.
clock 2026-11-23T10:00:00+08:00
network branch down
fault printer paper-out
touch ticket-only
touch category:B
touch service:B3
touch take-ticket
expect view ticket
expect not printed
wait 60
expect ticket void
touch ticket-only
touch category:B
touch service:B3
touch take-ticket
touch finish
network branch up
expect ticket waiting
clear printer
wait 5
expect not printed
