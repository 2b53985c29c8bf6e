"""Many print jobs on simulated printers that fail at random bytes, and the count of every lie that the driver told."""

import random
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from PIL import Image

from drivers.printer.encoder import encode
from drivers.printer.fonts import Fonts
from drivers.printer.leftover import Strip
from drivers.printer.opening import load_profile
from drivers.printer.printer import EscposPrinter
from drivers.printer.profile import Mode, Profile
from drivers.printer.station import Options, Station
from drivers.sim.printer import Make, SimPrinter
from drivers.sim.printer_render import render
from drivers.transport.opening import open_line
from drivers.transport.urls import parse
from kiosk.domain.paper import Paper
from kiosk.domain.papers import Papers
from kiosk.domain.printing import NotPrinted, Printed, PrintUnknown
from tests.drivers.printer.world import TICKET

FAULTS = (
    "paper-out", "cover-open", "cutter-fault", "overheated", "offline", "silent", "lost-mid-job", "lost-mid-job",
)  # fmt: skip
HEALTHY = 0.25
"""Share of jobs without any fault."""
MAKES = (
    frozenset({"status", "barrier", "process-id", "auto", "clear"}),
    frozenset({"status", "barrier", "process-id", "auto", "clear"}),
    frozenset({"status", "barrier", "auto"}),
    frozenset({"status", "barrier"}),
)
"""What the printers of the lanes answer: the ladder's two upper rungs; the lower ones promise less, and say so."""
MADE = ("process id", "process id", "barrier and reports", "barrier alone")
ROLL_S = 1.0
"""A cover is shut at once; nobody puts in a roll in less than a second."""
LOOK_S = 0.005
VOID = "以上作废"
LAST_WORDS = re.compile(r"end-(\S+?)\.(\d+)")
TRIES = 3
"""Attempts that may meet a fault; then the printer is left in peace."""
PEACEFUL = 3
"""A busy machine that does not hear its printer for a second rather withholds the cut: it tries again."""
SETTLE_S = 20.0
Compose = Callable[[str, int], Paper]
"""A ticket with a label, at the how manieth attempt; all but the first (0) are marked as reprints."""
Slip = tuple[str, int]
Misfortune = tuple[str, bool]
"""A fault, and whether somebody mends it while the print goes on."""


@dataclass
class Tally:
    """What happened. `unknown` counts the faults behind that word, `withheld` prints that a healthy printer was not
    told to cut, for it was not heard in time. The four lists name labels and must stay empty.
    """

    jobs: int = 0
    withheld: int = 0
    said: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    false_printed: list[str] = field(default_factory=list)
    false_not_printed: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.jobs += other.jobs
        self.withheld += other.withheld
        self.said += other.said
        self.unknown += other.unknown
        for name in ("false_printed", "false_not_printed", "lost", "doubled"):
            getattr(self, name).extend(getattr(other, name))

    @property
    def lies(self) -> list[str]:
        return [*self.false_printed, *self.false_not_printed, *self.lost, *self.doubled]

    @property
    def unknown_share(self) -> float:
        return self.said["unknown"] / max(1, sum(self.said.values()))


class Mender(threading.Thread):
    """Somebody who mends a fault `seconds` after it struck, however late that was; or when the print is `over`."""

    def __init__(self, sim: SimPrinter, fault: str, seconds: float) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()
        self._sim, self._fault, self._seconds = sim, fault, seconds

    def run(self) -> None:
        while self._sim.present != self._fault and not self.over.wait(LOOK_S):
            pass
        if self._sim.present == self._fault:
            time.sleep(self._seconds)
        self._sim.clear()


