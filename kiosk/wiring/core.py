"""`kiosk core`: the engine with its devices, journal and links; a screen connects to its socket when it likes."""

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, cast

from kiosk import __version__
from kiosk.config import Settings, load
from kiosk.core.events import Event, Touched
from kiosk.domain.errors import Refusal
from kiosk.domain.health import word
from kiosk.engine.clock import Clock, open_clock
from kiosk.engine.control import Control
from kiosk.engine.following import Follower, LogLink
from kiosk.engine.journal.file import NAME
from kiosk.engine.journal.lock import Lock
from kiosk.engine.lanes import ThreadLanes
from kiosk.engine.late import Late, late
from kiosk.engine.log_copy import FILE, LogCopy
from kiosk.engine.mint import uuid7
from kiosk.engine.ports import BranchLink
from kiosk.engine.rounds import Round
from kiosk.engine.submission import Submission
from kiosk.engine.window import Window
from kiosk.ops import place
from kiosk.ops.claiming import Claiming
from kiosk.ops.edges import Edges
from kiosk.ops.events import EventRing
from kiosk.ops.machine import boot_id, hardware, uptime_s
from kiosk.ops.standing import WHY, hindrance, open_to_claims
from kiosk.ops.versions import KINDS, Versions
from kiosk.ops.watch import BoardWatch
from kiosk.view.models import View
from kiosk.wiring import places
from kiosk.wiring.assembly import Centre, Kiosk, assemble, parcel
from kiosk.wiring.care import End, Wards, care_rounds
from kiosk.wiring.enrolled import catalogue_in_force, enrolled_place, enrolled_settings, open_versions
from kiosk.wiring.places import SOCKET
from kiosk.wiring.restarting import nobody_begins, reboot

TRUSTED_WITHIN = timedelta(minutes=5)
"""How far this machine's clock may be off the centre's and still be believed; as far as its signatures may."""
PREVIEWS = "previews"
"""Where, beside the socket, a screen of another account finds the photographs that it shows."""
EDGES_S = 5.0
"""How often what changed is looked for, to be kept in the ring of events."""
DRAWN_S = 5.0
"""How long a View may be on its way to the glass when an update asks."""
SWITCH_S = 0.001
"""A touch goes through three threads; it must not wait 5 ms for the interpreter at each while a backlog goes out."""
FOLLOW_S = 10.0
"""How long `kiosk submit` waits for the centre's word (contract)."""

if TYPE_CHECKING:
    from kiosk.ops.enrolment import Identity
    from kiosk.ops.readiness import Readiness

_log = logging.getLogger(__name__)


