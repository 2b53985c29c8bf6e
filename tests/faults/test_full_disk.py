"""A disk without room: a confirm is refused plainly, nothing is half-written, and with room again it goes on."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

JOURNEY = """
import json, resource
from tests.engine.power import PowerTheatre
from tests.faults.test_nothing_personal_on_disk import NAME, NUMBER, REQUEST

ROOM = resource.RLIM_INFINITY
told = {}
theatre = PowerTheatre()


def look(moment):
    view = theatre.kiosk.engine.view
    waiting = theatre.kiosk.journal.outbox.summary(theatre.clock.now())
    told[moment] = {
        "view": view.view, "title": view.title, "ways": [action.id for action in view.actions if action.enabled],
        "papers": len(theatre.papers()), "known": sum(waiting.states.values()),
        "tickets": [(row.state, row.label) for row in theatre.kiosk.journal.tickets.unfinished()],
    }


theatre.card({"number": NUMBER, "name": NAME})
for action in REQUEST:
    theatre.touch(action)
look("before")
resource.setrlimit(resource.RLIMIT_FSIZE, (0, ROOM))
theatre.touch("confirm")
look("request")
theatre.touch("home")
for action in ("ticket-only", "category:B", "service:B3", "take-ticket"):
    theatre.touch(action)
look("ticket")
resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))
theatre.rest(120)
look("room")
theatre.card({"number": NUMBER, "name": NAME})
for action in REQUEST:
    theatre.touch(action)
theatre.touch("confirm")
look("again")
told["again"]["state"] = theatre.request_state()
theatre.crash()
told["integrity"] = theatre.kiosk.journal._database._connection.execute("PRAGMA integrity_check").fetchone()[0]
theatre.close()
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told() -> Any:
    """Played in a process of its own: the limit on file sizes, which stands for the full disk, holds for all of it."""
    done = subprocess.run(
        [sys.executable, "-c", JOURNEY], capture_output=True, text=True, timeout=300, check=False,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)


@pytest.mark.timeout(400)
def test_a_request_is_refused_with_another_way_and_nothing_of_it_is_kept(told: Any) -> None:
    assert told["before"]["view"] == "check"
    assert (told["request"]["view"], told["request"]["known"], told["request"]["papers"]) == ("notice", 0, 0)
    assert {"next", "home", "help"} <= set(told["request"]["ways"])


def test_a_ticket_is_not_promised_on_paper_either(told: Any) -> None:
    assert (told["ticket"]["papers"], told["ticket"]["tickets"]) == (0, [])
    assert "help" in told["ticket"]["ways"] or told["ticket"]["view"] in ("notice", "closed")


def test_with_room_again_it_goes_on_by_itself(told: Any) -> None:
    assert told["room"]["view"] == "welcome"
    assert (told["again"]["view"], told["again"]["known"], told["again"]["state"]) == ("receipt", 1, "submitted")
    assert told["again"]["papers"] == 1
    assert told["integrity"] == "ok"
