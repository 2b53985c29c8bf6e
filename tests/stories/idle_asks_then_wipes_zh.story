# 六十秒没有人按：问一声还在不在；再过三十秒，什么都不留下。
clock 2026-11-23T10:00:00+08:00
scan 421202195803072047
touch category:A
touch service:A4
touch apply
type 1380000
wait 60
expect view timeout
expect spoken 还在
touch more-time
expect view form
wait 60
expect view timeout
wait 31
expect view welcome
touch identify:type
expect view keypad
expect not printed
