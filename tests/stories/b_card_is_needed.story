# A scanned licence is not enough for the vehicle register: the guide says so and offers the ticket.
clock 2026-11-23T10:00:00+08:00
scan 4290000000001\r
touch category:B
touch service:B3
expect view guide
expect spoken 自助办理要刷身份证
touch apply
expect view guide
touch take-ticket
expect ticket waiting
