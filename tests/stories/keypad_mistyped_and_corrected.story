# She types her number, one digit wrong, then too few, then right; nothing typed is lost.
clock 2026-11-23T10:00:00+08:00
touch identify:type
expect view keypad
type 421202195803072048
touch next
expect view keypad
expect spoken 号码里有一位不对
touch key:delete
touch next
expect view keypad
expect spoken 少了 1 位
type 7
touch next
expect view services
touch category:B
touch service:B1
touch take-ticket
expect printed B001
expect ticket waiting
