"""A process that dies of a fault leaves no dump of its memory, even where this machine asks for dumps."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.processes import KIOSK, answers, until

ALIVE = "import sys; {before}; canary = 'x' * 65536; print('up', flush=True); sys.stdin.read()"
KEEP = "from kiosk.ops.memory import keep_to_itself; keep_to_itself()"


def dumped(folder: Path, line: tuple[str, ...], up: Callable[[subprocess.Popen[bytes]], object]) -> bool:
    """Start it, wait until it is up, let it die of a fault; whether the kernel dumped it."""
    process = subprocess.Popen(
        ("sh", "-c", 'ulimit -c "$(ulimit -H -c)"; exec "$@"', "sh", *line), cwd=folder,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    try:
        up(process)
        process.send_signal(signal.SIGSEGV)
        _, status = os.waitpid(process.pid, 0)
    except BaseException:
        process.kill()
        raise
    finally:
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
    process.returncode = 0  # it has been waited for
    assert os.WTERMSIG(status) == signal.SIGSEGV
    return os.WCOREDUMP(status) or any(file.name.startswith("core") for file in folder.iterdir())


def spoke(process: subprocess.Popen[bytes]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline()


def test_a_plain_process_is_dumped_and_one_that_keeps_to_itself_is_not(tmp_path: Path) -> None:
    plain, kept = tmp_path / "plain", tmp_path / "kept"
    plain.mkdir()
    kept.mkdir()
    assert not dumped(kept, (sys.executable, "-c", ALIVE.format(before=KEEP)), spoke)
    if not dumped(plain, (sys.executable, "-c", ALIVE.format(before="pass")), spoke):
        pytest.skip("this machine dumps nothing, so there is nothing to compare with")


@pytest.mark.parametrize("what", ["core", "central"])
def test_what_holds_personal_data_is_never_dumped(tmp_path: Path, what: str) -> None:
    state, here = tmp_path / "state", tmp_path / "here"
    here.mkdir()
    listen = ("--listen", "127.0.0.1:0") if what == "central" else ()

    def up(process: subprocess.Popen[bytes]) -> None:
        spoke(process) if what == "central" else until(lambda: answers(state), "core")

    assert not dumped(here, (*KIOSK, what, "--state", str(state), *listen), up)
