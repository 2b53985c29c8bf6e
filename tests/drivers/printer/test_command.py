"""`kiosk print` and `kiosk sim` as a technician types them."""

import io
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from drivers.sim.printer import SimPrinter
from kiosk.__main__ import main
from tests.drivers.printer.world import TICKET


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


def kiosk(*words: str, stdin: str = "") -> Done:
    """The command, in this process: starting Python a hundred times would be most of the time."""
    out, err = io.StringIO(), io.StringIO()
    before = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8")
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = main(words)
    finally:
        sys.stdin = before
    return Done(code, out.getvalue(), err.getvalue())


def test_a_sample_is_printed_and_confirmed(sim: SimPrinter) -> None:
    done = kiosk("print", "ticket", "--to", sim.url, "--mode", "native", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["printed"] is True
    assert answer["confirmed"] == "process-id"
    assert answer["health"] == "ready"
    assert 0 < answer["bytes"] <= 1500
    assert "样张" in sim.wait_for_paper(1).text


@pytest.mark.parametrize("kind", ["ticket", "receipt", "test", "slip"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_paper_can_be_previewed_in_both_modes(tmp_path: Path, kind: str, language: str) -> None:
    for mode in ("native", "raster"):
        file = tmp_path / f"{mode}.png"
        done = kiosk("print", kind, "--to", f"file://{file}", "--mode", mode, "--language", language, "--json")
        assert done.returncode == 0, done.stderr
        with Image.open(file) as picture:
            assert picture.width == 576
            assert picture.height > 300


def test_another_file_gets_the_bytes(tmp_path: Path) -> None:
    file = tmp_path / "ticket.bin"
    done = kiosk("print", "ticket", "--to", f"file://{file}", "--mode", "native", "--json")
    assert done.returncode == 0
    assert len(file.read_bytes()) == json.loads(done.stdout)["bytes"]
    assert "补领机动车号牌".encode("gb18030") in file.read_bytes()


def test_values_come_from_a_file_or_from_standard_input(sim: SimPrinter, tmp_path: Path) -> None:
    file = tmp_path / "values.json"
    file.write_text(json.dumps(TICKET | {"label": "C077"}), "utf-8")
    assert kiosk("print", "ticket", "--to", sim.url, "--mode", "native", "--data", str(file)).returncode == 0
    few = json.dumps({"label": "C078", "service": "换领驾驶证"})
    assert kiosk("print", "ticket", "--to", sim.url, "--mode", "native", "--data", "-", stdin=few).returncode == 0
    assert ["C077" in sim.wait_for_paper(1).text, "C078" in sim.wait_for_paper(2).text] == [True, True]


@pytest.mark.parametrize(("condition", "health"), [("paper-out", "paper-out"), ("cover-open", "cover-open")])
def test_a_fault_is_exit_1_with_its_health(sim: SimPrinter, condition: str, health: str) -> None:
    sim.condition(condition)
    done = kiosk("print", "ticket", "--to", sim.url, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout) == {"printed": False, "confirmed": "none", "bytes": 0, "health": health}


def test_a_line_lost_in_the_middle_is_false(sim: SimPrinter) -> None:
    sim.condition("lost-mid-job", after=300)
    done = kiosk("print", "ticket", "--to", sim.url, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["printed"] is False


def test_a_line_lost_at_the_cut_is_null(sim: SimPrinter) -> None:
    sim.condition("lost-mid-job")
    done = kiosk("print", "ticket", "--to", sim.url, "--json")
    assert done.returncode == 1
    answer = json.loads(done.stdout)
    assert answer["printed"] is None
    assert answer["confirmed"] == "none"


def test_nobody_there_is_offline() -> None:
    done = kiosk("print", "test", "--to", "tcp://127.0.0.1:1", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["health"] == "offline"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "stdin", "hint"),
    [
        (["ticket", "--to", "tpc://127.0.0.1"], "", "did you mean tcp://"),
        (["ticket", "--to", "tcp://127.0.0.1:1", "--profile", "epson"], "", "known are"),
        (["ticket", "--to", "file:///tmp/x.png", "--data", "/no/such/file"], "", "cannot be read"),
        (["ticket", "--to", "file:///tmp/x.png", "--data", "-"], "{", "no JSON"),
        (["ticket", "--to", "file:///tmp/x.png", "--data", "-"], "[1]", "JSON object"),
        (["ticket", "--to", "file:///tmp/x.png", "--data", "-"], '{"a": {"b": 1}}', "JSON object"),
        (["ticket", "--to", "file:///tmp/x.png", "--data", "-"], '{"lable": "B012"}', "did you mean 'label'"),
        (["ticket", "--to", "file:///tmp/x.png", "--data", "-"], "[" * 100_000, "no JSON"),
        (["ticet", "--to", "file:///tmp/x.png"], "", "ticket"),
        (["ticket"], "", "--to"),
    ],
)
def test_wrong_input_is_refused_in_one_line(words: list[str], stdin: str, hint: str) -> None:
    done = kiosk("print", *words, stdin=stdin)
    assert done.returncode == 2
    assert hint in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_a_file_that_cannot_be_written_is_exit_1(tmp_path: Path) -> None:
    done = kiosk("print", "ticket", "--to", f"file://{tmp_path}/no/such/folder/x.bin", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["printed"] is False
    assert len(done.stderr.splitlines()) == 1


@pytest.fixture
def running(tmp_path: Path) -> Iterator[dict[str, str]]:
    words = ["sim", "printer", "--listen", "127.0.0.1:0", "--out", str(tmp_path / "out"), "--speed", "0"]
    with subprocess.Popen([sys.executable, "-m", "kiosk", *words], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_a_simulator_is_started_steered_and_printed_on(running: dict[str, str]) -> None:
    assert running["ready"] == "printer"
    assert json.loads(kiosk("print", "ticket", "--to", running["url"], "--json").stdout)["printed"] is True
    assert kiosk("sim", "printer", "paper-out", "--at", running["control"]).returncode == 0
    refused = kiosk("print", "ticket", "--to", running["url"], "--json")
    assert json.loads(refused.stdout)["health"] == "paper-out"
    assert kiosk("sim", "printer", "clear", "--at", running["control"]).returncode == 0
    assert (Path(running["out"]) / "0001.png").is_file()
    assert not (Path(running["out"]) / "0002.png").exists()


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["printer", "paper-out"], "--at"),
        (["printer", "paper-out", "--at", "tcp://127.0.0.1:9100"], "control"),
        (["toaster"], "printer"),
        (["printer", "--listen", "nowhere", "--out", "x"], "HOST:PORT"),
        (["printer", "--profile", "epson", "--out", "x"], "known are"),
    ],
)
def test_wrong_steering_is_refused(words: list[str], hint: str) -> None:
    done = kiosk("sim", *words)
    assert done.returncode == 2
    assert hint in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_unknown_condition_is_refused_by_the_simulator(running: dict[str, str]) -> None:
    done = kiosk("sim", "printer", "on-fire", "--at", running["control"])
    assert done.returncode == 2
    assert "known are" in done.stderr


def test_steering_nobody_is_exit_1() -> None:
    done = kiosk("sim", "printer", "paper-out", "--at", "http://127.0.0.1:1")
    assert done.returncode == 1
    assert "is it running" in done.stderr
