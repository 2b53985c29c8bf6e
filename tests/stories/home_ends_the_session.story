# Home wipes at once; another language and size go with it.
clock 2026-11-23T10:00:00+08:00
touch language:en
scan 421202195803072047
expect view services
touch home
expect view welcome
expect spoken 车辆、驾驶证业务
touch ticket-only
touch category:A
touch service:A4
touch apply
expect view identify
