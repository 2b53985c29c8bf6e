# Eleven months late: only the office that issued the licence can help, so the slip says where and no number is given.
clock 2026-11-23T10:00:00+08:00
touch ticket-only
touch category:C
touch service:C1
touch choice:eligibility
type 20251215
touch next
touch choice:A
touch next
expect view eligibility
expect spoken 发证地车辆管理所
touch take-ticket
expect view eligibility
touch print-guide
expect printed 发证地车辆管理所
