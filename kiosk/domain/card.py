"""What the chip of an identity card says, and what can be wrong with reading it."""

from dataclasses import dataclass, field
from typing import Literal

CardKind = Literal["resident_id", "hmt_residence_permit", "foreign_permanent_resident"]
CardFault = Literal["lift-again", "unknown-card"]
"""`lift-again`: it could not be read, lifting it and placing it again helps. `unknown-card`: it is none of ours."""


@dataclass(frozen=True)
class Card:
    """One card as its chip told it; nothing of it shows in a repr. Dates are YYYYMMDD, an open end is `长期`.

    `name` is the Chinese name, or the English one where there is no Chinese one. `nation` is the code of GB/T 3304,
    `country` three letters (foreigners), `pass_number` the travel permit (Hong Kong, Macau, Taiwan). `newest_address`
    is what a police station wrote on the chip after a move, or empty.
    """

    kind: CardKind
    number: str = field(repr=False)
    name: str = field(repr=False)
    english_name: str = field(repr=False, default="")
    sex: str = field(repr=False, default="")
    birth: str = field(repr=False, default="")
    nation: str = field(repr=False, default="")
    country: str = field(repr=False, default="")
    address: str = field(repr=False, default="")
    newest_address: str = field(repr=False, default="")
    issuer: str = field(repr=False, default="")
    valid_from: str = field(repr=False, default="")
    valid_to: str = field(repr=False, default="")
    pass_number: str = field(repr=False, default="")