class Core:
    """The core process: a kiosk, the socket of its screen, the socket of its commands.

    The kiosk within is made anew, between two citizens, when something new from the centre comes into force.
    """

    def __init__(
        self,
        settings: Settings,
        state: Path,
        clock: Clock,
        socket: Path | None = None,
        alive: Callable[[], None] | None = None,
        *,
        shared: bool = False,
    ) -> None:
        self._settings, self._state, self._clock = settings, state, clock
        self._socket = socket or state / SOCKET
        self._shared = shared
        self._edges = Edges(EventRing(state, clock.now, uptime_s, boot_id()))
        self._beats = [alive] if alive is not None else []
        self._later = _Later()
        self._thread: threading.Thread | None = None
        self.stopping = False
        self._closing = False
        self.end: End | None = None
        self._submission: Submission | None = None
        self.kiosk = self._opened()
        try:
            self.screen = Window(self._socket, self._touched, uuid7, shared=shared)
            self._later.connect(self.screen)
            self._edges.started(__version__)
            answers = {"submit": self._submit, "health": self._health, "enrolled": self._enrolled}
            answers |= {"vitals": self._vitals, "restart-due": self._restart_due}
            self.control = Control(state, answers)
        except BaseException:
            self.kiosk.close()
            raise

    def start(self) -> None:
        """Run the engine in a thread of its own."""
        self._thread = threading.Thread(target=self.serve, name="engine", daemon=True)
        self._thread.start()

    def serve(self, ends_on: tuple[End, ...] = ()) -> None:
        """Run the engine in this thread until it is told to stop, or wants one of `ends_on`."""
        while True:
            self.kiosk.engine.run()
            if self.stopping or self._closing or self.end is None or self.end in ends_on:
                return
            _log.info("the kiosk starts anew with what the centre gave out")
            self.kiosk.close()
            for beat in self._beats:
                beat()
            self.end = None
            self.kiosk = self._opened()
            self._edges.renewed()

    def stop(self) -> None:
        """Close everything; what is durable is on disk already."""
        self._closing = True
        self.kiosk.engine.stop()
        if self._thread is not None:
            self._thread.join(5)
        self.control.close()
        self.screen.close()
        self.kiosk.close()
        self._edges.ended()

    def ended(self) -> None:
        """A signal: end the engine, whatever else was wanted of it."""
        self.stopping = True
        self.kiosk.engine.stop()

    def rest(self, end: End) -> None:
        """End the engine at the next quiet moment; from any thread."""
        self.end = end
        self.kiosk.engine.rest()

    def _opened(self) -> Kiosk:
        """Put the kiosk together with what is in force; what cannot even be put together is given up at once."""
        # Another core on this folder is refused before a try of a new version is counted.
        Lock(self._state / NAME).release()
        versions = open_versions(self._state)
        if not versions.on_trial:
            return self._assembled(versions)
        try:
            return self._assembled(versions)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the kiosk must come back
            _log.error("the kiosk cannot start with what the centre gave out (%s)", type(error).__name__)
            for kind in KINDS:
                versions.change(kind, lambda shelf: shelf.fell_over())
            return self._assembled(versions)

    def _assembled(self, versions: Versions) -> Kiosk:
        state, clock = self._state, self._clock
        enrolled = enrolled_place(state, versions)
        settings = enrolled_settings(self._settings, enrolled)
        token = settings.hub.token.reveal() or places.read_token(state, "kiosk")
        centre = _centre(state, clock)
        hub = late(lambda: _hub(settings, token, clock, lambda: follower.followed))
        made_of = parcel(
            settings, state, clock, hub, centre, "test clock" if clock.test else "", catalogue_in_force(versions)
        )
        claiming = Claiming(state, hardware(), lambda: self.rest("again")) if open_to_claims(enrolled) else None
        shown = claiming.shown if claiming is not None else None
        previews = self._socket.parent / PREVIEWS if self._shared else None
        hindered = hindrance(enrolled, __version__)
        self._edges.stands(hindered)
        made_of = replace(made_of, enrolled=enrolled, hindrance=hindered, on_claim=shown, shared=previews)
        watch = BoardWatch()
        made_of = replace(made_of, on_end=lambda: self.rest("restart"), board=watch if watch.there else None)
        kiosk = assemble(made_of, self._later.show, ThreadLanes)
        if claiming is not None:
            kiosk.rounds.add(claiming.round)
        kiosk.rounds.beats += self._beats
        kiosk.rounds.add(Round("events", "branch", EDGES_S, self._look))
        follower = Follower(cast("LogLink", hub), kiosk.journal, LogCopy(state / FILE), clock.now)
        kiosk.rounds.add(follower.round())
        kiosk.closing += [follower.close, cast("Late", hub).close, *([centre.link.close] if centre else [])]
        if centre is not None:
            self._submission = Submission(
                kiosk.journal, centre.sealer, clock, uuid7, lambda: kiosk.rounds.kick("outbox"), WHY.get(hindered, "")
            )

        def heard(theirs: datetime) -> None:
            """The centre's time is the evidence by which this machine's clock is believed."""
            kiosk.journal.outbox.trusted = abs(theirs - clock.now()) < TRUSTED_WITHIN

        if centre is not None and enrolled is not None:
            wards = Wards(
                kiosk, state, clock, versions, enrolled, uuid7(), self.rest, heard,
                lambda: kiosk.journal.outbox.trusted, lambda: _examined(settings, state, clock),
                beside_hub=place.on_this_machine(settings.hub.url),
            )  # fmt: skip
            link = centre.link
            for each in care_rounds(wards, lambda: link):
                kiosk.rounds.add(each)
        return kiosk

    def _post(self, event: Event) -> None:
        self.kiosk.engine.post(event)

    def _touched(self, event: Event) -> None:
        if isinstance(event, Touched):
            self.kiosk.pressed()
        self._post(event)

    def _enrolled(self, _asked: dict[str, object]) -> dict[str, object]:
        """`kiosk enrol` has made an identity beside this core: it is taken up when nobody is here."""
        self.rest("again")
        return {"ok": True}

    def _health(self, _asked: dict[str, object]) -> dict[str, object]:
        return {**self._conditions()}

    def _vitals(self, _asked: dict[str, object]) -> dict[str, object]:
        """What an update asks: whether somebody is here, whether the present View is on the glass, how devices are."""
        drawn = self.screen.ready(0) and self.screen.drawn(DRAWN_S)
        return {"occupied": self.kiosk.engine.occupied, "drawn": drawn, "health": {**self._conditions()}}

    def _restart_due(self, _asked: dict[str, object]) -> dict[str, object]:
        """Let nobody begin any more, and say whether nobody has: between this and the restart no citizen can come."""
        return {"quiet": nobody_begins(self.kiosk.engine)}

    def _conditions(self) -> dict[str, str]:
        parts = self.kiosk.engine.state.parts
        known = {name: getattr(parts, name) for name in ("printer", "scanner", "card", "camera", "board")}
        lacking = {"printer"} if self.kiosk.printer is None else set()
        lacking |= {"scanner"} if self.kiosk.scanner is None else set()
        lacking |= {"card"} if self.kiosk.reader is None else set()
        return {name: word(health) for name, health in known.items() if health is not None and name not in lacking}

    def _look(self) -> Iterable[Event]:
        """Keep what has changed since the last look; nothing comes of it for the engine."""
        waits = self.kiosk.journal.outbox.summary(self._clock.now())
        hours = int(waits.oldest_age_s // 3600)
        self._edges.look(self._conditions(), screen=self.screen.ready(0), waiting=waits.count, oldest_hours=hours)
        return ()

    def _submit(self, asked: dict[str, object]) -> dict[str, object]:
        if self._submission is None:
            raise Refusal("this kiosk is not enrolled, so nothing can be sealed; enrol it with `kiosk enrol`")
        name = self._submission.save(asked.get("request"))
        return {**self._submission.follow(name, FOLLOW_S).as_json()}


def _examined(settings: Settings, state: Path, clock: Clock) -> "Readiness":
    from kiosk.ops.doctor import examine
    from kiosk.wiring.doctor import checks, report

    return report(settings, examine(checks(settings, "", None, state, clock)), clock)


def _hub(settings: Settings, token: str, clock: Clock, followed: Callable[[], tuple[int, str]]) -> BranchLink:
    from kiosk.link.branch import HubLink

    return HubLink(settings.hub.url, token, settings.hub.budget_s, clock.now, followed=followed)


def _centre(state: Path, clock: Clock) -> Centre | None:
    """The way to the centre, if this kiosk is enrolled; a damaged identity is the doctor's to tell, tickets go on."""
    if not (state / place.FILE).is_file():
        return None

    def identity() -> "Identity":
        from kiosk.ops.enrolment import load_identity

        found = load_identity(state)
        if found is None:
            raise Refusal("this kiosk is not enrolled; enrol it with `kiosk enrol`")
        return found

    known: Identity = late(identity)
    # `known.sealer` without the lambda would make the identity now.
    return Centre(late(lambda: known.link(clock.now)), late(lambda: known.sealer()))  # noqa: PLW0108


class _Later:
    """Stands in for the screen's socket until the engine that it needs exists."""

    def __init__(self) -> None:
        self._screen: Window | None = None
        self._view: View | None = None

    def show(self, view: View) -> None:
        self._view = view
        if self._screen is not None:
            self._screen.show(view)

    def connect(self, screen: Window) -> None:
        self._screen = screen
        if self._view is not None:
            screen.show(self._view)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--share-socket", action="store_true", help="let a screen of another account of this account's group connect"
    )
    parser.add_argument("--socket", type=Path, metavar="PATH", help="the screen's socket (else STATE/screen.sock)")


