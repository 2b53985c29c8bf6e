"""A kiosk's state for the core's tests, and short ways to act on it; every number here is generated."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import TypeVar

from kiosk.core.effects import Effect
from kiosk.core.events import Event, Proven, TimePassed, Touched
from kiosk.core.state import Branch, Parts, ProofPage, Session, State
from kiosk.core.step import step
from kiosk.domain.catalogue import Catalogue, Category, Consent, Field, Service
from kiosk.domain.health import Health, Ready

T = TypeVar("T")
READY = Ready()
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8)))


def words(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def resident_id(birth: date = date(1958, 3, 7), sequence: int = 204) -> str:
    """Generate a valid resident ID number of Xianning (GB 11643)."""
    body = f"421202{birth:%Y%m%d}{sequence:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def service(code: str, **changes: object) -> Service:
    plain = Service(
        code, code[0], words(code), words(code), words(""), words(""), "ticket", (), words(""), 0, words(""), "",
        words(""), words(""),
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


CONTACT = service(
    "A4",
    mode="both",
    offline="queue",
    min_assurance="typed",
    fields=(
        Field("mobile", "mobile", words("手机"), words("?"), words(""), sensitive=True, max_length=11),
        Field("postcode", "postcode", words("邮编"), words("?"), words(""), required=False, max_length=6),
    ),
    consents=(
        Consent("correct", words("correct")),
        Consent("entrust", words("entrust")),
        Consent("sensitive", words("sensitive"), sensitive=True),
    ),
)
CATALOGUE = Catalogue(
    "1",
    (Category("A", words("A"), words("A"), "user"), Category("B", words("B"), words("B"), "car")),
    {s.code: s for s in (CONTACT, service("B1"), service("B2"))},
)


def kiosk(printer: Health = READY) -> State:
    """A kiosk with everything in order and nobody at it."""
    return State(
        NOW, 0.0, CATALOGUE, Branch(words("支局"), "9-17", "K1"), Session("zh"),
        parts=Parts(printer=printer, scanner=Ready(), hub=True, central=True, submission=True),
    )  # fmt: skip


class Story:
    """A kiosk under test: `touch`, `happen`, `wait`; `orders` holds every effect since the last `take_orders`."""

    def __init__(self, state: State | None = None) -> None:
        self.state = state or kiosk()
        self.orders: list[Effect] = []
        self._presses = 0

    def happen(self, *events: Event) -> "Story":
        for event in events:
            self.state, effects = step(self.state, event)
            self.orders += effects
        return self

    def touch(self, *actions: str) -> "Story":
        for action in actions:
            self._presses += 1
            self.happen(Touched(action, f"press-{self._presses}"))
        return self

    def enter(self, text: str) -> "Story":
        return self.touch(*(f"key:{char}" for char in text))

    def wait(self, seconds: float, tick_s: float = 1.0) -> "Story":
        left = seconds
        while left > 0:
            passed = min(tick_s, left)
            left -= passed
            moment = self.state.now + timedelta(seconds=passed)
            self.happen(TimePassed(moment, self.state.monotonic + passed))
        return self

    def take(self, kind: type[T]) -> list[T]:
        """Every order of a kind so far, oldest first."""
        return [order for order in self.orders if isinstance(order, kind)]


def prove(story: Story) -> Story:
    """Type the code that was sent to her phone, and have it be right."""
    story.touch("choice:code")
    page = story.state.page
    assert isinstance(page, ProofPage)
    return story.enter("123456").touch("next").happen(Proven(page.proof))
