# Whatever is held to the window gets a plain sentence, and the journey goes on.
clock 2026-11-23T10:00:00+08:00
scan no such document\r
expect view identify
scan \x01\x02\x03\r
expect view identify
scan \xff\xfe\xfa\xff\r
expect view identify
scan 421202195802302047\r
expect view identify
scan 421202195803072047\r
expect view services
