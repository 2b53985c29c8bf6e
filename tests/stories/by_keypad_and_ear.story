# A citizen who does not see takes a ticket with headset and keypad alone.
clock 2026-11-23T10:00:00+08:00
headset in
expect heard 在这里办
expect not heard 提交
press next
expect heard 第 1 项
# No key is needed to know where one is, and none is in vain.
press repeat
expect heard 在这里办
press slower
expect heard 第 1 项
press louder
press pause
expect not heard 在
press pause
expect heard 在这里办
# The ticket without identity is the third way; the focus says each one as it goes by.
press next
press next
expect heard 只取号
press activate
expect view services
expect heard 选
# The keypad begins on the first category, then on the first service of it.
press next
press activate
expect view services
expect heard 第 1 步
press next
press activate
expect view guide
press activate
expect printed 001
expect view ticket
expect heard 0 0 1
press activate
expect view welcome
headset out
