"""PURE: whether the lobby takes tickets at a moment."""

from branch.moment import from_ms


def is_open(hours: str, now_ms: int) -> bool:
    """Say whether a moment lies within `09:00-17:00`; without hours the lobby never closes."""
    if not hours:
        return True
    opens, _, closes = hours.partition("-")
    return opens <= from_ms(now_ms).strftime("%H:%M") < closes
