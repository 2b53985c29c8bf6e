"""The life of a request after it was taken in: only the office moves it, each step is written down."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from central import ids, staff
from central.centre import TELLS, Centre
from central.code_tables import MessageRow
from central.rejection import Rejection
from central.tables import Meta, Request, Step
from kiosk.domain.catalogue import say
from kiosk.domain.request import ServerState
from kiosk.link.models import central as wire
from kiosk.link.models.central import DeskVerb

_OPEN: frozenset[ServerState] = frozenset({"submitted", "needs_more"})
_ACCEPTED: frozenset[ServerState] = frozenset({"accepted", "in_progress"})


@dataclass(frozen=True)
class Move:
    """From which states a verb leads where; `asks` for reasons that the citizen is told."""

    before: frozenset[ServerState]
    after: ServerState
    asks: bool = False


MOVES: dict[DeskVerb, Move] = {
    "accept": Move(_OPEN, "accepted"),
    "needs-more": Move(_OPEN, "needs_more", asks=True),
    "refuse": Move(_OPEN, "not_accepted", asks=True),
    "progress": Move(_ACCEPTED, "in_progress"),
    "done": Move(_ACCEPTED, "done"),
}

TOLD = frozenset({"needs_more", "not_accepted", "accepted", "done"})
"""States that a citizen is told of; what she does herself at the kiosk she knows."""

# Written for the citizen and shown on a page: no identity or telephone number belongs there.
_PERSONAL = re.compile(r"(?<!\d)(\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?!\d)")


def legal_verbs(state: str) -> tuple[DeskVerb, ...]:
    """What the desk may do with a request in this state."""
    return tuple(verb for verb, move in MOVES.items() if state in move.before)


def find(session: Session, request_id: str) -> Request:
    """A request by its id; Rejection (404) if there is none."""
    found = session.get(Request, request_id)
    if found is None:
        raise Rejection(404, "not-found", "There is no such request.")
    return found


def move(centre: Centre, request_id: str, verb: DeskVerb, action: wire.DeskAction, actor: str) -> Request:
    """Take one step; Rejection (409) if the request is not where the step begins, (422) if reasons are missing.

    A refusal by the first of two officers is a proposal: the state stays, and `proposed_by` names her.
    """
    chosen = MOVES[verb]
    reasons = [text.strip() for text in (*action.reasons, action.reason) if text.strip()]
    note = action.note.strip()
    if any(_PERSONAL.search(text) for text in (*reasons, note)):
        raise Rejection(422, "personal-data", "Leave identity and telephone numbers out of what you write.")
    now = centre.at()
    with centre.store.write() as session:
        found = find(session, request_id)
        if verb == "refuse" and found.proposed_by and found.proposed_by != actor:
            reasons = reasons or list(found.proposed or [])
        if chosen.asks and not reasons:
            raise Rejection(422, "reasons-missing", "Name all reasons at once; the citizen is told them.")
        if verb == "refuse" and _needs_second(centre, session, found, actor):
            return _propose(session, found, reasons, actor, now)
        changed = session.execute(
            update(Request)
            .where(Request.id == request_id, Request.state.in_(chosen.before))
            .values(
                state=chosen.after,
                updated_at=now,
                reasons=reasons if chosen.asks else [],
                proposed_by="",
                proposed=None,
                due_on=_due(centre, found, verb, now),
            )
        )
        _only_one(changed.rowcount)  # type: ignore[attr-defined]
        request = session.get_one(Request, request_id, populate_existing=True)
        if verb == "accept":
            day = f"{now:%Y%m%d}"
            number = centre.store.next(session, f"acceptance {request.branch} {day}")
            request.acceptance_number, request.accepted_at = f"SL-{request.branch}-{day}-{number:04d}", now
        if action.ems:
            request.ems = action.ems
        written = "; ".join([*reasons, note] if note else reasons)
        session.add(Step(request_id=request_id, at=now, actor=actor, action=verb, state=chosen.after, note=written))
        if chosen.after in TOLD and _messages_go_out(centre, session):
            # Owed from this very moment; central.sms sends it when the gateway takes it.
            owed = MessageRow(id=ids.uuid7(now), request_id=request_id, state=chosen.after, tries=0, due_at=now)
            session.add(owed)
        staff.write_down(session, now, actor, verb, request_id)
    return request


def _messages_go_out(centre: Centre, session: Session) -> bool:
    """Whether the service tells by message: a decision that comes by file beside it is owed one as well."""
    if centre.options.sms is not None:
        return True
    known = session.get(Meta, TELLS)
    return known is not None and known.value == "yes"


def _needs_second(centre: Centre, session: Session, request: Request, actor: str) -> bool:
    """Whether this refusal is only a proposal yet; Rejection (409) for one's own second."""
    if request.state not in MOVES["refuse"].before:
        return False
    if request.proposed_by == actor:
        raise Rejection(409, "second-officer-needed", "Another officer has to confirm the refusal.")
    if request.proposed_by:
        return False
    return needs_two(centre, session)


