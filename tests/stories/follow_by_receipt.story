# She scans her receipt later and reads what became of the request.
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
touch confirm
expect printed XN-20261123-000001
touch finish
touch follow
expect view status
scan XN-20261123-000001
expect view status
expect spoken 交管部门已收到
touch follow
scan XN-20261123-000099
expect view status
expect spoken 没有查到这个码
# Without the centre it says that it cannot be looked up, not that there is nothing.
network central down
touch follow
scan XN-20261123-000001
expect view status
expect spoken 现在查不到
wait 60
expect view timeout
wait 30
expect view welcome
