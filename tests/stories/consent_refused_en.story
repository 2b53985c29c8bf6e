# She does not agree, in English: a ticket for the counter, and nothing is sent.
clock 2026-11-23T10:00:00+08:00
touch language:en
scan 421202195803072047
touch category:A
touch service:A4
touch apply
type 13800000123
touch next
touch next
expect view consent
touch take-ticket
expect view ticket
expect printed A001
expect ticket waiting
