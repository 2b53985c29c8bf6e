# Staff are called from any page, and the page says honestly what came of it.
clock 2026-11-23T10:00:00+08:00
touch ticket-only
touch category:B
touch service:B3
touch help
expect view notice
expect spoken 已经通知工作人员
wait 8
expect view guide
touch take-ticket
touch help
expect view notice
# Her number is not lost behind the notice.
wait 8
expect view ticket
touch finish
network branch down
touch help
expect view notice
expect spoken 请到窗口找工作人员
wait 8
expect view welcome
