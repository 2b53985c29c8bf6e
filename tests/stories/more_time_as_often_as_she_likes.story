# She may take all the time she wants.
clock 2026-11-23T10:00:00+08:00
touch ticket-only
touch category:B
wait 70
expect view timeout
touch more-time
expect view services
wait 70
expect view timeout
touch more-time
expect view services
wait 70
expect view timeout
touch more-time
expect view services
wait 70
expect view timeout
touch more-time
expect view services
wait 70
expect view timeout
touch more-time
expect view services
wait 70
expect view timeout
touch more-time
expect view services
