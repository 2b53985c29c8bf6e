# A number that she has not noted yet is still asked about after staff were called: it never hangs in the queue.
clock 2026-11-23T10:00:00+08:00
fault printer paper-out
touch ticket-only
touch category:B
touch service:B3
touch take-ticket
expect view ticket
touch help
expect view notice
touch home
expect view notice
touch back
expect view ticket
wait 60
expect view welcome
expect ticket void
expect not printed
