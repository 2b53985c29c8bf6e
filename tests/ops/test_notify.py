"""What systemd hears: a real socket stands in for its own, real processes speak to it."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from kiosk.config import load
from kiosk.engine.clock import SystemClock
from kiosk.ops.notify import BEAT_S, Notifier, notifier
from kiosk.ops.pulse import Pulse
from kiosk.wiring.core import Core

PATIENCE_S = 60.0
QUIET_S = 3 * BEAT_S


class Manager:
    """The receiving end of $NOTIFY_SOCKET."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._line.bind("\0" + address[1:] if address.startswith("@") else address)

    def hears(self, word: str, timeout_s: float = PATIENCE_S) -> bool:
        """Whether a word comes; what comes before it is passed over."""
        end = time.monotonic() + timeout_s
        while (left := end - time.monotonic()) > 0:
            self._line.settimeout(left)
            try:
                if word in self._line.recv(4096).decode().splitlines():
                    return True
            except TimeoutError:
                return False
        return False

    def forget(self) -> None:
        """Throw away what came so far."""
        self._line.setblocking(False)
        try:
            while self._line.recv(4096):
                pass
        except BlockingIOError:
            pass

    def close(self) -> None:
        self._line.close()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    with closing(Manager(str(tmp_path / "notify"))) as opened:
        yield opened


@pytest.fixture
def command(manager: Manager, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts a command of ours under the manager."""
    running: list[subprocess.Popen[bytes]] = []
    settings = tmp_path / "kiosk.toml"
    settings.write_text('[hub]\nurl = "http://127.0.0.1:9"\n', "utf-8")

    def start(*words: str) -> subprocess.Popen[bytes]:
        line = [sys.executable, "-m", "kiosk", *words, "--state", str(tmp_path / "state"), "--config", str(settings)]
        quiet = {"SDL_VIDEODRIVER": "offscreen", "LP_NUM_THREADS": "0", "NOTIFY_SOCKET": manager.address}
        running.append(subprocess.Popen(line, env=os.environ | quiet, stdout=subprocess.DEVNULL))
        return running[-1]

    yield start
    for process in running:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()


@pytest.mark.parametrize("abstract", [False, True])
def test_words_go_to_either_kind_of_address(tmp_path: Path, abstract: bool) -> None:
    address = f"@kiosk-{uuid4().hex}" if abstract else str(tmp_path / "notify")
    with closing(Manager(address)) as listening:
        said = notifier({"NOTIFY_SOCKET": address})
        said.status("two\nlines")
        assert listening.hears("STATUS=two lines")
        said.stopping()
        assert listening.hears("STOPPING=1")


def test_where_nobody_listens_nothing_happens(tmp_path: Path) -> None:
    notifier({}).alive()
    Notifier(str(tmp_path / "gone")).alive()
    assert not notifier({}).watched


def test_the_first_sign_of_life_says_ready_and_later_ones_are_spaced(manager: Manager) -> None:
    now = [0.0]
    said = Notifier(manager.address, lambda: now[0])
    said.alive()
    assert manager.hears("READY=1")
    now[0] = BEAT_S / 2
    said.alive()
    said.status("after")
    assert not _between(manager, "WATCHDOG=1", "STATUS=after")
    now[0] = BEAT_S
    said.alive()
    said.status("later")
    assert _between(manager, "WATCHDOG=1", "STATUS=later")


def test_a_manager_that_does_not_read_holds_nobody_up(manager: Manager) -> None:
    said = Notifier(manager.address)
    for _ in range(5000):
        said.status("x" * 100)


def test_an_engine_that_hangs_gives_no_sign_of_life_and_one_that_comes_to_does(
    manager: Manager, tmp_path: Path
) -> None:
    settings = replace(load(None), hub=replace(load(None).hub, url="http://127.0.0.1:9"))
    core = Core(settings, tmp_path, SystemClock(), alive=Notifier(manager.address).alive)
    core.start()
    let_go, held = threading.Event(), threading.Event()

    def hang() -> None:
        held.set()
        let_go.wait()

    try:
        assert manager.hears("READY=1")
        assert manager.hears("WATCHDOG=1")
        core.kiosk.rounds.beats.append(hang)
        assert held.wait(PATIENCE_S)
        manager.forget()
        assert not manager.hears("WATCHDOG=1", QUIET_S)
        let_go.set()
        assert manager.hears("WATCHDOG=1")
    finally:
        let_go.set()
        core.stop()


def test_core_tells_when_it_serves_and_when_it_leaves(
    manager: Manager, command: Callable[..., subprocess.Popen[bytes]]
) -> None:
    core = command("core")
    assert manager.hears("READY=1")
    assert manager.hears("WATCHDOG=1")
    core.send_signal(signal.SIGTERM)
    assert manager.hears("STOPPING=1")
    assert core.wait(PATIENCE_S) == 0


def test_the_screen_is_ready_at_its_first_frame_and_lives_by_its_loop(
    manager: Manager, command: Callable[..., subprocess.Popen[bytes]]
) -> None:
    screen = command("screen", "--zoom", "0.3")
    assert manager.hears("READY=1")
    assert manager.hears("WATCHDOG=1")
    screen.send_signal(signal.SIGSTOP)
    manager.forget()
    assert not manager.hears("WATCHDOG=1", QUIET_S)


def test_the_hub_lives_by_its_own_answers(manager: Manager, command: Callable[..., subprocess.Popen[bytes]]) -> None:
    hub = command("branch", "--listen", "127.0.0.1:0")
    assert manager.hears("READY=1")
    assert manager.hears("WATCHDOG=1")
    hub.send_signal(signal.SIGTERM)
    assert manager.hears("STOPPING=1")


def test_a_server_that_takes_calls_and_never_answers_is_not_alive() -> None:
    beaten = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        pulse = Pulse(f"http://127.0.0.1:{deaf.getsockname()[1]}/healthz", beaten.set, 0.1)
        pulse.start()
        caller, _ = deaf.accept()
        assert not beaten.is_set()
        caller.close()
        caller, _ = deaf.accept()
        assert not beaten.is_set()
        caller.recv(4096)
        caller.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        caller.close()
        assert beaten.wait(PATIENCE_S)
        pulse.stop()


def _between(manager: Manager, word: str, last: str) -> bool:
    """Whether a word comes before the last one does; both were sent already."""
    heard: list[str] = []
    while last not in heard:
        heard += manager._line.recv(4096).decode().splitlines()
    return word in heard
