"""The demo plays itself: one ticket, one direct request, one call - by real touches on the real window."""

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

import requests
from stdnum.iso7064 import mod_11_2

from kiosk.core.state import ReceiptPage, TicketPage
from kiosk.domain.health import Ready, can_print
from kiosk.wiring import places
from kiosk.wiring.desk import Desk
from kiosk.wiring.papers import load_papers
from kiosk.wiring.print import send

T = TypeVar("T")
PATIENCE_S = 20.0
COUNTER = 3
MOBILE = "13" + "900000000"
"""A number that nobody has been given; the demo's person is made up as well."""


class Missed(Exception):
    """Something did not happen in time; it says what."""


@dataclass
class Rehearsal:
    """Plays the three journeys on a desk and writes down what came of them."""

    desk: Desk
    out: Path
    files: list[str] = field(default_factory=list)

    def ticket(self) -> dict[str, object]:
        """Scan, choose, take a ticket: its label is from the hub, and it is confirmed once the printer said so."""
        self._ready()
        self._see("welcome", "1-welcome")
        self.desk.scanner.scan(person())
        self._see("services", "2-categories")
        self._tap("category:B", "services", "3-services")
        self._tap("service:B1", "guide", "4-guide")
        self._tap("take-ticket", "ticket", "5-ticket")
        page = self.desk.core.kiosk.engine.state.page
        if not isinstance(page, TicketPage) or page.paper != "printed":
            raise Missed("the ticket was not printed")
        self._keep_paper("ticket.png")
        record = self._until(lambda: self._record(page.ticket.id, "waiting"), "the hub did not confirm the ticket")
        self._tap("finish", "welcome")
        row = self.desk.core.kiosk.journal.tickets.get(page.ticket.id)
        return {
            "id": page.ticket.id,
            "label": page.ticket.label,
            "state": record["state"],
            "confirmed": row.printed_by if row else "",
        }

    def request(self) -> dict[str, object]:
        """Change a driver's contact details: form, consent, check, one confirm, a receipt."""
        self.desk.scanner.scan(person())
        self._see("services")
        self._tap("category:A", "services")
        self._tap("service:A4", "guide")
        self._tap("apply", "form")
        for digit in MOBILE:
            self._tap(f"key:{digit}", "form")
        self._shoot("6-form")
        self._tap("next", "form")
        self._tap("next", "consent")
        self._tap("consent:sensitive", "consent")
        self._shoot("7-consent")
        self._tap("next", "check")
        self._tap("consent:correct", "check")
        self._tap("consent:entrust", "check")
        self._shoot("8-check")
        self._tap("confirm", "receipt", "9-receipt")
        page = self.desk.core.kiosk.engine.state.page
        if not isinstance(page, ReceiptPage):
            raise Missed("there is no receipt")
        self._keep_paper("receipt.png")
        kept = page.request
        self._other_mode("receipt-native.png", {"reference": kept.reference, "state": kept.state})
        self._tap("finish", "welcome")
        return {"client_request_id": kept.id, "reference": kept.reference, "state": kept.state}

    def call(self, ticket: str) -> dict[str, object]:
        """A clerk opens a counter and calls the next number."""
        self._clerk(f"counters/{COUNTER}/open")
        called = self._clerk(f"counters/{COUNTER}/call-next")
        if called.get("id") != ticket:
            raise Missed("the clerk's call did not bring the ticket")
        return {"counter": called["counter"]}

    def _ready(self) -> None:
        """Wait until every part has been found well: what a scanner sends while its line opens is thrown away."""

        def well() -> bool | None:
            parts = self.desk.core.kiosk.engine.state.parts
            found = parts.hub and parts.submission and isinstance(parts.scanner, Ready) and can_print(parts.printer)
            return True if found else None

        self._until(well, "hub, centre, printer and scanner were not all found")

    def _clerk(self, path: str) -> dict[str, object]:
        answer = requests.post(
            f"{self.desk.branch_url}/api/v1/{path}",
            json={},
            headers={"Authorization": f"Bearer {self.desk.keys.clerk}"},
            timeout=10,
        )
        if answer.status_code != 200:
            raise Missed(f"the hub answered {path} with {answer.status_code}")
        return dict(answer.json())

    def _record(self, ticket: str, state: str) -> dict[str, object] | None:
        answer = requests.get(
            f"{self.desk.branch_url}/api/v1/tickets/{ticket}",
            headers={"Authorization": f"Bearer {self.desk.keys.clerk}"},
            timeout=10,
        )
        record = dict(answer.json())
        return record if record.get("state") == state else None

    def _tap(self, action: str, then: str, picture: str = "") -> None:
        engine, screen = self.desk.core.kiosk.engine, self.desk.core.screen
        before = engine.view
        found = before.action(action)
        if found is None or not found.enabled:
            raise Missed(f"{action} is not offered on the {before.view} page")
        if not screen.drawn(PATIENCE_S):
            raise Missed(f"the {before.view} page was not drawn")
        screen.tap(action)
        self._until(lambda: engine.view != before or None, f"nothing came of {action}")
        self._see(then, picture)

    def _see(self, view: str, picture: str = "") -> None:
        engine = self.desk.core.kiosk.engine
        self._until(lambda: engine.view.view == view or None, f"the {view} page did not come")
        if picture:
            self._shoot(picture)

    def _shoot(self, name: str) -> None:
        path = self.out / f"{name}.png"
        screen = self.desk.core.screen
        if not screen.drawn(PATIENCE_S) or not screen.shoot(path.resolve()):
            raise Missed(f"the window gave no picture {path.name}")
        self.files.append(path.name)

    def _keep_paper(self, name: str) -> None:
        papers = self.desk.printer.papers
        if not papers:
            raise Missed("no paper came out")
        shutil.copyfile(papers[-1].png, self.out / name)
        self.files.append(name)

    def _other_mode(self, name: str, values: dict[str, object]) -> None:
        """A receipt in the printer's own text, as on a serial line: the desk's printer gets pictures."""
        assets = places.assets()
        samples = json.loads((assets / "papers" / "samples.json").read_text("utf-8"))
        paper = load_papers(assets).compose("receipt", samples["receipt"]["zh"] | values, "zh")
        send(paper, f"file://{(self.out / name).resolve()}", self.desk.settings, self.desk.root, mode="native")
        self.files.append(name)

    @staticmethod
    def _until(found: Callable[[], T | None], missed: str) -> T:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if (value := found()) is not None:
                return value
            time.sleep(0.02)
        raise Missed(missed)


def person(birth: date = date(1990, 1, 1), sequence: int = 1) -> str:
    """A resident ID number that obeys GB 11643 and is nobody's: made of the county's code, a date and a sequence."""
    body = f"421202{birth:%Y%m%d}{sequence:03d}"
    return body + mod_11_2.calc_check_digit(body)


def write_json(path: Path, data: object) -> None:
    """Write a JSON file for people and programs alike."""
    path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", "utf-8")
