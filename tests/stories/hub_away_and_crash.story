# An emergency number survives a crash while the hub is away, and is told once.
clock 2026-11-23T10:00:00+08:00
network branch down
touch ticket-only
touch category:B
touch service:B3
touch take-ticket
expect printed B501
crash
expect not printed
crash
network branch up
expect ticket waiting
touch ticket-only
touch category:B
touch service:B3
touch take-ticket
expect printed B001
