# Nobody says whether the slip came out: the number stays reserved for the clerks to see.
clock 2026-11-23T10:00:00+08:00
fault printer lost-mid-job
touch ticket-only
touch category:B
touch service:B3
touch take-ticket
expect spoken 号票出来了吗
wait 60
expect view welcome
expect ticket reserved
wait 300
expect ticket reserved
