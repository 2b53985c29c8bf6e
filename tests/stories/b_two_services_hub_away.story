# With the hub away the ticket of two services comes from the emergency range, and a crash before its paper loses nothing.
clock 2026-11-23T10:00:00+08:00
network branch down
touch ticket-only
touch category:C
touch service:C2
touch choice:add
touch category:B
touch service:B1
touch take-ticket
expect printed 遗失补领
expect view ticket
crash
network branch up
wait 20
expect ticket waiting
