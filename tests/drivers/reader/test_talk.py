"""One conversation with a reader that is quicker than we are: its answer is there before the command has gone out."""

import os
import socket
from collections.abc import Iterator

import pytest

from drivers.device import LineLost
from drivers.reader.delays import Delays
from drivers.reader.talk import STATUS, Talk
from drivers.transport.line import FdLine
from tests.drivers.reader.test_frames import answer


class Quick(FdLine):
    """A line whose other side answers each command while it is still being handed over, a few bytes at a time."""

    def __init__(self, ours: socket.socket, theirs: socket.socket, most: int) -> None:
        super().__init__(ours.fileno(), lambda _discard: None, "none")
        self._theirs = theirs
        self._most = most
        self.answers = 0

    def send(self, data: bytes) -> int:
        taken = os.write(self.fileno(), data[: self._most])
        if taken == len(data) and self.answers == 0:
            self.answers += 1
            self._theirs.sendall(answer(0x90))
        return taken


class Nobody:
    def beat(self) -> None: ...


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    yield ours, theirs
    ours.close()
    theirs.close()


@pytest.mark.parametrize("most", [64, 3, 1])
def test_an_answer_that_is_there_at_once_is_heard(pair: tuple[socket.socket, socket.socket], most: int) -> None:
    line = Quick(*pair, most)
    reply = Talk(line, Delays(short_s=0.2, gap_s=0.1), Nobody()).ask(STATUS)
    assert reply is not None
    assert reply.sw3 == 0x90
    assert line.answers == 1


def test_a_reader_that_takes_nothing_is_lost(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    while True:
        try:
            ours.send(bytes(65536))
        except BlockingIOError:
            break
    line = FdLine(ours.fileno(), lambda _discard: None, "none")
    with pytest.raises(LineLost, match="takes no commands"):
        Talk(line, Delays(write_s=0.05), Nobody()).ask(STATUS)
    theirs.recv(1)
