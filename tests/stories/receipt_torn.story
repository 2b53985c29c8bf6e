# The printer is lost in the middle of the receipt: the request stands, the second receipt is marked.
clock 2026-11-23T10:00:00+08:00
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
fault printer lost-mid-job
touch confirm
expect view receipt
expect spoken 凭条出来了吗
expect request submitted
clear printer
touch choice:no
expect view receipt
expect printed 补打
touch finish
expect view welcome
