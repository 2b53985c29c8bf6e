"""Ten thousand damaged answers: no crash, no hang, nothing kept for ever, and nobody is ready by silence."""

import random
import socket
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.printer import talk
from drivers.printer.answers import BLOCK_LIMIT, Auto, Printed, Sorter, Status
from drivers.printer.opening import load_profile
from drivers.printer.sensors import Sensors
from drivers.printer.talk import Talk
from drivers.transport.line import FdLine
from kiosk.domain.health import PaperLow, Ready
from tests.drivers.printer.test_confirmation import Odd
from tests.drivers.printer.world import Connect, Ticket

SEED, ANSWERS, CONVERSATIONS, JOBS = 20261122, 10_000, 400, 5
CORPUS = Path(__file__).parent / "corpus" / "answers.txt"


@pytest.fixture(scope="module")
def corpus() -> list[bytes]:
    return [bytes.fromhex(line.partition(" ")[2]) for line in CORPUS.read_text("utf-8").splitlines()]


def damaged(dice: random.Random, corpus: list[bytes]) -> bytes:
    """One to four answers, with bytes flipped, lost, doubled, put in, cut off or moved."""
    data = bytearray(b"".join(dice.choices(corpus, k=dice.randint(1, 4))))
    for _ in range(dice.randint(0, 6)):
        if not data:
            break
        at = dice.randrange(len(data))
        match dice.randrange(6):
            case 0:
                data[at] ^= 1 << dice.randrange(8)
            case 1:
                del data[at]
            case 2:
                data[at:at] = data[at : at + dice.randint(1, 8)]
            case 3:
                data[at:at] = dice.randbytes(dice.randint(1, 8))
            case 4:
                del data[at:]
            case _:
                data[:] = data[at:] + data[:at]
    return bytes(data)


def pieces(dice: random.Random, data: bytes) -> Iterator[bytes]:
    while data:
        count = dice.randint(1, 7)
        yield data[:count]
        data = data[count:]


def test_the_sorter_takes_ten_thousand_damaged_answers(corpus: list[bytes]) -> None:
    dice, sorter, sensors = random.Random(SEED), Sorter(), Sensors()
    before = 0
    for number in range(ANSWERS):
        data = damaged(dice, corpus)
        whole = Sorter().feed(data)
        torn = Sorter()
        assert [answer for piece in pieces(dice, data) for answer in torn.feed(piece)] == whole, "pieces matter not"
        for answer in sorter.feed(data):
            match answer:
                case Status(bits=bits):
                    assert bits & 0x93 == 0x12
                    sensors.status(dice.randint(1, 4), bits)
                case Auto(bits=four):
                    assert len(four) == 4
                    assert four[0] & 0x93 == 0x10
                    sensors.auto(answer)
                case Printed(mark=mark):
                    assert len(mark) == 4
            sensors.health()
        if number % 3 == 0:
            sorter.silence()
        if number == ANSWERS // 2:
            tracemalloc.start()
        elif number == ANSWERS * 3 // 5:
            before = tracemalloc.get_traced_memory()[0]
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 20_000, f"{grown} bytes are kept"
    assert len(sorter._block) <= BLOCK_LIMIT + 1
    assert len(sorter._auto) < 4


def test_right_answers_are_found_between_junk() -> None:
    dice = random.Random(SEED)
    junk = bytes(byte for byte in range(256) if byte & 0x90 and byte & 0x93 not in (0x10, 0x12) and byte not in b"_7")
    for _ in range(1000):
        mark = bytes(dice.choices(range(0x40, 0x5F), k=4))
        answers = [b"\x12", b"\x37\x22" + mark + b"\x00", b"\x18\x00\x0f\x00"]
        dice.shuffle(answers)
        noise = [bytes(dice.choices(junk, k=dice.randint(0, 5))) for _ in range(4)]
        heard = Sorter().feed(noise[0] + b"".join(a + n for a, n in zip(answers, noise[1:], strict=True)))
        assert Printed(mark) in heard
        assert Auto(b"\x18\x00\x0f\x00") in heard
        assert Status(0x12) in heard


def test_never_ready_without_four_clean_answers(
    corpus: list[bytes], assets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through a real socket: the state follows only from what was said in answer to the four questions."""
    monkeypatch.setattr(talk, "ANSWER_S", 0.003)
    monkeypatch.setattr(talk, "SETTLE_S", 0.001)
    dice, profile = random.Random(SEED), load_profile(assets, "generic-80")
    said = 0
    for _ in range(CONVERSATIONS):
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        replies = [damaged(dice, corpus) if dice.random() < 0.5 else b"\x12" for _ in range(4)]
        heard: list[bytes] = []
        conversation = Talk(Answering(ours, theirs, replies, heard), profile)
        health = conversation.check()
        answered = b"".join(heard)
        if isinstance(health, Ready | PaperLow):
            said += 1
            statuses = [answer for answer in Sorter().feed(answered) if isinstance(answer, Status)]
            reports = [answer for answer in Sorter().feed(answered) if isinstance(answer, Auto)]
            assert len(statuses) >= 4 or reports, "nobody is ready by silence"
        theirs.close()
        conversation.line.close()
    assert 0 < said < CONVERSATIONS


class Answering(FdLine):
    """A line whose other end gives its next reply to each question."""

    def __init__(self, ours: socket.socket, theirs: socket.socket, replies: list[bytes], heard: list[bytes]) -> None:
        super().__init__(ours.fileno(), lambda _discard: ours.close(), "")
        self.theirs, self.replies, self.heard = theirs, replies, heard

    def send(self, data: bytes) -> int:
        if data.startswith(b"\x10\x04") and self.replies:
            self.heard.append(self.replies.pop(0))
            self.theirs.sendall(self.heard[-1])
        return len(data)


def test_a_printer_that_answers_jobs_with_noise_never_prints(
    corpus: list[bytes], connect: Connect, ticket: Ticket
) -> None:
    dice = random.Random(SEED)
    for _ in range(JOBS):
        odd = Odd(lambda _data: damaged(dice, corpus))
        try:
            outcome = connect(odd.url).print_paper("job", ticket("B012"))
            assert getattr(outcome, "confirmed", "") != "process-id"
        finally:
            odd.close()
