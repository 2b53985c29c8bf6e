# The printer is lost while it prints, and she says that she holds the slip.
clock 2026-11-23T10:00:00+08:00
fault printer lost-mid-job
touch ticket-only
touch category:B
touch service:B3
touch take-ticket
expect view ticket
expect spoken 号票出来了吗
touch choice:yes
expect ticket waiting
touch finish
expect view welcome
