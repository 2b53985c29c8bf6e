"""The one function that makes a new State: an event goes in, a state and orders come out."""

from dataclasses import replace

from kiosk.core import offers
from kiosk.core.effects import Effect, SetTrigger
from kiosk.core.events import (
    AppointmentSeen,
    CardLifted,
    CardRead,
    CardUnread,
    ClerkTook,
    DocumentScanned,
    Event,
    FocusMoved,
    HeadsetPlugged,
    HeadsetUnplugged,
    HealthChanged,
    HubLost,
    KeypadPressed,
    LobbySeen,
    NumbersExhausted,
    PaperNotPrinted,
    PaperPrinted,
    PaperUnknown,
    PhotoTaken,
    PresenceChanged,
    ProgressSeen,
    ProofAsked,
    ProofRefused,
    Proven,
    RequestAnswered,
    RequestRecovered,
    RequestRefused,
    RequestSaved,
    RestartDue,
    ScanRefused,
    SlipSeen,
    SpeechChanged,
    StaffCalled,
    SubmissionSeen,
    TicketIssued,
    TicketRecovered,
    TicketRefused,
    TicketUnanswered,
    TimePassed,
    Touched,
    TraySeen,
    VisitRated,
)
from kiosk.core.flows import (
    audio,
    belongings,
    booking,
    fittings,
    follow,
    identify,
    photo,
    prove,
    rating,
    request,
    service_menu,
    session,
    slip,
    ticket,
    time,
    touch,
    visit,
)
from kiosk.core.flows.session import Outcome
from kiosk.core.state import Lobby, Request, State, TechnicianPage, Ticket
from kiosk.core.technician import AccessJudged, CornersHeld, ServiceDone, ServiceSeen


def step(state: State, event: Event) -> tuple[State, tuple[Effect, ...]]:
    """Take one event; the scanner's light follows the page it leads to, and a picture nobody holds is forgotten."""
    after, effects = _step(state, event)
    after = belongings.reminded(state, after)
    after = audio.settled(state, after)
    effects = (*effects, *photo.let_go(state, after), *prove.let_go(state, after))
    if offers.scanning(after) != offers.scanning(state):
        effects = (*effects, SetTrigger(offers.scanning(after)))
    after, tended = belongings.tended(state, after)
    after, fitted = fittings.settled(state, after)
    return after, (*effects, *tended, *fitted)


