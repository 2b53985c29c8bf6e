"""The life of a ticket, as the contract words it."""

from typing import get_args

import pytest

from branch.life import Verb, after, legal
from kiosk.domain.ticket import TicketState

# Verb, the states it is legal in, where it leads.
CONTRACT: list[tuple[Verb, set[TicketState], TicketState]] = [
    ("void", {"reserved", "waiting", "held"}, "void"),
    ("call", {"reserved", "waiting"}, "called"),
    ("recall", {"called", "no_show"}, "called"),
    ("start", {"called"}, "serving"),
    ("finish", {"called", "serving"}, "done"),
    ("no-show", {"called"}, "no_show"),
    ("hold", {"called", "serving"}, "held"),
    ("resume", {"held"}, "serving"),
    ("return", {"called", "serving", "no_show"}, "waiting"),
    ("transfer", {"called", "serving", "held"}, "waiting"),
    ("expire", {"reserved", "waiting", "called", "serving", "held"}, "expired"),
]


@pytest.mark.parametrize(("verb", "states", "leads_to"), CONTRACT)
def test_a_verb_is_legal_exactly_where_the_contract_says(
    verb: Verb, states: set[TicketState], leads_to: TicketState
) -> None:
    for state in get_args(TicketState):
        assert after(state, verb) == (leads_to if state in states else None), (verb, state)


def test_confirming_moves_only_a_reserved_ticket_and_is_welcome_everywhere_but_on_a_void_one() -> None:
    for state in get_args(TicketState):
        expected = {"reserved": "waiting", "void": None}.get(state, state)
        assert after(state, "confirm") == expected


def test_nothing_leaves_the_end_states_but_paper_facts_and_notes() -> None:
    for state in ("done", "void", "expired"):
        assert legal(state) == ()


def test_a_console_offers_only_what_is_legal() -> None:
    assert set(legal("called")) == {"recall", "start", "finish", "no-show", "hold", "return", "transfer"}
    assert set(legal("serving")) == {"finish", "hold", "return", "transfer"}
    assert set(legal("held")) == {"resume", "transfer"}
