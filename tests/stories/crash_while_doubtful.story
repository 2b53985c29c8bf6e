# After a power cut the first question is what became of the paper.
clock 2026-11-23T10:00:00+08:00
touch ticket-only
touch category:B
touch service:B1
fault printer lost-mid-job
touch take-ticket
expect view ticket
crash
expect view ticket
