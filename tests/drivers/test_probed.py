"""What a device answered at install is kept whole, for its own place; `kiosk doctor` probes, keeps and shows it."""

import json
from dataclasses import replace
from pathlib import Path

import cv2
import pytest

from drivers.probed import Probed, store, stored
from drivers.sim.reader import SimReader
from drivers.sim.scanner import SimScanner
from kiosk.config import Scanner, load
from kiosk.core.flows.wizard import STEPS
from kiosk.domain.errors import Refusal
from kiosk.ops import progress
from kiosk.wiring.probing import probe, probe_at_start
from tests.drivers.camera.trays import seen
from tests.drivers.printer.test_command import kiosk

KEPT = Probed("serial:///dev/x", "2026-11-22T10:00:00+08:00", "answers in 4 ms", {"baud": 9600, "sam": None})


def test_it_is_kept_for_its_own_place(tmp_path: Path) -> None:
    store(tmp_path, "reader", KEPT)
    assert stored(tmp_path, "reader", KEPT.place) == KEPT
    assert stored(tmp_path, "reader", "serial:///dev/y") is None
    assert stored(tmp_path, "scanner", KEPT.place) is None


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", "7", '{"place": 1}', '{"place": "p", "at": "a", "words": "w"}', "\0"]
)
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, damage: str) -> None:
    (tmp_path / "camera.json").write_text(damage)
    assert stored(tmp_path, "camera", "p") is None


def test_doctor_probes_them_all_and_names_those_that_gave_no_answer(tmp_path: Path) -> None:
    scanner, reader, picture = SimScanner(), SimReader(), tmp_path / "tray.png"
    cv2.imwrite(str(picture), seen(2))
    config = tmp_path / "kiosk.toml"
    config.write_text(
        f'[scanner]\nurl = "{scanner.url}"\n[reader]\nurl = "{reader.url}"\n[camera]\nsource = "{picture}"\n'
        f'tray = "{tmp_path / "none.avi"}"\n'
    )
    where = ("--state", str(tmp_path / "state"), "--config", str(config))
    try:
        after = kiosk(*where, "doctor", "--probe", "--json")
        told = {found["name"]: found["what"] for found in json.loads(after.stdout)}
        assert "no code was held to it" in told["scanner"]
        assert "SAM 05.01-20200101" in told["card"]
        assert "gives 640x480" in told["camera"]
        assert "none.avi: it does not exist" in told["camera"]
        reader.condition("offline")
        with pytest.raises(Refusal, match=r"^reader: .*no such file"):
            probe(replace(load(config), scanner=Scanner()), tmp_path / "state", "later", held=False)
        with pytest.raises(Refusal, match="holds the scanner and the reader and the camera"):
            probe(load(config), tmp_path / "state", "later", held=True)
    finally:
        scanner.close()
        reader.close()
    shown = kiosk(*where, "doctor", "--json")
    told = {found["name"]: found["what"] for found in json.loads(shown.stdout)}
    assert "probed 2" in told["card"], "what it said at install is shown when it is away, too"
    assert "not configured" in told["printer"]


def test_a_card_asks_what_has_not_told_yet_and_a_set_up_that_begins_anew_asks_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = SimReader()
    config = tmp_path / "kiosk.toml"
    config.write_text(f'[printer]\nurl = "tcp://127.0.0.1:9"\n[reader]\nurl = "{reader.url}"\n')
    settings, state = load(config), tmp_path / "state"

    def at(moment: str) -> str | None:
        probe_at_start(settings, state, moment)
        found = stored(state, "reader", reader.url)
        return found.at if found else None

    try:
        assert at("on a desk") is None, "only a card has no shell to ask from"
        progress.keep(state, step=STEPS[0])
        assert at("first") == "first", "though the printer does not answer"
        progress.keep(state, step=STEPS[1])
        (state / "reader.json").unlink()
        assert at("core fell") is None, "once a start of the machine"
        monkeypatch.setenv("KIOSK_BOOT", "another")
        assert at("next day") == "next day"
        assert at("core fell") == "next day"
        progress.keep(state, step=STEPS[0])
        assert at("anew") == "anew"
        (state / "asked-at").unlink()
        (state / "asked-at").mkdir()
        assert at("a card that cannot be written") == "anew", "core starts all the same"
    finally:
        reader.close()
