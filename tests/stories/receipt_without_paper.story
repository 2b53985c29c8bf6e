# Without paper the receipt stands on the screen; the request is not affected.
clock 2026-11-23T10:00:00+08:00
fault printer paper-out
scan 421202195803072047
touch category:A
touch service:A4
touch apply
type 13800000123
touch next
expect view form
touch next
expect view consent
touch consent:sensitive
touch next
expect view check
touch consent:correct
touch consent:entrust
touch confirm
expect view receipt
expect spoken 请记下或拍下本页
expect request submitted
expect not printed
touch finish
expect view welcome
clear printer
wait 10
expect not printed
