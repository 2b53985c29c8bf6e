# What no ticket needs is not asked: four touches, a number, and home again.
clock 2026-11-23T10:00:00+08:00
expect view welcome
touch ticket-only
expect view services
touch category:B
touch service:B1
expect view guide
touch take-ticket
expect view ticket
expect printed B001
expect ticket waiting
expect spoken B 0 0 1
touch finish
expect view welcome
