"""The hub beside its yardsticks: an empty answer of its server, a bare commit on its disk, bare rows in PostgreSQL."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import requests

from tests.bench.figures import Figure, median, percentile
from tests.bench.presses import Run
from tests.bench.window import ROOT
from tests.faults.power import compiled
from tests.postgres import cluster

SECONDS = 4.0
LEG_S, LEGS = 1.5, 5
"""One leg of a pair, and how many pairs; the ratio told is the middle one of the pairs' ratios."""
KIOSKS = (1, 4, 8, 32)
MEMORY = Path("/dev/shm")
"""Commits are quicker here than the server's empty answers, as on a good disk: else R alone would bound T."""
SLOW_MS = "2"
TICKETS = 10_000
STREAMS = 100
CALLS = 60
IDLE_STREAMS = 20
IDLE_S = 15.0


@dataclass(frozen=True)
class Hub:
    """A running hub, and a token of each kind of person."""

    url: str
    process: "subprocess.Popen[str]"
    kiosk: str
    clerk: str


def measure() -> list[Figure]:
    """All of it; a few minutes."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as name:
        folder = Path(name)
        with tempfile.TemporaryDirectory(prefix="kiosk-bench-", dir=MEMORY if MEMORY.is_dir() else None) as quick:
            figures += _against_the_server(Path(quick))
        figures += _slowed(folder)
        figures += _on_postgres(folder)
        figures += _at_length(folder)
    return figures


def _against_the_server(folder: Path) -> list[Figure]:
    """T beside E and R, at 1, 4, 8 and 32 kiosks; short legs in turn, so that a machine's other work meets both."""
    figures = []
    raw = _commits(folder, {})
    rate = len(raw) / (sum(raw) / 1000)
    with _hub(folder / "plain") as hub, _bare() as bare:
        _press(hub, 4, LEG_S)
        for kiosks in KIOSKS:
            pairs = [(_press(hub, kiosks, LEG_S), _press_empty(bare, kiosks)) for _ in range(LEGS)]
            ratio = median([empty.rate / tickets.rate for tickets, empty in pairs])
            mine, its = (median([pair[leg].rate for pair in pairs]) for leg in (0, 1))
            goal = 2.0 if rate > its else None
            note = f"T {mine:,.0f}/s, E {its:,.0f}/s, R {rate:,.0f}/s; counts where R is above E; {_load()}"
            figures.append(Figure(f"E / T, {kiosks} kiosks", ratio, "x", goal, note))
            if kiosks == 8:
                times = [[one for pair in pairs for one in pair[leg].times_ms] for leg in (0, 1)]
                mine, its = (percentile(leg, 0.99) for leg in times)
                stick = max(its, percentile(raw, 0.99))
                note = f"{mine:.1f} ms beside {its:.1f} ms and a commit's {percentile(raw, 0.99):.1f} ms; {_load()}"
                figures.append(Figure("p99 at 8 kiosks / its yardstick", mine / stick, "x", 10, note))
    return figures


def _slowed(folder: Path) -> list[Figure]:
    """The same where each sync takes 2 ms more, in both legs: what a group commit is for."""
    late = {"LD_PRELOAD": str(compiled(folder)), "FSYNC_MS": SLOW_MS}
    raw = _commits(folder, late)
    rate = len(raw) / (sum(raw) / 1000)
    with _hub(folder / "slow", environment=late) as hub:
        tickets = _press(hub, 32)
    note = f"T {tickets.rate:,.0f}/s at 32 kiosks, R {rate:,.0f}/s, each sync 2 ms later"
    return [Figure("R / T, slow disk", rate / tickets.rate, "x", 1 / 1.5, note)]


