"""Asks a card reader once, at install, who it is, how fast it answers, and at which speed of the line."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from drivers.device import LineLost
from drivers.probed import Fact, Probed
from drivers.reader.address import parse
from drivers.reader.answers import outcome
from drivers.reader.delays import Delays
from drivers.reader.talk import FIND, SAM_ID, STATUS, Talk
from drivers.transport.opening import open_line
from drivers.transport.urls import Address

SPEEDS = (115200, 57600, 38400, 19200, 9600)
"""The five that the command for another speed of the line knows."""
PATIENCE = Delays(short_s=0.8)
"""The field's answers take 0.1 to 0.3 s; a line at the wrong speed is silent, and there are five of them."""
TIMES = 5


def probe(url: str, at: str) -> Probed:
    """Ask it; LineLost when no speed gives an answer. No card is read. `at`: the time as text."""
    address = parse(url)
    lost: LineLost | None = None
    for each in _speeds(address):
        try:
            with closing(open_line(each)) as line:
                return _asked(Talk(line, PATIENCE, _Still()), each, address, url, at)
        except LineLost as error:
            lost = lost or error
    assert lost is not None  # noqa: S101 - there is one speed at least
    raise lost


def _asked(talk: Talk, found: Address, wanted: Address, url: str, at: str) -> Probed:
    reply = talk.ask(STATUS)
    if reply is None:
        raise LineLost("its answers are damaged", "check the cable and its shield, and baud in reader.url")
    facts: dict[str, Fact] = {"well": outcome(reply.sw3) == "ok", "baud": found.baud or None}
    facts["answer_ms"] = round(1000 * sorted(_timed(talk, STATUS) for _ in range(TIMES))[TIMES // 2], 1)
    facts["find_ms"] = round(1000 * _timed(talk, FIND), 1)
    who = talk.ask(SAM_ID)
    facts["sam"] = sam_id(bytes(who.data)) if who is not None and outcome(who.sw3) == "ok" else None
    speed = f" at {found.baud} baud" if found.scheme == "serial" else ""
    said = f"SAM {facts['sam']}" if facts["sam"] else "it does not tell its SAM's number"
    said += f", answers in {facts['answer_ms']} ms{speed}"
    said += "" if facts["well"] else ", its security module refuses"
    if found.baud != wanted.baud:
        said += f"; reader.url says {wanted.baud}: set baud={found.baud} there"
    return Probed(url, at, said, facts)


def sam_id(data: bytes) -> str:
    """The number of a security module as it is printed on its papers: 05.01-YYYYMMDD-nnnnnnnnnn-nnnnnnnnnn."""
    first, second = (int.from_bytes(data[at : at + 2], "little") for at in (0, 2))
    day, number, check = (int.from_bytes(data[at : at + 4], "little") for at in (4, 8, 12))
    return f"{first:02}.{second:02}-{day:08}-{number:010}-{check:010}"


def _speeds(address: Address) -> Iterator[Address]:
    yield address
    if address.scheme == "serial":
        yield from (replace(address, baud=speed) for speed in SPEEDS if speed != address.baud)


def _timed(talk: Talk, command: bytes) -> float:
    began = time.monotonic()
    talk.ask(command)
    return time.monotonic() - began


class _Still:
    """Nobody's sign of life."""

    def beat(self) -> None: ...
