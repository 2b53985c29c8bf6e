"""The wheel holds everything that the tree holds, and the lock names exact versions and nothing else."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PACKAGES = ("kiosk", "drivers", "screens", "branch", "central")
PIN = re.compile(r"[a-z0-9-]+(\[[a-z]+\])?==[\w.]+( ; [^#;]+)?\s*(# via .*)?")


def files(folder: Path) -> set[str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder.parent).as_posix() for path in found if "__pycache__" not in path.parts}


def test_the_wheel_holds_every_file(tree: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    subprocess.run(
        ["cp", "-r", *PACKAGES, "assets", "setup.py", "requirements.in", "--target-directory", make(source)],
        check=True,
        cwd=tree,
    )
    line = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--quiet",
        "--wheel-dir",
        str(tmp_path),
        ".",
    ]
    subprocess.run(line, cwd=source, check=True, capture_output=True, timeout=110)
    (wheel,) = tmp_path.glob("kiosk-*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    shared = {re.sub(r"^kiosk-[^/]+\.data/data/share/kiosk/", "", name) for name in held if "/share/kiosk/" in name}
    for package in PACKAGES:
        assert files(tree / package) - held == set()
    assert files(tree / "assets") - shared == set()
    assert not [name for name in held if name.startswith("tests/")]


def make(folder: Path) -> str:
    folder.mkdir()
    return str(folder)


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_the_lock_names_exact_versions_and_nothing_else(tree: Path, name: str) -> None:
    lines = (tree / f"{name}.lock").read_text("utf-8").splitlines()
    assert [line for line in lines if not PIN.fullmatch(line)] == []
    wanted = [line for line in (tree / f"{name}.in").read_text("utf-8").splitlines() if not line.startswith("#")]
    locked = {re.split(r"[\[=]", line)[0] for line in lines}
    assert {re.split(r"[\[=]", line)[0] for line in wanted} <= locked


def test_both_locks_agree(tree: Path) -> None:
    run, dev = (
        {line.split("==")[0]: line.split("#")[0].split() for line in (tree / name).read_text("utf-8").splitlines()}
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert {name: dev[name] for name in dev.keys() & run.keys()} == {
        name: run[name] for name in dev.keys() & run.keys()
    }
