# An appointment by its code: too early it is said when, on time a ticket with the booked time, once only.
clock 2026-11-23T10:00:00+08:00
book BOOK-0042 B1 2026-11-23T10:30:00+08:00
book BOOK-0043 B3 2026-11-24T10:30:00+08:00
scan BOOK-0042
expect view status
expect spoken 请在 10:15 以后来报到
touch take-ticket
expect not printed
touch home
wait 1000
scan BOOK-0042
expect spoken 现在可以报到
touch take-ticket
expect printed 预约：10:30
expect ticket waiting
touch finish
scan appointment:book-0042
expect spoken 这个预约已经报到过
touch home
scan BOOK-0043
expect spoken 预约的不是今天
# Typed, and late: she queues like everybody. A code that is nobody's is said to be no use here.
touch home
book BOOK-0044 B1 2026-11-23T09:30:00+08:00
touch follow
touch choice:type
type BOOK-0044
touch next
expect spoken 已经过了预约时间
touch take-ticket
expect ticket waiting
touch finish
scan BOOK-9999
expect view identify
expect spoken 这个码在这里用不上
touch home
network branch down
scan BOOK-0044
expect view status
expect spoken 现在查不到预约
