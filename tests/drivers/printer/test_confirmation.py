"""The ladder: process id, barrier with clean sensors, timed status, unknown - as far as this printer really answers."""

import re
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from drivers.printer import errand, talk
from drivers.printer.printer import EscposPrinter
from drivers.sim.printer import SimPrinter
from kiosk.domain.health import Offline, Ready, Unknown
from kiosk.domain.printing import NotPrinted, Printed, PrintUnknown
from tests.drivers.printer.world import VOID, Connect, Start, Ticket, changed_roll, whole

Reply = Callable[[bytes], bytes | None]
"""What a printer answers to a piece of the stream; None hangs up."""
FINE = {1: b"\x16", 2: b"\x12", 3: b"\x12", 4: b"\x12"}


class Odd:
    """A printer that prints nothing and answers as it likes; one connection after the other."""

    def __init__(self, reply: Reply, reads: bool = True) -> None:
        self.reply = reply
        self.reads = reads
        self.heard = bytearray()
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._server.settimeout(0.05)
        self._stop = threading.Event()
        self.url = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self._server.close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                peer, _ = self._server.accept()
            except TimeoutError:
                continue
            peer.settimeout(0.05)
            with peer:
                self._talk(peer)

    def _talk(self, peer: socket.socket) -> None:
        while not self._stop.is_set():
            if not self.reads and len(self.heard) > 200:
                self._stop.wait(0.05)
                continue
            try:
                data = peer.recv(64)
                self.heard += data
                answer = self.reply(data) if data else None
                if answer is None:
                    return
                peer.sendall(answer)
            except TimeoutError:
                continue
            except OSError:
                return


@pytest.fixture
def odd(hopeless: None) -> Iterator[Callable[..., Odd]]:
    running: list[Odd] = []

    def started(reply: Reply, reads: bool = True) -> Odd:
        running.append(Odd(reply, reads))
        return running[-1]

    yield started
    for one in running:
        one.close()


def fine(data: bytes) -> bytes:
    """Answer DLE EOT 1 to 4 as a ready printer does, and nothing else."""
    return b"".join(FINE[found[2]] for found in re.findall(rb"\x10\x04[\x01-\x04]", data))


def patient(printer: EscposPrinter, ticket: Ticket) -> object:
    return printer.print_paper("job", ticket("B012"))


@pytest.mark.parametrize(
    ("answers", "by"),
    [
        ({"status", "barrier", "process-id", "auto", "clear"}, "process-id"),
        ({"status", "barrier", "process-id"}, "process-id"),
        ({"status", "process-id"}, "process-id"),
        ({"status", "barrier", "auto"}, "barrier"),
        ({"status", "barrier"}, "barrier"),
        ({"status"}, "status"),
        ({"status", "auto"}, "status"),
    ],
)
def test_the_best_that_the_printer_answers_is_taken(
    start: Start, connect: Connect, ticket: Ticket, request: pytest.FixtureRequest, answers: set[str], by: str
) -> None:
    if by == "status":
        request.getfixturevalue("hopeless")
    sim = start(answers=frozenset(answers))
    printer = connect(sim.url)
    assert patient(printer, ticket) == Printed(by)  # type: ignore[arg-type]
    sim.wait_for_paper(1)
    assert whole(sim, "B012") == 1


