# Nobody identifies herself for it: the topics, one page, and the quiz with a mistake in it.
clock 2026-11-23T10:00:00+08:00
touch choice:information
expect view information
touch choice:insurance
expect view information
expect spoken 不卖保险
touch back
touch choice:quiz
touch choice:1
expect spoken 答对了
touch next
touch choice:3
touch next
touch choice:3
touch next
touch choice:2
expect spoken 这次没答对
touch next
touch choice:2
touch next
expect spoken 答对 4 题，共 5 题
touch back
touch home
expect view welcome