def _on_postgres(folder: Path) -> list[Figure]:
    """Four hubs on one PostgreSQL beside a bare INSERT..RETURNING over as many connections, in turn."""
    with cluster(durable=True) as server, ExitStack() as stack:
        db, bare = server.database(), server.database()
        hubs = [stack.enter_context(_hub(folder / f"pg{n}", db)) for n in range(4)]
        _press_all(hubs, LEG_S)
        pairs = [(_inserts(bare), _press_all(hubs, 2 * LEG_S)) for _ in range(LEGS)]
        with psycopg.connect(db.replace("+psycopg", "")) as connection:
            row = connection.execute("SELECT count(*), count(DISTINCT label) FROM tickets").fetchone()
    assert row is not None
    rows, tickets = (median([pair[leg] for pair in pairs]) for leg in (0, 1))
    note = f"{tickets:,.0f}/s beside {rows:,.0f}/s of bare rows; {_load()}"
    ratio = median([bare / mine for bare, mine in pairs])
    return [
        Figure("bare INSERT / T, PostgreSQL, 4 hubs", ratio, "x", 2.0, note),
        Figure("doubled labels, PostgreSQL", row[0] - row[1], "labels", 0, f"{row[0]:,} tickets"),
    ]


def _press_all(hubs: list[Hub], seconds: float) -> float:
    """Tickets a second that eight kiosks at each of the hubs get, all at once."""
    with ThreadPoolExecutor(len(hubs)) as pool:
        return sum(run.rate for run in pool.map(lambda hub: _press(hub, 8, seconds), hubs))


def _at_length(folder: Path) -> list[Figure]:
    """After 10,000 tickets: memory, labels, calls to a hundred streams, and what an idle hub costs."""
    with _hub(folder / "long") as hub:
        done = 0
        while done < TICKETS:
            done += len(_press(hub, 8, 5.0).times_ms)
        memory = psutil.Process(hub.process.pid).memory_info().rss / 2**20
        times = asyncio.run(_calls(hub))
        labels = _labels(folder / "long" / "branch.db")
        cpu = asyncio.run(_idle(hub))
    return [
        Figure("doubled labels, SQLite", labels[0] - labels[1], "labels", 0, f"{labels[0]:,} tickets by 8 kiosks"),
        Figure("memory after them", memory, "MB", 150),
        Figure("call to board, p99", percentile(times, 0.99), "ms", 200, f"{STREAMS} streams, {CALLS} calls"),
        Figure("idle CPU", 100 * cpu / IDLE_S, "% of a core", 2, f"{IDLE_STREAMS} streams"),
    ]


async def _calls(hub: Hub) -> list[float]:
    """Milliseconds from the clerk's press to each stream's event."""
    called: dict[str, float] = {}
    times: list[float] = []

    complete = asyncio.Event()

    def heard(label: str) -> None:
        times.append((time.perf_counter() - called[label]) * 1000)
        if len(times) == CALLS * STREAMS:
            complete.set()

    async def listen(ready: asyncio.Event) -> None:
        async for data in _events(hub, ready):
            if data.get("verb") == "call" and data["label"] in called:
                heard(data["label"])

    readies = [asyncio.Event() for _ in range(STREAMS)]
    tasks = [asyncio.create_task(listen(ready)) for ready in readies]
    await asyncio.gather(*(ready.wait() for ready in readies))

    def clerk() -> None:
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {hub.clerk}"
            session.post(f"{hub.url}/api/v1/counters/1/open", timeout=60).raise_for_status()
            queue = session.get(f"{hub.url}/api/v1/state", timeout=60).json()["queue"]
            for ticket in queue[:CALLS]:
                called[ticket["label"]] = time.perf_counter()
                path = f"{hub.url}/api/v1/counters/1/call"
                session.post(path, json={"label": ticket["label"]}, timeout=60).raise_for_status()
                session.post(f"{hub.url}/api/v1/tickets/{ticket['id']}/finish", timeout=60).raise_for_status()

    await asyncio.to_thread(clerk)
    await asyncio.wait_for(complete.wait(), 60)
    for task in tasks:
        task.cancel()
    return times


