"""Carries out what concerns a visit that has a number: its place, giving it back, queueing again, its rating."""

from collections.abc import Iterable

from kiosk.core import effects as order
from kiosk.core import events as fact
from kiosk.core.events import Event
from kiosk.domain.visit import Appointment, Slip
from kiosk.engine.lanes import Lanes
from kiosk.engine.ports import Away, BranchLink, Done, Rejected

VisitOrder = order.LookUpSlip | order.LookUpAppointment | order.GiveNumberBack | order.RejoinQueue | order.RateVisit
REASON = "given-back"


class VisitHands:
    """Asks the hub, on its lane; after an order the slip is read again, so that the page says what is, not what was."""

    def __init__(self, branch: BranchLink, lanes: Lanes) -> None:
        self._branch = branch
        self._lanes = lanes

    def carry_out(self, effect: VisitOrder) -> None:
        """Do one order."""
        self._lanes.submit("branch", lambda: self._do(effect))

    def _do(self, effect: VisitOrder) -> Iterable[Event]:
        match effect:
            case order.LookUpSlip(code=code):
                yield self._seen(code)
            case order.LookUpAppointment(number=number):
                yield self._booked(number)
            case order.GiveNumberBack(code=code, ticket=ticket):
                yield self._after(code, self._branch.void(ticket, REASON))
            case order.RejoinQueue(code=code, label=label):
                yield self._after(code, self._branch.rejoin(label))
            case order.RateVisit(ticket=ticket, level=level):
                yield _rated(ticket, self._branch.rate(ticket, level))

    def _after(self, code: str, answer: Done | Away | Rejected) -> Event:
        return fact.SlipSeen(code, reachable=False) if isinstance(answer, Away) else self._seen(code)

    def _booked(self, number: str) -> Event:
        match self._branch.appointment(number):
            case Appointment() as found:
                return fact.AppointmentSeen(number, found)
            case Rejected(status=404 | 422):
                return fact.AppointmentSeen(number)
        return fact.AppointmentSeen(number, reachable=False)

    def _seen(self, code: str) -> Event:
        match self._branch.slip(code):
            case Slip() as slip:
                return fact.SlipSeen(code, slip)
            case Rejected(status=404 | 422):
                return fact.SlipSeen(code)
        return fact.SlipSeen(code, reachable=False)


def _rated(ticket: str, answer: Done | Away | Rejected) -> Event:
    match answer:
        case Done():
            return fact.VisitRated(ticket, "kept")
        case Rejected(status=404 | 409 | 422):
            return fact.VisitRated(ticket, "refused")
    return fact.VisitRated(ticket, "away")
