# Three things stand in the way of a renewal: all are said at once and printed on one slip, and no ticket is offered.
clock 2026-11-23T10:00:00+08:00
touch ticket-only
touch category:C
touch service:C1
touch choice:eligibility
expect view eligibility
type 20271130
touch next
touch choice:U
type 20250101
touch next
expect view eligibility
expect spoken 现在不能办理
expect spoken 2027-09-01 起可以换证
expect spoken 驾驶证状态：扣留
expect spoken 已超过 6 个月
touch take-ticket
expect view eligibility
touch print-guide
expect printed 2027-09-01
expect view notice
touch next
expect view eligibility
touch home
expect view notice
touch choice:yes
expect view welcome
