"""Core is killed with SIGKILL at moments that nobody chose, and started again: nothing is lost and nothing doubled."""

import json
import os
import signal
import time
from collections.abc import Iterator
from random import Random

import pytest

from kiosk.view.models import BigNumber, View
from tests.core.citizen import resident_id
from tests.faults.processes import Branch, Screen, end, kiosk, rows, until

KILLS = int(os.environ.get("KIOSK_KILLS", "6"))
"""`make nightly` kills two hundred times."""
LONGEST_S = 0.3
"""From the press to the page with the number it takes about half of this on an idle machine."""
TAKE = ("ticket-only", "category:B", "service:B3", "take-ticket")


@pytest.fixture
def branch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Branch]:
    branch = Branch.open(tmp_path_factory.mktemp("branch"))
    yield branch
    branch.close()


@pytest.mark.timeout(120 + 20 * KILLS)
def test_tickets_survive_kills_at_any_moment(branch: Branch) -> None:
    random = Random(20261123)
    noted: set[str] = set()
    core = branch.core()
    for _ in range(KILLS):
        screen = branch.screen()
        for action in TAKE:
            screen.press(action)
        before = len(branch.printer.papers)
        time.sleep(random.uniform(0, LONGEST_S))
        end(core, signal.SIGKILL)
        screen.close()
        core = branch.core()
        screen = branch.screen()
        noted |= settled(branch, screen, before)
        screen.close()
    end(core)
    papers = by_label(branch)
    assert all("补打" in text for texts in papers.values() for text in texts[1:])
    known = branch.tickets()
    assert {label for label, state in known.items() if state == "waiting"} == set(papers) | noted
    assert set(known.values()) <= {"waiting", "void"}
    assert len(set(papers) | noted) <= KILLS


@pytest.mark.timeout(120 + 20 * KILLS)
def test_requests_survive_kills_at_any_moment(branch: Branch) -> None:
    random = Random(20261124)
    for number in range(KILLS):
        core = branch.core()
        request = {
            "service": "A4",
            "applicant": {"kind": "resident_id", "number": resident_id(sequence=200 + number), "name": "测试员"},
            "fields": {"mobile": f"1380000{number:04d}"},
            "consents": ["correct", "entrust", "sensitive"],
        }
        command = branch.machine.start("submit", "-", "--state", branch.state, told=json.dumps(request))
        saved(branch, number + 1)
        time.sleep(random.uniform(0, 0.05))
        end(core, signal.SIGKILL)
        assert command.wait(60) == 0, "it asks again, under the same id"
    core = branch.core()
    saved(branch, KILLS, "WHERE state = 'submitted' AND sealed IS NULL")
    end(core)
    held = branch.requests()
    assert len(held) == len(set(held)) == KILLS
    assert kiosk("outbox", "--json", "--state", branch.state).answer["count"] == 0


def settled(branch: Branch, screen: Screen, before: int) -> set[str]:
    """Answer truthfully what the kiosk asks, until it is at home and the hub knows everything; give what was noted."""
    noted: set[str] = set()
    while not (screen.view.view == "welcome" and everything_told(branch)):
        view = screen.view
        label = label_of(view)
        if label:
            has_paper = any(label in paper.text.split("\n") for paper in branch.printer.papers[before:])
            if view.action("choice:yes"):
                screen.press("choice:yes" if has_paper else "choice:no")
            elif view.action("finish"):
                noted |= set() if has_paper else {label}
                screen.press("finish")
            screen.wait(lambda now: now != view, "another page")  # noqa: B023 - waited for within the loop
        time.sleep(0.02)
    return noted


def label_of(view: View) -> str:
    return next((block.label for block in view.blocks if isinstance(block, BigNumber)), "")


def by_label(branch: Branch) -> dict[str, list[str]]:
    """The papers of each number; what was torn in the middle and marked as void is none."""
    found: dict[str, list[str]] = {}
    for paper in branch.printer.papers:
        label = next((line for line in paper.text.split("\n") if line[:1] == "B" and line[1:].isdigit()), "")
        if label and "以上作废" not in paper.text:
            found.setdefault(label, []).append(paper.text)
    return found


def everything_told(branch: Branch) -> bool:
    """Nothing is under way, and the hub has been told everything."""
    under_way = "SELECT count(*) FROM ticket WHERE state IN ('asked', 'issued', 'printing', 'doubtful')"
    untold = "SELECT count(*) FROM todo WHERE state = 'open'"
    file = branch.state / "kiosk.db"
    return rows(file, under_way) == rows(file, untold) == [(0,)]


def saved(branch: Branch, count: int, where: str = "") -> None:
    """Wait until so many requests lie in the outbox."""
    query = f"SELECT count(*) FROM outbox {where}"
    until(lambda: rows(branch.state / "kiosk.db", query) == [(count,)], "every request")
