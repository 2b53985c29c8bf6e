# Sixty seconds without a touch: are you there? Thirty more, and nothing of her is left.
clock 2026-11-23T10:00:00+08:00
touch language:en
touch identify:type
type 4212021958
wait 60
expect view timeout
touch more-time
expect view keypad
wait 60
expect view timeout
wait 31
expect view welcome
touch identify:type
expect view keypad
expect spoken 请
