# The same by a typed number, in English, with an answer changed on the check page.
clock 2026-11-23T10:00:00+08:00
touch language:en
touch ticket-only
touch category:A
touch service:A4
touch apply
expect view identify
touch identify:type
type 421202195803072047
touch next
expect view form
type 13800000123
touch next
touch next
touch consent:sensitive
touch next
expect view check
touch change:mobile
touch key:clear
type 13900000456
touch next
expect view check
touch consent:correct
touch consent:entrust
touch confirm
expect printed Submission receipt
expect request submitted
