"""What the office sees: the inbox without anything personal, and one opened request, each display written down."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from central import content, life, staff
from central.centre import Centre
from central.rejection import Rejection
from central.staff import Officer
from central.tables import Request, Supplement
from central.unsealing import Unsealable, unseal
from kiosk.link.models import central as wire


@dataclass(frozen=True)
class Filter:
    """What the inbox is narrowed to; an empty one shows what is still to be done."""

    state: str | None = None
    service: str = ""
    reference: str = ""


def inbox(centre: Centre, chosen: Filter, limit: int) -> Sequence[Request]:
    """Requests by age, the oldest first."""
    wanted = select(Request).order_by(Request.received_at, Request.id).limit(limit)
    if chosen.state:
        wanted = wanted.where(Request.state == chosen.state)
    if chosen.service:
        wanted = wanted.where(Request.service == chosen.service)
    if chosen.reference:
        wanted = wanted.where(Request.reference.contains(chosen.reference.strip().upper(), autoescape=True))
    with centre.store.read() as session:
        return session.scalars(wanted).all()


def counts(centre: Centre) -> dict[str, int]:
    """How many requests there are in each state."""
    with centre.store.read() as session:
        rows = session.execute(select(Request.state, func.count()).group_by(Request.state)).all()
        return {row[0]: row[1] for row in rows}


def item(centre: Centre, request: Request) -> wire.DeskItem:
    """A row of the inbox."""
    return wire.DeskItem.model_validate(
        {
            "id": request.id,
            "reference": request.reference,
            "service": request.service,
            "branch": request.branch,
            "state": request.state,
            "assurance": request.assurance,
            "received_at": centre.local(request.received_at),
            "updated_at": centre.local(request.updated_at),
            "due_on": request.due_on,
            "overdue": request.due_on is not None and request.due_on < centre.at().date(),
            "registry": request.checked,
            "double_of": request.double_of,
            "refusal_proposed_by": request.proposed_by,
        }
    )


def display(centre: Centre, request_id: str, officer: Officer, action: str = "displayed") -> wire.DeskRequest:
    """Open a request for an officer's eyes. The book is written before anything is shown."""
    with centre.store.write() as session:
        request = life.find(session, request_id)
        staff.write_down(session, centre.at(), officer.name, action, request_id)
        history = life.steps(session, request_id)
    inside = opened(centre, request)
    added = answers(centre, request)
    return wire.DeskRequest.model_validate(
        item(centre, request).model_dump()
        | {
            "applicant": inside.applicant.model_dump(),
            "fields": inside.fields,
            "photos": inside.photos,
            "consents": request.consents,
            "consented_at": centre.local(request.captured_at),
            "catalogue_version": request.catalogue_version,
            "reasons": request.reasons,
            "acceptance": life.acceptance(centre, request),
            "registry_codes": request.checked_codes or [],
            "refusal_proposed": request.proposed or [],
            "answers": [answer.model_dump() for answer in added],
            "history": [
                {
                    "at": centre.local(step.at),
                    "actor": step.actor,
                    "action": step.action,
                    "state": step.state,
                    "note": step.note,
                }
                for step in history
            ],
        }
    )


def answers(centre: Centre, request: Request) -> list[wire.DeskAnswer]:
    """What the citizen added after she was asked for more, in memory only."""
    with centre.store.read() as session:
        rows = session.scalars(
            select(Supplement).where(Supplement.request_id == request.id).order_by(Supplement.at)
        ).all()
    found = []
    for row in rows:
        try:
            clear = unseal(
                centre.vault, row.sealed_kid, row.sealed, row.device_id, row.client_answer_id, request.service
            )
        except Unsealable as error:
            raise _no_key() from error
        inside = content.read_addition(clear)
        found.append(wire.DeskAnswer(at=centre.local(row.at), fields=inside.fields, photos=inside.photos))
    return found


def opened(centre: Centre, request: Request) -> content.Content:
    """The clear text of a stored request, in memory only; of one whose time is over nothing is left to show."""
    if not request.sealed:
        return content.Content(applicant=content.Applicant(kind="erased", number=""))
    try:
        clear = unseal(
            centre.vault,
            request.sealed_kid,
            request.sealed,
            request.device_id,
            request.client_request_id,
            request.service,
        )
    except Unsealable as error:
        raise _no_key() from error
    return content.read(clear)


def _no_key() -> Rejection:
    return Rejection(
        500, "key-missing", "The key to this request is not in the vault; restore it from its backup.", "later"
    )
