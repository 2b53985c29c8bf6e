# A number that nobody noted is given back: no live ticket that nobody holds.
clock 2026-11-23T10:00:00+08:00
fault printer cover-open
touch ticket-only
touch category:B
touch service:B1
touch take-ticket
expect view ticket
wait 61
expect view welcome
expect ticket void
clear printer
wait 10
expect not printed
