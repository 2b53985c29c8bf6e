"""emupos, an ESC/POS printer of other people's making: the judge of our pictures, in a virtual environment of its own.

It wants Python 3.13; where there is none, or it cannot be installed, its tests are skipped with the reason.
"""

import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.sampling import EVERY

WANTED = "emupos==0.4.0"
PATIENCE_S = 60.0
PROFILE = """\
type: printer
name: {width} dots
dpi: 203
width_dots: {width}
font_a: {{ width: 12, height: 24 }}
font_b: {{ width: 9, height: 17 }}
code_pages: {{ 0: PC437 }}
default_code_page: 0
drawer_sensor_open_level: high
serial: {{ baud: 9600, data_bits: 8, parity: none, stop_bits: 1 }}
"""


class NotHere(Exception):
    """emupos cannot run on this machine; the text says why."""


def command(tree: Path) -> Path:
    """The program, installed into `.venv-emupos` by `make nightly`; NotHere says why it is not there."""
    venv = tree / ".venv-emupos"
    program = venv / "bin" / "emupos"
    if program.exists():
        return program
    if not EVERY:
        raise NotHere("make nightly installs it, into .venv-emupos")
    known = (shutil.which("python3.13"), *sorted(Path.home().glob(".pyenv/versions/3.13*/bin/python3.13")))
    for python in filter(None, known):
        steps = ([str(python), "-m", "venv", str(venv)], [str(venv / "bin" / "pip"), "install", "--quiet", WANTED])
        if all(subprocess.run(step, capture_output=True, timeout=300, check=False).returncode == 0 for step in steps):
            return program
    shutil.rmtree(venv, ignore_errors=True)
    raise NotHere(f"no Python 3.13 that can install {WANTED}")


@dataclass
class Emupos:
    """A running emupos with one printer for each width in dots."""

    program: Path
    folder: Path
    widths: tuple[int, ...]
    urls: dict[int, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        devices = ""
        for width in self.widths:
            port = _free_port()
            self.urls[width] = f"tcp://127.0.0.1:{port}"
            (self.folder / f"{width}.yaml").write_text(PROFILE.format(width=width))
            devices += (
                f"  - id: p{width}\n    type: printer\n    profile: ./{width}.yaml\n"
                f"    receipts_dir: {self.folder / str(width)}\n    connections: [{{ tcp: {{ port: {port} }} }}]\n"
            )
        config = self.folder / "emupos.yaml"
        config.write_text(f"schema: 1\napi: {{ host: 127.0.0.1, port: {_free_port()} }}\ndevices:\n{devices}")
        self._log = (self.folder / "events.log").open("w+")
        words = [str(self.program), "run", "--config", str(config)]
        self._process = subprocess.Popen(words, stdout=self._log, stderr=subprocess.STDOUT, cwd=self.folder)
        self._until(lambda: "Showing events" in self.events)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE_S)
        self._log.close()

    @property
    def events(self) -> str:
        """What it has reported so far."""
        return (self.folder / "events.log").read_text("utf-8")

    def receipt(self, width: int, number: int) -> Path:
        """The picture of a printer's receipt, from 1."""
        files: list[Path] = []

        def there() -> bool:
            files[:] = sorted((self.folder / str(width)).glob("*.json"))
            return len(files) >= number

        self._until(there)
        return files[number - 1].with_suffix(".png")

    def _until(self, found: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not found():
            if time.monotonic() > end or self._process.poll() is not None:
                raise AssertionError(f"emupos did not do it:\n{self.events}")
            time.sleep(0.05)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
