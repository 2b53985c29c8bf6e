"""Each process imports only its own parts: read from sys.modules of the real command while it runs."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.sim.printer import SimPrinter
from drivers.sim.scanner import SimScanner
from kiosk.wiring import places

WRAPPER = """
import json, os, signal, sys, threading, time
def tell():
    wanted, end = set(sys.argv[1].split(",")), time.monotonic() + 60
    while not wanted <= set(sys.modules) and time.monotonic() < end:
        time.sleep(0.1)
    time.sleep(1)
    sys.stderr.write("MODULES " + json.dumps(sorted(sys.modules)) + chr(10))
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=tell, daemon=True).start()
from kiosk.__main__ import main
sys.exit(main(sys.argv[2:]))
"""
WEB = {"fastapi", "starlette", "uvicorn", "jinja2", "sqlalchemy", "branch", "central"}
DEVICES = {"serial", "escpos", "cv2", "numpy", "PIL", "usb", "evdev", "pyzbar", "zxingcpp", "drivers"}
SCREEN = {"kivy", "screens"}
NETWORK = {"requests", "urllib3", "http_message_signatures", "cryptography"}


@pytest.fixture(scope="module")
def devices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Settings that name a printer and a scanner which are there."""
    folder = tmp_path_factory.mktemp("devices")
    printer, scanner = SimPrinter(folder / "paper", places.font()).start(), SimScanner(folder)
    settings = folder / "kiosk.toml"
    settings.write_text(f'[printer]\nurl = "{printer.url}"\n[scanner]\nurl = "{scanner.url}"\n', "utf-8")
    yield settings
    scanner.close()
    printer.stop()


def modules(wanted: set[str], *words: object) -> set[str]:
    """Every module of a command that runs and has come so far as to have these."""
    quiet = {"SDL_VIDEODRIVER": "offscreen", "LP_NUM_THREADS": "0"}
    done = subprocess.run(
        [sys.executable, "-c", WRAPPER, ",".join(wanted), *map(str, words)],
        env=os.environ | quiet, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    told = [line for line in done.stderr.splitlines() if line.startswith("MODULES ")]
    assert told, done.stderr
    found: set[str] = set(json.loads(told[0].removeprefix("MODULES ")))
    assert wanted <= found
    return found


def foreign(found: set[str], forbidden: set[str]) -> set[str]:
    return {name for name in found if name in forbidden or name.partition(".")[0] in forbidden}


def test_core_has_no_window_no_server_and_no_picture_library(tmp_path: Path, devices: Path) -> None:
    wanted = {"kiosk.engine.engine", "kiosk.link.branch", "drivers.printer.printer", "drivers.scanner.scanner"}
    found = modules(wanted, "core", "--state", tmp_path, "--config", devices)
    assert foreign(found, SCREEN | WEB | {"cv2", "drivers.sim"}) == set()


def test_the_hub_has_no_device_no_window_and_nothing_of_the_centre(tmp_path: Path) -> None:
    found = modules({"branch.app", "fastapi"}, "branch", "--state", tmp_path, "--listen", "127.0.0.1:0")
    assert foreign(found, SCREEN | DEVICES | {"central", "kiosk.core", "kiosk.engine.engine", "requests"}) == set()


def test_the_centre_has_no_device_no_window_and_nothing_of_the_hub(tmp_path: Path) -> None:
    found = modules({"central.app", "fastapi"}, "central", "--state", tmp_path, "--listen", "127.0.0.1:0")
    assert foreign(found, SCREEN | DEVICES | {"branch", "kiosk.core", "kiosk.engine.engine", "requests"}) == set()


def test_the_screen_has_no_device_no_network_and_no_database(tmp_path: Path) -> None:
    found = modules({"kivy.app", "screens.app"}, "screen", "--state", tmp_path)
    forbidden = (
        WEB | NETWORK | {"serial", "escpos", "cv2", "drivers", "sqlite3", "kiosk.core", "kiosk.engine", "kiosk.link"}
    )
    assert foreign(found, forbidden) == set()