async def _idle(hub: Hub) -> float:
    readies = [asyncio.Event() for _ in range(IDLE_STREAMS)]

    async def listen(ready: asyncio.Event) -> None:
        async for _ in _events(hub, ready):
            pass

    tasks = [asyncio.create_task(listen(ready)) for ready in readies]
    await asyncio.gather(*(ready.wait() for ready in readies))
    process = psutil.Process(hub.process.pid)
    await asyncio.sleep(2)
    before = process.cpu_times()
    await asyncio.sleep(IDLE_S)
    after = process.cpu_times()
    for task in tasks:
        task.cancel()
    return float(after.user + after.system - before.user - before.system)


async def _events(hub: Hub, ready: asyncio.Event) -> AsyncIterator[dict[str, str]]:
    host, _, port = hub.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=64 * 2**20)
    writer.write(f"GET /api/v1/events HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {hub.kiosk}\r\n\r\n".encode())
    try:
        while line := await reader.readline():
            if line.startswith(b"event: snapshot"):
                ready.set()
            elif line.startswith(b"data: ") and ready.is_set() and b'"verb"' in line:
                yield json.loads(line[6:])
    finally:
        writer.close()


def _press(hub: Hub, kiosks: int, seconds: float = SECONDS) -> Run:
    return _presses(hub.url, "/api/v1/tickets", hub.kiosk, kiosks, seconds, "full")


def _press_empty(url: str, kiosks: int) -> Run:
    return _presses(url, "/empty", "none", kiosks, LEG_S, "empty")


def _load() -> str:
    return f"machine's load {os.getloadavg()[0]:.1f}"


def _presses(url: str, path: str, token: str, kiosks: int, seconds: float, kind: str) -> Run:
    words = [sys.executable, "-m", "tests.bench.presses", url, path, token, str(kiosks), str(seconds), kind]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False)
    if done.returncode:
        raise RuntimeError(f"the load ended early: {done.stderr.strip().splitlines()[-1:]}")
    return Run(**json.loads(done.stdout))


def _commits(folder: Path, environment: Mapping[str, str]) -> list[float]:
    words = [sys.executable, "-m", "tests.bench.bare_hub", "commit", str(folder), str(SECONDS)]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=True, env=os.environ | environment)
    return [float(line) for line in done.stdout.split()]


def _inserts(db: str) -> float:
    """Rows a second over four connections, each its own durable transaction."""
    url = db.replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bare (id bigserial PRIMARY KEY, label text)")
    counts: list[int] = []
    over = time.perf_counter() + 2 * LEG_S

    def insert() -> None:
        count = 0
        with psycopg.connect(url, autocommit=True) as connection:
            while time.perf_counter() < over:
                connection.execute("INSERT INTO bare (label) VALUES ('B001') RETURNING id").fetchone()
                count += 1
        counts.append(count)

    threads = [threading.Thread(target=insert) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (2 * LEG_S)


def _labels(file: Path) -> tuple[int, int]:
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    row = connection.execute("SELECT count(*), count(DISTINCT label || business_date) FROM tickets").fetchone()
    connection.close()
    return int(row[0]), int(row[1])


@contextmanager
def _hub(state: Path, db: str = "", environment: Mapping[str, str] | None = None) -> Iterator[Hub]:
    state.mkdir()
    where = ["--state", str(state), *(["--db", db] if db else [])]
    words = [sys.executable, "-m", "kiosk", "branch", *where]
    process = subprocess.Popen(
        [*words, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
        env=os.environ | dict(environment or {}),
    )  # fmt: skip
    try:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        grant = [sys.executable, "-m", "kiosk", "branch", "grant", "clerk", "--name", "bench", *where]
        given = subprocess.run(grant, capture_output=True, text=True, cwd=ROOT, check=True, timeout=120).stdout
        yield Hub(url, process, (state / "tokens" / "kiosk").read_text().strip(), json.loads(given)["token"])
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()


@contextmanager
def _bare() -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.bare_hub", "serve"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()
