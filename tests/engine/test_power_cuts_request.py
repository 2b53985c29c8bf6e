"""The power fails after every word of the request journey: once at the centre, or never."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Literal, get_args

import pytest

from kiosk.engine.ports import Away, RequestAnswer, RequestOrder
from tests.core.citizen import resident_id
from tests.engine.power import Citizen, PowerTheatre, cuts

Misfortune = Literal[
    "none", "centre-away", "centre-dies-after-receiving", "centre-away-after-restart", "no-paper", "paper-torn"
]
NUMBER = resident_id()
MOBILE = "13" + "800" + "000" + "123"
TO_CHECK = (
    "category:A", "service:A4", "apply", *(f"key:{char}" for char in MOBILE), "next", "next", "consent:sensitive",
    "next", "consent:correct", "consent:entrust",
)  # fmt: skip
AT_THE_CENTRE = ("提交回执", "受理凭证")
"""The titles that only the centre's own word may put on paper."""


@dataclass(frozen=True)
class Known:
    """What the centre holds of one request."""

    id: str
    state: str
    reference: str


@pytest.fixture
def theatre() -> Iterator[PowerTheatre]:
    theatre = PowerTheatre()
    yield theatre
    theatre.close()


@pytest.mark.parametrize("stays", [True, False], ids=["she stays", "she goes"])
@pytest.mark.parametrize("misfortune", get_args(Misfortune))
def test_a_power_cut_at_any_moment_neither_loses_nor_doubles_a_request(
    theatre: PowerTheatre, misfortune: Misfortune, stays: bool
) -> None:
    boundaries = journey(theatre, misfortune, stays=stays)
    assert {"outbox.enqueue", "outbox.sending", "centre.submit"} <= set(boundaries)
    for cut_at, name in cuts(boundaries, stays=stays):
        try:
            journey(theatre, misfortune, cut_at, stays=stays)
        except AssertionError as error:
            raise AssertionError(f"cut after {name} ({cut_at}): {error}") from error


def test_a_second_cut_in_the_middle_of_the_recovery_changes_nothing(theatre: PowerTheatre) -> None:
    for first, second in [(first, Random(first).randrange(6)) for first in (0, 2, 4, 6)]:
        try:
            journey(theatre, "none", first, second, stays=True)
        except AssertionError as error:
            raise AssertionError(f"cut at {first}, then at {second}: {error}") from error


def at_the_centre(theatre: PowerTheatre) -> dict[str, Known]:
    with sqlite3.connect(f"file:{theatre.root / 'central.db'}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT client_request_id, state, reference FROM requests").fetchall()
    connection.close()
    known = {row[0]: Known(*row) for row in rows}
    assert len(known) == len(rows), "the centre holds a request twice"
    return known


def prepare(theatre: PowerTheatre, misfortune: Misfortune) -> None:
    match misfortune:
        case "centre-away":
            theatre.relays["central"].down()
        case "centre-dies-after-receiving":
            hears_but_never_answers(theatre)
        case "no-paper":
            theatre.fault("printer", "paper-out")
        case "paper-torn":
            theatre.fault("printer", "lost-mid-job")


def hears_but_never_answers(theatre: PowerTheatre) -> None:
    central = theatre.tools.central
    assert central is not None
    submit = central.submit

    def once(order: RequestOrder) -> Away:
        vars(central)["submit"] = submit
        return Away(ambiguous=isinstance(submit(order), RequestAnswer))

    vars(central)["submit"] = once


def journey(theatre: PowerTheatre, misfortune: Misfortune, *cuts: int, stays: bool) -> list[str]:
    """Play one journey with these power cuts and check what must hold; give the boundaries that were passed."""
    papers, before = len(theatre.papers()), set(at_the_centre(theatre))
    theatre.scan(NUMBER.encode())
    for action in TO_CHECK:
        theatre.touch(action)
    assert theatre.kiosk.engine.view.view == "check"
    prepare(theatre, misfortune)
    theatre.fuse.rearm(*cuts)
    citizen = Citizen(theatre, papers)
    dark = theatre.relays["central"].down if misfortune == "centre-away-after-restart" else lambda: None
    cut = theatre.survive(lambda: theatre.touch("confirm"), dark)
    passed = list(theatre.fuse.passed)
    seen = titles(theatre, papers, before)
    if misfortune == "paper-torn":
        theatre.fault("printer", "ready")
    for _ in range(6 if stays or not cut else 0):
        theatre.survive(citizen.answer)
    seen += titles(theatre, papers + len(seen), before)
    theatre.fuse.rearm()
    theatre.network("central", up=True)
    theatre.fault("printer", "ready")
    theatre.rest(300)
    check(theatre, before, papers)
    return passed


def titles(theatre: PowerTheatre, since: int, before: set[str]) -> list[str]:
    """The titles of the papers since then; one that claims that the centre has it must be true at this moment."""
    # A paper that was torn above its title has none.
    found = ["".join(text.split("\n")[2:3]).strip() for text in theatre.papers()[since:]]
    if any(title in AT_THE_CENTRE for title in found):
        assert set(at_the_centre(theatre)) - before, f"the paper claims what is not so: {found}"
    return found


def check(theatre: PowerTheatre, before: set[str], papers: int) -> None:
    centre = {name: known for name, known in at_the_centre(theatre).items() if name not in before}
    rows = [row for row in theatre.kiosk.journal.outbox.recent(theatre.beginning) if row.id not in before]
    assert len(centre) <= 1, "one press, one request"
    assert {row.id for row in rows} == set(centre), "what was saved has arrived, and nothing else has"
    for row in rows:
        assert (row.state, row.sealed) == ("submitted", None), "delivered, and wiped here"
        assert (row.server_state, row.reference) == (centre[row.id].state, centre[row.id].reference)
    printed = [text for text in theatre.papers()[papers:] if "驾驶人联系方式" in text]
    assert all("补打" in text for text in printed[1:]), "a second receipt is marked"
    assert not printed or centre, "a receipt for nothing"
    assert theatre.kiosk.engine.view.view == "welcome"
    assert theatre.kiosk.journal.outbox.summary(theatre.clock.now()).count == 0
