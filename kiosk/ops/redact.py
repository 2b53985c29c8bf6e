"""Takes personal data and secrets out of a text before anybody reads it: numbers, names, plates, tokens.

It does not know whose number is what. It takes away every run of six digits and more, every Han character (our own
messages are English, so Chinese in a log is always content), and whatever looks like a secret - in clear, and as the
escapes in which such text turns up in URLs, JSON and tracebacks.
"""

import re

_KEPT = (
    r"(?<![\w-])[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![\w-])",  # a UUID
    r"(?<!\d)20\d\d-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?",  # a time
    r"/dev/(?:serial/by-(?:id|path)/|v4l/by-(?:id|path)/|input/|pts/|usb/|tty|video)[\w.:+-]*",  # a device
)
_HAN = r"[\u2e80-\u2fdf\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]"
_SECRETS = "token|secret|passw(?:or)?d|pin|claim_code|cookie|signature|authorization"
_HIDDEN = {
    "secret": r"(?i:(?:\b(?P<key>[\w-]*(?:" + _SECRETS + r"))(?P<is>[\"']?\s*[:=]\s*[\"']?)(?:(?:bearer|basic)\s+)?"
    r"|\b(?P<scheme>bearer|basic)\s+)[^\s\"'&,;)}\]]+)",
    "login": r"(?<=://)[^/\s@]+@",
    "mail": r"[\w.+-]+@[\w-]+\.[\w.-]+",
    "escaped": r"(?:%[0-9A-Fa-f]{2}){2,}|(?:\\+x[0-9A-Fa-f]{2}){2,}|(?:\\+[uU][0-9A-Fa-f]{4,8})+",
    "plate": _HAN + r"{1,2}[A-Z][·•.\s-]?[A-Z0-9]{4,6}" + _HAN + "?",
    "han": _HAN + r"(?:[·•・．]?" + _HAN + ")*",
    "vin": r"(?i:(?<![A-Z0-9])(?=[A-Z]*\d)[A-HJ-NPR-Z0-9]{17}(?![A-Z0-9]))",
    "slip": r"(?<=/[ts]/)(?=[\w-]*[\dA-Z])[\w-]{8,}",
    "digits": r"\d{3,}(?:[ -]\d{3,}){2,}[Xx]?|\d{6,}[Xx]?",
    "key": r"(?<![\w/.-])(?=[\w-]*[A-Za-z])(?=[\w-]*\d)[A-Za-z0-9_-]{22,}={0,2}",
}
_ALL = re.compile(
    "(?P<kept>" + "|".join(_KEPT) + ")|" + "|".join(f"(?P<h_{name}>{rule})" for name, rule in _HIDDEN.items())
)


def redact(text: str) -> str:
    """Give the text with everything personal or secret replaced by what it was, e.g. `[18 digits]`."""
    return _ALL.sub(_hide, text)


def _hide(found: re.Match[str]) -> str:
    if found["kept"] is not None:
        return found[0]
    name = str(found.lastgroup).removeprefix("h_")
    if found["h_secret"] is not None:
        return f"{found['key']}{found['is']}[secret]" if found["key"] else f"{found['scheme']} [secret]"
    if found["h_digits"] is not None:
        return f"[{sum(letter.isalnum() for letter in found[0])} digits]"
    if found["h_han"] is not None:
        return f"[{len(found[0])} han]"
    return f"[{name}]" + ("@" if name == "login" else "")
