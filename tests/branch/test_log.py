"""The log tells everything: the queue is rebuilt from it alone, and nothing in it is ever changed."""

import dataclasses
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from branch.life import CLERK_VERBS
from branch.replay import Told, same_counter, tell
from branch.store import schema
from branch.store.log import Entry, after
from branch.store.rows import COUNTER_COLUMNS, TICKET_COLUMNS
from branch.ticket import Counter, Ticket, row_of
from tests.branch.conftest import BOTH, Hub

steps = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.sampled_from(["A1", "B3", "C1"])),
        st.tuples(st.just("cut-off"), st.integers(501, 503)),
        st.tuples(st.just("counter"), st.sampled_from(["open", "close", "pause", "call-next"])),
        st.tuples(st.just("verb"), st.sampled_from([*CLERK_VERBS, "void"])),
        st.tuples(st.just("wait"), st.sampled_from([1, 30, 50_000])),
    ),
    min_size=5,
    max_size=40,
)


def do(hub: Hub, kind: str, what: Any, touched: list[str]) -> None:
    bodies: dict[str, Any] = {"transfer": {"service": "A1"}, "void": {"reason": "left"}, "pause": {"reason": "lunch"}}
    if kind == "take":
        touched.append(hub.take(what)["id"])
    elif kind == "cut-off":
        order = hub.order(label=f"B{what}", printed="barrier")
        if hub.kiosk.post("/tickets", order).status == 201:
            touched.append(order["id"])
    elif kind == "counter":
        answer = hub.clerk.post(f"/counters/1/{what}", bodies.get(what))
        if what == "call-next" and answer.status == 200:
            touched.append(answer.body["id"])
    elif kind == "verb" and touched:
        hub.clerk.post(f"/tickets/{touched[-1]}/{what}", bodies.get(what))
    elif kind == "wait":
        hub.clock.advance(what)


def log_of(hub: Hub) -> list[Entry]:
    return list(hub.store.read(lambda connection: after(connection, 1, 0, 1_000_000)))


def tables_of(hub: Hub) -> tuple[dict[str, Ticket], dict[int, Counter]]:
    def read(connection: Any) -> Any:
        tickets = [Ticket(*row) for row in connection.execute(select(*TICKET_COLUMNS))]
        counters = [Counter(*row) for row in connection.execute(select(*COUNTER_COLUMNS))]
        return {t.id: t for t in tickets}, {c.number: c for c in counters}

    found: tuple[dict[str, Ticket], dict[int, Counter]] = hub.store.read(read)
    return found


def compare(hub: Hub, told: Told) -> None:
    tickets, counters = tables_of(hub)
    assert told.tickets == tickets
    assert told.counters.keys() == counters.keys()
    assert all(same_counter(told.counters[number], counter) for number, counter in counters.items())


@BOTH
@settings(
    max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], derandomize=True,
)  # fmt: skip
@given(steps)
def test_whatever_happened_the_log_rebuilds_the_tables(hub: Hub, script: list[tuple[str, Any]]) -> None:
    touched: list[str] = []
    hub.clerk.post("/counters/1/open")
    for kind, what in script:
        do(hub, kind, what, touched)
    compare(hub, tell(log_of(hub)))


@BOTH
def test_alerts_health_and_grants_are_told_too(hub: Hub) -> None:
    alert = hub.kiosk.post("/help", {"kiosk": "K1", "view": "identify"}).body
    hub.clerk.post(f"/help/{alert['id']}/take")
    hub.kiosk.put("/kiosks/K1/health", {"health": {"printer": "ready"}})
    told = tell(log_of(hub))
    assert told.alerts[alert["id"]].taken_by == "clerk:clerk-1"
    assert told.health == {"K1": {"printer": "ready"}}
    assert {grant["name"] for grant in told.grants} == {"K1", "clerk-1"}


@BOTH
def test_every_entry_has_its_actor_its_time_and_the_next_number(hub: Hub) -> None:
    hub.take()
    hub.called()
    entries = log_of(hub)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert {entry.actor for entry in entries if entry.type == "ticket"} == {"kiosk:K1", "clerk:clerk-1"}
    assert all(entry.at_ms == hub.store.now_ms() for entry in entries)


@BOTH
def test_a_refused_order_leaves_no_gap_in_the_log(hub: Hub) -> None:
    hub.take()
    before = log_of(hub)
    hub.clerk.post("/counters/1/call-next")
    hub.kiosk.post("/tickets", hub.order("Z9"))
    hub.clerk.post("/counters/1/open")
    assert [entry.seq for entry in log_of(hub)[len(before) :]] == [before[-1].seq + 1, before[-1].seq + 2]


def test_a_log_that_cannot_be_true_is_refused() -> None:
    ticket = Ticket("id", "2026-11-23", "B001", "B", "B3", "zh", "waiting", 1, 1, "K1", 1, "f")

    def entry(seq: int, verb: str, **changes: Any) -> Entry:
        data = row_of(dataclasses.replace(ticket, **changes))
        return Entry(1, seq, "ticket", "id", verb, "x", 0, data)

    tell([entry(1, "issue", state="reserved"), entry(2, "confirm")])
    for impossible in (
        [entry(1, "confirm")],
        [entry(1, "issue"), entry(1, "call", state="called")],
        [entry(1, "issue"), entry(2, "start", state="serving")],
        [entry(1, "issue", state="void"), entry(2, "call", state="called")],
    ):
        with pytest.raises(ValueError, match=r"B001|entry"):
            tell(impossible)


def test_the_tables_know_a_row_for_every_field() -> None:
    assert {column.name for column in schema.tickets.c} == {"branch", *(f.name for f in dataclasses.fields(Ticket))}
    assert {column.name for column in schema.counters.c} == {"branch", *(f.name for f in dataclasses.fields(Counter))}
