"""At install the printer is asked what it can tell; its answers, and not its model's claims, decide the ladder."""

import json
import logging
from pathlib import Path

import pytest

from drivers.printer.measured import Measured, fitted, store, stored
from drivers.printer.opening import load_profile, open_printer, probe_printer
from kiosk.domain.printing import Printed
from tests.drivers.printer.test_command import kiosk
from tests.drivers.printer.world import Start, Ticket

AT = "2026-11-22T10:00:00+08:00"


@pytest.mark.parametrize(
    ("answers", "confirm", "words"),
    [
        ({"status", "barrier", "process-id", "auto", "clear"}, ("process-id", "barrier", "status"), "by process-id"),
        ({"status", "barrier", "auto"}, ("barrier", "status"), "silent on GS ( H; confirms by barrier"),
        ({"status", "barrier"}, ("barrier", "status"), "silent on ASB, GS ( H"),
        ({"status"}, ("status",), "silent on ASB, GS r, GS ( H; confirms by status"),
        (set(), (), "silent on ASB, GS r, GS ( H; confirms by nothing"),
    ],
)
def test_what_it_answers_is_what_is_kept(
    start: Start, assets: Path, tmp_path: Path, answers: set[str], confirm: tuple[str, ...], words: str
) -> None:
    sim = start(answers=frozenset(answers))
    found = probe_printer(sim.url, "generic-80", assets, AT)
    assert found.confirm == confirm
    assert words in found.words()
    store(tmp_path, found)
    assert stored(tmp_path) == found
    assert sim.papers == []
    assert set(sim.body.press.unknown) <= {b"GS ( H"}


def test_silence_stays_unknown(start: Start, assets: Path) -> None:
    found = probe_printer(start(answers=frozenset({"status"})).url, "generic-80", assets, AT)
    assert (found.barrier, found.process_id, found.auto_status) == (None, None, None)
    assert dict(found.texts)["model"] == "SIM-80"


def test_a_rung_that_the_model_claims_and_the_printer_lacks_is_not_waited_for(assets: Path) -> None:
    profile = load_profile(assets, "generic-80")
    measured = Measured("tcp://x:1", "generic-80", AT, (1, 2, 3, 4), barrier=True)
    assert fitted(profile, measured, "tcp://x:1").confirm == ("barrier", "status")
    assert fitted(profile, measured, "tcp://x:1").auto_status is False
    for other in (fitted(profile, measured, "tcp://y:1"), fitted(profile, None, "tcp://x:1")):
        assert other == profile
    assert fitted(profile, Measured("tcp://x:1", "generic-80", AT), "tcp://x:1") == profile


def test_the_measured_printer_still_prints(start: Start, assets: Path, ticket: Ticket, tmp_path: Path) -> None:
    sim = start(answers=frozenset({"status", "barrier"}))
    store(tmp_path, probe_printer(sim.url, "generic-80", assets, AT))
    printer = open_printer(sim.url, "generic-80", "native", assets, state=tmp_path)
    assert printer.print_paper("job", ticket("B012")) == Printed("barrier")
    printer.close()
    job = sim.wait_for_paper(1).data.rpartition(b"\x1b@")[2]
    assert b"\x1d(H" not in job
    assert b"\x1da" not in job, "it does not report by itself"


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"url": 1}', '{"status": ["x"]}', "\0\0"])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, damage: str) -> None:
    (tmp_path / "printer.json").write_text(damage)
    assert stored(tmp_path) is None


def test_doctor_probes_keeps_and_shows_it(start: Start, tmp_path: Path) -> None:
    sim = start(answers=frozenset({"status", "barrier", "auto"}))
    config = tmp_path / "kiosk.toml"
    config.write_text(f'[printer]\nurl = "{sim.url}"\n')
    where = ("--state", str(tmp_path / "state"), "--config", str(config))
    before = kiosk(*where, "doctor", "--json")
    after = kiosk(*where, "doctor", "--probe", "--json")
    told = [next(found for found in json.loads(done.stdout) if found["name"] == "printer") for done in (before, after)]
    assert "not probed yet" in told[0]["what"]
    assert "answers DLE EOT 1,2,3,4, ASB, GS r; silent on GS ( H" in told[1]["what"]
    assert told[1]["ok"] is True
    assert logging.getLogger("kiosk").isEnabledFor(logging.WARNING), "whoever called has its log back"


def test_probing_what_is_not_there_is_one_line(tmp_path: Path) -> None:
    config = tmp_path / "kiosk.toml"
    for url, what in (("", "no printer is configured"), ("tcp://127.0.0.1:1", "connection refused")):
        config.write_text(f'[printer]\nurl = "{url}"\n')
        done = kiosk("--state", str(tmp_path / "state"), "--config", str(config), "doctor", "--probe")
        assert done.returncode == 2
        assert what in done.stderr
        assert done.stderr.count("\n") == 1
