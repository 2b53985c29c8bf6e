"""What may be offered right now; the presenter draws it and the flows rely on it, so that both say the same."""

from kiosk.core.state import Counter, Identify, PhotoPage, State, StatusPage, TechnicianPage
from kiosk.domain import forms, information
from kiosk.domain.catalogue import Choice, Field, Service
from kiosk.domain.health import PAPER_CHANGE, Ready, can_print
from kiosk.domain.information import Topic
from kiosk.domain.request import Assurance, ProofKind, reaches
from kiosk.domain.rules import asking
from kiosk.domain.rules.asking import Opinion

MOST = 8
MOST_LARGE = 4
"""Choices a page, so that nothing scrolls and nothing hides; in large type half as many."""
MOST_ON_TICKET = 4
"""Services on one ticket: as many as its paper names, and a clerk can do at one visit."""
CANDIDATES = 8
"""What letters may mean, at once: in two rows of keys that are wide enough for a word."""

IDENTITY_KINDS = frozenset(
    {
        "resident_id",
        "hmt_residence_permit",
        "foreign_permanent_resident",
        "licence_core_number",
        "licence_archive_number",
    }
)
"""What a citizen may identify herself with; the centre resolves the licence numbers."""


def paper(state: State) -> bool:
    """Paper can be promised: the printer said that it is able to print."""
    return can_print(state.parts.printer)


def paper_change(state: State) -> bool:
    """A clerk is putting in a new roll: paper comes again in a minute."""
    return state.parts.printer == PAPER_CHANGE


def audio(state: State) -> bool:
    """The kiosk can read aloud."""
    return isinstance(state.parts.speaker, Ready)


def patience(state: State) -> float:
    """How many times as long everything waits for her: who listens or takes large type needs twice the time."""
    return 2.0 if state.session.large or state.session.voice is not None else 1.0


def tickets(state: State) -> bool:
    """Tickets never stop while the branch is open; without the hub they come from the emergency range."""
    return state.lobby.open


def withdrawal(state: State, page: StatusPage) -> bool:
    """She can take back the request that the page shows: the centre would let her, and can be asked now."""
    return page.may and bool(page.code) and state.parts.submission and state.parts.central is not False


def more_fits(state: State) -> bool:
    """Another service can still go on the same ticket."""
    return tickets(state) and len(state.session.also) < MOST_ON_TICKET - 1


def suspended(state: State, service: Service) -> str | None:
    """Why the branch does not offer a service now; None where it does. Without the hub its last word holds."""
    return dict(state.lobby.suspended).get(service.code)


def direct(state: State, service: Service) -> bool:
    """The service can go straight to the centre from here, now (with the identity still to be shown)."""
    if service.mode == "ticket" or not state.parts.submission:
        return False
    return state.parts.central is not False or service.offline == "queue"


def identified(state: State, service: Service) -> bool:
    """The identity shown so far is enough for the service, or can be made enough here."""
    identity = state.session.identity
    if identity is None:
        return False
    return reaches(identity.assurance, service.min_assurance) or bool(proofs(state, service))


def proofs(state: State, service: Service) -> tuple[ProofKind, ...]:
    """How the identity shown so far can be raised to what the service needs, here and now."""
    identity = state.session.identity
    return () if identity is None else proofs_for(state, service, identity.assurance)


def proofs_for(state: State, service: Service, have: Assurance) -> tuple[ProofKind, ...]:
    """How an identity of that assurance could be raised; nothing where it is enough already."""
    if have == "none" or reaches(have, service.min_assurance):
        return ()
    code = have == "card" and service.min_assurance == "code" and state.parts.central is True and service.code_to
    clerk = service.clerk_confirms and state.parts.hub is True
    return (*(("code",) if code else ()), *(("staff",) if clerk else ()))


def questions(state: State, service: Service) -> tuple[Field, ...]:
    """What she is asked before a service; what her number says is not asked again."""
    known = _shown_facts(state)
    return tuple(field for field in asking.questions(state.catalogue, service) if field.name not in known)


def opinion(state: State, service: Service) -> Opinion:
    """Whether she may have it, with what she has answered and shown."""
    asked = questions(state, service)
    given = {f.name: state.session.facts.get(f.name, "") for f in asked if forms.asked(f, state.session.facts)}
    identity = state.session.identity
    kind, number = (identity.kind, identity.number) if identity else ("", "")
    facts = asking.facts(state.catalogue, given, kind, number)
    return asking.opinion(state.catalogue, service, state.now.date(), facts)


def chosen(state: State, service: Service, page: Counter) -> Choice | None:
    """The answer that led to the counter."""
    fields = (*asking.questions(state.catalogue, service), *service.fields)
    field = next((field for field in fields if field.name == page.name), None)
    return forms.choice(field, page.value) if field else None


def wrong(state: State, service: Service) -> tuple[int, str] | None:
    """The first answer of the form that is missing or does not fit the others: its index and problem."""
    answers = state.session.answers
    for index, field in enumerate(service.fields):
        problem = forms.problem(field, answers.get(field.name, ""), state.now.date(), answers)
        if problem and forms.asked(field, answers):
            return index, problem
    return None


def topics(state: State) -> tuple[Topic, ...]:
    """The information pages of today."""
    return information.shown(state.catalogue.information, state.now.date())


def topic(state: State, name: str) -> Topic | None:
    """One of the information pages of today."""
    return next((topic for topic in topics(state) if topic.id == name), None)


def parts(state: State, count: int) -> int:
    """How many pages so many choices take."""
    return max(1, -(-count // (MOST_LARGE if state.session.large else MOST)))


def tiles(state: State, letter: str) -> int:
    """How many tiles a category has: its services, and one for who does not find hers; eight stand without it."""
    services = len(state.catalogue.within(letter))
    return services if services == MOST else services + 1


def _shown_facts(state: State) -> frozenset[str]:
    identity = state.session.identity
    if identity is None:
        return frozenset()
    return frozenset(asking.facts(state.catalogue, {}, identity.kind, identity.number).values)


def consented(state: State, service: Service, *, sensitive: bool | None = None) -> bool:
    """Every required box is ticked (of the sensitive or the other ones only, if asked so)."""
    asked = (c for c in service.consents if sensitive is None or c.sensitive is sensitive)
    return all(c.id in state.session.consents for c in asked if c.required)


def previewing(state: State) -> bool:
    """What the camera sees is shown: where something is to be held before it, and while a photograph is taken."""
    if not state.parts.preview or not isinstance(state.parts.camera, Ready):
        return False
    match state.page:
        case Identify():
            return True
        case PhotoPage(service=code, index=index, taking=taking):
            service = state.catalogue.service(code)
            if service is None or index >= len(service.fields):
                return False
            taken = state.session.answers.get(service.fields[index].name, "") in state.session.photos
            return taking is not None or not taken
    return False


def scanning(state: State) -> bool:
    """The page is one on which a code held to the window means something."""
    if isinstance(state.page, TechnicianPage):
        return state.page.section in ("device", "enrol")
    from_page = type(state.page).__name__
    return from_page in {
        "Welcome",
        "Identify",
        "Keypad",
        "Services",
        "StatusPage",
        "SlipPage",
        "NumberPage",
        "BookingPage",
    }
