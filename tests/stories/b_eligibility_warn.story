# With her card she asks for a lost inspection sticker: she is told of the electronic one first and goes on.
clock 2026-11-23T10:00:00+08:00
card card_of_nobody.json
touch category:B
touch service:B5
touch apply
expect view eligibility
touch choice:self
touch choice:A
type 20270101
touch next
expect view eligibility
expect spoken 电子检验标志
touch next
expect view form
touch choice:52
type 鄂LD12345
touch next
type 13800000000
touch next
touch choice:ems
expect view consent
touch consent:sensitive
touch next
touch consent:correct
touch consent:entrust
expect view check
touch confirm
expect view receipt
expect request submitted
