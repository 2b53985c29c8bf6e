# The last character of a number may be X, and a small x is the same.
clock 2026-11-23T10:00:00+08:00
touch identify:type
type 42120219580307208x
touch next
expect view services