def needs_two(centre: Centre, session: Session) -> bool:
    """Whether a refusal takes two officers here."""
    return centre.options.four_eyes == "always" or staff.count_with(session, "desk") > 1


def _propose(session: Session, request: Request, reasons: list[str], actor: str, now: datetime) -> Request:
    request.proposed_by, request.proposed, request.updated_at = actor, reasons, now
    written = "; ".join(reasons)
    session.add(
        Step(request_id=request.id, at=now, actor=actor, action="propose-refusal", state=request.state, note=written)
    )
    staff.write_down(session, now, actor, "propose-refusal", request.id)
    session.flush()
    return request


def _due(centre: Centre, request: Request, verb: DeskVerb, now: datetime) -> date | None:
    """The last day of the time limit: it runs from acceptance, and stands still while the citizen is asked."""
    if verb == "accept":
        service = centre.catalogue.services.get(request.service)
        days = service.working_days if service else None
        return None if days is None else centre.days.after(now.date(), days)
    return request.due_on if verb == "progress" else None


def may_be_withdrawn(state: str) -> bool:
    """Whether she may still take it back: until it is accepted, which has legal weight."""
    return state in _OPEN


def withdraw(centre: Centre, session: Session, request: Request, actor: str) -> Request:
    """Withdraw it; doing so twice is doing it once, and what has been accepted can no longer be withdrawn."""
    if request.state == "withdrawn":
        return request
    now = centre.at()
    changed = session.execute(
        update(Request)
        .where(Request.id == request.id, Request.state.in_(_OPEN))
        .values(state="withdrawn", updated_at=now, due_on=None, proposed_by="", proposed=None)
    )
    _only_one(changed.rowcount)  # type: ignore[attr-defined]
    session.add(Step(request_id=request.id, at=now, actor=actor, action="withdraw", state="withdrawn"))
    return session.get_one(Request, request.id, populate_existing=True)


def steps(session: Session, request_id: str) -> Sequence[Step]:
    """The steps of a request, oldest first."""
    return session.scalars(select(Step).where(Step.request_id == request_id).order_by(Step.id)).all()


def told(centre: Centre, request: Request, own_url: str) -> wire.Request:
    """A request as it goes over the wire; nothing personal is in it."""
    token = ids.status_token(centre.vault.server_secret, request.id)
    public = centre.public_url(own_url)
    service = centre.catalogue.services.get(request.service)
    return wire.Request.model_validate(
        {
            "id": request.id,
            "client_request_id": request.client_request_id,
            "service": request.service,
            "state": request.state,
            "reference": request.reference,
            "received_at": centre.local(request.received_at),
            "updated_at": centre.local(request.updated_at),
            "status_token": token,
            "status_url": f"{public}/s/{token}" if public else None,
            "acceptance": acceptance(centre, request),
            "reasons": request.reasons,
            "time_limit": say(service.time_limit, "zh") if service else "",
            "due_on": request.due_on,
            "registry": request.checked,
            "refusal_proposed": bool(request.proposed_by),
        }
    )


def acceptance(centre: Centre, request: Request) -> wire.Acceptance | None:
    """Number and date of acceptance, once it was accepted."""
    if request.acceptance_number is None or request.accepted_at is None:
        return None
    return wire.Acceptance(number=request.acceptance_number, accepted_at=centre.local(request.accepted_at))


def _only_one(rows: int) -> None:
    if rows != 1:
        raise Rejection(409, "state-conflict", "The request is no longer where this step begins; look at it anew.")
