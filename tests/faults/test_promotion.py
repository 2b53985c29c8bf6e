"""A hub dies and a kiosk's copy of its log becomes the hub: nothing lost, nothing doubled, the old one read-only.

Real processes: two hubs, a core, and a relay that stands for the branch's network.
"""

import json
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from drivers.sim.printer import SimPrinter
from kiosk.engine.log_copy import FILE
from kiosk.wiring import places
from kiosk.wiring.relay import Relay
from tests.faults.processes import Machine, Screen, end, kiosk, rows, until

TAKE = ("ticket-only", "category:B", "service:B3", "take-ticket")


class Hall:
    """A branch with one kiosk, and a network that leads to whichever hub it is told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.machine = Machine(folder)
        self.printer = SimPrinter(folder / "paper", places.font()).start()
        self.old = folder / "old-hub"
        self.kiosk = folder / "kiosk"
        self.spare = folder / "spare-kiosk"
        self.url = self.machine.server("branch", "--state", self.old)
        self.old_process = self.machine.running[-1]
        self.relay = Relay(self.url)
        token = self.grant("kiosk", "K1")
        config = folder / "kiosk.toml"
        config.write_text(
            f'[hub]\nurl = "{self.relay.url}"\ntoken = "{token}"\n[printer]\nurl = "{self.printer.url}"\n', "utf-8"
        )
        self.machine.start("core", "--state", self.kiosk, "--config", config)
        self.screen = Screen(self.kiosk / "screen.sock")
        self.clerk = {"Authorization": f"Bearer {self.grant('clerk', 'clerk-1')}"}

    def grant(self, role: str, name: str) -> str:
        return str(kiosk("branch", "grant", role, "--name", name, "--state", self.old).answer["token"])

    def lead_to(self, url: str) -> None:
        parts = urlsplit(url)
        self.relay.down()
        self.relay._target = (str(parts.hostname), int(parts.port or 0))
        self.relay.up()

    def take(self) -> str:
        """A citizen takes a ticket; gives what the page says."""
        for action in TAKE:
            self.screen.press(action)
        view = self.screen.wait(lambda view: view.view == "ticket" and view.action("finish"), "the ticket")
        self.screen.press("finish")
        return " ".join([view.title, *view.lines]) if view.lines else view.title

    def copied(self) -> set[str]:
        """The labels in the kiosk's copy of the log."""
        file = self.kiosk / FILE
        found = rows(file, "SELECT data FROM entry WHERE type = 'ticket'") if file.exists() else []
        return {json.loads(data)["label"] for (data,) in found}

    def state(self, url: str) -> dict[str, object]:
        return dict(requests.get(f"{url}/api/v1/state", headers=self.clerk, timeout=20).json())

    def waiting(self, url: str) -> set[str]:
        return {one["label"] for one in self.state(url)["queue"]}  # type: ignore[attr-defined]

    def close(self) -> None:
        self.screen.close()
        self.relay.close()
        self.machine.stop()
        self.printer.stop()


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(tmp_path)
    yield hall
    hall.close()


@pytest.mark.timeout(240)
def test_a_kiosk_becomes_the_hub_and_the_old_one_turns_read_only(hall: Hall) -> None:
    requests.post(f"{hall.url}/api/v1/counters/3/open", headers=hall.clerk, timeout=20).raise_for_status()
    hall.take()
    until(lambda: "B001" in hall.copied(), "the first ticket in the copy")
    until(lambda: rows(hall.kiosk / FILE, "SELECT 1 FROM entry WHERE type = 'ticket' AND verb = 'confirm'"), "confirm")
    hall.spare.mkdir()
    with sqlite3.connect(hall.kiosk / FILE) as copy:
        copy.execute(f"VACUUM INTO '{hall.spare / FILE}'")
    copy.close()
    # The spare kiosk is cut off from here on: what follows is known only to the hub and to the kiosk that did it.
    hall.take()
    until(lambda: hall.waiting(hall.url) == {"B001", "B002"}, "both tickets")

    running = kiosk("branch", "promote", "--from", hall.spare, "--db", f"sqlite:///{hall.old / 'branch.db'}")
    assert running.refused, running
    assert "another hub is running" in running.said
    nothing = kiosk("branch", "promote", "--from", hall.old)
    assert nothing.refused, nothing
    assert "no copy" in nothing.said

    end(hall.old_process, signal.SIGKILL)
    done = kiosk("branch", "promote", "--from", hall.spare)
    assert done.code == 0, done.said
    assert (done.answer["epoch"], done.answer["tickets"], done.answer["set_aside"]) == (2, 1, None)
    new = hall.machine.server("branch", "--state", hall.spare)
    state = hall.state(new)
    assert (state["epoch"], hall.waiting(new)) == (2, {"B001"}), "grants, tickets and counters came with the copy"
    assert [one["number"] for one in state["counters"] if one["state"] == "open"] == [3]  # type: ignore[attr-defined]

    hall.lead_to(new)
    until(lambda: hall.waiting(new) == {"B001", "B002"}, "what only the other kiosk knew")
    hall.take()
    until(lambda: hall.waiting(new) == {"B001", "B002", "B2000"}, "a number of the new series")

    old = hall.machine.server("branch", "--state", hall.old)
    assert hall.state(old)["epoch"] == 1
    hall.lead_to(old)
    until(lambda: requests.get(f"{old}/healthz", timeout=20).json()["read_only"], "the old hub's insight")
    refused = requests.post(f"{old}/api/v1/counters/3/call-next", headers=hall.clerk, timeout=20)
    assert (refused.status_code, refused.json()["code"]) == (503, "hub-superseded")
    hall.take()
    assert hall.waiting(old) == {"B001", "B002"}, "the old hub gave nothing out"

    hall.lead_to(new)
    expected = {"B001", "B002", "B2000", "B501"}
    until(lambda: hall.waiting(new) == expected, "the number of the emergency range")
    labels = [label for (label,) in rows(hall.spare / "branch.db", "SELECT label FROM tickets")]
    assert len(labels) == len(set(labels))
    called = requests.post(f"{new}/api/v1/counters/3/call-next", headers=hall.clerk, timeout=20).json()
    assert (called["label"], called["counter"]) == ("B001", 3)
