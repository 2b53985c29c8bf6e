"""When to try again and what may still be offered while the centre is away: pure rules beside the outbox."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from kiosk.engine.journal.rows import Summary

BASE_S = 2.0
"""The first back-off is up to this; short, because most failures are a dropped packet."""
CAP_S = 300.0
"""No back-off is longer: a branch's line that returns is noticed within five minutes."""
LONGEST_WAIT_S = 3600.0
"""The longest Retry-After that is honoured; a centre that asks for more is asked again after this."""
HARD_CAP_H = 72.0
"""No policy keeps personal data waiting for longer than three days."""

Random = Callable[[], float]
"""A number from 0 up to 1, like random.random."""


@dataclass(frozen=True)
class OfflinePolicy:
    """Past any of these, direct requests are no longer offered and the citizen gets a ticket instead."""

    max_age_h: float = 24.0
    max_items: int = 200
    max_last_contact_h: float = 24.0
    max_bytes: int = 256 * 1024 * 1024

    @property
    def max_age(self) -> timedelta:
        """The age at which a waiting request expires."""
        return timedelta(hours=min(self.max_age_h, HARD_CAP_H))

    def stricter(self, other: "OfflinePolicy") -> "OfflinePolicy":
        """What both of two policies allow."""
        return OfflinePolicy(
            min(self.max_age_h, other.max_age_h),
            min(self.max_items, other.max_items),
            min(self.max_last_contact_h, other.max_last_contact_h),
            min(self.max_bytes, other.max_bytes),
        )


def backoff_s(attempts: int, random: Random) -> float:
    """Seconds until the next try: full jitter, from 0 to the doubled base, so that no two kiosks march in step."""
    ceiling = min(CAP_S, BASE_S * 2.0 ** min(max(attempts - 1, 0), 16))
    return random() * ceiling


def retry_after_s(header: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for, given as seconds or as a date (RFC 9110); None for neither."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_WAIT_S)
    try:
        moment = parsedate_to_datetime(text)
        return min(max((moment - now).total_seconds(), 0.0), LONGEST_WAIT_S)
    except (ValueError, TypeError):
        return None


def next_try(now: datetime, attempts: int, retry_after: float | None, random: Random) -> datetime:
    """When to try again: what the centre asked for, stretched by up to a fifth, else the back-off."""
    wait = backoff_s(attempts, random) if retry_after is None else retry_after * (1 + random() / 5)
    return now + timedelta(seconds=wait)


def may_offer(summary: Summary, policy: OfflinePolicy, silence_s: float | None) -> bool:
    """Say whether a direct request may be offered now. `silence_s`: seconds since the centre was last heard from.

    A kiosk that never heard from the centre is judged by its outbox alone: without the centre's sealing key, which
    comes with the first contact, nothing can be sealed anyway.
    """
    silent = timedelta(seconds=silence_s or 0.0)
    return (
        summary.count < policy.max_items
        and summary.size < policy.max_bytes
        and timedelta(seconds=summary.oldest_age_s) < policy.max_age
        and silent < timedelta(hours=min(policy.max_last_contact_h, HARD_CAP_H))
    )
