# Without a scanner she is not told to scan; she types.
clock 2026-11-23T10:00:00+08:00
fault scanner offline
expect view welcome
expect spoken 扫描暂时不能用
touch identify:type
type 421202195803072047
touch next
expect view services
clear scanner
touch home
expect view welcome
scan 421202195803072047
expect view services
