# Known before she chooses: the number stands on the screen, and no stale slip comes out after the refill.
clock 2026-11-23T10:00:00+08:00
fault printer paper-out
touch ticket-only
touch category:B
touch service:B1
touch take-ticket
expect view ticket
expect not printed
touch finish
expect ticket waiting
clear printer
wait 30
expect not printed
touch ticket-only
touch category:B
touch service:B1
touch take-ticket
expect printed B002
