# A company's vehicle: what to bring is shown and printed, and the counter is the way on.
clock 2026-11-23T10:00:00+08:00
card card_of_nobody.json
touch category:B
touch service:B3
touch apply
touch choice:company
expect view notice
touch print-guide
expect printed 盖公章的委托书
touch back
touch take-ticket
expect view ticket
expect ticket waiting
