# Her slip held to the window, or its number typed: the place, the honest wait, and the number given back, asked once.
clock 2026-11-23T10:00:00+08:00
touch ticket-only
touch category:B
touch service:B1
touch take-ticket
touch finish
touch ticket-only
touch category:B
touch service:B1
touch take-ticket
expect printed B002
touch finish
scan B002
expect view status
expect spoken B002
expect spoken 前面等候 1 人
touch choice:give-back
expect spoken 要退号吗
touch back
expect spoken 正在等候叫号
expect ticket waiting
touch choice:give-back
touch choice:yes
expect view status
expect spoken 您的号已退回
expect ticket void
# Typed, where no code can be read; what is no number keeps what she typed.
touch back
touch choice:type
expect view keypad
type B0
touch next
expect view keypad
expect spoken 这不像号票号或预约号
type 01
touch next
expect view status
expect spoken 前面等候 0 人
touch back
scan B077
expect spoken 今天没有这个号
touch home
expect view welcome
