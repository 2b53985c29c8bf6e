# A number with one digit too few is said, kept, mended and taken.
clock 2026-11-23T10:00:00+08:00
touch identify:type
expect view keypad
type 42120219580307204
touch next
expect view keypad
expect spoken 18
type 7
touch next
expect view services
