# She does not know until when her licence is valid: a clerk looks it up, so a ticket is the way on.
clock 2026-11-23T10:00:00+08:00
touch language:en
touch ticket-only
touch category:C
touch service:C1
touch choice:eligibility
touch next
touch choice:A
touch next
expect view eligibility
expect spoken Our staff have to look at it
touch take-ticket
expect view ticket
expect ticket waiting
