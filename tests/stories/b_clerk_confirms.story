# Without a card reader a clerk compares the document at the kiosk; her code opens the register for this session.
clock 2026-11-23T10:00:00+08:00
scan 421202195803072047\r
touch category:A
touch service:A3
expect view guide
touch apply
touch choice:self
touch choice:02
type 鄂L12345
touch next
type 13800000123
touch next
touch choice:same
touch next
touch consent:sensitive
touch next
touch consent:correct
touch consent:entrust
touch confirm
expect view identify
expect spoken 还要确认是您本人
touch choice:staff
expect spoken 窗口已看到您的请求
clerk takes
expect spoken 工作人员正在过来
type 000000
touch next
expect view keypad
expect spoken 验证码不对
clerk confirms
expect request submitted
expect printed 提交回执
expect view receipt
touch finish
expect view welcome
