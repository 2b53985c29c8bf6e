"""Core is killed with SIGKILL at moments that nobody chose, and started again: nothing is lost and nothing doubled."""

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from kiosk.view.models import BigNumber, View
from tests.core.citizen import resident_id
from tests.faults.forked import Forked, Forks
from tests.faults.processes import Branch, Screen, answers, kiosk, rows, until

KILLS = int(os.environ.get("KIOSK_KILLS", "20")) // 2
"""Half of them in the middle of tickets, half in the middle of requests; `make nightly` kills two hundred times."""
LONGEST_S = 0.3
"""From the press to the page with the number it takes about half of this on an idle machine."""
TAKE = ("ticket-only", "category:B", "service:B3", "take-ticket")


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    forks = Forks()
    yield forks
    forks.close()


@pytest.fixture(scope="module")
def branch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Branch]:
    branch = Branch.open(tmp_path_factory.mktemp("branch"))
    yield branch
    branch.close()


@pytest.mark.timeout(300 + 20 * KILLS)
def test_tickets_survive_kills_at_any_moment(branch: Branch, forks: Forks) -> None:
    random = Random(20261123)
    noted: set[str] = set()
    core = started(branch, forks)
    limits = Path(f"/proc/{core.pid}/limits").read_text("ascii")
    assert re.search(r"Max core file size +0 +0 ", limits), "a crash leaves nobody's data in a file"
    for _ in range(KILLS):
        screen = branch.screen()
        for action in TAKE:
            screen.press(action)
        before = len(branch.printer.papers)
        time.sleep(random.uniform(0, LONGEST_S))
        assert core.end(signal.SIGKILL) == -signal.SIGKILL
        screen.close()
        core = started(branch, forks)
        screen = branch.screen()
        noted |= settled(branch, screen, before)
        screen.close()
    assert core.end(signal.SIGTERM) == 0
    papers = by_label(branch)
    assert all("补打" in text for texts in papers.values() for text in texts[1:])
    known = branch.tickets()
    assert {label for label, state in known.items() if state == "waiting"} == set(papers) | noted
    assert set(known.values()) <= {"waiting", "void"}
    assert len(set(papers) | noted) <= KILLS


@pytest.mark.timeout(300 + 20 * KILLS)
def test_requests_survive_kills_at_any_moment(branch: Branch, forks: Forks) -> None:
    random = Random(20261124)
    for number in range(KILLS):
        core = started(branch, forks)
        request = {
            "service": "A4",
            "applicant": {"kind": "resident_id", "number": resident_id(sequence=200 + number), "name": "测试员"},
            "fields": {"mobile": f"1380000{number:04d}"},
            "consents": ["correct", "entrust", "sensitive"],
        }
        file = branch.folder / f"request-{number}.json"
        file.write_text(json.dumps(request), "utf-8")
        command = forks.start(branch.folder / "said-submit", "submit", file, "--state", branch.state)
        saved(branch, number + 1)
        time.sleep(random.uniform(0, 0.05))
        assert core.end(signal.SIGKILL) == -signal.SIGKILL
        assert command.wait() == 0, "it asks again, under the same id"
    core = started(branch, forks)
    saved(branch, KILLS, "WHERE state = 'submitted' AND sealed IS NULL")
    assert core.end(signal.SIGTERM) == 0
    held = branch.requests()
    assert len(held) == len(set(held)) == KILLS
    assert kiosk("outbox", "--json", "--state", branch.state).answer["count"] == 0


def started(branch: Branch, forks: Forks) -> Forked:
    """Core, as soon as it answers."""
    core = forks.start(branch.folder / "said-core", "core", "--state", branch.state, "--config", branch.config)
    until(lambda: core.code() is not None or answers(branch.state), "core")
    assert core.code() is None, core.said.read_text("utf-8")
    return core


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
