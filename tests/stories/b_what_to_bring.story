# What to bring, without any identity and in large type, which turns pages of four.
clock 2026-11-23T10:00:00+08:00
touch mode:large
touch choice:bring
expect view services
touch category:B
touch next
touch service:B7
expect view guide
touch print-guide
expect printed 交强险保险单
expect view notice
