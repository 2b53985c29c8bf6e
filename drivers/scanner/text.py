"""Bytes of a barcode to text: strict UTF-8, then GB18030 where that is plausible, else nothing.

UTF-8 goes first: a random text of four GBK hanzi passes as UTF-8 once in two thousand, while nine in ten UTF-8 texts
pass as GBK (measured over random names).
"""

import re
import unicodedata

_UTF8_HAN = re.compile(rb"[\xe3-\xe9][\x80-\xbf][\x80-\xbf]|\xef[\xbc-\xbf][\x80-\xbf]")
_HIGH = re.compile(rb"[\x80-\xff]")
_COMMON_HANZI = rb"[\xb0-\xd6][\xa1-\xfe]|\xd7[\xa1-\xf9]"
_GB2312_WORDS = re.compile(rb"(?:[\x00-\x7f]|(?:" + _COMMON_HANZI + rb"){2,})+")
_BEYOND_TWO_BYTES = "\u07ff"
_NEVER_IN_TEXT = {"Cn", "Co", "Cs"}
_CONTROL = {"Cc", "Cf", "Zl", "Zp"}


def decode(data: bytes) -> str | None:
    """Give the text that `data` means, without a byte order mark; None when it is no text in either encoding."""
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        pass
    else:
        return data.decode("gb2312") if _is_gb_in_disguise(data, text) else text
    if _is_broken_utf8(data):
        return None
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    if any(unicodedata.category(character) in _NEVER_IN_TEXT or "\x80" <= character <= "\x9f" for character in text):
        return None
    return text


def _is_gb_in_disguise(data: bytes, text: str) -> bool:
    # Three in a hundred two-character GBK names pass as UTF-8, always as Greek, Armenian or the like: letters that no
    # document here carries, and of which real words hold bytes that common hanzi do not.
    return not data.isascii() and max(text) <= _BEYOND_TWO_BYTES and bool(_GB2312_WORDS.fullmatch(data))


def has_control(text: str) -> bool:
    """Say whether a text holds control, direction or line-breaking characters, which no document number has."""
    return any(unicodedata.category(character) in _CONTROL for character in text)


def _is_broken_utf8(data: bytes) -> bool:
    # A damaged UTF-8 text often passes as GBK and would show as hanzi that nobody wrote. Real GBK hardly ever holds
    # two well-formed three-byte hanzi, and never as most of its bytes.
    found = len(_UTF8_HAN.findall(data))
    return found >= 2 and 3 * found * 2 > len(_HIGH.findall(data))
