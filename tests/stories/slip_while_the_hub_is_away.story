# Cut off, the kiosk says that it does not know; her number stands, and she can look again.
clock 2026-11-23T10:00:00+08:00
touch ticket-only
touch category:B
touch service:B1
touch take-ticket
touch finish
scan B001
touch choice:give-back
network branch down
touch choice:yes
expect spoken 现在查不到排队情况
network branch up
touch retry
expect spoken 正在等候叫号
network branch down
touch follow
scan B001
expect spoken 现在查不到排队情况
expect ticket waiting
wait 60
expect view timeout
wait 30
expect view welcome
