"""Brings what was scanned, typed or pasted into the one form that numbers are compared in."""

_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(0x5E)}
_SEPARATORS = "\t\n\v\f\r \x1c\x1d\x1e\x1f\x85\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
_SEPARATORS += "\u200b\u200c\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
_DASHES = "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\ufe63\uff0d"
_DOTS = "\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff65"

_TABLE: dict[int, int | None] = {
    **_FULL_WIDTH,
    **{ord(letter): ord(letter.upper()) for letter in "abcdefghijklmnopqrstuvwxyz"},
    **{0xFF41 + offset: 0x41 + offset for offset in range(26)},
    0x2169: ord("X"),  # the Roman numeral ten, which some input methods give for the check character
    0x2179: ord("X"),
    **dict.fromkeys(map(ord, _SEPARATORS + _DASHES + _DOTS)),
}
_WIDTH: dict[int, int | None] = {**_FULL_WIDTH, 0x3000: 0x20}


def mend(text: str) -> str:
    """Give half-width capitals and digits without blanks, dashes and middle dots; other characters stay as they are."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return text.translate(_TABLE)


def narrow(text: str) -> str:
    """Give half-width characters with blanks cut off at both ends, all else as it was: for addresses and references."""
    return text.strip() if text.isascii() else text.translate(_WIDTH).strip()
