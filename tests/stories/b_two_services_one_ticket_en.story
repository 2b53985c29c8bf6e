# Two services on one ticket, in English.
clock 2026-11-23T10:00:00+08:00
touch language:en
touch ticket-only
touch category:B
touch service:B3
touch choice:add
expect view services
touch category:C
touch service:C1
expect view guide
expect spoken Also on this ticket: Replace lost vehicle licence
touch take-ticket
expect view ticket
expect spoken B001
expect ticket waiting
