# The next citizen begins where nobody was before; a second ticket has the next number.
clock 2026-11-23T10:00:00+08:00
touch language:en
touch mode:large
touch ticket-only
touch category:B
touch service:B3
touch take-ticket
expect printed B001
touch finish
expect view welcome
expect spoken 车辆、驾驶证业务
touch ticket-only
touch category:B
touch service:B1
touch take-ticket
expect printed B002
expect spoken 前面等候
expect ticket waiting
