# She missed her call: within the hour she queues again with the same number, after that not.
clock 2026-11-23T10:00:00+08:00
touch ticket-only
touch category:B
touch service:B1
touch take-ticket
touch finish
clerk calls
scan B001
expect spoken 请到 1 号窗口
clerk misses
touch follow
scan B001
expect spoken 已经过号
touch choice:rejoin
expect spoken 您已重新排队
expect ticket waiting
clerk calls
clerk misses
wait 3700
scan B001
expect spoken 请重新取号
expect ticket no_show
touch choice:rejoin
expect ticket no_show