def run(args: argparse.Namespace) -> int:
    """Serve until a signal ends it."""
    from kiosk.ops.log import set_up
    from kiosk.ops.memory import keep_to_itself
    from kiosk.ops.notify import notifier
    from kiosk.wiring.probing import probe_at_start

    keep_to_itself()
    settings = load(args.config)
    set_up(settings.kiosk.log_level)
    clock = open_clock(args.test_clock, os.environ)
    sys.setswitchinterval(SWITCH_S)
    manager = notifier(os.environ)
    probe_at_start(settings, places.open_state(args.state), clock.now().isoformat(timespec="seconds"))
    core = Core(settings, places.open_state(args.state), clock, args.socket, manager.alive, shared=args.share_socket)

    def over(_number: int, _frame: FrameType | None) -> None:
        core.ended()

    signal.signal(signal.SIGTERM, over)
    signal.signal(signal.SIGINT, over)
    _log.info("core is up")
    try:
        core.serve(ends_on=("restart", "reboot"))
    finally:
        if core.stopping or core.end == "reboot":
            manager.stopping()
        core.stop()
    if core.end == "reboot" and not core.stopping:
        reboot(args.state, lambda: core.stopping)
    # A manager that watches starts us again by itself, and does not count our start as a hang.
    if core.end == "restart" and not core.stopping and not manager.watched:
        _log.info("the centre orders a restart")
        os.execv(sys.executable, [sys.executable, "-m", "kiosk", *sys.argv[1:]])  # noqa: S606 - ourselves, once more
    return 0
