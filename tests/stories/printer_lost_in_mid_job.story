# The line breaks in the middle: the number is not lost, and never printed twice unmarked.
clock 2026-11-23T10:00:00+08:00
fault printer lost-mid-job
touch ticket-only
touch category:B
touch service:B1
touch take-ticket
expect view ticket
expect not printed
