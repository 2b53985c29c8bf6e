"""The self-test as a technician meets it: what it says of each part, and when it calls the machine unwell."""

import json
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from drivers.sim.scanner import SimScanner
from kiosk.ops.checks import board, lettering, peers, storage
from kiosk.ops.doctor import Finding, as_json, examine, exit_code, open_question, table, unwell, well
from kiosk.wiring.doctor import pen

TREE = Path(__file__).parents[2]
ZONE = ZoneInfo("Asia/Shanghai")
FIELDS = {"name", "ok", "required", "what", "remedy"}


def doctor(*words: str, state: Path) -> tuple[int, Any, str]:
    command = [sys.executable, "-m", "kiosk", "doctor", "--state", str(state), *words]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=90, cwd=TREE)
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout) if "--json" in words else None, done.stdout


def by_name(findings: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(finding for finding in findings if finding["name"] == name)


# The rules


def test_only_a_required_part_that_fails_makes_the_machine_unwell() -> None:
    assert exit_code([well("a", "x"), unwell("b", "x", "y"), open_question("c", "x", "y", required=True)]) == 0
    assert exit_code([well("a", "x", required=True), unwell("b", "x", "y", required=True)]) == 1


def test_a_test_that_fails_itself_does_not_stop_the_others() -> None:
    def broken() -> Finding:
        raise RuntimeError("secret detail")

    findings = examine({"bad": broken, "good": lambda: well("good", "fine")})
    assert [(one.name, one.ok) for one in findings] == [("bad", None), ("good", True)]
    assert "secret" not in findings[0].what


def test_the_table_has_a_remedy_under_everything_that_is_not_well() -> None:
    rows = [well("one", "fine"), unwell("number-two", "broken", "mend it", required=True), unwell("x", "so so", "look")]
    assert table(rows).splitlines() == [
        "ok    one         fine",
        "FAIL  number-two  broken",
        "                  -> mend it",
        "note  x           so so",
        "                  -> look",
        "",
        "not well: number-two",
    ]
    assert set(as_json(rows)[0]) == FIELDS


# Storage


def test_the_state_folder(tmp_path: Path) -> None:
    assert storage.state_folder(tmp_path / "not" / "yet").ok
    assert storage.state_folder(Path("/proc/nowhere")).failing
    file = tmp_path / "file"
    file.touch()
    assert storage.state_folder(file).failing
    tmp_path.chmod(0o755)
    assert storage.state_folder(tmp_path) == unwell(
        "state-folder", f"{tmp_path} can be opened by every account", f"chmod o-rwx {tmp_path}"
    )
    assert storage.disk(tmp_path / "not" / "yet").ok is not None


def test_the_journal_missing_whole_busy_cut_short_and_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.db"
    assert storage.journal(tmp_path).ok is None
    writer = sqlite3.connect(file, isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE t (x)")
    writer.execute("BEGIN IMMEDIATE")
    writer.executemany("INSERT INTO t VALUES (?)", [("y" * 200,)] * 500)
    assert storage.journal(tmp_path).ok is True  # beside a writer in mid-transaction
    writer.execute("COMMIT")
    writer.close()
    assert storage.journal(tmp_path).ok is True
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert storage.journal(tmp_path).failing
    file.write_bytes(whole[:4096] + b"\x00\xff" * 2048 + whole[8192:])
    assert storage.journal(tmp_path).failing
    file.write_bytes(b"no database at all, just some text" * 100)
    assert storage.journal(tmp_path).failing


# The board


def test_the_clock() -> None:
    fine = board.clock(datetime(2026, 11, 22, 9, tzinfo=ZONE), test=False)
    assert (fine.ok, fine.required) == (True, True)
    assert board.clock(datetime(1970, 1, 1, tzinfo=ZONE), test=False).failing
    assert "test clock" in board.clock(datetime(1970, 1, 1, tzinfo=ZONE), test=True).what


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("proc", "sys/class/thermal/thermal_zone0", "sys/class/hwmon/hwmon3", "dev/dri"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def test_a_board_that_can_be_read(root: Path) -> None:
    (root / "proc/meminfo").write_text("MemTotal:  3884960 kB\nMemAvailable:  2884960 kB\n")
    (root / "sys/class/thermal/thermal_zone0/temp").write_text("51234\n")
    (root / "sys/class/hwmon/hwmon3/name").write_text("rpi_volt\n")
    (root / "sys/class/hwmon/hwmon3/in0_lcrit_alarm").write_text("0\n")
    (root / "dev/dri/renderD128").touch()
    assert [check(root).ok for check in (board.memory, board.temperature, board.power, board.graphics)] == [True] * 4
    (root / "proc/meminfo").write_text("MemAvailable:  20000 kB\n")
    (root / "sys/class/thermal/thermal_zone0/temp").write_text("85000\n")
    (root / "sys/class/hwmon/hwmon3/in0_lcrit_alarm").write_text("1\n")
    assert [check(root).ok for check in (board.memory, board.temperature, board.power)] == [False] * 3


def test_a_sag_that_is_over_is_still_told_by_the_running_kiosk_and_its_events(root: Path) -> None:
    seen = ["2026-11-21T08:12:00+08:00", "2026-11-22T09:40:10+08:00"]
    assert "2 times in the kiosk's events, last 2026-11-22" in board.power(root, sags=seen).what
    (root / "sys/class/hwmon/hwmon3/name").write_text("rpi_volt\n")
    (root / "sys/class/hwmon/hwmon3/in0_lcrit_alarm").write_text("0\n")
    assert board.power(root, told="under-voltage", sags=seen).ok is False
    past = board.power(root, told="ready", sags=seen)
    assert past.ok is True
    assert "power supply" in past.remedy


def test_a_board_that_cannot_be_read_is_an_open_question(tmp_path: Path) -> None:
    for check in (board.memory, board.temperature, board.power, board.graphics):
        finding = check(tmp_path)
        assert finding.ok is None
        assert finding.remedy


# Peers


class Server:
    """Answers GETs from a table, as hub or centre would."""

    def __init__(self, answers: dict[str, tuple[int, object]]) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = answers.get(self.path, (404, {}))
                if self.path.startswith("/api") and self.headers["Authorization"] != "Bearer right":
                    status = 401
                data = json.dumps(body).encode() if not isinstance(body, bytes) else body
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def hub() -> Iterator[Server]:
    health = {"service": "branch", "clock": "test clock", "version": "1.2"}
    one = Server({"/healthz": (200, health), "/api/v1/state": (200, {})})
    yield one
    one.close()


def nobody() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def test_a_hub_that_answers_is_named_with_its_clock(hub: Server) -> None:
    finding = peers.hub(hub.url, "right", configured=True)
    assert finding.ok
    assert "test clock" in finding.what
    assert "version 1.2" in finding.what


def test_a_hub_that_does_not_know_this_kiosk(hub: Server) -> None:
    assert peers.hub(hub.url, "wrong", configured=True).failing
    assert peers.hub(hub.url, "", configured=True).failing
    assert peers.hub(hub.url, "", configured=False).ok is False
    assert "wrong" not in peers.hub(hub.url, "wrong", configured=True).what


def test_a_hub_that_is_away() -> None:
    assert peers.hub(nobody(), "right", configured=True).failing
    assert peers.hub(nobody(), "", configured=False).ok is None


def test_something_else_at_the_hubs_address() -> None:
    one = Server({"/healthz": (200, b"<html>")})
    try:
        assert peers.hub(one.url, "right", configured=True).failing
    finally:
        one.close()


def test_the_centre(hub: Server) -> None:
    assert peers.central("").ok is None
    assert peers.central(nobody()).failing
    assert peers.central(hub.url).ok


def test_enrolment() -> None:
    def damaged() -> None:
        raise RuntimeError("the identity is damaged; enrol it again")

    assert peers.enrolment("", lambda: None).ok is None
    assert peers.enrolment("https://c", lambda: None).failing
    assert peers.enrolment("https://c/", lambda: ("K-1", "https://c")).ok
    assert peers.enrolment("https://other", lambda: ("K-1", "https://c")).failing
    assert peers.enrolment("https://c", damaged).failing


def test_plain_http_beyond_this_machine_is_shown() -> None:
    here = {"hub.url": "http://127.0.0.1:8710", "central.url": "https://centre.example", "x": "http://[::1]:1", "y": ""}
    assert peers.transport(here, insecure=False).ok
    shown = peers.transport(here | {"hub.url": "http://192.0.2.7:8710"}, insecure=True)
    assert shown.ok is False
    assert not shown.required
    assert "hub.url, branch.insecure" in shown.what


# Lettering


def test_the_font_draws_what_is_used_and_names_what_it_lacks(tmp_path: Path) -> None:
    def look(file: Path, text: str) -> Finding:
        return lettering.fonts(file.name, partial(pen, file), [text])

    font = TREE / "assets" / "fonts" / "NotoSansSC-Regular.ttf"
    assert look(font, "中心花坛邮政支局 A012\n").ok
    lacking = look(font, "好\U00020164")
    assert lacking.failing
    assert "\U00020164" in lacking.what
    assert look(tmp_path / "none.ttf", "A").failing
    (tmp_path / "bad.ttf").write_bytes(b"nonsense")
    assert look(tmp_path / "bad.ttf", "A").failing


# The command


def test_a_fresh_machine_is_well_and_every_part_has_its_line(tmp_path: Path) -> None:
    code, findings, _ = doctor("--json", state=tmp_path / "state")
    assert code == 0
    assert all(set(finding) == FIELDS for finding in findings)
    names = [finding["name"] for finding in findings]
    assert {"printer", "scanner", "camera", "hub", "central", "enrolment", "journal", "clock", "disk"} <= set(names)
    assert len(names) == len(set(names))
    for finding in findings:
        assert finding["what"]
        assert finding["remedy"] or finding["ok"]
    for part in ("printer", "scanner", "camera", "hub", "central"):
        assert (by_name(findings, part)["ok"], by_name(findings, part)["required"]) == (None, False)
    assert not (tmp_path / "state").exists()


def test_a_scanner_that_is_there_and_one_that_is_not(tmp_path: Path) -> None:
    sim = SimScanner()
    config = tmp_path / "kiosk.toml"
    config.write_text(f'[scanner]\nurl = "{sim.url}"\n')
    try:
        code, findings, _ = doctor("--json", "--config", str(config), state=tmp_path)
        assert code == 0
        assert by_name(findings, "scanner")["ok"] is True
    finally:
        sim.close()
    code, findings, _ = doctor("--json", "--config", str(config), state=tmp_path)
    assert code == 1
    assert by_name(findings, "scanner")["ok"] is False
    assert by_name(findings, "scanner")["remedy"]


def test_a_printer_that_is_not_there_is_offline(tmp_path: Path) -> None:
    config = tmp_path / "kiosk.toml"
    config.write_text(f'[printer]\nurl = "tcp://{nobody().removeprefix("http://")}"\n')
    code, _, shown = doctor("--config", str(config), state=tmp_path)
    assert code == 1
    assert "FAIL  printer" in shown
    assert "offline" in shown
    assert shown.rstrip().endswith("not well: printer")


def test_wrong_settings_are_a_finding_and_the_other_tests_go_on(tmp_path: Path) -> None:
    config = tmp_path / "kiosk.toml"
    config.write_text("[printr]\nurl = 1\n")
    code, findings, _ = doctor("--json", "--config", str(config), state=tmp_path)
    assert code == 1
    assert "did you mean" in by_name(findings, "settings")["what"]
    assert by_name(findings, "fonts")["ok"] is True


def test_a_test_clock_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIOSK_CLOCK", "offset:+3600s")
    _, findings, _ = doctor("--json", "--test-clock", state=tmp_path)
    assert "test clock" in by_name(findings, "clock")["what"]
