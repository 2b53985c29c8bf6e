"""The kiosk's client of the branch hub: tickets, confirmations, calls for staff and the state of the lobby."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from kiosk.domain.visit import Appointment, Slip
from kiosk.engine.ports import Away, Done, Lobby, LogEntry, LogPage, Rejected, TicketAnswer, TicketOrder, Wait
from kiosk.link.http import Answer, Peer, Times, refusal
from kiosk.link.models import branch as models
from kiosk.link.models.branch import StateView, TicketIssued, WaitRange
from kiosk.link.models.central import REPLAYED_HEADER

_SLIP = re.compile(r"(?:[^/]*/)*?t/([A-Za-z0-9_-]{16,64})(?:[/?#].*)?|([A-Z][0-9]{3,6})")
"""A ticket's label, or the address in its QR code."""

CONNECT_SHARE = 0.4
"""How much of the budget may go into connecting: a hub in the same hall answers a SYN within milliseconds."""


class HubLink:
    """Satisfies the engine's BranchLink. Every call ends within the budget, in seconds, and none raises."""

    def __init__(
        self,
        url: str,
        token: str,
        budget_s: float,
        now: Callable[[], datetime],
        ca_file: str | None = None,
        followed: Callable[[], tuple[int, str]] = lambda: (1, ""),
    ) -> None:
        self.peer = Peer(url, Times(connect=budget_s * CONNECT_SHARE, read=budget_s, whole=budget_s), ca_file)
        self._authorization = {"Authorization": f"Bearer {token}"}
        self._now = now
        self._followed = followed

    def take(self, order: TicketOrder) -> TicketAnswer | Away | Rejected:
        """POST /tickets; the same id again is answered with the same label."""
        if order.booking is not None:
            return self._ticket(order, {}, f"/api/v1/appointments/{quote(order.booking, safe='')}/check-in")
        return self._ticket(order, {})

    def report(self, order: TicketOrder, label: str, printed: str) -> TicketAnswer | Away | Rejected:
        """POST /tickets for a ticket that was issued from the emergency range while cut off."""
        return self._ticket(order, {"label": label, "printed": printed})

    def confirm(self, ticket: str, printed: str) -> Done | Away | Rejected:
        """The citizen holds it: how that is known."""
        return self._done(f"/api/v1/tickets/{ticket}/confirm", {"printed": printed})

    def void(self, ticket: str, reason: str) -> Done | Away | Rejected:
        """Nobody holds it and nobody will."""
        return self._done(f"/api/v1/tickets/{ticket}/void", {"reason": reason})

    def help(self, kiosk: str, view: str) -> Done | Away | Rejected:
        """A citizen calls staff; the name of the page goes with it and nothing else."""
        return self._done("/api/v1/help", {"kiosk": kiosk, "view": view})

    def ask_clerk(self, confirmation: str, kiosk: str, service: str, tail: str) -> Done | Away | Rejected:
        """POST /confirmations: a clerk is to compare a document; `tail` is the end of its number."""
        body = {"id": confirmation, "kiosk": kiosk, "service": service, "tail": tail}
        return self._done("/api/v1/confirmations", body)

    def clerk(self, confirmation: str) -> str | Away | Rejected:
        """How a confirmation stands, by its state's word."""
        answer = self._call("GET", f"/api/v1/confirmations/{confirmation}", None)
        if isinstance(answer, Away):
            return answer
        found = answer.read(models.ConfirmationState) if answer.status == 200 else None
        return found.state if found else refusal(answer)

    def check_clerk(self, confirmation: str, kiosk: str, code: str) -> Done | Away | Rejected:
        """Done: what was typed is the clerk's code."""
        return self._done(f"/api/v1/confirmations/{confirmation}/check", {"kiosk": kiosk, "code": code})

    def drop_clerk(self, confirmation: str) -> Done | Away | Rejected:
        """Nobody waits for the clerk any more."""
        return self._done(f"/api/v1/confirmations/{confirmation}/withdraw", {})

    def health(self, kiosk: str, words: Mapping[str, str]) -> Done | Away | Rejected:
        """How this kiosk's devices are, by their health words; the consoles show what wants a person."""
        return self._done(f"/api/v1/kiosks/{kiosk}/health", {"health": dict(words)}, method="PUT")

    def slip(self, code: str) -> Slip | Away | Rejected:
        """GET /slips: by label, or by the token at the end of the address in the ticket's QR code."""
        found = _SLIP.fullmatch(code)
        if found is None:
            return Rejected("not-found", 404)
        answer = self._call("GET", f"/api/v1/slips/{found[1] or found[2]}", None)
        if isinstance(answer, Away):
            return answer
        told = answer.read(models.SlipView) if answer.status == 200 else None
        return _slip(told) if told else refusal(answer)

    def appointment(self, number: str) -> Appointment | Away | Rejected:
        """GET /appointments/{number}: what is booked, and whether its holder may check in now."""
        answer = self._call("GET", f"/api/v1/appointments/{quote(number, safe='')}", None)
        if isinstance(answer, Away):
            return answer
        told = answer.read(models.AppointmentView) if answer.status == 200 else None
        if told is None:
            return refusal(answer)
        return Appointment(
            told.number, told.service, told.starts_at, told.opens_at, told.arrival,
            told.checked_in,
        )  # fmt: skip

    def rejoin(self, label: str) -> Done | Away | Rejected:
        """POST /slips/{label}/rejoin: she missed her call and queues again."""
        return self._done(f"/api/v1/slips/{label}/rejoin", {})

    def rate(self, ticket: str, level: int) -> Done | Away | Rejected:
        """POST /tickets/{id}/rating; the same level again is harmless."""
        return self._done(f"/api/v1/tickets/{ticket}/rating", {"level": level})

    def lobby(self) -> Lobby | Away:
        """How many wait, and for how long; Away for anything that is no proper answer."""
        answer = self._call("GET", "/api/v1/state", None)
        if isinstance(answer, Away):
            return answer
        state = answer.read(StateView) if answer.status == 200 else None
        return lobby_of(state) if state else Away(ambiguous=False)

    def log(self, after: tuple[int, int]) -> LogPage | Away | Rejected:
        """What follows a place in the hub's log, for the kiosk's copy."""
        answer = self._call("GET", f"/api/v1/log?after={after[0]}-{after[1]}", None)
        if isinstance(answer, Away):
            return answer
        page = answer.read(models.LogPage) if answer.status == 200 else None
        if page is None:
            return refusal(answer)
        entries = tuple(
            LogEntry(
                e.epoch, e.seq, e.type, e.subject, e.verb, e.actor, e.at_ms, json.dumps(e.data, ensure_ascii=False)
            )
            for e in page.entries
        )
        return LogPage(page.log, page.epoch, page.seq, entries, page.more)

    def headers(self) -> dict[str, str]:
        """What the hub knows this kiosk by, for the follower of its feed."""
        return dict(self._authorization)

    def close(self) -> None:
        """Let go of the connections."""
        self.peer.close()

    def _ticket(
        self, order: TicketOrder, more: dict[str, str], path: str = "/api/v1/tickets"
    ) -> TicketAnswer | Away | Rejected:
        body = {
            "id": order.id,
            "service": order.service,
            "language": order.language,
            "priority": None,
            "origin": {"kiosk": order.kiosk, "seq": order.seq},
            "issued_at": order.issued_at.isoformat(),
            "sent_at": self._now().isoformat(),
        }
        also = {"also": list(order.also)} if order.also else {}
        needs = {"needs": list(order.needs)} if order.needs else {}
        answer = self._call("POST", path, {**body, **also, **needs, **more})
        if isinstance(answer, Away):
            return answer
        issued = answer.read(TicketIssued) if answer.status in (200, 201) else None
        if issued is None:
            return refusal(answer)
        return TicketAnswer(
            id=str(issued.id),
            label=issued.label,
            state=issued.state,
            ahead=issued.ahead,
            wait=_wait(issued.wait),
            business_date=issued.business_date,
            status_url=issued.status_url,
            replayed=answer.headers.get(REPLAYED_HEADER.lower()) == "true",
        )

    def _done(self, path: str, body: dict[str, Any], method: str = "POST") -> Done | Away | Rejected:
        answer = self._call(method, path, body)
        if isinstance(answer, Away):
            return answer
        # A captive portal says 200 to everything, in HTML; the hub speaks JSON or says nothing.
        speaks_json = answer.headers.get("content-type", "").startswith("application/json")
        if answer.status in (200, 201, 202) and speaks_json:
            return Done()
        return Done() if answer.status == 204 else refusal(answer)

    def _call(self, method: str, path: str, body: dict[str, Any] | None) -> Answer | Away:
        epoch, log = self._followed()
        headers = {"Accept": "application/json", models.EPOCH_HEADER: str(epoch), **self._authorization}
        if log:
            headers[models.LOG_HEADER] = log
        if body is None:
            answer = self.peer.call(method, path, headers)
        else:
            headers["Content-Type"] = "application/json"
            answer = self.peer.call(method, path, headers, json.dumps(body, ensure_ascii=False).encode())
        if isinstance(answer, Answer) and _of_lower(answer, epoch):
            # An old hub that came back: it has heard of the higher epoch by now, and has done nothing.
            return Away(ambiguous=False)
        return answer


def lobby_of(state: StateView) -> Lobby:
    """What the welcome page says of a snapshot."""
    suspended = tuple((one.service, one.reason) for one in state.suspended)
    changing = frozenset(kiosk.name for kiosk in state.kiosks if kiosk.paper_change)
    return Lobby(state.waiting_total, _wait(state.wait), state.open, suspended, changing)


def _slip(told: models.SlipView) -> Slip:
    wait = told.wait
    low_s, high_s = (wait.low_s, wait.high_s) if wait else (None, None)
    return Slip(
        str(told.id), told.label, told.service, told.state, told.counter, told.ahead, low_s, high_s, frozenset(told.may)
    )


def _of_lower(answer: Answer, epoch: int) -> bool:
    said = answer.headers.get(models.EPOCH_HEADER.lower(), "")
    return said.isascii() and said.isdigit() and int(said) < epoch


def _wait(wait: WaitRange | None) -> Wait | None:
    return Wait(wait.low_s, wait.high_s) if wait else None
