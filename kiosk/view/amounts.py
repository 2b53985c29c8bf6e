"""Figures as a citizen reads them: fees, waits, times, and numbers grouped for the eye."""

from collections.abc import Sequence
from datetime import datetime

from kiosk.domain.catalogue import Service
from kiosk.view.scene import Scene
from kiosk.view.texts import Texts

RESIDENT_ID = (6, 8, 4)
GROUPS: dict[str, Sequence[int]] = {
    "mobile": (3, 4, 4),
    "date": (4, 2, 2),
    "licence_archive_number": (4, 4, 4),
    "plate": (2,),
    "vin": (3, 6, 8),
}


def grouped(text: str, groups: Sequence[int]) -> str:
    """Part a number by spaces into groups; what is left over follows as one more."""
    parts, at = [], 0
    for size in groups:
        parts.append(text[at : at + size])
        at += size
    return " ".join(part for part in (*parts, text[at:]) if part)


def fee(scene: Scene, service: Service) -> str:
    """The fee of a service on a page."""
    return price(scene.texts, service.fee_fen)


def price(texts: Texts, fee_fen: int | None) -> str:
    """A fee in yuan; an unknown one is the window's to say."""
    if fee_fen is None:
        return texts("fee.window")
    if fee_fen == 0:
        return texts("fee.free")
    yuan, fen = divmod(fee_fen, 100)
    return texts("fee.amount", yuan=f"{yuan}.{fen:02d}" if fen else str(yuan))


def minutes(low_s: int | None, high_s: int | None) -> str:
    """A wait as a range of whole minutes, `10–20`; empty where nobody knows."""
    if low_s is None or high_s is None:
        return ""
    low, high = max(1, low_s // 60), max(1, -(-high_s // 60))
    return str(high) if low >= high else f"{low}–{high}"


def hours(scene: Scene) -> str:
    """The branch's hours with a proper dash."""
    return scene.state.branch.hours.replace("-", "–")


def moment(text: str | None, scene: Scene) -> str:
    """A server's RFC 3339 time on the kiosk's wall clock, to the minute; what is no time is left as it came."""
    if not text:
        return ""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text
    if when.tzinfo is not None and scene.state.now.tzinfo is not None:
        when = when.astimezone(scene.state.now.tzinfo)
    return f"{when:%Y-%m-%d %H:%M}"
