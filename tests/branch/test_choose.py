"""Whom to call next, and why: first come first served, priorities with a ratio, nobody starves."""

from hypothesis import given
from hypothesis import strategies as st

from branch.choose import Desk, Policy, Waiting, choose

MINUTE = 60_000
NOW = 100 * MINUTE


def person(label: str, place: int, service: str = "B3", waited: int = 1, **more: object) -> Waiting:
    return Waiting(label, label, service, place, NOW - waited * MINUTE, **more)  # type: ignore[arg-type]


def test_nobody_waits() -> None:
    assert choose([], Desk(1), NOW, Policy()) is None


def test_who_came_first_is_called_first_whatever_the_service() -> None:
    chosen = choose([person("B002", 20), person("A001", 10, "A1"), person("B001", 15)], Desk(1), NOW, Policy())
    assert chosen is not None
    assert (chosen[0].label, chosen[1].code, chosen[1].minutes) == ("A001", "order", 1)


def test_a_counter_calls_only_what_it_serves() -> None:
    waiting = [person("A001", 1, "A1"), person("B001", 2)]
    chosen = choose(waiting, Desk(1, frozenset({"B3"})), NOW, Policy())
    assert chosen is not None
    assert chosen[0].label == "B001"
    assert choose(waiting, Desk(1, frozenset({"C1"})), NOW, Policy()) is None


def test_a_ticket_sent_to_a_counter_is_called_by_that_one_alone_even_for_a_foreign_service() -> None:
    waiting = [person("A001", 1, "A1", target=2)]
    assert choose(waiting, Desk(1), NOW, Policy()) is None
    chosen = choose(waiting, Desk(2, frozenset({"B3"})), NOW, Policy())
    assert chosen is not None
    assert chosen[1].code == "transferred"


def test_a_wait_past_the_promise_is_said_to_the_clerk() -> None:
    chosen = choose([person("B001", 1, waited=20)], Desk(1), NOW, Policy(promise_s=1200))
    assert chosen is not None
    assert (chosen[1].code, chosen[1].minutes) == ("promise", 20)


def test_a_confirmed_priority_goes_first_and_then_it_is_the_others_turn() -> None:
    waiting = [person("B001", 1), person("B002", 2, priority="elderly"), person("B003", 3, priority="military")]
    first = choose(waiting, Desk(1, priority_run=0), NOW, Policy(priority_run=1))
    second = choose(waiting, Desk(1, priority_run=1), NOW, Policy(priority_run=1))
    assert first is not None
    assert second is not None
    assert (first[0].label, first[1].code, first[1].priority) == ("B002", "priority", "elderly")
    assert second[0].label == "B001"


def test_priorities_alone_do_not_wait_for_others_who_are_not_there() -> None:
    chosen = choose([person("B002", 2, priority="elderly")], Desk(1, priority_run=5), NOW, Policy())
    assert chosen is not None
    assert chosen[0].label == "B002"


@given(
    st.lists(
        st.tuples(st.integers(0, 50), st.booleans(), st.sampled_from(["A1", "B3"])), min_size=1, max_size=30,
        unique_by=lambda one: one[0],
    )
)  # fmt: skip
def test_everybody_is_called_and_an_ordinary_one_is_overtaken_by_at_most_her_share(
    people: list[tuple[int, bool, str]],
) -> None:
    waiting = [person(str(place), place, s, priority="elderly" if first else None) for place, first, s in people]
    run, order = 0, []
    while (chosen := choose(waiting, Desk(1, priority_run=run), NOW, Policy(priority_run=1))) is not None:
        waiting.remove(chosen[0])
        order.append(chosen[0])
        run = run + 1 if chosen[0].priority else 0
    assert len(order) == len(people)
    for preferred in (True, False):
        places = [one.place for one in order if bool(one.priority) == preferred]
        assert places == sorted(places), "within a class nobody overtakes"
    ordinary_left = [sum(1 for one in order[at:] if not one.priority) for at in range(len(order))]
    pairs = zip(order, order[1:], ordinary_left[1:], strict=False)
    assert not any(a.priority and b.priority and left for a, b, left in pairs), (
        "two in a row only when no one else is left"
    )


def due(label: str, waited: int, service: str) -> Waiting:
    since = NOW - waited * MINUTE
    return Waiting(label, label, service, since * 1000, since)


def test_who_is_past_the_promise_of_her_service_comes_before_all_who_are_not() -> None:
    policy = Policy(promise_s=3600, promises={"A1": 600})
    waiting = [due("B001", 30, "B3"), due("A001", 11, "A1"), due("A002", 9, "A1"), due("C001", 70, "C1")]
    order = []
    while waiting:
        chosen = choose(waiting, Desk(1), NOW, policy)
        assert chosen is not None
        waiting.remove(chosen[0])
        order.append((chosen[0].label, chosen[1].code))
    # C001 is ten minutes past its hour, A001 one minute past its ten; the others are served as they came.
    assert order == [("C001", "promise"), ("A001", "promise"), ("B001", "order"), ("A002", "order")]


def test_without_promises_of_their_own_services_are_served_as_people_came() -> None:
    waiting = [due("B001", 30, "B3"), due("A001", 90, "A1")]
    chosen = choose(waiting, Desk(1), NOW, Policy())
    assert chosen is not None
    assert chosen[0].label == "A001"
