# She goes home and leaves her papers where a camera sees them; she comes back, and nobody else was reminded of them.
clock 2026-11-23T10:00:00+08:00
expect view welcome
touch language:en
touch ticket-only
expect view services
fault tray left
touch home
expect view notice
expect spoken Please take your documents
wait 10
expect view notice
clear tray
wait 5
expect view welcome
# A lens that is covered reminds nobody.
touch ticket-only
fault tray unknown
touch home
expect view welcome
wait 10
expect view welcome
# What is left while the next one has begun is not told to her.
clear tray
touch ticket-only
touch home
expect view welcome
