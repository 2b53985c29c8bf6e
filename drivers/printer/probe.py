"""Asks an open, idle printer everything that could be of use, once, at install: the answers become its profile."""

from collections.abc import Callable
from dataclasses import replace

from drivers.printer import commands
from drivers.printer.measured import QUESTIONS, Measured
from drivers.printer.profile import CONFIRMATIONS, Profile
from drivers.printer.sensors import ASKED
from drivers.printer.talk import Talk
from drivers.transport.line import Line

INFO_S = 0.6
"""A text comes as fast as a status; 9600 baud and a slow processor included."""


def probe(line: Line, profile: Profile, url: str, at: str) -> Measured:
    """Ask it all; raises LineLost when the line breaks. Nothing is printed; what it does not know is cleared."""
    talk = Talk(line, replace(profile, confirm=CONFIRMATIONS, auto_status=True))
    talk.check()
    heard = talk.sensors.heard
    able = talk.probe()
    talk.say(commands.AUTO_STATUS_OFF)
    texts = []
    for n, name in QUESTIONS.items():
        text = talk.ask_info(n, INFO_S)
        if text:
            texts.append((name, text))
    talk.say(commands.INITIALISE)
    port: Callable[[], int | None] = getattr(line, "port_status", lambda: None)
    return Measured(
        url,
        profile.name,
        at,
        tuple(n for n in ASKED if n in heard),
        able.barrier or None,
        able.process_id or None,
        able.auto_status or None,
        port(),
        tuple(texts),
    )
