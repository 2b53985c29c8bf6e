"""How personal numbers and names may be shown: enough to know one's own, too little to know another's."""

import re

_KEPT = {
    "resident_id": (6, 4),
    "hmt_residence_permit": (6, 4),
    "foreign_permanent_resident": (3, 4),
    "licence_core_number": (2, 4),
    "licence_archive_number": (4, 4),
    "vehicle_certificate_number": (4, 4),
    "vin": (3, 4),
    "plate": (2, 2),
    "mobile": (3, 4),
    "passport_mrz": (1, 0),
}
"""Kind -> how many characters stay at the head and at the tail."""

_SHOWN = frozenset(("ticket", "receipt"))
_CODE = re.compile(
    r"[A-Z0-9]{0,7}|[A-Z]{2,4}-?20[0-9]{6}-?[0-9]{4,8}|[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}", re.IGNORECASE
)
"""What a label or a reference looks like; anything else that is held for one may be somebody's number."""
_FULL_LENGTH = {
    "resident_id": 18,
    "hmt_residence_permit": 18,
    "foreign_permanent_resident": 15,
    "licence_core_number": 13,
    "licence_archive_number": 12,
    "vehicle_certificate_number": 12,
    "vin": 17,
    "plate": 7,
    "mobile": 11,
    "passport_mrz": 72,
}
_LONGEST = 24

_PAIRS = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容仲孙钟离长孙宇文"
    "司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生梁丘"
    "左丘东门西门第五"
)
_COMPOUND = frozenset(_PAIRS[at : at + 2] for at in range(0, len(_PAIRS), 2))
"""Family names of two characters."""


def mask(kind: str, text: str) -> str:
    """Mask a number of a kind, e.g. `421202********1234`, `138****5678`; one that is too short is all stars.

    Labels and references are not personal and stay, if they look like ones; the token in a status address opens its
    page and is hidden. Of an unknown text only its length shows, up to 24 stars.
    """
    if kind in _SHOWN:
        for path in ("/s/", "/t/"):
            address, found, _token = text.partition(path)
            if found and text[:4].lower() == "http":
                return f"{address}{path}****"
        if _CODE.fullmatch(text):
            return text
        kind = "unknown"
    head, tail = _KEPT.get(kind, (0, 0))
    if len(text) < _FULL_LENGTH.get(kind, 0):
        head, tail = 0, (tail if len(text) >= tail * 3 else 0)
    hidden = len(text) - head - tail
    return text[:head] + "*" * min(hidden, _LONGEST) + (text[-tail:] if tail else "")


def mask_name(name: str) -> str:
    """Mask a person's name: 张*, 欧阳**, J*** S****; the family name of a Chinese one stays."""
    name = " ".join(name.split())
    if name.isascii():
        return " ".join(word[0] + "*" * (len(word) - 1) for word in name.split())
    if len(name) < 2:
        return "*" * len(name)
    kept = 2 if len(name) > 2 and name[:2] in _COMPOUND else 1
    return name[:kept] + "*" * (len(name) - kept)
