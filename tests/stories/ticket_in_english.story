# The language is switched on the first page, and the paper speaks it too.
clock 2026-11-23T10:00:00+08:00
touch language:en
touch ticket-only
touch category:B
touch service:B2
touch take-ticket
expect printed B001
expect view ticket
touch finish
expect view welcome
