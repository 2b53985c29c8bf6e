# No hub, no centre, no printer, no scanner: still a number.
clock 2026-11-23T10:00:00+08:00
network branch down
network central down
fault printer offline
fault scanner offline
expect view welcome
touch ticket-only
touch category:B
touch service:B3
touch take-ticket
expect view ticket
expect ticket reserved
touch finish
expect ticket waiting
clear printer
clear scanner
network branch up
network central up
expect ticket waiting
expect not printed
