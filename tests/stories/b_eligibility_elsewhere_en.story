# Eleven months late, in English: no number is given, and the slip says where to go.
clock 2026-11-23T10:00:00+08:00
touch language:en
touch ticket-only
touch category:C
touch service:C1
touch choice:eligibility
type 20251215
touch next
touch choice:A
touch next
expect view eligibility
expect spoken Go to the vehicle office that issued it
touch take-ticket
expect view eligibility
touch print-guide
expect printed vehicle office
