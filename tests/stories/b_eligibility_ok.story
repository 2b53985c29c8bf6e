# In time and nothing in the way: it can be had, and the ticket is one touch away.
clock 2026-11-23T10:00:00+08:00
touch ticket-only
touch category:C
touch service:C1
touch choice:eligibility
type 20261130
touch next
touch choice:A
touch next
expect view eligibility
expect spoken 可以办理
touch take-ticket
expect view ticket
expect printed 期满
