# The printer is mended while the number stands on the screen: she may have it on paper.
clock 2026-11-23T10:00:00+08:00
fault printer paper-out
touch ticket-only
touch category:B
touch service:B3
touch take-ticket
expect view ticket
expect not printed
clear printer
touch retry
expect view ticket
expect printed B001
expect ticket waiting
expect not printed
