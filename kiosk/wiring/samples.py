"""One State for each page worth a look, shown by the real presenter: what the gallery draws and page tests measure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from types import MappingProxyType
from typing import Literal, Protocol

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
    NoticePage,
    NumberPage,
    Page,
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
    Welcome,
    Working,
)
from kiosk.core.technician import Found, TechnicianPage
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.health import PaperOut, Ready, Unknown
from kiosk.domain.request import Proof
from kiosk.domain.visit import Appointment, Slip
from kiosk.view.models import View
from kiosk.view.present import present
from kiosk.view.texts import Texts
from kiosk.wiring import places

Theme = Literal["normal", "dark", "light", "large"]
NOW = datetime(2026, 11, 22, 10, 42, tzinfo=timezone(timedelta(hours=8)))
WORKS = Parts(printer=Ready(), scanner=Ready(), hub=True, central=True, submission=True)
SOMEBODY = Identity("resident_id", "0" * 18, "**************0000", "scanned", name="某某")
ANSWERS = MappingProxyType({"mobile": "13800000000"})
NUMBER = "42120019500101" + "000"
STATUS_URL = "http://kiosk.example/t/2b7e151628aed2a6abf7158809cf4f3c"
RECEIVED = "2026-11-22T02:42:08Z"

SLIP = Slip("t", "B012", "B3", "waiting", None, 3, 600, 1200, frozenset({"cancel"}))
MISSED = replace(SLIP, state="no_show", counter=3, ahead=None, low_s=None, high_s=None, may=frozenset({"rejoin"}))
SERVED = replace(MISSED, state="done", may=frozenset({"rate"}))
BOOKED = Appointment("BOOK-0042", "B3", NOW, NOW, "on-time")
POLICY = {"zh": "交强险保单", "en": "Compulsory insurance policy"}


class At(Protocol):
    """Makes the State of a page."""

    def __call__(
        self, page: Page, parts: Parts = WORKS, lobby: Lobby | None = None, *, known: bool = False
    ) -> State: ...


def states(catalogue: Catalogue) -> Iterator[tuple[str, State]]:
    """Give a name and a State for each sample, in the order of the journeys."""

    def at(page: Page, parts: Parts = WORKS, lobby: Lobby | None = None, *, known: bool = False) -> State:
        session = Session("zh", identity=SOMEBODY, answers=ANSWERS) if known else Session("zh")
        branch = Branch({"zh": "中心花坛邮政支局", "en": "Central Parterre Post Office"}, "09:00-17:00", "K1")
        return State(NOW, 100.0, catalogue, branch, session, page, parts, lobby or Lobby(3, 600, 1200))

    def ticket(url: str | None = None, *, offline: bool = False) -> Ticket:
        if offline:
            return Ticket("t", "B3", "B501", None, None, None, None, True)
        return Ticket("t", "B3", "B012", 3, 600, 1200, url, False)

    def request(state: Literal["queued", "submitted", "needs_more"], url: str | None = None) -> Request:
        return Request("r", "A4", state, None if state == "queued" else "XN-2026-000123", url, RECEIVED)

    yield "welcome", at(Welcome(), replace(WORKS, card=Ready()))
    yield "welcome-scanner", at(Welcome())
    yield "welcome-limited", at(Welcome(), Parts(PaperOut(), Unknown(), hub=False, central=False))
    yield "identify", at(Identify(), replace(WORKS, card=Ready()))
    yield "identify-problem", at(Identify(problem="unknown-document"))
    yield from _typed(at)
    yield "services", at(Services(), known=True)
    for letter in sorted(category.letter for category in catalogue.categories):
        yield f"services-{letter}", at(Services(letter), known=True)
    for code in ("A4", "B3", "B7", "C1"):
        yield f"guide-{code}", at(Guide(code), known=code == "A4")
    yield "form", at(Form("A4", 0), known=True)
    yield "form-typed", at(Form("A4", 0, "1380000000", "length"), known=True)
    yield "consent", at(ConsentPage("A4"), known=True)
    yield "check", at(Check("A4"), known=True)
    yield "working", at(Working("ticket", "B3"))
    yield "ticket", at(TicketPage(ticket(), "printed", 95.0))
    yield "ticket-offline", at(TicketPage(ticket(offline=True), "printed", 95.0))
    yield "ticket-screen", at(TicketPage(ticket(STATUS_URL), "screen", 95.0))
    yield "ticket-doubt", at(TicketPage(ticket(), "doubt", 95.0))
    yield "ticket-failed", at(TicketPage(ticket(), "failed", 95.0))
    yield "receipt", at(ReceiptPage(request("submitted"), "printed", 95.0), known=True)
    yield "receipt-queued", at(ReceiptPage(request("queued"), "screen", 95.0), known=True)
    yield "receipt-screen", at(ReceiptPage(request("needs_more", STATUS_URL), "screen", 95.0), known=True)
    yield "status", at(StatusPage())
    yield "status-known", at(StatusPage(True, "accepted", "XN-2026-000123", "A4"))
    yield "slip", at(SlipPage("B012", "known", SLIP))
    yield "slip-sure", at(SlipPage("B012", "known", SLIP, sure=True))
    yield "slip-missed", at(SlipPage("B012", "known", MISSED))
    yield "slip-away", at(SlipPage("B012", "away"))
    yield "booking", at(BookingPage("BOOK-0042", stands="known", appointment=BOOKED))
    early = replace(BOOKED, arrival="early")
    yield "booking-early", at(BookingPage("BOOK-0042", stands="known", appointment=early))
    yield "needs", at(NeedsPage("B3"))
    yield "rating", at(RatingPage(SERVED))
    yield "rated", at(NoticePage("rated", 95.0, Welcome()))
    yield "notice", at(NoticePage("staff-called", 95.0, Welcome()))
    yield "notice-exhausted", at(NoticePage("numbers-exhausted", 95.0, Welcome()))
    yield "timeout", at(TimeoutPage(Services("B"), 125.0))
    yield from _asked(at)
    yield from _proved(at)
    yield "closed", at(Closed(), lobby=Lobby(open=False))
    yield from _serviced(at)


def _typed(at: At) -> Iterator[tuple[str, State]]:
    """Where reader and scanner are, and pages with keys: those with letters have the most on one page."""
    told = at(Identify(), replace(WORKS, card=Ready()))
    where = {"card": "below-right", "scanner": "below-left"}
    yield "identify-where", replace(told, branch=replace(told.branch, where=where))
    yield "keypad", at(Keypad())
    yield "keypad-problem", at(Keypad(NUMBER, problem="length"))
    fields = at(Welcome()).catalogue.services["B3"].fields
    plate, address = (next(n for n, field in enumerate(fields) if field.kind == kind) for kind in ("plate", "text"))
    yield "form-province", at(Form("B3", plate), known=True)
    yield "form-plate", at(Form("B3", plate, "鄂L1"), known=True)
    table = places.pinyin()
    for name, spelling in (("form-address", ""), ("form-sounds", "lu")):
        page = Form("B3", address, "咸安区", spelling=spelling)
        yield name, replace(at(page, known=True), pinyin=table)
    yield "number", at(NumberPage("B0", "label"))


def _asked(at: At) -> Iterator[tuple[str, State]]:
    """What may be had, what else there is to know, and a document under the camera."""
    yield "asking", at(Asking("C1", 0, "look", "2026113"))
    yield "asking-problem", at(Asking("C1", 0, "look", "20260230", "date-impossible"))
    facts = {"licence_expires_on": "20271130", "licence_status": "U", "medical_certificate_on": "20250101"}
    refused = at(Eligibility("C1", "look"))
    yield "eligibility", replace(refused, session=replace(refused.session, facts=MappingProxyType(facts)))
    yield "eligibility-refer", at(Eligibility("C3", "look"))
    yield "counter", at(Counter("B3", "applicant", "company", Guide("B3")))
    yield "information", at(InformationPage())
    yield "information-topic", at(InformationPage("safety"))
    yield "quiz", at(Quiz("quiz", 0, 1))
    both = at(Guide("C1"))
    yield "guide-two", replace(both, session=replace(both.session, also=("B3",)))
    camera = at(PhotoPage("B5", 0), replace(WORKS, camera=Ready()))
    plain = camera.catalogue.services["B5"]
    policy = replace(plain.fields[0], name="policy", kind="photo", label=POLICY, question=POLICY, choices=(), when={})
    asked = replace(camera.catalogue, services={**camera.catalogue.services, "B5": replace(plain, fields=(policy,))})
    yield "photo", replace(camera, catalogue=asked)
    yield "photo-problem", replace(camera, catalogue=asked, page=PhotoPage("B5", 0, "glare"))


def _proved(at: At) -> Iterator[tuple[str, State]]:
    """A register is changed: a code, a clerk, or a ticket."""
    card = replace(SOMEBODY, assurance="card")

    def proving(page: Page) -> State:
        found = at(page, replace(WORKS, card=Ready()), known=True)
        return replace(found, session=replace(found.session, identity=card))

    yield "proving", proving(Proving("A3", "press"))
    yield "proving-problem", proving(Proving("A3", "press", "refused"))
    yield "proof-code", proving(ProofPage("A3", "press", Proof("code", "p"), 95.0, 95.0, "123", "", "sent"))
    yield "proof-clerk", proving(ProofPage("A3", "press", Proof("staff", "p"), 95.0, 95.0, "", "wrong", "taken"))


def _serviced(at: At) -> Iterator[tuple[str, State]]:
    """The service menu and some of the first boot."""

    def found(*names: str, wrong: str = "") -> tuple[Found, ...]:
        return tuple(Found(name, name != wrong) for name in names)

    works = replace(WORKS, card=Ready(), camera=Ready(), speaker=Ready())
    devices = found("printer", "scanner", "camera", "card", "speaker", wrong="card")
    overview = found("settings", "state-folder", "disk", "journal", "memory", "temperature", "power")
    yield "technician", at(TechnicianPage("code", typed="1234"))
    yield "technician-locked", at(TechnicianPage("code", note="locked", amount=120))
    yield "technician-menu", at(TechnicianPage("menu"))
    facts = (("kiosk", "K1"), ("branch", "421202-001"), ("version", "1.0"))
    yield "technician-overview", at(TechnicianPage("overview", facts=facts, findings=overview))
    yield "technician-devices", at(TechnicianPage("devices", findings=(*devices, Found("keypad", None))))
    printer = TechnicianPage("device", first_boot=True, note="matched", findings=found("printer"))
    yield "technician-printer", at(printer, works)
    scanner = TechnicianPage("device", device="scanner", findings=found("scanner", wrong="scanner"))
    yield "technician-scanner", at(scanner, replace(works, scanner=Unknown()))
    yield "technician-calibrate", at(TechnicianPage("calibrate", first_boot=True, dpi=102.0))
    yield "technician-touch", at(TechnicianPage("touch", points=frozenset({1, 2, 3, 5, 8})))
    where = (("host", "kiosk"), ("address", "192.0.2.7"), ("time", "2026-11-22 10:42"), ("zone", "Asia/Shanghai"))
    peers = found("hub", "central", "enrolment", "transport", "clock", wrong="central")
    yield "technician-network", at(TechnicianPage("network", facts=where, findings=peers))
    yield "technician-outbox", at(TechnicianPage("outbox", facts=(("waiting", "3"), ("oldest", "12"))))
    yield "technician-power", at(TechnicianPage("power", order="reboot", note="sure"))
    enrol = TechnicianPage("enrol", first_boot=True, facts=(("enrolled", "-"),), findings=(Found("enrolment", None),))
    yield "technician-enrol", at(enrol)
    yield "technician-report", at(TechnicianPage("report", first_boot=True, findings=devices))


def views(
    catalogue: Catalogue, texts: dict[str, Texts], language: str, theme: Theme = "normal"
) -> Iterator[tuple[str, View]]:
    """Give a name and a View for each sample in a language and a theme."""
    contrast, large = "normal" if theme == "large" else theme, theme == "large"
    for name, state in states(catalogue):
        session = replace(state.session, language=language, contrast=contrast, large=large)
        view = present(replace(state, session=session), texts)
        yield name, view
