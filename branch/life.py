"""PURE: the life of a ticket - which verb is legal in which state, and where it leads."""

from collections.abc import Mapping
from typing import Literal, get_args

from kiosk.domain.ticket import TicketState

Verb = Literal[
    "issue", "confirm", "void", "expire",
    "call", "recall", "start", "finish", "no-show", "hold", "resume", "return", "transfer", "undo", "priority", "note",
]  # fmt: skip
ClerkVerb = Literal["recall", "start", "finish", "no-show", "hold", "resume", "return", "transfer", "undo"]
CLERK_VERBS: tuple[ClerkVerb, ...] = get_args(ClerkVerb)

QUEUED: tuple[TicketState, ...] = ("reserved", "waiting")
"""A ticket in one of these waits for a call; a reserved one whose paper nobody has confirmed keeps its place."""

AT_COUNTER: tuple[TicketState, ...] = ("called", "serving")
LIVE: tuple[TicketState, ...] = (*QUEUED, *AT_COUNTER, "held")
"""What is left in one of these at the end of its business day expires."""

# A confirmation is a fact about paper: it is welcome in every state but void, where a slip would be out for nothing.
_LIFE: Mapping[Verb, Mapping[TicketState, TicketState]] = {
    "confirm": {
        "reserved": "waiting", "waiting": "waiting", "called": "called", "serving": "serving", "held": "held",
        "done": "done", "no_show": "no_show", "expired": "expired",
    },
    "void": {"reserved": "void", "waiting": "void", "held": "void"},
    "expire": dict.fromkeys(LIVE, "expired"),
    "call": {"reserved": "called", "waiting": "called"},
    "recall": {"called": "called", "no_show": "called"},
    "start": {"called": "serving"},
    "finish": {"called": "done", "serving": "done"},
    "no-show": {"called": "no_show"},
    "hold": {"called": "held", "serving": "held"},
    "resume": {"held": "serving"},
    "return": {"called": "waiting", "serving": "waiting", "no_show": "waiting"},
    "transfer": {"called": "waiting", "serving": "waiting", "held": "waiting"},
    "priority": {state: state for state in LIVE},
    "note": {state: state for state in get_args(TicketState) if state not in {"void", "expired"}},
}  # fmt: skip


def after(state: TicketState, verb: Verb) -> TicketState | None:
    """Give the state that a verb leads to; None where the verb is not legal and nothing may change."""
    return _LIFE.get(verb, {}).get(state)


def legal(state: TicketState) -> tuple[ClerkVerb, ...]:
    """Name the verbs that a clerk may use on a ticket in this state, but undo, which depends on the clock."""
    return tuple(verb for verb in CLERK_VERBS if after(state, verb) is not None)
