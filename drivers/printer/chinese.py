"""Text as a Chinese printer takes it: ASCII as it is, all else as GB18030 in Kanji mode, and nothing ever as '?'."""

from drivers.printer.profile import Charset

SUBSTITUTES = str.maketrans({"–": "-", "‑": "-", "‒": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " "})
"""Characters for which the printer's ASCII has a better form; an en dash would be as wide as a hanzi."""


def plain(text: str) -> str:
    """Give the text with narrow forms in place of those a printer would set too wide."""
    return text.translate(SUBSTITUTES)


def encode(text: str, charset: Charset) -> bytes | None:
    """Give the bytes of a text, or None if it has a character that the printer's font lacks."""
    out = bytearray()
    for char in plain(text):
        code = _code(char, charset)
        if code is None:
            return None
        out += code
    return bytes(out)


def cells(text: str) -> int:
    """How many half-width cells a text takes: ASCII one, all else two."""
    return sum(1 if char.isascii() else 2 for char in plain(text))


def _code(char: str, charset: Charset) -> bytes | None:
    if " " <= char <= "~":
        return char.encode("ascii")
    try:
        code = char.encode("gb18030")
    except UnicodeEncodeError:  # a lone surrogate
        return None
    if len(code) == 2 and (charset != "gb2312" or _in_gb2312(code)):
        return code
    return code if len(code) == 4 and charset == "gb18030" else None


def _in_gb2312(code: bytes) -> bool:
    """Rows 1 to 9 (marks, letters, lines) and 16 to 87 (hanzi) of the 94 x 94 table that every model has."""
    row, cell = code[0] - 0xA0, code[1] - 0xA0
    return 1 <= cell <= 94 and (1 <= row <= 9 or 16 <= row <= 87)