def test_falling_silent_before_the_cut_was_sent_hands_nothing_over(
    start: Start, connect: Connect, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have printed every line. But nobody told it to cut, and before the next paper these lines are void."""
    sim = start(answers=frozenset({"status", "barrier", "auto"}))
    printer = connect(sim.url)
    printer.print_paper("warm", ticket("B001"))
    sim.condition("silent", after=100)
    monkeypatch.setattr(errand, "GRACE_S", 0.3)
    assert patient(printer, ticket) == NotPrinted(Unknown())
    assert [whole(sim, "B001"), whole(sim, "B012")] == [1, 0]
    sim.clear()
    monkeypatch.setattr(errand, "GRACE_S", 30.0)
    assert printer.print_paper("next", ticket("B013")) == Printed("barrier")
    assert ["B012" in paper.text and VOID in paper.text for paper in sim.papers] == [False, True, False]


@pytest.mark.parametrize("answers", [{"status", "barrier", "process-id", "auto", "clear"}, {"status", "barrier"}])
def test_falling_silent_at_the_cut_is_unknown(
    start: Start, connect: Connect, ticket: Ticket, monkeypatch: pytest.MonkeyPatch, answers: set[str]
) -> None:
    """Every line was printed and the cut has gone out: nobody says whether it was carried out."""
    sim = start(answers=frozenset(answers))
    printer = connect(sim.url)
    printer.print_paper("warm", ticket("B001"))
    sim.condition("silent", after=before_the_cut(sim))
    monkeypatch.setattr(errand, "GRACE_S", 1.0)
    assert patient(printer, ticket) == PrintUnknown(Unknown())
    assert whole(sim, "B012") == 1


def test_a_short_silence_before_the_cut_is_asked_about_again(
    start: Start, connect: Connect, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer was lost. Heard again before anybody could have changed the roll, it is asked once more."""
    monkeypatch.setattr(errand, "GRACE_S", 30.0)
    sim = start(answers=frozenset({"status", "process-id"}))
    printer = connect(sim.url)
    printer.print_paper("warm", ticket("B001"))
    sim.condition("silent", after=100)
    voice = threading.Timer(0.7, sim.clear)
    voice.start()
    assert patient(printer, ticket) == Printed("process-id")
    voice.join()
    assert whole(sim, "B012") == 1


def before_the_cut(sim: SimPrinter) -> int:
    """Bytes of the same job, the questions in its stream included, up to the first byte of the cut."""
    job = re.sub(rb"\x10\x04.", b"", sim.papers[0].data.rpartition(b"\x1b@")[2], flags=re.DOTALL)
    return len(b"\x1b@") + job.index(b"\x1dV") + 1


@pytest.mark.parametrize("condition", ["overheated", "offline"])
def test_a_hot_head_is_waited_out(
    start: Start, connect: Connect, ticket: Ticket, monkeypatch: pytest.MonkeyPatch, condition: str
) -> None:
    """It goes on where it stopped, and so does a printer whose button was touched: the paper is whole."""
    monkeypatch.setattr(errand, "PASSING_S", 60.0)
    monkeypatch.setattr(talk, "PASSING_S", 60.0)
    sim = start()
    printer = connect(sim.url)
    printer.print_paper("warm", ticket("B001"))
    sim.condition(condition, after=300)
    cooled = threading.Thread(target=changed_roll, args=(sim, 0.5, condition))
    cooled.start()
    assert patient(printer, ticket) == Printed("process-id")
    cooled.join()
    assert whole(sim, "B012") == 1


def test_always_fine_without_any_paper_is_never_a_process_id(
    odd: Callable[..., Odd], connect: Connect, ticket: Ticket
) -> None:
    """It can be believed no further than its sensors: timed status, the lowest rung."""
    assert patient(connect(odd(fine).url), ticket) == Printed("status")


def test_a_wrong_process_id_confirms_nothing(odd: Callable[..., Odd], connect: Connect, ticket: Ticket) -> None:
    """Some emulators answer every question with the same id."""

    def reply(data: bytes) -> bytes:
        return fine(data) + (b"\x37\x221234\x00" if b"\x1d(H" in data else b"")

    outcome = patient(connect(odd(reply).url), ticket)
    assert outcome in (Printed("status"), PrintUnknown(Ready()))
    assert outcome != Printed("process-id")


def test_answers_that_come_twice_do_no_harm(odd: Callable[..., Odd], connect: Connect, ticket: Ticket) -> None:
    assert patient(connect(odd(lambda data: fine(data) * 2).url), ticket) == Printed("status")


def test_answers_that_come_twice_hide_no_fault(odd: Callable[..., Odd], connect: Connect, ticket: Ticket) -> None:
    """Out of paper, each byte doubled: the last answer would be missed by one who counts."""
    bytes_of = {**FINE, 4: b"\x7e"}

    def reply(data: bytes) -> bytes:
        return b"".join(bytes_of[found[2]] * 2 for found in re.findall(rb"\x10\x04[\x01-\x04]", data))

    outcome = patient(connect(odd(reply).url), ticket)
    assert isinstance(outcome, NotPrinted)
    assert type(outcome.health).__name__ == "PaperOut"


def test_an_echo_is_no_printer(odd: Callable[..., Odd], connect: Connect, ticket: Ticket) -> None:
    assert patient(connect(odd(lambda data: data).url), ticket) == NotPrinted(Unknown())


def test_one_that_never_stops_talking_is_not_believed(
    odd: Callable[..., Odd], connect: Connect, ticket: Ticket
) -> None:
    outcome = patient(connect(odd(lambda _data: b"\x41\xff\x80" * 2000).url), ticket)
    assert isinstance(outcome, NotPrinted | PrintUnknown)


def test_one_that_hangs_up_at_once_is_offline(odd: Callable[..., Odd], connect: Connect, ticket: Ticket) -> None:
    outcome = patient(connect(odd(lambda _data: None).url), ticket)
    assert isinstance(outcome, NotPrinted)
    assert isinstance(outcome.health, Offline)


def test_one_that_stops_reading_gets_no_cut(odd: Callable[..., Odd], connect: Connect, ticket: Ticket) -> None:
    """The line takes some kilobytes of the picture and no more; the job ends at its deadline."""
    printer = connect(odd(fine, reads=False).url, mode="raster")
    assert isinstance(patient(printer, ticket), NotPrinted)


def test_health_changes_are_told_once_each(start: Start, connect: Connect) -> None:
    sim = start()
    printer = connect(sim.url)
    seen: list[str] = []
    told = threading.Event()

    def watcher(health: object) -> None:
        seen.append(type(health).__name__)
        told.set()

    printer.health()
    printer.watch(watcher)
    for condition in ("paper-out", "ready", "cover-open"):
        told.clear()
        sim.condition(condition)
        assert told.wait(10)
    assert seen == ["PaperOut", "Ready", "CoverOpen"]
