"""States for the tests of the presenter: every page, in every condition that changes what it says."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import get_args

from babel.messages.pofile import read_po

from kiosk.core.state import (
    Branch,
    Check,
    Closed,
    ConsentPage,
    Form,
    Guide,
    Identify,
    Identity,
    Keypad,
    Lobby,
    NoticeKind,
    NoticePage,
    Page,
    Paper,
    Parts,
    ReceiptPage,
    Request,
    Services,
    Session,
    State,
    StatusPage,
    Ticket,
    TicketPage,
    TimeoutPage,
    Welcome,
    Working,
)
from kiosk.domain.catalogue import Catalogue, Category, Choice, Consent, Field, Service
from kiosk.domain.catalogue_file import read_catalogue
from kiosk.domain.health import Offline, PaperOut, Ready, Unknown
from kiosk.domain.request import RequestState
from kiosk.domain.ticket import TicketState
from kiosk.view.texts import Texts

ASSETS = Path(__file__).resolve().parents[2] / "assets"
CANARY = "420000195001019998"
MASKED = "420000********9998"
NOW = datetime(2026, 11, 22, 10, 42, tzinfo=timezone(timedelta(hours=8)))
WORKS = Parts(printer=Ready(), scanner=Ready(), hub=True, central=True, submission=True)
REQUEST_STATES: tuple[RequestState, ...] = tuple(
    dict.fromkeys(state for side in get_args(RequestState) for state in get_args(side))
)


@cache
def read(folder: str) -> dict[str, str]:
    """Every text of a kiosk.po, by its key."""
    with (ASSETS / "locale" / folder / "LC_MESSAGES" / "kiosk.po").open("rb") as file:
        messages = read_po(file, abort_invalid=True)
    return {str(message.id): str(message.string) for message in messages if message.id}


@cache
def texts() -> dict[str, Texts]:
    return {"zh": Texts("zh", read("zh_CN")), "en": Texts("en", read("en"))}


@cache
def catalogue() -> Catalogue:
    """The real one, and beside it a service that asks for everything."""
    files = sorted((ASSETS / "catalogue").glob("*.toml"))
    real = read_catalogue({file.name: file.read_text("utf-8") for file in files})
    return replace(real, services={**real.services, "A9": everything()})


def everything() -> Service:
    def both(zh: str) -> dict[str, str]:
        return {"zh": zh, "en": f"en {zh}"}

    fields = (
        Field("mobile", "mobile", both("手机"), both("手机号是多少？"), both("11 位"), sensitive=True),
        Field("postcode", "postcode", both("邮编"), both("邮编是多少？"), both("可以不填"), required=False),
        Field(
            "way", "choice", both("领取"), both("怎么领取？"), both("选一项"),
            choices=(Choice("post", both("邮寄")), Choice("desk", both("窗口"))),
        ),
        Field("day", "date", both("日期"), both("哪一天？"), both("8 位")),
        Field("file", "licence_archive_number", both("档案编号"), both("档案编号是多少？"), both("12 位")),
    )  # fmt: skip
    return Service(
        "A9", "A", both("样样都问的业务"), both("样样都问"), both("试"), both("用来试"), "both",
        (both("身份证"), both("照片")), both("本人"), 1050, both("工本费"), "价目", both("1 天"), both("邮寄"),
        offline="queue", min_assurance="typed", fields=fields,
        consents=(Consent("correct", both("属实")), Consent("own", both("同意"), sensitive=True)),
    )  # fmt: skip


def someone(how: str = "typed") -> Identity:
    assert how in ("typed", "scanned", "card")
    return Identity("resident_id", CANARY, MASKED, "card" if how == "card" else "typed", name="测试员甲")


def state(page: Page = Welcome(), language: str = "zh", parts: Parts = WORKS, **session: object) -> State:
    """A state of the real catalogue; `session` overrides the session's fields."""
    made = replace(Session(language), **session)  # type: ignore[arg-type]
    branch = Branch({"zh": "中心花坛邮政支局", "en": "Central Parterre Post Office"}, "09:00-17:00", "K1")
    return State(NOW, 100.0, catalogue(), branch, made, page, parts, Lobby(3, 600, 1200))


