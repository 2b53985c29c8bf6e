"""The steps of an update, one by one: state and event in, state and effects out."""

from dataclasses import replace

import pytest

from kiosk.domain import update as steps
from kiosk.domain.update import INSTALLS, TRIALS, Offer, Update, forgiven, step

OFFER = Offer("2026.12.1", "a" * 64, 1000, "centre")
QUIET = steps.Looked(window=True, occupied=False, healthy=("printer",))


def through(state: Update, *events: steps.Event) -> tuple[Update, list[steps.Effect]]:
    done: list[steps.Effect] = []
    for event in events:
        state, effects = step(state, event)
        done += effects
    return state, done


@pytest.fixture
def verified() -> Update:
    return through(Update(), steps.Offered(OFFER), steps.Fetched("a" * 64), steps.Checked())[0]


@pytest.fixture
def armed(verified: Update) -> Update:
    return through(verified, QUIET, steps.Installed("B"))[0]


@pytest.fixture
def trial(armed: Update) -> Update:
    return through(armed, QUIET, steps.Started("boot-2", "B", trial=True))[0]


def test_from_the_offer_to_the_commit() -> None:
    state, effects = through(
        Update(), steps.Offered(OFFER), steps.Fetched("a" * 64), steps.Checked(), QUIET, steps.Installed("B"), QUIET,
        steps.Started("boot-2", "B", trial=True), steps.Healthy(), steps.Committed(),
    )  # fmt: skip
    assert effects == [
        steps.Fetch(OFFER), steps.Check(OFFER), steps.Install(OFFER), steps.TryIt(), steps.Gate(("printer",)),
        steps.Commit(), steps.Discard(),
    ]  # fmt: skip
    assert (state.phase, state.last) == ("idle", steps.Result("2026.12.1", "committed"))


@pytest.mark.parametrize(
    "look",
    [
        steps.Looked(window=False, occupied=False, healthy=()),
        steps.Looked(window=True, occupied=True, healthy=()),
    ],
)
def test_nothing_is_installed_or_tried_outside_the_window_or_in_a_session(
    verified: Update, armed: Update, look: steps.Looked
) -> None:
    for state in (verified, armed):
        assert step(state, look) == (state, ())


def test_a_stick_needs_no_window_but_an_empty_kiosk() -> None:
    brought = replace(OFFER, source="stick", place="/media/stick/a.raucb")
    state, _ = through(Update(), steps.Offered(brought), steps.Fetched("a" * 64), steps.Checked())
    assert step(state, steps.Looked(window=False, occupied=True, healthy=()))[1] == ()
    assert step(state, steps.Looked(window=False, occupied=False, healthy=()))[1] == (steps.Install(brought),)


def test_what_is_not_what_was_offered_is_refused_and_not_fetched_again() -> None:
    state, effects = through(Update(), steps.Offered(OFFER), steps.Fetched("b" * 64))
    assert effects[-1] == steps.Discard()
    assert state.last is not None
    assert state.last.ending == "refused"
    assert step(state, steps.Offered(OFFER)) == (state, ())
    assert step(forgiven(state), steps.Offered(OFFER))[1] == (steps.Fetch(OFFER),)


def test_an_unhealthy_trial_goes_back_with_its_reason(trial: Update) -> None:
    state, effects = step(trial, steps.Unhealthy("printer: it is offline"))
    assert effects == (steps.Discard(), steps.GoBack())
    assert state.last == steps.Result("2026.12.1", "rolled-back", "printer: it is offline")
    assert step(state, steps.Offered(OFFER)) == (state, ())


def test_a_trial_that_ends_without_a_word_is_repeated_once_and_then_given_up(trial: Update) -> None:
    state, effects = step(trial, steps.Started("boot-3", "A", trial=False))
    assert (state.phase, effects) == ("armed", ())
    state, _ = through(state, QUIET, steps.Started("boot-4", "B", trial=True))
    assert state.trials == TRIALS
    state, effects = step(state, steps.Started("boot-5", "A", trial=False))
    assert effects == (steps.Disarm(), steps.Discard())
    assert state.last == steps.Result("2026.12.1", "rolled-back", "it fell over while it was tried")


def test_a_slot_that_never_comes_up_is_given_up_with_that_reason(armed: Update) -> None:
    state, _ = through(armed, QUIET, steps.Started("boot-2", "A", trial=False), QUIET)
    state, _ = step(state, steps.Started("boot-3", "A", trial=False))
    assert state.last == steps.Result("2026.12.1", "rolled-back", "the new slot did not come up")


def test_a_commit_whose_word_was_lost_is_found_at_the_next_start(trial: Update) -> None:
    state, _ = step(trial, steps.Started("boot-3", "B", trial=False))
    assert state.last == steps.Result("2026.12.1", "committed")


def test_an_installation_that_is_cut_short_is_begun_anew_and_given_up_in_the_end(verified: Update) -> None:
    state = verified
    for number in range(INSTALLS):
        state, effects = step(state, QUIET)
        assert effects == (steps.Install(OFFER),)
        state, _ = step(state, steps.Started(f"boot-{number}", "A", trial=False))
    assert state.last is not None
    assert state.last.ending == "refused"


def test_an_offer_that_changes_or_is_taken_back_is_followed_until_it_is_being_installed(verified: Update) -> None:
    newer = replace(OFFER, version="2026.12.2", sha256="c" * 64)
    assert step(verified, steps.Offered(newer))[1] == (steps.Discard(), steps.Fetch(newer))
    assert step(verified, steps.Withdrawn())[0].phase == "idle"
    busy, _ = step(verified, QUIET)
    assert step(busy, steps.Offered(newer)) == (busy, ())
    assert step(busy, steps.Withdrawn()) == (busy, ())
