# The same without eyes: the headset says the place, the keys choose.
clock 2026-11-23T10:00:00+08:00
touch ticket-only
touch category:B
touch service:B1
touch take-ticket
touch finish
headset in
scan B001
expect heard 正在等候叫号
press previous
press previous
expect heard 不办了，退号
press activate
expect heard 要退号吗
press back
expect heard 正在等候叫号
