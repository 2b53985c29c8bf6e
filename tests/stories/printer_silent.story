# A printer that says nothing is no printer to promise paper with.
clock 2026-11-23T10:00:00+08:00
fault printer silent
touch ticket-only
touch category:B
touch service:B1
touch take-ticket
expect view ticket
expect not printed
touch finish
expect ticket waiting
