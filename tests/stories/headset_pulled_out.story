# What is for her alone stops with the plug, she is asked, and the plug put back goes on where she was.
clock 2026-11-23T10:00:00+08:00
headset in
scan 421202195803072047
touch category:A
touch service:A4
touch apply
type 13800000123
touch next
touch next
touch consent:sensitive
touch next
expect view check
# In her own ear she hears what will be sent, masked as it is shown.
expect heard 1 3 8
headset out
expect view notice
expect not heard 1 3 8
press next
expect not heard 1 3 8
headset in
expect view check
expect heard 1 3 8
headset out
touch choice:speaker
expect view check
# The hall hears that it is filled in, never what.
expect heard 已填写
expect not heard 1 3 8
touch home
touch choice:yes
expect view welcome
expect not heard 1 3 8
touch mode:audio
expect heard 在这里办
touch mode:audio
expect not heard 在
wait 200
expect view welcome