class Campaign:
    """One printer, its host and the citizens before it: each holds one paper at the end, or is known to hold none."""

    def __init__(
        self, folder: Path, assets: Path, compose: Compose, seed: int, lane: int, plan: Iterable[Misfortune] = ()
    ) -> None:
        self.dice = random.Random(seed * 1000 + lane)
        self.plan = list(plan)
        self.planned = bool(self.plan)
        self.compose = compose
        self.fonts = Fonts.under(assets / "fonts")
        self.mode: Mode = "raster" if lane % 4 == 3 else "native"
        self.profile: Profile = replace(load_profile(assets, "generic-80"), speed_mm_s=600.0)
        self.lane = lane
        make = Make(speed=0, buffer=16384, answers=MAKES[lane % len(MAKES)])
        self.sim = SimPrinter(folder, self.fonts.regular, make=make).start()
        self.left: Strip = "clean"
        self.host = self._host("clean")
        self.tally = Tally()
        self.denied: set[Slip] = set()
        self.pictures: dict[str, Slip] = {}

    def run(self, jobs: int) -> Tally:
        try:
            for number in range(jobs):
                self._citizen(f"{'ABC'[self.lane % 3]}{100 * self.lane + number % 100 + 1:03d}-{number}")
            self._count_at_the_end()
        finally:
            self.host.close()
            self.sim.stop()
        return self.tally

    def _host(self, left: Strip) -> EscposPrinter:
        address = parse(self.sim.url)
        options = Options(self.mode, VOID, left, self._keep)
        host = EscposPrinter(Station(lambda: open_line(address), self.profile, self.fonts, options))
        host.start()
        return host

    def _keep(self, strip: Strip) -> None:
        self.left = strip

    def _citizen(self, label: str) -> None:
        """Print until she holds it; she answers truthfully when nobody knows."""
        self.tally.jobs += 1
        for attempt in range(TRIES + PEACEFUL):
            paper, slip = self.compose(label, attempt), (label, attempt)
            length = self._length(paper, slip)
            last = attempt >= TRIES
            fault, mender = ("none", None) if last else self._strike(length)
            outcome = self.host.print_paper(label, paper)
            if mender is not None:
                mender.over.set()
                mender.join()
            match outcome:
                case Printed():
                    self.tally.said["printed"] += 1
                    if not self._comes(slip):
                        self.tally.false_printed.append(label)
                case NotPrinted():
                    self.tally.said["not printed"] += 1
                    self.tally.withheld += fault == "none"
                    self.denied.add(slip)
                case PrintUnknown():
                    self.tally.said["unknown"] += 1
                    self.tally.unknown[f"{fault} {'mended' if mender else 'left'} {MADE[self.lane % len(MAKES)]}"] += 1
            unsure = last and isinstance(outcome, PrintUnknown)
            holds = self._comes(slip) if unsure else any(found == label for found, _ in self._papers())
            self.sim.clear()
            if isinstance(outcome, Printed) or holds:
                return
            if self.dice.random() < 0.15:  # the power of the board goes, or somebody restarts the program
                self.host.close()
                self.host = self._host("maybe" if isinstance(outcome, PrintUnknown) else self.left)
        self.tally.lost.append(label)

    def _misfortune(self) -> Misfortune | None:
        """The next of the plan; without one, as the dice fall."""
        if self.plan:
            return self.plan.pop(0)
        if self.planned or self.dice.random() < HEALTHY:
            return None
        return self.dice.choice(FAULTS), self.dice.random() < 0.5

    def _strike(self, length: int) -> tuple[str, "Mender | None"]:
        struck = self._misfortune()
        if struck is None:
            return "none", None
        fault, mended = struck
        self.sim.condition(fault, after=self.dice.randrange(length + 40))
        if not mended:
            return fault, None
        mender = Mender(self.sim, fault, self.dice.uniform(0.02, 0.8) + (ROLL_S if fault == "paper-out" else 0.0))
        mender.start()
        return fault, mender

    def _length(self, paper: Paper, slip: Slip) -> int:
        data = encode(paper, self.profile, self.mode, self.fonts).data
        if self.mode == "raster":
            self.pictures[_print_of(render(data, self.fonts.regular, self.profile.width)[0][0])] = slip
        return len(data)

    def _comes(self, slip: Slip) -> bool:
        """A confirmed paper lies in the tray at once, or as soon as a busy machine has stored its picture."""
        end = time.monotonic() + SETTLE_S
        while time.monotonic() < end:
            if slip in self._papers():
                return True
            time.sleep(0.02)
        return False

    def _papers(self) -> list[Slip]:
        """The whole, valid papers so far."""
        if self.mode != "raster":
            return whole_papers(self.sim)
        papers = []
        for paper in self.sim.papers:
            with Image.open(paper.png) as picture:
                known = self.pictures.get(_print_of(picture))
            papers += [known] if known else []
        return papers

    def _count_at_the_end(self) -> None:
        """A slip that comes out late, after a refill, is a second valid paper for one number."""
        self.sim.clear()
        self.host.health()
        time.sleep(0.3)
        self.host.print_paper("last", self.compose("C999-0", 0))
        came = Counter(self._papers())
        self.tally.false_not_printed += [label for label, attempt in self.denied if came[label, attempt]]
        self.tally.doubled += [label for (label, _), count in came.items() if count > 1]


def tickets(papers: Papers) -> Compose:
    """Tickets whose last words name label and attempt, so that a whole one is known from a torn one."""

    def compose(label: str, attempt: int) -> Paper:
        values = TICKET | {"label": label, "kiosk_seq": f"end-{label}.{attempt}", "status_url": None}
        return papers.compose("ticket", values | {"reprint": attempt > 0}, "zh")

    return compose


def run(jobs: int, lanes: int, seed: int, assets: Path, compose: Compose) -> Tally:
    """`jobs` citizens over `lanes` printers at once, with faults as the dice fall."""
    return _together([()] * lanes, jobs // lanes, seed, assets, compose)


def each(seed: int, assets: Path, compose: Compose) -> Tally:
    """Every fault, left and mended, on every make of printer: a citizen each, at a byte that the dice choose."""
    kinds = [(fault, mended) for fault in dict.fromkeys(FAULTS) for mended in (False, True)]
    return _together([[kind] for kind in kinds for _ in MAKES], 1, seed, assets, compose)


def _together(plans: Sequence[Iterable[Misfortune]], jobs: int, seed: int, assets: Path, compose: Compose) -> Tally:
    """A printer for each plan, all at once, and `jobs` citizens before each."""
    total = Tally()
    with tempfile.TemporaryDirectory(prefix="campaign-") as folder, ThreadPoolExecutor(len(plans)) as pool:

        def one(lane: int) -> Tally:
            return Campaign(Path(folder) / str(lane), assets, compose, seed, lane, plans[lane]).run(jobs)

        for tally in pool.map(one, range(len(plans))):
            total.add(tally)
    return total


def whole_papers(sim: SimPrinter) -> list[Slip]:
    """The whole, valid papers of a printer that got text."""
    papers = []
    for paper in sim.papers:
        last = LAST_WORDS.search(paper.text)
        if last and f"\n{last[1]}\n" in paper.text and VOID not in paper.text:
            papers.append((last[1], int(last[2])))
    return papers


def _print_of(picture: Image.Image) -> str:
    grey = picture.convert("1")
    return sha256(f"{grey.size}".encode() + grey.tobytes()).hexdigest()
