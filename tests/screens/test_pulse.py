"""When a window is alive: its frames come, and its touch panel is still read."""

from dataclasses import dataclass

from screens.pulse import LONGEST_S, Pulse


@dataclass(eq=False)
class Reader:
    living: bool = True

    def is_alive(self) -> bool:
        return self.living


def test_a_page_that_never_reaches_the_glass_ends_the_signs_of_life() -> None:
    now = [100.0]
    pulse = Pulse(lambda: now[0])
    assert pulse.alive()
    pulse.asked()
    now[0] += LONGEST_S
    assert pulse.alive()
    pulse.asked()
    now[0] += 0.1
    assert not pulse.alive()
    pulse.flipped()
    assert pulse.alive()


def test_a_quiet_hour_without_a_new_page_is_no_illness() -> None:
    now = [0.0]
    pulse = Pulse(lambda: now[0])
    pulse.asked()
    pulse.flipped()
    now[0] += 3600
    assert pulse.alive()


def test_a_touch_panel_that_is_no_longer_read_is_one_and_a_missing_one_is_not() -> None:
    pulse = Pulse(lambda: 0.0)
    panel, never = Reader(), Reader(living=False)
    assert pulse.alive([panel, never])
    panel.living = False
    assert not pulse.alive([panel, never])
    assert not pulse.alive([])
