"""What is on the chip of a simulated card: the 256 bytes of text, packed field by field as the makers' tables do."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

RESIDENT, PERMIT, FOREIGNER_2017, FOREIGNER_2023 = "", "J", "I", "Y"
LAYOUTS = {"resident": RESIDENT, "permit": PERMIT, "foreigner-2017": FOREIGNER_2017, "foreigner-2023": FOREIGNER_2023}


@dataclass(frozen=True)
class SimCard:
    """A card to lay on the simulated reader. Layout, birth and sex follow from the number unless they are given."""

    number: str = field(repr=False)
    name: str = field(repr=False, default="测试员")
    layout: str = ""
    english_name: str = field(repr=False, default="")
    sex: str = field(repr=False, default="")
    birth: str = field(repr=False, default="")
    nation: str = "01"
    country: str = "FRA"
    address: str = field(repr=False, default="湖北省咸宁市咸安区测试路1号")
    newest_address: str = field(repr=False, default="")
    issuer: str = "咸宁市公安局咸安分局"
    valid_from: str = "20200101"
    valid_to: str = "20400101"
    pass_number: str = field(repr=False, default="")

    def text(self) -> bytes:
        """The text block; ValueError where a field is too long for its place."""
        birth = self.birth or (self.number[6:14] if len(self.number) == 18 else "19900101")
        sex = self.sex or (str(2 - int(self.number[16]) % 2) if self.number[16:17].isdigit() else "1")
        match LAYOUTS[self.layout or layout_of(self.number)]:
            case "J":
                parts = [
                    (self.name, 15), (sex, 1), ("", 2), (birth, 8), (self.address, 35), (self.number, 18),
                    (self.issuer, 15), (self.valid_from, 8), (self.valid_to, 8), (self.pass_number, 9), ("01", 2),
                    ("", 3), ("J", 1), ("", 3),
                ]  # fmt: skip
            case "I":
                parts = [
                    (self.english_name, 60), (sex, 1), (self.number, 15), (self.country, 3), (self.name, 15),
                    (self.valid_from, 8), (self.valid_to, 8), (birth, 8), ("01", 2), ("1500", 4), ("I", 1), ("", 3),
                ]  # fmt: skip
            case "Y":
                parts = [
                    (self.name, 15), (sex, 1), ("00", 2), (birth, 8), (self.english_name[:35], 35), (self.number, 18),
                    ("", 15), (self.valid_from, 8), (self.valid_to, 8), (self.english_name[35:], 11),
                    (self.country, 3), ("Y", 1), ("", 3),
                ]  # fmt: skip
            case _:
                parts = [
                    (self.name, 15), (sex, 1), (self.nation, 2), (birth, 8), (self.address, 35), (self.number, 18),
                    (self.issuer, 15), (self.valid_from, 8), (self.valid_to, 8), ("", 18),
                ]  # fmt: skip
        return b"".join(_packed(value, places) for value, places in parts)

    def moved_to(self) -> bytes:
        """The newest address as it stands on the chip."""
        return _packed(self.newest_address, 35)


def layout_of(number: str) -> str:
    """Which card such a number stands on."""
    if len(number) == 15:
        return "foreigner-2017"
    if number.startswith("9"):
        return "foreigner-2023"
    return "permit" if number[:2] in ("81", "82", "83") else "resident"


def from_json(table: Mapping[str, Any]) -> SimCard:
    """Read a card, e.g. `{"number": "...", "name": "..."}`; ValueError says what is wrong with it."""
    known = {one.name for one in fields(SimCard)}
    if strange := sorted(set(table) - known):
        raise ValueError(f"a card has no {strange[0]!r:.40}; known are {', '.join(sorted(known))}")
    if not table.get("number") or not all(isinstance(value, str) for value in table.values()):
        raise ValueError("a card is a table of texts with at least a number")
    if (layout := table.get("layout") or "resident") not in LAYOUTS:
        raise ValueError(f"there is no layout {layout!r:.40}; known are {', '.join(LAYOUTS)}")
    card = SimCard(**table)
    card.text(), card.moved_to()
    return card


def _packed(value: str, places: int) -> bytes:
    packed = value.encode("utf-16-le")
    if len(packed) > 2 * places:
        raise ValueError(f"a field of {len(packed) // 2} characters does not fit into {places} places")
    return packed + " ".encode("utf-16-le") * (places - len(packed) // 2)
