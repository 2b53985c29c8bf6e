# Somebody acts for the owner: what an agent brings is shown and printed, and the counter is the way on, in English too.
clock 2026-11-23T10:00:00+08:00
card card_of_nobody.json
touch language:en
touch category:B
touch service:B1
touch choice:eligibility
touch choice:agent
expect view notice
expect spoken The agent's original ID card
touch language:zh
expect spoken 本人签名的授权委托书
touch print-guide
expect printed 代办人身份证原件
touch back
touch take-ticket
expect view ticket
expect ticket waiting
