"""The `kiosk` command: one line for every refusal, the fixed exit codes, options wherever they stand."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

from kiosk import __main__ as command
from kiosk.__main__ import COMMANDS, main
from kiosk.domain.errors import Refusal

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """A command whose run does what the test says and keeps the arguments it got."""
    kept: dict[str, object] = {"do": lambda _: 0}
    module = ModuleType("kiosk_probe")

    def arguments(parser: argparse.ArgumentParser) -> None:
        nested = parser.add_subparsers(dest="verb")
        grant = nested.add_parser("grant")
        grant.add_argument("role", choices=["clerk", "board"])
        grant.add_argument("--name", required=True)

    def run(args: argparse.Namespace) -> int:
        kept["args"] = args
        do = kept["do"]
        assert callable(do)
        return int(do(args))

    module.__dict__.update(arguments=arguments, run=run)
    monkeypatch.setitem(sys.modules, "kiosk_probe", module)
    monkeypatch.setitem(COMMANDS, "probe", ("kiosk_probe", "try things"))
    return kept


def outcome(words: Sequence[str], captured: Captured) -> tuple[int, str, str]:
    code = main(words)
    out, err = captured.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "which command?"),
        (["idenfity"], "did you mean `identify`?"),
        (["\x1b[31m"], "is no command"),
        (["probe", "--nonsense"], "unrecognized arguments: --nonsense"),
        (["probe", "--\x1b[31m"], r"unrecognized arguments: --\x1b[31m"),
        (["probe", "grant"], "required: role, --name"),
        (["probe", "grant", "king", "--name", "x"], "invalid choice: 'king'"),
        (["probe", "--state"], "--state needs a path"),
        (["probe", "--config="], "--config needs a path"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(
    words: list[str], said: str, probe: dict[str, object], capsys: Captured
) -> None:
    code, out, err = outcome(words, capsys)
    assert (code, out) == (2, "")
    assert err.startswith("kiosk: ")
    assert said in err
    assert err.count("\n") == 1
    assert "\x1b" not in err


@pytest.mark.parametrize(
    "words",
    [
        ["--state", "{}", "--test-clock", "--config=c.toml", "probe", "grant", "clerk", "--name", "K"],
        ["probe", "--state={}", "grant", "--config", "c.toml", "clerk", "--test-clock", "--name", "K"],
        ["probe", "grant", "clerk", "--name", "K", "--state", "{}", "--config", "c.toml", "--test-clock"],
    ],
)
def test_common_options_stand_anywhere(words: list[str], probe: dict[str, object], tmp_path: Path) -> None:
    assert main([word.format(tmp_path / "s") for word in words]) == 0
    args = probe["args"]
    assert isinstance(args, argparse.Namespace)
    assert args.state == tmp_path / "s"
    assert not args.state.exists()
    assert (args.config, args.test_clock, args.role, args.name) == (Path("c.toml"), True, "clerk", "K")


def test_the_state_folder_is_named_by_option_or_variable_or_account(
    probe: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def folder() -> Path:
        args = probe["args"]
        assert isinstance(args, argparse.Namespace)
        assert isinstance(args.state, Path)
        return args.state

    monkeypatch.setenv("KIOSK_STATE", str(tmp_path / "variable"))
    main(["probe"])
    assert folder() == tmp_path / "variable"
    main(["probe", "--state", str(tmp_path / "option")])
    assert folder() == tmp_path / "option"
    monkeypatch.setenv("KIOSK_STATE", "")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "account"))
    main(["probe"])
    assert folder() == tmp_path / "account" / "kiosk"


def test_a_refusal_is_exit_2(probe: dict[str, object], capsys: Captured) -> None:
    def refuse(args: argparse.Namespace) -> int:
        raise Refusal("the port is taken; give another with --listen")

    probe["do"] = refuse
    assert outcome(["probe"], capsys) == (2, "", "kiosk: the port is taken; give another with --listen\n")


def test_the_unexpected_is_one_line_and_exit_1(
    probe: dict[str, object], capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(args: argparse.Namespace) -> int:
        raise ZeroDivisionError("420000200001010000 must not be shown")

    probe["do"] = fail
    monkeypatch.delenv("KIOSK_DEBUG", raising=False)
    code, out, err = outcome(["probe"], capsys)
    assert (code, out) == (1, "")
    assert err == "kiosk: this should not happen (ZeroDivisionError); run with KIOSK_DEBUG=1 for details\n"
    monkeypatch.setenv("KIOSK_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(["probe"])


def test_an_interrupt_is_130_and_silent(probe: dict[str, object], capsys: Captured) -> None:
    def stop(args: argparse.Namespace) -> int:
        raise KeyboardInterrupt

    probe["do"] = stop
    assert outcome(["probe"], capsys) == (130, "", "")


def test_the_overview_names_every_command(capsys: Captured) -> None:
    code, out, _ = outcome(["--help"], capsys)
    assert code == 0
    assert all(f"\n  {name} " in out for name in COMMANDS)
    assert "--state DIR" in out


def kiosk(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    line = [sys.executable, "-m", "kiosk", *words]
    return subprocess.run(line, env={**os.environ, **environment}, capture_output=True, check=False, timeout=60)


def test_the_whole_command_speaks_utf8_in_any_locale(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('[branch]\nname_zh = ""\nname = "温泉"\n', "utf-8")
    done = kiosk("config", "check", str(file), "--json", LC_ALL="POSIX", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 1
    assert "中心花坛" in done.stdout.decode("utf-8")


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    line = f"{sys.executable} -m kiosk config describe | head -c 10"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == ("# Settings", "")


def test_no_home_and_no_terminal_are_needed(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[1])}
    line = [sys.executable, "-m", "kiosk", "outbox", "--json", "--state", str(tmp_path / "none")]
    done = subprocess.run(line, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["count"] == 0


def test_finding_a_command_imports_little() -> None:
    script = (
        "import sys, kiosk.__main__; print(len({name.partition('.')[0] for name in sys.modules} & {*sys.argv[1:]}))"
    )
    heavy = [
        "kivy",
        "sqlalchemy",
        "fastapi",
        "cv2",
        "numpy",
        "PIL",
        "requests",
        "cryptography",
        "pydantic",
        "platformdirs",
    ]
    done = subprocess.run(
        [sys.executable, "-c", script, *heavy], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "0\n"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help(name: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as left:
        main([name, "--help"])
    assert left.value.code == 0
    assert f"usage: kiosk {name}" in capsys.readouterr().out


def test_the_outbox_of_a_fresh_folder_is_empty(tmp_path: Path, capsys: Captured) -> None:
    code, out, err = outcome(["outbox", "--json", "--state", str(tmp_path / "none")], capsys)
    assert (code, err) == (0, "")
    states = dict.fromkeys(["queued", "sending", "unknown", "submitted", "quarantined", "expired"], 0)
    assert json.loads(out) == {"count": 0, "oldest_age_s": 0.0, "states": states}
    assert not (tmp_path / "none").exists()


def test_a_damaged_outbox_is_refused_and_left(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "kiosk.db").write_bytes(b"rubbish" * 999)
    code, _, err = outcome(["outbox", "--json", "--state", str(tmp_path)], capsys)
    assert code == 2
    assert "is damaged; start the kiosk" in err
    assert (tmp_path / "kiosk.db").read_bytes() == b"rubbish" * 999


def test_the_parser_refuses_in_one_line() -> None:
    with pytest.raises(Refusal, match="--help` shows how"):
        command.Parser(prog="kiosk x").parse_args(["--unknown"])
