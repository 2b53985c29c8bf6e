# With the hub away no clerk can be asked, and a scan is not enough for the register: the guide says so, the ticket does it.
clock 2026-11-23T10:00:00+08:00
network branch down
scan 4290000000001\r
touch category:B
touch service:B3
expect view guide
expect spoken 自助办理要刷身份证
touch apply
expect view guide
touch take-ticket
expect view ticket
