"""The wait that is told: a range from today's services, or nothing at all."""

from branch.wait import Pace, Range, Station, ahead, estimate

TEN = tuple([300.0] * 10)
EVERYTHING = Station(None, busy=True)


def test_nothing_is_told_from_fewer_than_ten_services() -> None:
    assert estimate(3, "B3", Pace((EVERYTHING,), TEN[:9])) is None
    assert estimate(3, "B3", Pace((EVERYTHING,), TEN)) is not None


def test_nothing_is_told_while_no_counter_is_open_for_the_service() -> None:
    assert estimate(0, "B3", Pace((), TEN)) is None
    assert estimate(0, "B3", Pace((Station(frozenset({"A1"}), busy=False),), TEN)) is None


def test_people_ahead_are_shared_by_the_open_counters() -> None:
    one = estimate(3, "B3", Pace((EVERYTHING,), TEN))
    two = estimate(3, "B3", Pace((EVERYTHING, EVERYTHING), TEN))
    assert one is not None
    assert two is not None
    assert 1080 <= one.high_s <= 1200
    assert 480 <= two.high_s <= 600
    assert two.low_s < one.low_s


def test_an_idle_counter_means_no_wait_and_the_upper_end_is_rounded_up() -> None:
    assert estimate(0, "B3", Pace((Station(None, busy=False),), TEN)) == Range(0, 300)


def test_the_spread_of_services_widens_the_range() -> None:
    uneven = (60.0, 900.0) * 5
    found = estimate(4, "B3", Pace((EVERYTHING,), uneven))
    assert found is not None
    assert found.high_s - found.low_s > 600


def test_ahead_counts_who_may_be_called_before_you() -> None:
    waiting = {"A1": 2, "B3": 3, "C1": 4}
    assert ahead(waiting, "B3", Pace()) == 9, "before the counters open, everybody counts"
    assert ahead(waiting, "B3", Pace((EVERYTHING,))) == 9
    assert ahead(waiting, "B3", Pace((Station(frozenset({"B3"}), busy=True),))) == 3
    shared = (Station(frozenset({"B3", "C1"}), busy=True), Station(frozenset({"A1"}), busy=True))
    assert ahead(waiting, "B3", Pace(shared)) == 7
