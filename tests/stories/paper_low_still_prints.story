clock 2026-11-23T10:00:00+08:00
fault printer paper-low
touch ticket-only
touch category:A
touch service:A1
touch take-ticket
expect printed A001
expect ticket waiting
