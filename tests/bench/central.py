"""Measures the central service: a durable, signed, sealed request against a bare INSERT, and what its parts cost."""

import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central.signature import Message, verify
from central.unsealing import unseal
from central.vault import Vault
from kiosk.link.models.central import DeviceConfig
from tests.bench.figures import Figure, median
from tests.central.world import BRANCH, Clock, Device, World, content
from tests.postgres import cluster

REQUESTS = 80
SENDERS = 8
ROUNDS = 24
"""Short rounds in turn: what else the machine does then hits all, and the median forgets the worst of it."""
LEGS = ("bare", "opened", "ours")
KEYS = "central-keys"
BOXES = ["correct", "entrust", "sensitive"]
Sent = tuple[str, bytes, dict[str, str]]


def measure() -> list[Figure]:
    """All figures of the intake."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        found += _against_bare("SQLite, 1 process", Path(folder), "", 1)
    with tempfile.TemporaryDirectory() as folder, cluster(durable=True) as server:
        found += _against_bare("PostgreSQL, 4 workers", Path(folder), server.database(), 4)
    return found + _parts()


def _against_bare(what: str, folder: Path, db: str, workers: int) -> list[Figure]:
    """Both servers run at once and are asked in turn, so that whatever else the machine does hits both."""
    ours_db = db or f"sqlite:///{folder}/central.db"
    bare_db = db or f"sqlite:///{folder}/bare.db"
    with (
        started("-m", "kiosk", "central", "--state", str(folder), "--listen", "127.0.0.1:0", "--db", ours_db,
                "--workers", str(workers)) as (ours, our_process),
        started("-m", "tests.bench.bare_central", bare_db, str(workers), str(folder / KEYS)) as (bare, bare_process),
    ):  # fmt: skip
        device = enrolled(folder, ours, ours_db)
        known = {
            "X-Signed-URL": ours + "/api/v1/requests",
            "X-Public-Key": b64encode(device.key.public_key().public_bytes_raw()).decode(),
            "X-Device": device.id,
        }
        legs = {leg: list[float]() for leg in LEGS}
        worked = dict.fromkeys(LEGS, 0.0)
        for turn in range(ROUNDS + 1):
            # Each leg takes its own requests, and another leg begins each round.
            for leg in LEGS[turn % 3 :] + LEGS[: turn % 3]:
                first = (turn * len(LEGS) + LEGS.index(leg)) * REQUESTS
                sent = [_signed(device, first + n) for n in range(REQUESTS)]
                if leg != "ours":
                    sent = [(f"/{leg}", body, headers | known) for _, body, headers in sent]
                process = our_process if leg == "ours" else bare_process
                before = cpu_s(process)
                seconds = send(ours if leg == "ours" else bare, sent)
                if turn:  # the first round warms them all
                    legs[leg].append(seconds)
                    worked[leg] += cpu_s(process) - before
    rate = {leg: REQUESTS / median(seconds) for leg, seconds in legs.items()}
    each = {leg: seconds / (REQUESTS * ROUNDS) * 1000 for leg, seconds in worked.items()}
    note = f"{rate['ours']:.0f}/s signed, sealed and durable; bare {rate['bare']:.0f}/s; "
    return [
        Figure(
            f"POST /requests against bare FastAPI + INSERT, {what}", _over(legs["ours"], legs["bare"]), "x", 2.0,
            note + "signature check and unsealing included",
        ),
        Figure(
            f"the same beside a bare endpoint that checks and opens too, {what}", _over(legs["ours"], legs["opened"]),
            "x", 2.0, f"bare with signature check and unsealing {rate['opened']:.0f}/s",
        ),
        Figure(
            f"the first in processor time of the servers, {what}", each["ours"] / each["bare"], "x",
            note=f"{each['ours']:.2f} ms a request; bare {each['bare']:.2f}, with check and unsealing"
            f" {each['opened']:.2f}; load average {os.getloadavg()[0]:.0f}",
        ),
    ]  # fmt: skip


def _over(mine: list[float], theirs: list[float]) -> float:
    """The middle one of the ratios of rounds: what else the machine does meets both sides of a round."""
    return median([one / other for one, other in zip(mine, theirs, strict=True)])


def _parts() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        vault = Vault(Path(folder), clock())
        key = Ed25519PrivateKey.generate()
        world = World(None, clock, Path(folder), "http://127.0.0.1")  # type: ignore[arg-type]
        config = DeviceConfig.model_construct(sealing_keys=vault.live())
        device = Device(world, "018f0000-0000-7000-8000-000000000000", "key", key, config)
        path, body, headers = _signed(device, 1)
        message = Message.of("POST", world.url + path, list(headers.items()), body)
        public = b64encode(key.public_key().public_bytes_raw()).decode()
        order = json.loads(body)
        sealed = b64decode(order["sealed"]["ciphertext"])
        checked = _each(lambda: verify(message, clock(), lambda _: public))
        opened = _each(
            lambda: unseal(
                vault, order["sealed"]["kid"], sealed, device.id, order["client_request_id"], order["service"]
            )
        )
        world.http.close()
    return [
        Figure("checking one signature", checked * 1e6, "us"),
        Figure("unsealing one request", opened * 1e6, "us"),
    ]


def _each(call: object, times: int = 300) -> float:
    assert callable(call)
    call()
    begun = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - begun) / times


def _signed(device: Device, sequence: int) -> Sent:
    order = device.order(content(sequence % 900 + 50), consents=BOXES)
    body = json.dumps(order).encode()
    url = device.world.url + "/api/v1/requests"
    headers = device.signer.headers("POST", url, body, order["client_request_id"])
    return "/api/v1/requests", body, {**headers, "Content-Type": "application/json", "Host": urlsplit(url).netloc}


def send(url: str, requests: list[Sent]) -> float:
    """Send all over a few connections at once; seconds until the last was answered with 201."""
    queue: SimpleQueue[Sent] = SimpleQueue()
    for request in requests:
        queue.put(request)
    wrong: list[int] = []

    def work() -> None:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        while True:
            try:
                path, body, headers = queue.get_nowait()
            except Empty:
                break
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 201:
                wrong.append(answer.status)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(SENDERS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    if wrong:
        raise RuntimeError(f"{url} answered {wrong[0]} to {len(wrong)} of {len(requests)}")
    return seconds


def enrolled(folder: Path, url: str, db: str) -> Device:
    """A kiosk of its own at a running centre."""
    line = [sys.executable, "-m", "kiosk", "central", "--state", str(folder), "claim", "--branch", BRANCH, "--db", db]
    done = subprocess.run(line, capture_output=True, text=True, timeout=120, check=True)
    world = World(None, Clock(), folder, url, httpx.Client(timeout=60))  # type: ignore[arg-type]
    key = Ed25519PrivateKey.generate()
    told = world.enrol(json.loads(done.stdout)["claim_code"], key).json()
    world.http.close()
    return Device(world, told["device_id"], told["key_id"], key, DeviceConfig.model_validate(told["config"]))


def cpu_s(process: int) -> float:
    """Seconds of processor time that a process and its living children have taken."""
    threads = Path(f"/proc/{process}/task")
    children = {child for thread in threads.iterdir() for child in (thread / "children").read_text().split()}
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(cpu_s(int(child)) for child in children)


@contextmanager
def started(*words: str) -> Iterator[tuple[str, int]]:
    """A server as a process of its own: its URL and number."""
    with subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"{' '.join(words[:3])} did not start")
        try:
            yield str(json.loads(line)["url"]), process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
