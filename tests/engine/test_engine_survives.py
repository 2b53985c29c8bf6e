"""Whatever breaks while an order is carried out, the engine lives and the citizen's page is told."""

from dataclasses import dataclass, field

from kiosk.core.effects import AskTicket, Effect
from kiosk.core.events import Event, TicketRefused, Touched
from kiosk.core.state import NoticePage
from kiosk.domain.errors import Broken
from kiosk.engine.clock import SimulatedClock
from kiosk.engine.engine import Engine
from kiosk.view.models import Action, View
from tests.core.citizen import kiosk


@dataclass
class BrokenHands:
    """Every order breaks, as on a full disk."""

    asked: list[Effect] = field(default_factory=list)

    def carry_out(self, effect: Effect) -> None:
        self.asked.append(effect)
        raise Broken("the disk is full; free some space")

    def failed(self, effect: Effect) -> Event | None:
        return TicketRefused(effect.ticket, "not-saved") if isinstance(effect, AskTicket) else None


class NoRounds:
    def due(self, monotonic: float) -> None:
        pass


def test_a_full_disk_at_take_ticket_is_said_and_the_engine_goes_on() -> None:
    hands = BrokenHands()
    state = kiosk()
    offered = ("ticket-only", "category:B", "service:B1", "take-ticket", "home")
    view = View("welcome", "", actions=tuple(Action(name, "") for name in offered))
    engine = Engine(state, hands, NoRounds(), SimulatedClock(state.now), lambda _state: view, lambda _view: None)
    for number, action in enumerate(offered[:4]):
        engine.handle(Touched(action, f"press-{number}"))
    assert any(isinstance(order, AskTicket) for order in hands.asked)
    while engine.pump():
        pass
    assert isinstance(engine.state.page, NoticePage)
