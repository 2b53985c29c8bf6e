"""The matrix of updates on a simulated card: the power is cut at every write, and a good slot starts every time."""

import argparse
import json
import sys
from dataclasses import dataclass, field
from random import Random

from kiosk.domain.update import (
    Checked,
    Committed,
    Event,
    Fetched,
    Healthy,
    Installed,
    Looked,
    Offer,
    Offered,
    Started,
    Unhealthy,
)  # fmt: skip
from kiosk.ops.update.autoboot import Slot, other
from kiosk.ops.update.shelf import understood, written
from kiosk.ops.update.slots import Slots
from kiosk.ops.update.updater import Updater
from tests.faults.card import Card, Cut

SICK = frozenset({3})
"""Releases that start and do not work."""
RELEASES = (1, 2, 3, 4)
CUTS = 3
"""Cuts in one life."""
STARTS = 60


class Bricked(Exception):
    """The firmware starts a slot that is half written, or one that was never found healthy."""


class Restarts(Exception):
    """The updater has the machine started anew."""


@dataclass
class Life:
    """A card through all releases; `acknowledged` is what was said to be committed."""

    card: Card
    random: Random
    acknowledged: list[int] = field(default_factory=list)
    endings: dict[str, str] = field(default_factory=dict)
    starts: int = 0
    trial: bool = False

    def live(self) -> None:
        """Go on until every release has had its ending; Cut passes through."""
        while self.starts < STARTS:
            trial, self.trial = self.trial, False
            self.starts += 1
            try:
                if self._one_start(trial):
                    return
            except Restarts:
                continue
        raise AssertionError("the updates never come to an end")

    def _one_start(self, trial: bool) -> bool:
        slot = self.card.boots(trial=trial)
        release = self.card.release(slot)
        if release is None or (not trial and release in SICK):
            raise Bricked(f"slot {slot} with {release}")
        if not trial and self.acknowledged and release < self.acknowledged[-1]:
            raise Bricked(f"release {release} after {self.acknowledged[-1]} was committed")
        slots = Slots(self.card.p1, self.card.data, slot)
        start = slots.start()
        kept = self.card.data.under("update.json")
        updater = Updater(understood(kept.load()), lambda state: kept.store(written(state)), Hands(self, slots))
        updater.take(Started(str(self.starts), slot, start.trial))
        for number in RELEASES:
            if number > max(self.acknowledged, default=0) and str(number) not in self._ended(updater):
                updater.take(Offered(Offer(str(number), f"sha-{number}", 6, "centre")))
                for _ in range(6):
                    updater.take(Looked(window=True, occupied=False, healthy=("printer",)))
        return True

    def _ended(self, updater: Updater) -> dict[str, str]:
        if (last := updater.state.last) is not None:
            self.endings[last.version] = last.ending
        return self.endings


@dataclass
class Hands:
    """What the updater does to the simulated card."""

    life: Life
    slots: Slots

    def fetch(self, offer: Offer) -> Event | None:
        self.life.card.data.under("bundle").store(offer.sha256.encode())
        return Fetched((self.life.card.data.under("bundle").load() or b"").decode())

    def check(self, _offer: Offer) -> Event | None:
        return Checked()

    def install(self, offer: Offer) -> Event | None:
        """RAUC: the slot is called bad, written, and handed on as the next one."""
        target: Slot = other(self.slots.current)
        self.slots.set_condition(target, "bad")
        self.life.card.install(target, int(offer.version))
        self.slots.set_primary(target)
        return Installed(target)

    def try_it(self) -> None:
        self.life.trial = self.slots.armed is not None
        raise Restarts

    def gate(self, _healthy: tuple[str, ...]) -> Event | None:
        sick = self.life.card.release(self.slots.current) in SICK
        return Unhealthy("the printer is offline") if sick else Healthy()

    def commit(self) -> Event | None:
        release = self.life.card.release(self.slots.current)
        assert release is not None
        self.slots.set_condition(self.slots.current, "good")
        self.life.acknowledged.append(release)
        return Committed()

    def go_back(self) -> None:
        self.slots.set_condition(self.slots.current, "bad")
        raise Restarts

    def disarm(self) -> None:
        self.slots.disarm()

    def discard(self) -> None:
        self.life.card.data.files.pop("bundle", None)


def whole(random: Random, *, honest: bool = True) -> Life:
    """A life without a cut."""
    life = Life(Card(honest=honest), random)
    life.live()
    return life


def deeds() -> int:
    """How many writes and syncs a whole life has."""
    card = Card()
    card.power.deeds = 0
    Life(card, Random(0)).live()
    return card.power.deeds


def cut_life(first: int, random: Random, cuts: int = 1, *, honest: bool = True) -> Life:
    """A life whose power goes before its `first`-th deed, and `cuts` times in all; Bricked where that is the end."""
    life = Life(Card(honest=honest), random)
    cut(life, first, cuts)
    return life


def cut(life: Life, first: int, cuts: int) -> int:
    """The same with a life that is there; how often its power went before it had an end."""
    card, random = life.card, life.random
    card.power.deeds, card.power.off_at = 0, first
    for number in range(cuts + 1):
        try:
            life.live()
            return number
        except Cut:
            card.lose_power(random)
            life.trial = False
            again = number + 1 < cuts
            card.power.deeds, card.power.off_at = 0, random.randrange(40) if again else None
    raise AssertionError("more cuts than were asked for")


def main() -> int:
    """Cut so many lives; 0 if a good slot started each time and the negative control was seen to fail."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.ota", description=__doc__)
    parser.add_argument("--cuts", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=20261122)
    asked = parser.parse_args()
    all_deeds = deeds()
    told = {"deeds": all_deeds, "honest": _campaign(asked.cuts, asked.seed, all_deeds, honest=True)}
    told["without fsync"] = _campaign(min(asked.cuts, 1000), asked.seed, all_deeds, honest=False)
    print(json.dumps(told, indent=1))
    return 0 if not told["honest"]["bricked"] and told["without fsync"]["bricked"] else 1  # type: ignore[index]


def _campaign(cuts: int, seed: int, all_deeds: int, *, honest: bool) -> dict[str, int]:
    done = bricked = lives = 0
    while done < cuts:
        life = Life(Card(honest=honest), Random(seed + lives))
        try:
            done += cut(life, lives % all_deeds, CUTS)
        except Bricked:
            bricked += 1
            done += 1
        lives += 1
    return {"cuts": done, "lives": lives, "bricked": bricked}


if __name__ == "__main__":
    sys.exit(main())
