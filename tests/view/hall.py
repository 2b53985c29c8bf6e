"""States for the tests of the presenter: every page, in every condition that changes what it says."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import cache
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from babel.messages.pofile import read_po

from kiosk.core.events import ProofProblem
from kiosk.core.flows.audio import GAINS, PACES
from kiosk.core.state import (
    Asking,
    BookingPage,
    Branch,
    Check,
    Closed,
    ConsentPage,
    Counter,
    Eligibility,
    Form,
    Guide,
    Identify,
    Identity,
    InformationPage,
    Keypad,
    Lobby,
    NeedsPage,
    NoticeKind,
    NoticePage,
    NumberPage,
    Page,
    Paper,
    Parts,
    PhotoPage,
    ProofPage,
    Proving,
    Quiz,
    RatingPage,
    ReceiptPage,
    Request,
    Services,
    Session,
    SlipPage,
    State,
    StatusPage,
    Ticket,
    TicketPage,
    TimeoutPage,
    Voice,
    Welcome,
    Working,
)
from kiosk.core.visit_pages import Stands
from kiosk.domain.catalogue import Catalogue, Choice, Consent, Field, Service
from kiosk.domain.catalogue_file import read_catalogue
from kiosk.domain.health import Offline, PaperOut, Ready, Unknown
from kiosk.domain.photo import PHOTO_VERDICTS
from kiosk.domain.pinyin import Table, read_table
from kiosk.domain.request import Proof, ProofKind, RequestState
from kiosk.domain.ticket import TicketState
from kiosk.domain.visit import Appointment, Arrival, Slip
from kiosk.view.texts import Texts
from kiosk.view.ways import ARROWS
from tests.view.technicians import technicians

ASSETS = Path(__file__).resolve().parents[2] / "assets"
CANARY = "420000195001019998"
MASKED = "420000********9998"
NOW = datetime(2026, 11, 22, 10, 42, tzinfo=timezone(timedelta(hours=8)))
WORKS = Parts(printer=Ready(), scanner=Ready(), camera=Ready(), hub=True, central=True, submission=True)
REQUEST_STATES: tuple[RequestState, ...] = tuple(
    dict.fromkeys(state for side in get_args(RequestState) for state in get_args(side))
)
FACTS = (
    {"licence_expires_on": "20260601", "licence_status": "A"},  # renewed late
    {"licence_expires_on": "20251215"},  # renewed so late that only the issuing office can do it
    {"licence_expires_on": "20261130", "licence_status": "A"},  # in time
    {"licence_expires_on": "20271130", "licence_status": "U", "medical_certificate_on": "20250101"},  # three reasons
    {"insurance_until": "20270101", "vehicle_status": "A", "account_exists": "false"},
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
def table() -> Table:
    """The sounds of Chinese as they are shipped."""
    return read_table((ASSETS / "pinyin" / "table.txt").read_text("utf-8"))


@cache
def catalogue() -> Catalogue:
    """The real one, and beside it a service that asks for everything and one that says little."""
    files = sorted(file for folder in ("catalogue", "information") for file in (ASSETS / folder).glob("*.toml"))
    real = read_catalogue({file.name: file.read_text("utf-8") for file in files})
    return replace(real, services={**real.services, "A8": nothing(), "A9": everything(), "A77": photographed()})


def both(chinese: str, english: str) -> dict[str, str]:
    return {"zh": chinese, "en": english}


def everything() -> Service:
    """A service with a question of every kind, boxes of both kinds, an odd fee."""
    no, yes = both("可以不填", "Optional"), both("必须填", "Needed")
    fields = (
        Field("mobile", "mobile", both("手机", "Mobile"), both("手机号是多少？", "Mobile?"), yes, sensitive=True),
        Field("postcode", "postcode", both("邮编", "Postcode"), both("邮编是多少？", "Postcode?"), no, required=False),
        Field(
            "way", "choice", both("领取", "Delivery"), both("怎么领取？", "How?"), yes,
            choices=(Choice("post", both("邮寄", "By post")), Choice("desk", both("窗口", "At the counter"))),
        ),
        Field("day", "date", both("日期", "Day"), both("哪一天？", "Which day?"), yes),
        Field("file", "licence_archive_number", both("档案编号", "File"), both("编号是多少？", "Number?"), yes),
        Field("plate", "plate", both("号牌", "Plate"), both("哪辆车？", "Which vehicle?"), yes),
        Field("vin", "vin", both("车辆识别代号", "VIN"), both("代号是多少？", "VIN?"), yes, when={"way": ("never",)}),
    )  # fmt: skip
    return replace(
        nothing(), code="A9", mode="both", offline="queue", min_assurance="typed", fields=fields, fee_fen=1050,
        documents=(both("身份证", "ID card"), both("照片", "Photograph")),
        consents=(Consent("correct", both("属实", "Correct")), Consent("own", both("同意", "I agree"), sensitive=True)),
    )  # fmt: skip


def photographed() -> Service:
    """A service for which a document is photographed."""
    policy = Field(
        "policy", "photo", both("保险单", "Policy"), both("请拍保险单", "Photograph the policy"), both("", "")
    )
    return replace(everything(), code="A77", fields=(policy,))


def nothing() -> Service:
    """A service of which little is known: no price, no documents."""
    name = both("没有价目的业务", "Service without a price")
    return Service(
        "A8", "A", name, both("没有价目", "No price"), both("测试", "Test"), both("用来测试", "For tests"), "ticket",
        (), both("本人", "Yourself"), None, both("工本费", "the document"), "", both("1 天", "1 day"),
        both("邮寄", "By post"),
    )  # fmt: skip


def someone(how: str = "typed") -> Identity:
    assert how in ("typed", "scanned", "card")
    return Identity("resident_id", CANARY, MASKED, "card" if how == "card" else "typed", name="测试员甲")


WELCOME = Welcome()


def state(page: Page = WELCOME, language: str = "zh", parts: Parts = WORKS, **session: Any) -> State:
    """A state of the real catalogue; `session` overrides the session's fields."""
    made = replace(Session(language), **session)
    branch = Branch({"zh": "中心花坛邮政支局", "en": "Central Parterre Post Office"}, "09:00-17:00", "K1")
    return State(NOW, 100.0, catalogue(), branch, made, page, parts, Lobby(3, 600, 1200), pinyin=table())


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
    yield Keypad("42000019500101999", peek=1e9)
    yield Keypad("42000019500101999", open=1e9)
    yield Services()
    yield from (Services(letter) for letter in "ABC")
    yield Services("Z")
    yield from (Guide(code) for code in catalogue().services)
    yield Guide("Z9")
    for index in range(8):
        yield from (Form("A9", index, problem=problem) for problem in ("required", "length", "postcode", "new"))
        yield from (Form("A9", index, typed) for typed in ("", "鄂", "鄂L", "13800138000", "post"))
        yield Form("A9", index, "1", changing=True)
    for code in ("A4", "A9", "Z9"):
        yield ConsentPage(code)
        yield Check(code)
    yield Check("B3")
    for typed, spelling, leaf in (
        ("", "", 0),
        ("咸安区", "", 0),
        ("咸安区", "lu", 0),
        ("", "shi", 2),
        ("counter", "", 0),
    ):
        yield Form("B3", 4, typed, spelling=spelling, leaf=leaf)
    yield from asked()
    yield from papers()
    yield from asides()


