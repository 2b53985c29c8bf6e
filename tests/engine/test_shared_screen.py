"""A screen of another account: let in by its group alone, and only where core was told so."""

import os
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.domain.photo import Photograph
from kiosk.engine.mint import uuid7
from kiosk.engine.photos import Photos
from kiosk.engine.window import Window, admitted
from kiosk.view.models import View

ME, MINE, OTHER, FOREIGN = os.getuid(), os.getgid(), os.getuid() + 4201, os.getgid() + 4202

ASK = """
import os, socket, sys
os.setgroups([])
os.setgid(int(sys.argv[2]))
os.setuid(int(sys.argv[3]))
line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
line.settimeout(60)
try:
    line.connect(sys.argv[1])
    print("seen" if line.recv(64) else "turned away")
except ConnectionResetError:
    print("turned away")
except PermissionError:
    print("kept out")
"""


@pytest.mark.parametrize(
    ("account", "group", "shared", "let_in"),
    [
        (ME, FOREIGN, False, True),
        (OTHER, MINE, False, False),
        (OTHER, MINE, True, True),
        (OTHER, FOREIGN, True, False),
        (65534, MINE, True, True),
        (0 if ME else OTHER, FOREIGN, True, False),
    ],
)
def test_who_may_have_the_screens_place(account: int, group: int, shared: bool, let_in: bool) -> None:
    assert admitted(account, group, shared=shared) is let_in


@contextmanager
def window(path: Path, *, shared: bool) -> Iterator[Window]:
    opened = Window(path, lambda _touch: None, uuid7, shared=shared)
    opened.show(View("welcome", "x"))
    yield opened
    opened.close()


@pytest.mark.parametrize("shared", [False, True])
def test_the_socket_is_open_to_its_group_only_where_told_so(tmp_path: Path, shared: bool) -> None:
    with window(tmp_path / "s", shared=shared):
        assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == (0o660 if shared else 0o600)


def test_the_own_account_is_let_in(tmp_path: Path) -> None:
    with window(tmp_path / "s", shared=True), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(60)
        line.connect(str(tmp_path / "s"))
        assert line.recv(64)


@pytest.mark.skipif(ME != 0, reason="only root starts processes of other accounts")
@pytest.mark.parametrize(
    ("group", "open_to_all", "heard"),
    [(MINE, False, "seen"), (FOREIGN, False, "kept out"), (FOREIGN, True, "turned away")],
)
def test_a_process_of_another_account(group: int, open_to_all: bool, heard: str) -> None:
    # Another account does not get into a test's own folder.
    with tempfile.TemporaryDirectory(prefix="kiosk-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        with window(folder / "s", shared=True):
            if open_to_all:  # as if somebody had loosened the file: the kernel's word on the peer still stands
                (folder / "s").chmod(0o666)
            done = subprocess.run(
                [sys.executable, "-I", "-S", "-c", ASK, str(folder / "s"), str(group), str(OTHER)],
                capture_output=True, text=True, timeout=90, check=False,
            )  # fmt: skip
    assert done.stdout.strip() == heard, done.stderr


@pytest.mark.parametrize("shared", [False, True])
def test_previews_are_the_groups_only_where_told_so_whatever_the_umask(tmp_path: Path, shared: bool) -> None:
    before = os.umask(0o077)
    try:
        photos = Photos(tmp_path / "previews", shared=shared)
        shown = Path(photos.keep("a", Photograph("", b"full", b"small")))
    finally:
        os.umask(before)
    modes = stat.S_IMODE(shown.stat().st_mode), stat.S_IMODE(shown.parent.stat().st_mode)
    assert modes == ((0o640, 0o750) if shared else (0o600, 0o700))
    photos.close()
    assert not shown.exists()


def test_a_folder_that_is_open_to_all_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "previews").mkdir()
    (tmp_path / "previews").chmod(0o755)
    assert Photos(tmp_path / "previews", shared=True).keep("a", Photograph("", b"full", b"small")) == ""
