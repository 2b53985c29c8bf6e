"""What a clerk does with a ticket, to the letter of the contract; what is not possible changes nothing."""

import uuid
from typing import Any

import pytest

from tests.branch.conftest import BOTH, Hub

VERBS = ("recall", "start", "finish", "no-show", "hold", "resume", "return", "undo")


def do(hub: Hub, ticket: dict[str, Any], verb: str, body: Any = None) -> dict[str, Any]:
    answer = hub.clerk.post(f"/tickets/{ticket['id']}/{verb}", body)
    assert answer.status == 200, answer.body
    return dict(answer.body)


@BOTH
def test_the_ordinary_way(hub: Hub) -> None:
    hub.take()
    ticket = hub.called()
    hub.clock.advance(5)
    assert do(hub, ticket, "recall")["recalls"] == 1
    hub.clock.advance(5)
    serving = do(hub, ticket, "start")
    assert (serving["state"], serving["started_at"]) == ("serving", "2026-11-23T09:30:10.000+08:00")
    hub.clock.advance(240)
    done = do(hub, ticket, "finish")
    assert (done["state"], done["counter"], done["ended_at"]) == ("done", 1, "2026-11-23T09:34:10.000+08:00")
    assert hub.state()["counters"][0]["ticket"] is None


@BOTH
def test_who_does_not_come_can_be_recalled_for_an_hour(hub: Hub) -> None:
    hub.take()
    ticket = hub.called()
    assert do(hub, ticket, "no-show")["state"] == "no_show"
    hub.clock.advance(3599)
    back = do(hub, ticket, "recall")
    assert (back["state"], back["counter"], back["ended_at"]) == ("called", 1, None)
    do(hub, ticket, "no-show")
    hub.clock.advance(3601)
    late = hub.clerk.post(f"/tickets/{ticket['id']}/recall")
    assert (late.status, late.code) == (409, "state-conflict")
    assert hub.ticket(ticket["id"])["state"] == "no_show"


@BOTH
def test_recalling_a_missed_ticket_needs_a_free_counter(hub: Hub) -> None:
    hub.take()
    hub.take()
    missed = hub.called()
    do(hub, missed, "no-show")
    hub.clerk.post("/counters/1/call-next")
    assert hub.clerk.post(f"/tickets/{missed['id']}/recall").code == "counter-busy"
    assert hub.other.post(f"/tickets/{missed['id']}/recall").code == "counter-closed"
    hub.other.post("/counters/2/open")
    assert hub.other.post(f"/tickets/{missed['id']}/recall").body["counter"] == 2


@BOTH
def test_on_hold_frees_the_counter_and_resumes_wherever_a_clerk_is_free(hub: Hub) -> None:
    hub.take()
    hub.take()
    ticket = hub.called()
    do(hub, ticket, "start")
    assert do(hub, ticket, "hold")["state"] == "held"
    hub.clerk.post("/counters/1/call-next")
    assert hub.clerk.post(f"/tickets/{ticket['id']}/resume").code == "counter-busy"
    hub.other.post("/counters/2/open")
    resumed = hub.other.post(f"/tickets/{ticket['id']}/resume").body
    assert (resumed["state"], resumed["counter"]) == ("serving", 2)
    assert hub.clerk.post(f"/tickets/{ticket['id']}/finish").code == "another-counter"


@BOTH
@pytest.mark.parametrize("through", [(), ("start",), ("no-show",)])
def test_return_keeps_the_original_place(hub: Hub, through: tuple[str, ...]) -> None:
    first = hub.take()
    hub.clock.advance(60)
    hub.take()
    ticket = hub.called()
    for verb in through:
        do(hub, ticket, verb)
    back = do(hub, ticket, "return")
    assert (back["state"], back["counter"], back["called_at"]) == ("waiting", None, None)
    assert hub.state()["queue"][0]["id"] == first["id"]
    assert hub.state()["queue"][0]["waited_s"] == 60


@BOTH
def test_transfer_to_a_service_keeps_the_original_wait(hub: Hub) -> None:
    hub.take("B3")
    hub.clock.advance(60)
    hub.take("A1")
    ticket = hub.called()
    sent = do(hub, ticket, "transfer", {"service": "A1"})
    assert (sent["state"], sent["service"], sent["label"]) == ("waiting", "A1", "B001")
    hub.other.post("/counters/2/open", {"services": ["A"]})
    assert hub.other.post("/counters/2/call-next").body["label"] == "B001"


@BOTH
def test_transfer_to_a_counter_is_called_there_alone(hub: Hub) -> None:
    hub.take()
    ticket = hub.called()
    do(hub, ticket, "transfer", {"counter": 2})
    assert hub.clerk.post("/counters/1/call-next").status == 204
    hub.other.post("/counters/2/open")
    assert hub.other.post("/counters/2/call-next").body["id"] == ticket["id"]


@BOTH
def test_transfer_says_where_to(hub: Hub) -> None:
    hub.take()
    ticket = hub.called()
    path = f"/tickets/{ticket['id']}/transfer"
    assert hub.clerk.post(path, {}).code == "validation-failed"
    assert hub.clerk.post(path, {"service": "Z9"}).code == "unknown-service"
    assert hub.clerk.post(path, {"counter": 99}).code == "validation-failed"
    assert hub.ticket(ticket["id"])["state"] == "called"


@BOTH
def test_a_held_ticket_can_be_transferred(hub: Hub) -> None:
    hub.take()
    ticket = hub.called()
    do(hub, ticket, "hold")
    assert do(hub, ticket, "transfer", {"service": "C1"})["service"] == "C1"