def asked() -> Iterator[Page]:
    for code in ("A1", "A3", "B7", "C1", "C3", "A9", "Z9"):
        yield from (Asking(code, index, "look", "" if index % 2 else "20270131") for index in range(9))
        yield Asking(code, 0, "apply", "1", "length")
        yield Eligibility(code, "look")
        yield Eligibility(code, "apply")
    under = Form("B3", 0)
    for name, value in (("plate_type", "99"), ("applicant", "company"), ("delivery", "nowhere")):
        yield Counter("B3", name, value, under)


def papers() -> Iterator[Page]:
    for paper in get_args(Paper):
        yield TicketPage(Ticket("t", "B1", "B012", 3, 600, 1200, "http://127.0.0.1/t/x", False), paper, 95.0)
        yield TicketPage(Ticket("t", "B1", "B501", None, None, None, None, True), paper, 95.0, 2)
        for known in REQUEST_STATES:
            request = Request("r", "A4", known, "XN-2026-000123", "http://127.0.0.1/s/x", "2026-11-22T02:42:08Z")
            yield ReceiptPage(request, paper, 95.0)
            yield ReceiptPage(Request("r", "A4", known, None, None, "soon"), paper, 95.0)


def asides() -> Iterator[Page]:
    yield from (Working(what, "B1") for what in ("ticket", "paper", "request", "progress"))
    yield StatusPage(asked=True)
    yield StatusPage(asked=True, reachable=False)
    hers = StatusPage(True, "needs_more", "XN-2026-000123", "A4", code="code", reasons=("缺少委托书",) * 5, may=True)
    yield from (hers, replace(hers, reasons=("甲" * 200,)), replace(hers, sure=True), replace(hers, state="submitted"))
    yield replace(hers, state="accepted", may=False, tried=True)
    yield replace(hers, state=None, may=False, tried=True, reachable=False)
    yield from (
        StatusPage(True, known, "XN-2026-000123", "A4") for known in (*REQUEST_STATES, *get_args(TicketState), "?")
    )
    yield from visits()
    for kind in get_args(NoticeKind):
        yield from (NoticePage(kind, 95.0, Welcome(), detail) for detail in ("", "closed", "assurance", "strange"))
    yield TimeoutPage(Services("B"), 120.0)
    yield from (PhotoPage("A77", 0, verdict) for verdict in PHOTO_VERDICTS)
    yield PhotoPage("A77", 0, taking="press", since=95.0)
    yield PhotoPage("A77", 1)
    yield Check("A77")
    for problem in ("", *get_args(ProofProblem)):
        yield from (Proving(code, "press", problem) for code in ("A3", "B5", "Z9"))
        for kind in get_args(ProofKind):
            for stands in ("asking", "sent", "taken", "checking"):
                yield ProofPage("B3", "press", Proof(kind, "p"), 90.0, 90.0, "123", problem, stands)
    yield ProofPage("Z9", "press", Proof("staff", "p"), 90.0, 90.0, "123456")
    yield from (InformationPage(topic, part) for topic in (None, "safety", "tours", "gone") for part in (0, 1))
    yield Quiz("gone")
    yield from (Quiz("quiz", index, chosen) for index in range(6) for chosen in (None, 0, 1))
    yield Quiz("quiz", 5, None, 5)
    yield Closed()
    yield Closed(restarts=0.0)
    yield from technicians()


