"""`kiosk update` on a file that stands for the card's first partition: RAUC's questions, and what a start mends."""

import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.domain.errors import Refusal
from kiosk.ops.update import autoboot
from kiosk.ops.update.autoboot import Device
from kiosk.wiring.update import running


@pytest.fixture
def card(tmp_path: Path) -> Path:
    file = tmp_path / "p1"
    with file.open("wb") as out:
        out.truncate(64 << 20)
    device = Device(file)
    autoboot.write(device, "A")
    device.close()
    return tmp_path


@dataclass(frozen=True)
class Said:
    """How a command ended, in this process: a process of its own for each would be dear."""

    returncode: int
    stdout: str
    stderr: str


def kiosk(card: Path, current: str, *words: str) -> Said:
    line = ["update", *words, "--volume", str(card / "p1"), "--boot", str(card / "boot"), "--current", current]
    line += ["--state", str(card / "state")]
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(line)
    return Said(code, out.getvalue(), err.getvalue())


def test_rauc_asks_and_is_answered(card: Path) -> None:
    assert "slot A runs, slot A starts next" in kiosk(card, "A", "start").stdout
    assert kiosk(card, "A", "backend", "get-primary").stdout == "A\n"
    assert kiosk(card, "A", "backend", "set-state", "B", "bad").returncode == 0
    assert kiosk(card, "A", "backend", "get-state", "B").stdout == "bad\n"
    assert kiosk(card, "A", "backend", "set-primary", "B").returncode == 0
    assert kiosk(card, "A", "backend", "get-primary").stdout == "B\n"
    refused = kiosk(card, "B", "backend", "set-state", "A", "bad")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert kiosk(card, "B", "backend", "set-state", "B", "good").returncode == 0
    told = json.loads(kiosk(card, "B", "status", "--json").stdout)
    assert told == {
        "running": "B", "next": "B", "trial": False, "armed": None, "slots": {"A": "good", "B": "good"},
    }  # fmt: skip


def test_wrong_words_are_refused_in_one_line(card: Path) -> None:
    for words in (["set-state", "B"], ["set-state", "B", "fine"], ["get-state", "C"], ["get-primary", "A"]):
        refused = kiosk(card, "A", "backend", *words)
        assert (refused.returncode, refused.stderr.count("\n"), refused.stdout) == (2, 1, ""), refused.stderr


def test_the_running_slot_is_the_kernels_word() -> None:
    assert running("quiet root=PARTUUID=4b494f53-05 ro") == "A"
    assert running("root=PARTUUID=4b494f53-06 rootfstype=squashfs ro") == "B"
    with pytest.raises(Refusal, match="not started from a slot"):
        running("root=/dev/sda1 ro")
