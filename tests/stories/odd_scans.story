# Whatever is held to the window gets a plain sentence, and the journey goes on.
clock 2026-11-23T10:00:00+08:00
scan no such document\r
expect view identify
expect spoken 这个码在这里用不上
scan https://example.org/?q=1
expect view identify
expect spoken 这个码在这里用不上
scan 42\x01\x02\x1b[2J\x07\r
expect view identify
expect spoken 这个码没有读清
scan \xff\xfe\xc3\x28\x80\x80\r
expect view identify
expect spoken 这个码没有读清
# A number with a day that never was, and one with a wrong digit, are named as such.
scan 421202195802302047\r
expect view identify
expect spoken 号码里的出生日期不存在
scan 421202195803072048\r
expect view identify
expect spoken 号码里有一位不对
scan 421202195803072047\r
expect view services
