"""A clerk confirms a citizen at a kiosk: only she knows the code, it is good for five minutes and three tries."""

from uuid import uuid4

import pytest

from tests.branch.conftest import BOTH, Answer, Hub

TAIL = "204X"


def asked(hub: Hub) -> str:
    name = str(uuid4())
    answer = hub.kiosk.post("/confirmations", {"id": name, "kiosk": "K1", "service": "B3", "tail": TAIL})
    assert answer.status == 201
    assert answer.body["state"] == "open"
    return name


def typed(hub: Hub, name: str, code: str) -> Answer:
    return hub.kiosk.post(f"/confirmations/{name}/check", {"kiosk": "K1", "code": code})


def taken(hub: Hub, name: str) -> str:
    return str(hub.clerk.post(f"/confirmations/{name}/take").body["code"])


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


@BOTH
def test_the_clerk_s_code_typed_at_the_kiosk_confirms(hub: Hub) -> None:
    name = asked(hub)
    (seen,) = hub.clerk.get("/confirmations").body
    assert (seen["tail"], seen["code"], seen["state"]) == (TAIL, None, "open")
    code = taken(hub, name)
    assert typed(hub, name, code).body["state"] == "confirmed"
    assert typed(hub, name, code).status == 200
    assert hub.clerk.get("/confirmations").body == []
    settled = hub.clerk.get(f"/confirmations/{name}").body
    assert (settled["tail"], settled["code"], settled["clerk"]) == ("", None, "clerk-1")


def test_nobody_but_the_clerk_who_took_it_sees_the_code(hub: Hub) -> None:
    name = asked(hub)
    code = taken(hub, name)
    assert hub.clerk.get("/confirmations").body[0]["code"] == code
    assert hub.other.get("/confirmations").body[0]["code"] is None
    for person in (hub.kiosk, hub.board):
        body = person.get(f"/confirmations/{name}").body
        assert body.get("code") is None
        assert body.get("tail") is None
    assert hub.other.post(f"/confirmations/{name}/take").code == "another-counter"
    assert hub.other.post(f"/confirmations/{name}/refuse").code == "another-counter"
    assert hub.kiosk.post(f"/confirmations/{name}/take").status == 403


def test_before_a_clerk_has_it_nothing_confirms(hub: Hub) -> None:
    assert typed(hub, asked(hub), "000000").code == "code-early"


def test_three_wrong_codes_end_it(hub: Hub) -> None:
    name = asked(hub)
    code = taken(hub, name)
    assert typed(hub, name, other_than(code)).code == "code-wrong"
    assert typed(hub, name, other_than(code)).code == "code-wrong"
    assert typed(hub, name, other_than(code)).code == "code-spent"
    assert typed(hub, name, code).code == "code-spent"


def test_a_clerk_who_refuses_ends_it(hub: Hub) -> None:
    name = asked(hub)
    code = taken(hub, name)
    assert hub.clerk.post(f"/confirmations/{name}/refuse").body["state"] == "refused"
    assert typed(hub, name, code).code == "confirmation-refused"
    assert hub.clerk.post(f"/confirmations/{name}/take").code == "state-conflict"


def test_after_five_minutes_it_is_over(hub: Hub) -> None:
    name = asked(hub)
    code = taken(hub, name)
    hub.clock.advance(299)
    assert hub.clerk.get(f"/confirmations/{name}").body["state"] == "taken"
    hub.clock.advance(2)
    assert typed(hub, name, code).code == "code-expired"
    assert hub.clerk.get("/confirmations").body == []
    asked(hub)
    with hub.store.read(lambda connection: connection.exec_driver_sql("SELECT tail, code FROM confirmations")) as rows:
        assert sorted(rows) == [("", ""), (TAIL, "")]


@BOTH
def test_who_has_gone_is_taken_off_the_consoles(hub: Hub) -> None:
    name = asked(hub)
    assert hub.kiosk.post(f"/confirmations/{name}/withdraw").body["state"] == "withdrawn"
    assert hub.clerk.get("/confirmations").body == []
    assert hub.kiosk.post(f"/confirmations/{name}/withdraw").status == 200


def test_the_same_press_twice_is_one_request_and_many_are_too_many(hub: Hub) -> None:
    name = asked(hub)
    body = {"id": name, "kiosk": "K1", "service": "B3", "tail": TAIL}
    assert hub.kiosk.post("/confirmations", body).body["id"] == name
    assert hub.kiosk.post("/confirmations", body | {"service": "B1"}).code == "key-reused"
    asked(hub), asked(hub)
    assert hub.kiosk.post("/confirmations", body | {"id": str(uuid4())}).code == "slow-down"


@pytest.mark.parametrize(
    "wrong", [{"tail": "1"}, {"tail": "421202195803"}, {"tail": "<b>x"}, {"service": "Z9"}, {"id": "1"}, {"kiosk": ""}]
)
def test_what_does_not_fit_is_refused(hub: Hub, wrong: dict[str, str]) -> None:
    body = {"id": str(uuid4()), "kiosk": "K1", "service": "B3", "tail": TAIL} | wrong
    assert hub.kiosk.post("/confirmations", body).status == 422


def test_the_log_knows_who_confirmed_and_nothing_of_the_number(hub: Hub) -> None:
    name = asked(hub)
    code = taken(hub, name)
    typed(hub, name, code)
    with hub.store.read(lambda connection: connection.exec_driver_sql("SELECT verb, actor, data FROM events")) as rows:
        told = [tuple(row) for row in rows if row.verb.startswith("confirm")]
    assert [(verb, actor) for verb, actor, _ in told] == [
        ("confirm-asked", "kiosk:K1"), ("confirm-taken", "clerk:clerk-1"), ("confirm-confirmed", "clerk:clerk-1"),
    ]  # fmt: skip
    assert not any(TAIL in data or code in data for _, _, data in told)
