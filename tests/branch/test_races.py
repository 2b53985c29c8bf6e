"""Many at once: one press one ticket, one ticket one counter, one number one slip."""

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.branch.conftest import BOTH, Answer, Hub, Person


def together(*works: Callable[[], Any]) -> None:
    """Run everything at the same moment, each in a thread."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> None:
        start.wait()
        work()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def at_once(*orders: Callable[[], Answer]) -> list[Answer]:
    """Send orders at the same moment and give their answers, in the order in which they came."""
    answers: list[Answer] = []

    def send(order: Callable[[], Answer]) -> None:
        answers.append(order())

    together(*(partial(send, order) for order in orders))
    return answers


def twins(hub: Hub, person: Person, number: int) -> list[Person]:
    """The same token over connections of its own."""
    people = [Person(person.url, person.token) for _ in range(number)]
    hub.people.extend(people)
    return people


@BOTH
def test_eight_kiosks_at_once_get_numbers_of_their_own(hub: Hub) -> None:
    labels: list[str] = []

    def press(kiosk: Person) -> None:
        labels.extend(kiosk.post("/tickets", hub.order(service)).body["label"] for service in ("B3", "A1") * 15)

    together(*(partial(press, kiosk) for kiosk in twins(hub, hub.kiosk, 8)))
    assert len(labels) == len(set(labels)) == 240
    assert sorted(label for label in labels if label[0] == "A") == [f"A{n:03d}" for n in range(1, 121)], "and no gaps"


@BOTH
def test_a_storm_of_retries_is_one_ticket(hub: Hub) -> None:
    order = hub.order()
    answers = at_once(*(partial(kiosk.post, "/tickets", order) for kiosk in twins(hub, hub.kiosk, 20)))
    assert Counter(answer.status for answer in answers) == {201: 1, 200: 19}
    assert {answer.body["label"] for answer in answers} == {"B001"}
    assert hub.state()["waiting_total"] == 1


@BOTH
def test_eight_clerks_on_one_queue_call_everybody_once(hub: Hub) -> None:
    for _ in range(60):
        hub.kiosk.post("/tickets", hub.order())
    clerks = [hub.person("clerk", f"c{number}") for number in range(1, 9)]
    calls: list[tuple[int, str]] = []

    def serve(clerk: Person, number: int) -> None:
        clerk.post(f"/counters/{number}/open")
        while (answer := clerk.post(f"/counters/{number}/call-next")).status == 200:
            calls.append((number, answer.body["label"]))
            assert clerk.post(f"/tickets/{answer.body['id']}/finish").status == 200

    together(*(partial(serve, clerk, number) for number, clerk in enumerate(clerks, 1)))
    assert sorted(label for _, label in calls) == [f"B{n:03d}" for n in range(1, 61)]


@BOTH
def test_two_tabs_of_one_clerk_call_one_ticket(hub: Hub) -> None:
    hub.take()
    hub.take()
    hub.clerk.post("/counters/1/open")
    answers = at_once(*(partial(tab.post, "/counters/1/call-next") for tab in twins(hub, hub.clerk, 6)))
    assert Counter(answer.status for answer in answers) == {200: 1, 409: 5}
    assert {answer.code for answer in answers if answer.status == 409} == {"counter-busy"}


@BOTH
def test_two_clerks_want_the_same_counter_and_the_same_number(hub: Hub) -> None:
    hub.take()
    opened = at_once(*(partial(who.post, "/counters/1/open") for who in (hub.clerk, hub.other)))
    assert sorted(answer.status for answer in opened) == [200, 409]
    hub.clerk.post("/counters/2/open")
    hub.other.post("/counters/3/open")
    called = at_once(
        partial(hub.clerk.post, "/counters/2/call", {"label": "B001"}),
        partial(hub.other.post, "/counters/3/call", {"label": "B001"}),
    )
    assert sorted(answer.status for answer in called) == [200, 409]


@BOTH
def test_a_late_void_and_a_call_never_both_win(hub: Hub) -> None:
    hub.clerk.post("/counters/1/open")
    for _ in range(12):
        ticket = hub.take()
        answers = at_once(
            partial(hub.clerk.post, "/counters/1/call-next"),
            partial(hub.kiosk.post, f"/tickets/{ticket['id']}/void", {"reason": "paper"}),
        )
        state = hub.ticket(ticket["id"])["state"]
        assert state in {"void", "called"}
        assert sorted(answer.status for answer in answers) == ([200, 409] if state == "called" else [200, 204])
        if state == "called":
            hub.clerk.post(f"/tickets/{ticket['id']}/finish")
