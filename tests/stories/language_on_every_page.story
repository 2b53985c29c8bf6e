# The language changes on every page; what was entered stays.
clock 2026-11-23T10:00:00+08:00
touch language:en
expect spoken Vehicle and licence
touch language:zh
expect spoken 车辆、驾驶证业务
touch identify:type
type 421202
touch language:en
expect view keypad
expect spoken Type your ID number
expect spoken Characters entered: 6
touch language:zh
expect spoken 已输入 6 位
type 195803072047
touch next
expect view services
touch language:en
expect spoken What is it about
touch category:A
touch language:zh
expect spoken 您要办哪一项
touch service:A4
touch language:en
expect view guide
expect spoken Main button: Do it here
touch apply
type 13800000123
touch language:zh
expect view form
expect spoken 已输入 11 位
touch next
touch language:en
expect view form
touch next
touch language:zh
expect view consent
touch consent:sensitive
touch language:en
touch next
expect view check
touch language:zh
expect spoken 请核对
touch consent:correct
touch consent:entrust
touch language:en
touch confirm
expect view receipt
expect printed Submission receipt
touch language:zh
expect spoken 提交回执
touch finish
touch ticket-only
touch category:B
touch service:B3
touch take-ticket
touch language:en
expect view ticket
expect spoken Your number
touch language:zh
touch help
touch language:en
expect view notice
touch next
touch finish
touch follow
expect view status
touch language:en
expect spoken Follow my request
wait 60
expect view timeout
expect spoken Are you still there
touch language:zh
expect spoken 您还在吗