@pytest.mark.parametrize(
    ("state", "legal"),
    [
        ("waiting", set()),
        ("called", {"recall", "start", "finish", "no-show", "hold", "return"}),
        ("serving", {"finish", "hold", "return"}),
        ("held", {"resume"}),
        ("done", set()),
        ("no_show", {"recall", "return"}),
        ("void", set()),
    ],
)
@BOTH
def test_what_is_not_possible_changes_nothing(hub: Hub, state: str, legal: set[str]) -> None:
    way = {"serving": ("start",), "held": ("hold",), "done": ("finish",), "no_show": ("no-show",)}
    ticket = hub.take()
    hub.clerk.post("/counters/1/open")
    if state == "void":
        hub.clerk.post(f"/tickets/{ticket['id']}/void", {"reason": "left"})
    elif state != "waiting":
        hub.clerk.post("/counters/1/call-next")
        for verb in way.get(state, ()):
            do(hub, ticket, verb)
    hub.clock.advance(11)  # nothing can be undone any more
    before, seq = hub.ticket(ticket["id"]), hub.state()["seq"]
    for verb in set(VERBS) - legal:
        answer = hub.clerk.post(f"/tickets/{ticket['id']}/{verb}")
        assert (answer.status, answer.code) == (409, "state-conflict"), verb
    assert hub.ticket(ticket["id"]) == before
    assert hub.state()["seq"] == seq


@BOTH
def test_another_counters_ticket_is_left_alone(hub: Hub) -> None:
    hub.take()
    ticket = hub.called()
    hub.other.post("/counters/2/open")
    for verb in ("recall", "start", "finish", "no-show", "hold", "return", "undo"):
        answer = hub.other.post(f"/tickets/{ticket['id']}/{verb}")
        assert (answer.status, answer.code) == (403, "another-counter"), verb
    assert hub.other.post(f"/tickets/{ticket['id']}/transfer", {"service": "A1"}).status == 403
    assert hub.ticket(ticket["id"])["state"] == "called"


@BOTH
def test_unknown_and_impossible_ids(hub: Hub) -> None:
    for verb in VERBS:
        assert hub.clerk.post(f"/tickets/{uuid.uuid4()}/{verb}").code == "not-found"
        assert hub.clerk.post(f"/tickets/B001/{verb}").status == 422
    ticket = hub.take()
    assert hub.clerk.post(f"/tickets/{ticket['id']}/dance").status == 404


UNDONE = {
    "call": ("waiting", None), "recall": ("called", 1), "start": ("called", 1), "finish": ("serving", 1),
    "no-show": ("called", 1), "hold": ("serving", 1), "return": ("called", 1), "transfer": ("called", 1),
}  # fmt: skip


@BOTH
@pytest.mark.parametrize("verb", UNDONE)
def test_the_last_verb_is_taken_back_within_ten_seconds(hub: Hub, verb: str) -> None:
    hub.take()
    ticket = hub.called()
    if verb in {"finish", "hold"}:
        do(hub, ticket, "start")
    if verb != "call":
        do(hub, ticket, verb, {"service": "A1"} if verb == "transfer" else None)
    hub.clock.advance(10)
    undone = do(hub, ticket, "undo")
    assert (undone["state"], undone["counter"]) == UNDONE[verb]
    assert (undone["service"], undone["ended_at"]) == ("B3", None)
    again = hub.clerk.post(f"/tickets/{ticket['id']}/undo")
    assert (again.status, again.code) == (409, "state-conflict"), "there is no undo of an undo"


@BOTH
def test_after_ten_seconds_it_stands(hub: Hub) -> None:
    hub.take()
    ticket = hub.called()
    do(hub, ticket, "finish")
    hub.clock.advance(10.5)
    assert hub.clerk.post(f"/tickets/{ticket['id']}/undo").code == "state-conflict"


@BOTH
def test_only_the_counters_last_verb_can_be_undone(hub: Hub) -> None:
    hub.take()
    hub.take()
    first = hub.called()
    do(hub, first, "finish")
    second = hub.clerk.post("/counters/1/call-next").body
    assert hub.clerk.post(f"/tickets/{first['id']}/undo").code == "state-conflict"
    assert do(hub, second, "undo")["state"] == "waiting"


@BOTH
def test_undoing_a_call_does_not_forget_that_the_paper_came_out_meanwhile(hub: Hub) -> None:
    order = hub.order()
    hub.kiosk.post("/tickets", order)
    ticket = hub.called()
    hub.kiosk.post(f"/tickets/{order['id']}/confirm", {"printed": "process-id"})
    undone = do(hub, ticket, "undo")
    assert (undone["state"], undone["printed"]) == ("waiting", "process-id")


@BOTH
def test_a_note_stays_with_the_ticket_and_holds_no_phone_number(hub: Hub) -> None:
    hub.take()
    ticket = hub.called()
    assert do(hub, ticket, "note", {"text": "缺旧号牌 <script>alert(1)</script>"})["note"].startswith("缺旧号牌")
    personal = hub.clerk.post(f"/tickets/{ticket['id']}/note", {"text": "138" + "00001234"})
    assert (personal.status, personal.code) == (422, "note-personal")
    assert "00001234" not in str(personal.body)
    assert hub.clerk.post(f"/tickets/{ticket['id']}/note", {"text": "长" * 201}).status == 422
    assert "note" not in hub.board.get(f"/tickets/{ticket['id']}").body
    assert do(hub, ticket, "note", {"text": ""})["note"] is None
