"""A person's rights (PIPL art. 45, 47): all that is held about her, and forgetting it; both written down."""

from pydantic import AwareDatetime
from sqlalchemy import select
from sqlalchemy.orm import Session

from central import desk, ids, staff
from central.centre import Centre
from central.rejection import Rejection
from central.retention import ENDED, wipe
from central.staff import Officer
from central.tables import Audit, Request
from kiosk.link.models.central import DeskRequest
from kiosk.link.models.common import Wire
from kiosk.link.models.registry import Person


class Displayed(Wire):
    """Who looked at one of her requests, and when."""

    reference: str
    at: AwareDatetime
    actor: str
    action: str


class Held(Wire):
    """All that the centre holds about one person, in clear, for her."""

    at: AwareDatetime
    requests: tuple[DeskRequest, ...]
    displayed: tuple[Displayed, ...]


class Erased(Wire):
    """How many of her requests were emptied."""

    erased: int


def export(centre: Centre, person: Person, officer: Officer) -> Held:
    """Everything about a person; that it was handed out is written down first, at each of her requests."""
    with centre.store.write() as session:
        found = _hers(centre, session, person)
        staff.write_down(session, centre.at(), officer.name, "exported", f"{len(found)} requests")
        references = {request.id: request.reference for request in found}
        lines = session.scalars(select(Audit).where(Audit.subject.in_(references)).order_by(Audit.id)).all()
    requests = tuple(desk.display(centre, request.id, officer, "exported") for request in found)
    displayed = tuple(
        Displayed(reference=references[line.subject], at=centre.local(line.at), actor=line.actor, action=line.action)
        for line in lines
    )
    return Held(at=centre.at(), requests=requests, displayed=displayed)


def erase(centre: Centre, person: Person, officer: Officer) -> Erased:
    """Empty all of a person's requests; Rejection (409) while one is open, since the office still works on it."""
    with centre.store.write() as session:
        found = _hers(centre, session, person)
        still_open = [request.reference for request in found if request.state not in ENDED]
        if still_open:
            raise Rejection(409, "still-open", f"Settle or withdraw first: {', '.join(still_open)}.")
        wipe(session, [request.id for request in found])
        for request in found:
            staff.write_down(session, centre.at(), officer.name, "erased", request.id)
        return Erased(erased=len(found))


def _hers(centre: Centre, session: Session, person: Person) -> list[Request]:
    mark = ids.person_mark(centre.vault.server_secret, person.kind, person.number)
    return list(session.scalars(select(Request).where(Request.person == mark).order_by(Request.received_at)))
