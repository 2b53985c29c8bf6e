"""Which text a code's bytes mean, where the decoder has an opinion of its own: it knows declared encodings and modes.

Without a declaration its opinion is a guess between Latin and Japanese, so it counts only where the bytes are neither
UTF-8 nor everyday Chinese. Some programs that make QR codes write Chinese as Shift-JIS when they can.
"""

import re

from drivers.scanner.text import decode
from kiosk.domain.hanzi import everyday

_ISOLATED_ACCENTS = re.compile(r"(?:[\x00-\x7f]|(?<![\x80-\uffff])[À-ÖØ-öø-ÿ](?![\x80-\uffff]))*")


def text_of(data: bytes, opinion: str) -> str:
    """Give the text of `data`; `opinion` is what the decoder makes of it."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return decode(data) or ""
    text = decode(data)
    if text is not None and everyday(text):
        return text
    if text is None or everyday(opinion) or _ISOLATED_ACCENTS.fullmatch(opinion):
        return opinion
    return text
