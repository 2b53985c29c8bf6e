# A code at the wrong moment changes nothing; what she typed stays.
clock 2026-11-23T10:00:00+08:00
touch identify:type
type 4212
scan \x00\x01\x02garbage
expect view keypad
expect spoken 已输入 4 位
touch back
touch home
scan 421202195803072047
touch category:A
touch service:A4
touch apply
type 138
scan 421202195803072047
expect view form
expect spoken 已输入 3 位
