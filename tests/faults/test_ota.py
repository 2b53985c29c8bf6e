"""Updates under power cuts: whatever is cut, the firmware starts a slot that was whole and healthy."""

from random import Random

from tests.faults.ota import RELEASES, SICK, Bricked, cut_life, deeds, whole

SINGLE = 400
"""Lives with one cut; a life has fewer deeds than this, so that each of them is cut at."""
TWICE = 60


def test_without_a_cut_every_release_is_committed_but_the_sick_one_which_is_rolled_back() -> None:
    life = whole(Random(1))
    assert life.acknowledged == [release for release in RELEASES if release not in SICK]
    assert life.card.release(life.card.boots()) == RELEASES[-1]


def test_a_cut_at_every_single_write_leaves_a_good_slot_and_the_updates_go_on() -> None:
    count = deeds()
    assert 100 < count < SINGLE
    for first in range(count):
        life = cut_life(first, Random(first))
        assert life.card.release(life.card.boots()) == RELEASES[-1], first


def test_further_cuts_while_it_mends_itself_change_nothing() -> None:
    count = deeds()
    for seed in range(TWICE):
        life = cut_life(seed * 7 % count, Random(seed), cuts=4)
        assert life.card.release(life.card.boots()) not in {None, *SICK}


def test_without_fsync_the_same_campaign_ends_in_a_brick() -> None:
    """The negative control: the campaign can tell."""
    bricked = 0
    for first in range(0, deeds(), 2):
        try:
            cut_life(first, Random(first), honest=False)
        except Bricked:
            bricked += 1
    assert bricked
