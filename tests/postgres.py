"""A PostgreSQL server of the tests' own: a temporary cluster on a Unix socket, gone when the tests are."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest

START_S = 120


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, the newest version's; None where PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@dataclass(frozen=True)
class Cluster:
    """A running server; it listens on a socket in its own folder only."""

    folder: Path

    def database(self) -> str:
        """Make an empty database and give its URL."""
        name = f"test_{uuid4().hex[:12]}"
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return f"postgresql+psycopg://postgres@/{name}?host={quote(str(self.folder), safe='')}"


@contextmanager
def cluster(durable: bool = False) -> Iterator[Cluster]:
    """Start a server and stop it at the end; `durable` keeps fsync on, for figures rather than for rules."""
    where = programs()
    if where is None:
        raise RuntimeError("PostgreSQL is not installed; `make test` installs it")
    # Not under pytest's own folder: the server's account could not reach it.
    folder = Path(tempfile.mkdtemp(prefix="kiosk-pg-"))
    data = folder / "data"
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    _run(where / "initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c max_connections=200"
    if not durable:
        options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    try:
        # The server must not hold on to pytest's own pipes, or they would never end.
        log = str(folder / "log")
        _run(where / "pg_ctl", "-D", str(data), "-w", "-t", str(START_S), "-l", log, "-o", options, "start")
        yield Cluster(folder)
    finally:
        _run(where / "pg_ctl", "-D", str(data), "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """One server for all tests of a process; each test takes a database of its own from it."""
    with cluster() as running:
        yield running


def _run(program: Path, *words: str, check: bool = True) -> None:
    line: Sequence[str] = (str(program), *words)
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        line = ("runuser", "-u", "postgres", "--", *line)
    done = subprocess.run(line, capture_output=True, text=True, timeout=START_S, check=False, cwd="/")
    if check and done.returncode:
        raise RuntimeError(f"{program.name} failed: {(done.stderr or done.stdout).strip()[-300:]}")
