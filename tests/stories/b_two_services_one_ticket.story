# Two services on one ticket: the first is queued for, both stand on the paper, and what to bring for both.
clock 2026-11-23T10:00:00+08:00
touch ticket-only
touch category:B
touch service:B3
touch choice:add
expect view services
touch category:C
touch service:C1
expect view guide
expect spoken 同一个号还办：补领机动车行驶证
touch take-ticket
expect view ticket
expect printed 补领行驶证、期
expect spoken B001
expect ticket waiting
touch finish
touch ticket-only
touch category:B
touch service:B1
touch take-ticket
expect printed 补领机动车号牌
expect ticket waiting
