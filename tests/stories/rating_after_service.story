# After the service her slip asks for one of five levels, once; before it is done there is nothing to rate.
clock 2026-11-23T10:00:00+08:00
touch ticket-only
touch category:B
touch service:B1
touch take-ticket
touch finish
scan B001
touch choice:rate
expect view status
clerk calls
clerk finishes
expect ticket done
touch follow
scan B001
expect view rating
expect spoken 这次办得怎么样
network branch down
touch choice:5
expect view rating
expect spoken 评价还没有送到
network branch up
touch choice:2
expect view notice
expect spoken 谢谢您的评价
touch next
expect view welcome
scan B001
expect view status
expect spoken 这个号已经办完
touch choice:rate
expect view status
