"""What became of something that the centre ordered."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Outcome:
    """What became of an order. `later`: it ends this process or this machine, so the next start reports it."""

    state: Literal["succeeded", "failed", "rejected", "later"]
    detail: str = ""