def visits() -> Iterator[Page]:
    """A slip in each state of its ticket, with and without what its holder may do; a rating."""
    may = {"waiting": "cancel", "no_show": "rejoin", "done": "rate"}
    for known in get_args(TicketState):
        counter = 3 if known in ("called", "serving", "held", "done", "no_show") else None
        slip = Slip("t", "B012", "B3", known, counter, 2 if known == "waiting" else None, 600, 900, frozenset())
        yield SlipPage("B012", "known", slip)
        if known in may:
            yield SlipPage("B012", "known", replace(slip, may=frozenset({may[known]})))
    waiting = Slip("t", "B012", "B3", "waiting", None, 2, None, None, frozenset({"cancel"}))
    yield SlipPage("B012", "known", waiting, sure=True)
    yield SlipPage("B012", "known", waiting, did="rejoin")
    yield SlipPage("B012", "known", replace(waiting, state="void", may=frozenset()), did="give-back")
    yield from (SlipPage("B012", stands) for stands in get_args(Stands))
    yield from (NumberPage("B01", problem) for problem in ("", "label"))
    yield NumberPage()
    yield from (RatingPage(waiting, level) for level in (None, 5))
    booked = Appointment("BOOK-1", "B3", NOW, NOW, "on-time")
    for arrival in get_args(Arrival):
        yield BookingPage("BOOK-1", False, "known", replace(booked, arrival=arrival))
    yield BookingPage("BOOK-1", False, "known", replace(booked, used=True))
    yield from (BookingPage("BOOK-1", True, stands) for stands in ("asking", "unknown", "away"))
    yield NeedsPage("B3")
    yield RatingPage(waiting, problem="away")


