"""`kiosk core`: the engine with its devices, journal and links; a screen connects to its socket when it likes."""

import argparse
import logging
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, cast

from kiosk.config import Settings, load
from kiosk.domain.errors import Refusal
from kiosk.domain.health import word
from kiosk.engine.clock import Clock, open_clock
from kiosk.engine.control import Control
from kiosk.engine.following import Follower, LogLink
from kiosk.engine.lanes import ThreadLanes
from kiosk.engine.late import Late, late
from kiosk.engine.log_copy import FILE, LogCopy
from kiosk.engine.mint import uuid7
from kiosk.engine.ports import BranchLink
from kiosk.engine.submission import Submission
from kiosk.engine.window import Window
from kiosk.view.models import View
from kiosk.wiring import places
from kiosk.wiring.assembly import Centre, Kiosk, assemble, parcel
from kiosk.wiring.places import SOCKET

FOLLOW_S = 10.0
"""How long `kiosk submit` waits for the centre's word (contract)."""

IDENTITY = Path("identity") / "identity.json"
"""What an enrolment leaves in the state folder when it has succeeded; looked for before anything dear is imported."""

if TYPE_CHECKING:
    from kiosk.ops.enrolment import Identity

_log = logging.getLogger(__name__)


class Core:
    """The core process: a kiosk, the socket of its screen, the socket of its commands."""

    def __init__(self, settings: Settings, state: Path, clock: Clock, socket: Path | None = None) -> None:
        token = settings.hub.token.reveal() or places.read_token(state, "kiosk")
        centre = _centre(state, clock)
        hub = late(lambda: _hub(settings, token, clock, lambda: self.follower.epoch))
        later = _Later()
        made_of = parcel(settings, state, clock, hub, centre, "test clock" if clock.test else "")
        self.kiosk: Kiosk = assemble(made_of, later.show, ThreadLanes)
        try:
            self.follower = Follower(cast("LogLink", hub), self.kiosk.journal, LogCopy(state / FILE), clock.now)
            self.kiosk.closing.append(self.follower.close)
            self.kiosk.rounds.add(self.follower.round())
            self.screen = Window(socket or state / SOCKET, self.kiosk.engine.post, uuid7)
            later.connect(self.screen)
            self.control = Control(state, {"submit": self._submit, "health": self._health})
        except BaseException:
            self.kiosk.close()
            raise
        self.kiosk.closing += [cast("Late", hub).close, *([centre.link.close] if centre else [])]
        self._submission = (
            Submission(self.kiosk.journal, centre.sealer, clock, uuid7, lambda: self.kiosk.rounds.kick("outbox"))
            if centre
            else None
        )
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Run the engine in a thread of its own."""
        self._thread = threading.Thread(target=self.kiosk.engine.run, name="engine", daemon=True)
        self._thread.start()

    def serve(self) -> None:
        """Run the engine in this thread until it is told to stop."""
        self.kiosk.engine.run()

    def stop(self) -> None:
        """Close everything; what is durable is on disk already."""
        self.kiosk.engine.stop()
        if self._thread is not None:
            self._thread.join(5)
        self.control.close()
        self.screen.close()
        self.kiosk.close()

    def _health(self, _asked: dict[str, object]) -> dict[str, object]:
        parts = self.kiosk.engine.state.parts
        known = {"printer": parts.printer, "scanner": parts.scanner, "card": parts.card, "camera": parts.camera}
        lacking = {"printer"} if self.kiosk.printer is None else set()
        lacking |= {"scanner"} if self.kiosk.scanner is None else set()
        lacking |= {"card"} if self.kiosk.reader is None else set()
        return {name: word(health) for name, health in known.items() if health is not None and name not in lacking}

    def _submit(self, asked: dict[str, object]) -> dict[str, object]:
        if self._submission is None:
            raise Refusal("this kiosk is not enrolled, so nothing can be sealed; enrol it with `kiosk enrol`")
        name = self._submission.save(asked.get("request"))
        return {**self._submission.follow(name, FOLLOW_S).as_json()}


def _hub(settings: Settings, token: str, clock: Clock, epoch: Callable[[], int]) -> BranchLink:
    from kiosk.link.branch import HubLink

    return HubLink(settings.hub.url, token, settings.hub.budget_s, clock.now, epoch=epoch)


def _centre(state: Path, clock: Clock) -> Centre | None:
    """The way to the centre, if this kiosk is enrolled; a damaged identity is the doctor's to tell, tickets go on."""
    if not (state / IDENTITY).is_file():
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
    parser.add_argument("--socket", type=Path, metavar="PATH", help="the screen's socket (else STATE/screen.sock)")


def run(args: argparse.Namespace) -> int:
    """Serve until a signal ends it."""
    from kiosk.ops.log import set_up

    settings = load(args.config)
    set_up(settings.kiosk.log_level)
    clock = open_clock(args.test_clock, os.environ)
    core = Core(settings, places.open_state(args.state), clock, args.socket)

    def end(_number: int, _frame: FrameType | None) -> None:
        core.kiosk.engine.stop()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    _log.info("core is up")
    try:
        core.serve()
    finally:
        core.stop()
    return 0