def pages() -> Iterator[Page]:
    """Every page in each of its variants."""
    yield Welcome()
    for problem in ("", "unknown-document", "too-long", "control", "undecodable", "check-digit"):
        yield Identify(problem=problem)
        yield Identify(then="A4", problem=problem)
        yield StatusPage(problem=problem)
    for problem in ("", "length", "charset", "province", "date-impossible", "date-future", "check-digit", "old-15"):
        yield Keypad("42000019500101999", problem=problem)
        yield Keypad(then="A4", problem=problem)
    yield Services()
    yield from (Services(letter) for letter in "ABC")
    yield Services("Z")
    yield from (Guide(code) for code in catalogue().services)
    yield Guide("Z9")
    for index in range(6):
        for typed in ("", "13800138000", "post"):
            yield from (Form("A9", index, typed, problem) for problem in ("", "required", "length", "postcode", "new"))
        yield Form("A9", index, "1", changing=True)
    for code in ("A4", "A9", "Z9"):
        yield ConsentPage(code)
        yield Check(code)
    yield from papers()
    yield from asides()


def papers() -> Iterator[Page]:
    for paper in get_args(Paper):
        yield TicketPage(Ticket("t", "B1", "B012", 3, 600, 1200, "http://127.0.0.1/t/x", False), paper, 95.0)
        yield TicketPage(Ticket("t", "B1", "B501", None, None, None, None, True), paper, 95.0, 2)
        for known in REQUEST_STATES:
            request = Request("r", "A4", known, "XN-2026-000123", "http://127.0.0.1/s/x", "2026-11-22T02:42:08Z")
            yield ReceiptPage(request, paper, 95.0)
            yield ReceiptPage(Request("r", "A4", known, None, None, "soon"), paper, 95.0)


def asides() -> Iterator[Page]:
    yield from (Working(what, "B1") for what in ("ticket", "paper", "request", "progress"))  # type: ignore[arg-type]
    yield StatusPage(asked=True)
    yield StatusPage(asked=True, reachable=False)
    yield from (StatusPage(True, known, "XN-2026-000123", "A4") for known in (*REQUEST_STATES, *get_args(TicketState), "?"))
    for kind in get_args(NoticeKind):
        yield from (NoticePage(kind, 95.0, Welcome(), detail) for detail in ("", "closed", "assurance", "strange"))
    yield TimeoutPage(Services("B"), 120.0)
    yield Closed()


def conditions() -> Iterator[State]:
    """Every page, fresh and in the middle of a journey, with all parts and with each of them gone."""
    answers = MappingProxyType({"mobile": "13800138000", "way": "post", "day": "20261122", "file": "421200000001"})
    known = {"identity": someone(), "answers": answers, "consents": frozenset({"correct", "own", "sensitive"})}
    broken = (
        replace(WORKS, printer=PaperOut()),
        replace(WORKS, scanner=Offline("no such device")),
        replace(WORKS, card=Ready()),
        replace(WORKS, card=Ready(), scanner=Unknown()),
        replace(WORKS, hub=False, central=False, submission=False),
        replace(WORKS, central=False),
        Parts(),
    )
    for page in pages():
        for language in ("zh", "en"):
            yield state(page, language)
            yield state(page, language, **known)
            yield from (state(page, language, parts) for parts in broken)
            closed = state(page, language, large=True, dark=True, low=True)
            yield replace(closed, lobby=Lobby(open=False))
            yield replace(closed, lobby=Lobby(0, 0, 0, open=False), parts=Parts(central=False))
            yield replace(closed, lobby=Lobby(0, 0, 0))
            yield replace(closed, lobby=Lobby(5))


def category() -> Category:
    return catalogue().categories[0]