def placed() -> Iterator[State]:
    """The pages that say where a device is, for each place it can be."""
    printed = TicketPage(Ticket("t", "B1", "B012", 3, 600, 1200, None, False), "printed", 95.0)
    for place, language in product(ARROWS, ("zh", "en")):
        where = dict.fromkeys(("scanner", "card", "printer"), place)
        for page in (Identify(), StatusPage(), printed):
            known = state(page, language, replace(WORKS, card=Ready()))
            yield replace(known, branch=replace(known.branch, where=where))


def conditions() -> Iterator[State]:
    """Every page, fresh and in the middle of a journey, with all parts and with each of them gone."""
    answers = MappingProxyType(
        {"mobile": "13800138000", "way": "post", "day": "20261122", "file": "421200000001", "plate": "鄂L12345"}
        | {"delivery": "ems", "policy": "picture"}
    )
    known: dict[str, Any] = {
        "identity": someone(),
        "facts": MappingProxyType({"licence_expires_on": "20261130", "insurance_until": "20250101"}),
        "answers": answers,
        "photos": MappingProxyType({"picture": "/dev/shm/kiosk/picture.jpg"}),
        "consents": frozenset({"correct", "own", "sensitive"}),
        "also": ("B1",),
        "needs": ("guide",),
    }
    broken = (
        replace(WORKS, printer=PaperOut()),
        replace(WORKS, scanner=Offline("no such device")),
        replace(WORKS, card=Ready()),
        replace(WORKS, card=Ready(), scanner=Unknown()),
        replace(WORKS, hub=False, central=False, submission=False),
        replace(WORKS, central=False),
        replace(WORKS, hub=False),
        Parts(),
    )
    yield from placed()
    reads = replace(WORKS, speaker=Ready())
    for page in pages():
        for language in ("zh", "en"):
            yield state(page, language, reads if language == "zh" else WORKS)
            yield state(page, language, replace(reads, headset=False), voice=Voice(), focus="mode:large")
            yield state(page, language, replace(reads, headset=True), voice=Voice(), focus="mode:large", large=True)
            spoken = Voice(pace=PACES[0], gain=GAINS[1], paused=True)
            yield state(
                page, language, replace(reads, headset=True), voice=spoken, focus="mode:repeat", curtain=True, **known
            )
            yield state(page, language, **known)
            yield from (state(page, language, parts) for parts in broken)
            if isinstance(page, Proving):
                yield state(page, language, **(known | {"identity": someone("card")}))
            if isinstance(page, Eligibility):
                yield from (state(page, language, facts=MappingProxyType(facts)) for facts in FACTS)
            closed = state(page, language, large=True, contrast="dark", low=True)
            yield replace(closed, session=replace(closed.session, contrast="light"))
            yield replace(closed, lobby=Lobby(open=False))
            yield replace(closed, lobby=Lobby(0, 0, 0, open=False), parts=Parts(central=False))
            yield replace(closed, lobby=Lobby(0, 0, 0))
            yield replace(closed, lobby=Lobby(5, suspended=(("B3", "系统维护"),)))
