# 她不知道驾驶证哪天到期：由工作人员查，所以仍可取号。
clock 2026-11-23T10:00:00+08:00
touch ticket-only
touch category:C
touch service:C1
touch choice:eligibility
touch next
touch choice:A
touch next
expect view eligibility
expect spoken 要由工作人员核对
expect spoken 车辆管理所
touch print-guide
expect printed 车辆管理所
expect view notice
touch next
expect view eligibility
touch take-ticket
expect view ticket
expect printed C001
expect ticket waiting
