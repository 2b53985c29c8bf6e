# Cut off: a number of this kiosk's own range, which the hub knows under the same label once it is back.
clock 2026-11-23T10:00:00+08:00
network branch down
touch ticket-only
touch category:B
touch service:B1
touch take-ticket
expect printed B501
touch finish
touch ticket-only
touch category:B
touch service:B2
touch take-ticket
expect printed B502
touch finish
network branch up
wait 20
expect ticket waiting
touch ticket-only
touch category:B
touch service:B1
touch take-ticket
expect printed B001
