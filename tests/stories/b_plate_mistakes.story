# A plate too short, then one that does not fit its kind: the sentence says so, what was typed stays, and can be mended.
clock 2026-11-23T10:00:00+08:00
card card_of_nobody.json
touch category:B
touch service:B3
touch apply
touch choice:self
touch choice:A
expect view form
touch choice:02
type 鄂L123
touch next
expect view form
expect spoken 号牌的位数不对
touch key:clear
type 鄂LD12345
touch next
expect spoken 号牌和种类对不上
touch key:clear
type 鄂L12345
touch next
expect view form
type 13800000000
touch next
touch choice:other
expect view form
touch choice:counter
expect view notice
expect spoken 地址请到窗口填写
touch back
touch back
touch choice:pickup
expect view consent
touch consent:sensitive
touch next
expect view check
touch change:plate_type
touch choice:52
expect view form
expect spoken 号牌和种类对不上
touch key:clear
type 鄂LD12345
touch next
touch consent:correct
touch consent:entrust
touch consent:void-old
touch confirm
touch choice:code
phone types
expect request submitted
expect view receipt