def _step(state: State, event: Event) -> Outcome:  # noqa: C901, PLR0911, PLR0912 - one case an event
    match event:
        case TimePassed():
            return time.passed(state, event)
        case Touched(action=action, fresh=fresh):
            return touch.touched(replace(state, touched=state.monotonic), action, fresh)
        case FocusMoved(action=action):
            here = replace(state, touched=state.monotonic)
            if isinstance(here.page, TechnicianPage):
                return service_menu.focused(here, event), ()
            return audio.focused(here, action), ()
        case HeadsetPlugged():
            return audio.plugged(replace(state, touched=state.monotonic))
        case HeadsetUnplugged():
            return audio.unplugged(state)
        case SpeechChanged(speaking=speaking):
            return replace(state, speaking=speaking), ()
        case PresenceChanged():
            return fittings.present(state, event), ()
        case TraySeen():
            return belongings.seen(state, event)
        case KeypadPressed():
            return state, ()
        case DocumentScanned() | ScanRefused() | CardRead() | CardUnread() if isinstance(state.page, TechnicianPage):
            lies = state.parts.card_lies or isinstance(event, CardRead)
            here = replace(state, touched=state.monotonic, parts=replace(state.parts, card_lies=lies))
            return service_menu.read(here, state.page, event)
        case DocumentScanned():
            return identify.scanned(replace(state, touched=state.monotonic), event)
        case ScanRefused():
            return identify.refused(replace(state, touched=state.monotonic), event)
        case CardRead():
            here = replace(state, touched=state.monotonic, parts=replace(state.parts, card_lies=True))
            return identify.card(here, event)
        case CardUnread():
            return identify.unread(replace(state, touched=state.monotonic), event)
        case CardLifted():
            return belongings.lifted(state)
        case HealthChanged() | LobbySeen() | HubLost() | SubmissionSeen():
            return _learned(state, event), ()
        case TicketIssued():
            return ticket.issued(state, event)
        case TicketUnanswered():
            return ticket.unanswered(state, event)
        case TicketRefused() | NumbersExhausted():
            return ticket.refused(state, event)
        case TicketRecovered():
            return ticket.recovered(state, event)
        case PaperPrinted() | PaperNotPrinted() | PaperUnknown():
            return _paper(state, event)
        case PhotoTaken():
            return photo.taken(state, event)
        case ProofAsked():
            return prove.asked(state, event)
        case ClerkTook():
            return prove.taken(state, event)
        case ProofRefused():
            return prove.refused(state, event)
        case Proven():
            return request.proven(state, event)
        case RequestSaved():
            return request.saved(state, event)
        case RequestRefused():
            return request.refused(state, event)
        case RequestAnswered():
            return request.settled(state, event)
        case RequestRecovered():
            return request.recovered(state, event)
        case RestartDue():
            return session.about_to_restart(state), ()
        case StaffCalled(reached=reached):
            return session.staff_called(state, reached)
        case ProgressSeen():
            return follow.seen(state, event)
        case SlipSeen():
            return visit.seen(state, event)
        case AppointmentSeen():
            return booking.seen(state, event)
        case VisitRated():
            return rating.told(state, event)
        case CornersHeld() | AccessJudged() | ServiceSeen() | ServiceDone():
            return service_menu.happened(replace(state, touched=state.monotonic), event)


def _learned(state: State, event: HealthChanged | LobbySeen | HubLost | SubmissionSeen) -> State:
    parts = state.parts
    match event:
        case HealthChanged(device="printer", health=health):
            return replace(state, parts=replace(parts, printer=health))
        case HealthChanged(device="scanner", health=health):
            return replace(state, parts=replace(parts, scanner=health))
        case HealthChanged(device="card", health=health):
            return replace(state, parts=replace(parts, card=health))
        case HealthChanged(device="speaker", health=health):
            return replace(state, parts=replace(parts, speaker=health))
        case HealthChanged(device="board", health=health):
            return replace(state, parts=replace(parts, board=health))
        case HealthChanged(health=health):
            return replace(state, parts=replace(parts, camera=health))
        case LobbySeen(waiting=waiting, low_s=low_s, high_s=high_s, open=is_open, suspended=suspended):
            seen = Lobby(waiting, low_s, high_s, is_open, suspended)
            return replace(state, lobby=seen, parts=replace(parts, hub=True))
        case HubLost():
            lobby = Lobby(open=state.lobby.open, suspended=state.lobby.suspended)
            return replace(state, lobby=lobby, parts=replace(parts, hub=False))
        case SubmissionSeen(offered=offered, connected=connected):
            return replace(state, parts=replace(parts, submission=offered, central=connected))


def _paper(state: State, event: PaperPrinted | PaperNotPrinted | PaperUnknown) -> Outcome:
    """A paper's fate belongs to the job that waits for it; any other answer is stale and changes nothing."""
    if state.job != event.job:
        return state, ()
    match state.pending, event:
        case Ticket() as held, PaperPrinted():
            return ticket.printed(state, held, event)
        case Ticket() as held, PaperNotPrinted():
            return ticket.not_printed(state, held, event)
        case Ticket() as held, PaperUnknown():
            return ticket.doubtful(state, held, event)
        case Request() as held, PaperPrinted():
            return request.printed(state, held, event)
        case Request() as held, PaperNotPrinted():
            return request.not_printed(state, held, event)
        case Request() as held, PaperUnknown():
            return request.doubtful(state, held, event)
    return slip.done(state, event)
