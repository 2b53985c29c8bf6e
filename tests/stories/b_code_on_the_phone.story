# A card and the code on her phone change the register; a wrong code may be typed again.
clock 2026-11-23T10:00:00+08:00
card card_of_nobody.json
touch language:en
touch category:B
touch service:B3
touch apply
touch choice:self
touch choice:A
touch next
touch choice:02
type 鄂L12345
touch next
type 13800000123
touch next
touch choice:pickup
touch consent:sensitive
touch next
touch consent:correct
touch consent:entrust
touch consent:void-old
touch confirm
expect spoken Please confirm that it is you
touch choice:code
expect view keypad
type 000000
touch next
expect spoken The code is not right
phone types
expect view receipt
expect request submitted
expect printed Submission receipt
