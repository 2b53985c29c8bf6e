# What to bring, on a slip to take home.
clock 2026-11-23T10:00:00+08:00
touch ticket-only
touch category:B
touch service:B3
touch print-guide
expect view notice
expect printed 补领机动车行驶证
touch next
expect view guide
touch take-ticket
expect printed B001
