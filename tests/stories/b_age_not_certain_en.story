# Sixty-three today: the new text was not read in full, so staff decide, and her number is given all the same.
clock 2026-11-23T10:00:00+08:00
touch language:en
touch ticket-only
touch category:C
touch service:C3
touch choice:eligibility
type 19631123
touch next
touch choice:A1
touch choice:A
touch next
expect view eligibility
expect spoken Our staff have to look at it
expect spoken does not hold the full text
touch take-ticket
expect view ticket
expect ticket waiting
