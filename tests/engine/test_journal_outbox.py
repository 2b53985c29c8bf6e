"""The outbox: one key a request, a payload that is gone once it has arrived, and a summary without content."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk.engine.clock import ZONE, SimulatedClock
from kiosk.engine.journal import Journal, Summary, open_journal, read_journal
from kiosk.engine.outbox import CAP_S, OfflinePolicy, backoff_s, may_offer, next_try, retry_after_s
from kiosk.engine.ports import RequestOrder, Sealed

START = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
POLICY = OfflinePolicy()


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(START)


@pytest.fixture
def journal(tmp_path: Path, clock: SimulatedClock) -> Iterator[Journal]:
    journal = open_journal(tmp_path, clock.now)
    yield journal
    journal.close()


def order(request: str = "r", ciphertext: str = "sealed", at: datetime = START) -> RequestOrder:
    return RequestOrder(request, "A4", "typed", ("correct", "delegate"), Sealed("k1", "x25519", ciphertext), at)


def test_a_request_from_confirm_to_answer(journal: Journal) -> None:
    row = journal.outbox.enqueue(order(), {"mobile": "138****0000"})
    assert (row.state, row.attempts, row.order()) == ("queued", 0, order())
    assert [row.id for row in journal.outbox.due(START)] == ["r"]
    assert journal.outbox.sending("r").attempts == 1
    assert journal.outbox.due(START) == ()
    row = journal.outbox.answered("r", "X1-000001", "submitted", "https://centre.example/s/t", START)
    assert (row.state, row.reference, row.server_state, row.sealed) == ("submitted", "X1-000001", "submitted", None)
    assert row.masked == {"mobile": "138****0000"}
    assert journal.outbox.last_contact() == START
    assert journal.outbox.answered("r", None, "accepted", None, START).reference == "X1-000001"
    with pytest.raises(ValueError, match="wiped"):
        row.order()


def test_confirming_twice_is_confirming_once(journal: Journal) -> None:
    journal.outbox.enqueue(order(), {})
    assert journal.outbox.enqueue(order(), {}).id == "r"
    with pytest.raises(ValueError, match="minted once"):
        journal.outbox.enqueue(order(ciphertext="other"), {})
    journal.outbox.answered("r", "X", "submitted", None, START)
    assert journal.outbox.enqueue(order(), {}).state == "submitted"
    assert journal.outbox.summary(START).count == 0


def test_what_may_have_arrived_stays_unknown(journal: Journal) -> None:
    journal.outbox.enqueue(order(), {})
    journal.outbox.sending("r")
    assert journal.outbox.retry_at("r", START).state == "queued"
    journal.outbox.sending("r")
    journal.outbox.unknown("r")
    journal.outbox.sending("r")
    row = journal.outbox.retry_at("r", START + timedelta(seconds=9))
    assert (row.state, row.attempts) == ("unknown", 3)
    assert journal.outbox.due(START) == ()
    assert journal.outbox.next_at() == START + timedelta(seconds=9)


def test_a_crash_while_sending_leaves_unknown(tmp_path: Path, clock: SimulatedClock) -> None:
    journal = open_journal(tmp_path, clock.now)
    journal.outbox.enqueue(order(), {})
    journal.outbox.sending("r")
    journal.close()
    journal = open_journal(tmp_path, clock.now)
    row = journal.outbox.get("r")
    assert row is not None
    assert (row.state, row.ambiguous) == ("unknown", True)
    journal.close()


def test_a_clock_that_was_put_back_does_not_strand_a_request(journal: Journal) -> None:
    journal.outbox.enqueue(order(), {})
    journal.outbox.retry_at("r", START + timedelta(seconds=300))
    assert journal.outbox.due(START) == ()
    assert [row.id for row in journal.outbox.due(START - timedelta(days=700))] == ["r"]


def test_what_the_centre_refused_waits_for_a_person(journal: Journal) -> None:
    journal.outbox.enqueue(order(), {})
    journal.outbox.sending("r")
    row = journal.outbox.quarantined("r", "validation-failed")
    assert (row.state, row.last_error, row.sealed) == ("quarantined", "validation-failed", order().sealed)
    assert journal.outbox.due(START + timedelta(days=1)) == ()
    summary = journal.outbox.summary(START)
    assert (summary.count, summary.states["quarantined"]) == (0, 1)


def test_what_is_too_old_expires_and_keeps_its_reason(journal: Journal) -> None:
    journal.outbox.enqueue(order("old"), {"mobile": "138****0000"})
    journal.outbox.enqueue(order("new", at=START + timedelta(hours=20)), {})
    (row,) = journal.outbox.expire(START + timedelta(hours=25), POLICY.max_age)
    assert (row.id, row.state, row.sealed, row.masked, row.last_error) == ("old", "expired", None, {}, "too-old")
    assert (row.service, row.captured_at) == ("A4", START)
    assert [row.id for row in journal.outbox.due(START + timedelta(hours=25))] == ["new"]


def test_only_what_is_over_is_pruned(journal: Journal, clock: SimulatedClock) -> None:
    journal.outbox.enqueue(order("done"), {})
    journal.outbox.enqueue(order("waits"), {})
    journal.outbox.answered("done", "X", "submitted", None, START)
    assert journal.outbox.prune(START) == 0
    assert journal.outbox.prune(START + timedelta(days=31)) == 1
    assert journal.outbox.get("waits") is not None


def test_the_summary_counts_what_waits(journal: Journal) -> None:
    for name in ("a", "b", "c"):
        journal.outbox.enqueue(order(name), {})
    journal.outbox.sending("a")
    journal.outbox.unknown("a")
    journal.outbox.answered("b", "X", "submitted", None, START)
    summary = journal.outbox.summary(START + timedelta(seconds=90))
    assert (summary.count, summary.oldest_age_s) == (2, 90)
    assert summary.states == {"queued": 1, "sending": 0, "unknown": 1, "submitted": 1, "quarantined": 0, "expired": 0}
    assert journal.outbox.summary(START - timedelta(days=1)).oldest_age_s == 0


@pytest.mark.parametrize("ending", ["answered", "expired"])
def test_a_wiped_payload_is_found_in_no_file(tmp_path: Path, clock: SimulatedClock, ending: str) -> None:
    journal = open_journal(tmp_path, clock.now)
    canaries = {}
    for number in range(40):
        # Payloads of a few bytes and of several pages: cells, overflow pages and free pages are all wiped.
        canaries[f"r{number}"] = f"canary-{number}-" * random.Random(number).choice([1, 30, 900])
        journal.outbox.enqueue(order(f"r{number}", canaries[f"r{number}"]), {"m": "x"})
    assert found(tmp_path, canaries["r7"])
    if ending == "answered":
        for request in canaries:
            journal.outbox.answered(request, "X", "submitted", None, START)
    else:
        journal.outbox.expire(START + timedelta(days=2), POLICY.max_age)
    assert not [request for request, canary in canaries.items() if found(tmp_path, canary[:12])]
    journal.close()
    assert not [request for request, canary in canaries.items() if found(tmp_path, canary[:12])]


def test_a_reader_delays_the_wiping_and_no_longer(tmp_path: Path, clock: SimulatedClock) -> None:
    journal = open_journal(tmp_path, clock.now)
    journal.outbox.enqueue(order(ciphertext="canary-" * 99), {})
    reader = read_journal(tmp_path, clock.now)
    assert reader is not None
    with reader._database.read() as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM outbox").fetchone()
        journal.outbox.answered("r", "X", "submitted", None, START)
        journal.meta.set("any", "word")
        assert found(tmp_path, "canary-")
    reader.close()
    journal.meta.set("any", "change")
    assert not found(tmp_path, "canary-")
    journal.close()


def found(folder: Path, text: str) -> bool:
    return any(text.encode() in file.read_bytes() for file in folder.iterdir())


def test_no_two_kiosks_come_back_in_step() -> None:
    dice = random.Random(1)
    tries = [backoff_s(20, dice.random) for _ in range(500)]
    assert max(tries) <= CAP_S
    assert max(tries) - min(tries) > CAP_S * 0.9
    assert [backoff_s(attempts, lambda: 1.0) for attempts in (0, 1, 2, 3, 99)] == [2, 2, 4, 8, CAP_S]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30.0),
        (" 0 ", 0.0),
        ("999999999999", 3600.0),
        ("Mon, 23 Nov 2026 01:00:30 GMT", 30.0),
        ("Mon, 23 Nov 2026 00:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        (None, None),
        ("-5", None),
        ("١٢", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after_s(header, START) == seconds


def test_the_centres_wish_is_honoured_and_stretched() -> None:
    assert next_try(START, 5, 30.0, lambda: 0.0) == START + timedelta(seconds=30)
    assert next_try(START, 5, 30.0, lambda: 1.0) == START + timedelta(seconds=36)
    assert next_try(START, 2, None, lambda: 0.5) == START + timedelta(seconds=2)


@pytest.mark.parametrize(
    ("count", "age_h", "silent_h", "offered"),
    [
        (0, 0, 0, True),
        (199, 23.9, 23.9, True),
        (200, 0, 0, False),
        (1, 24, 0, False),
        (0, 0, 24, False),
        (0, 0, -9000, True),
        (0, 0, None, True),
    ],
)
def test_past_any_limit_a_ticket_is_offered_instead(
    count: int, age_h: float, silent_h: float | None, offered: bool
) -> None:
    silence_s = None if silent_h is None else silent_h * 3600
    assert may_offer(Summary(count, age_h * 3600, {}), POLICY, silence_s) is offered


def test_more_bytes_than_the_disk_should_hold_stop_the_offer() -> None:
    assert may_offer(Summary(3, 60, {}, POLICY.max_bytes - 1), POLICY, 0)
    assert not may_offer(Summary(3, 60, {}, POLICY.max_bytes), POLICY, 0)


def test_no_policy_goes_past_three_days() -> None:
    assert OfflinePolicy(max_age_h=1000).max_age == timedelta(hours=72)
    assert not may_offer(Summary.empty(), OfflinePolicy(max_last_contact_h=1000), 73 * 3600)


def test_what_is_asked_every_second_reads_no_payload_and_sorts_nothing(journal: Journal, tmp_path: Path) -> None:
    for number in range(3):
        journal.outbox.enqueue(order(f"r{number}", at=START - timedelta(hours=number)), {})
    asked: list[str] = []
    journal._database._connection.set_trace_callback(asked.append)
    journal.outbox.summary(START)
    journal.outbox.expire(START, POLICY.max_age)
    assert [row.id for row in journal.outbox.due(START)] == ["r0", "r2", "r1"], "fresh first, then the oldest"
    assert [row.id for row in journal.outbox.due(START, limit=2)] == ["r0", "r2"]
    journal._database._connection.set_trace_callback(None)
    questions = [text for text in asked if text.startswith("SELECT") and " outbox " in f"{text} "]
    assert len(questions) == 7
    with closing(sqlite3.connect(tmp_path / "kiosk.db")) as beside:
        plans = [" ".join(row[3] for row in beside.execute(f"EXPLAIN QUERY PLAN {text}")) for text in questions]
    assert all("outbox_weight" in plan or "outbox_order" in plan for plan in plans), plans
    assert not any("FOR ORDER BY" in plan for plan in plans), plans
