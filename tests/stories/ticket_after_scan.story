# A licence's barcode opens the services; the next ticket of the letter has the next number.
clock 2026-11-23T10:00:00+08:00
scan ]C04290000000001\r
expect view services
touch category:C
touch service:C2
touch take-ticket
expect printed C001
touch finish
scan 421202195803072047\r
touch category:C
touch service:C1
touch take-ticket
expect printed C002
expect ticket waiting
