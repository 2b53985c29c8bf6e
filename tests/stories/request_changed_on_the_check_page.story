# She mends an answer on the last page and comes back to it; the boxes are still hers to tick.
clock 2026-11-23T10:00:00+08:00
scan 421202195803072047
touch category:A
touch service:A4
touch apply
type 1380000
touch next
expect view form
expect spoken 手机号少了 4 位
type 0123
touch next
touch next
touch consent:sensitive
touch next
expect view check
touch change:mobile
expect view form
touch key:delete
type 4
touch next
expect view check
# Nothing is sent before every box is ticked.
touch confirm
expect view check
touch consent:correct
touch consent:entrust
touch confirm
expect view receipt
expect request submitted
