"""Measures 1,000 kiosks in one process against the centre on PostgreSQL: what each costs, and that nothing is lost."""

import asyncio
import json
import tempfile
import time
from base64 import b64encode
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select

from central import enrolments
from central.centre import Centre, open_centre
from central.tables import Device as DeviceRow
from central.tables import Request
from kiosk.config import Settings
from kiosk.link.models.central import EnrolmentOrder
from kiosk.wiring import central as central_wiring
from kiosk.wiring import places
from tests.bench.central import BOXES, started
from tests.bench.figures import Figure, percentile
from tests.central.world import ZONE, Clock, Device, World, content
from tests.postgres import cluster

FEW, MANY = 100, 1_000
A_BRANCH = 20
BEATS = 3
AT_ONCE = 32
WORKERS = 4
AGAIN = 5


class Fleet:
    """Kiosks that beat, look at their configuration and hand in one request each, as fast as the centre answers."""

    def __init__(self, url: str, devices: list[Device]) -> None:
        self.url = url
        self.devices = devices
        self.times: list[float] = []
        self.wrong: list[int] = []
        self.retried = 0

    def run(self) -> float:
        """Seconds a kiosk."""
        begun = time.perf_counter()
        asyncio.run(self._all())
        return (time.perf_counter() - begun) / len(self.devices)

    async def _all(self) -> None:
        turns = asyncio.Semaphore(AT_ONCE)
        limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
        async with httpx.AsyncClient(timeout=60, limits=limits) as http:

            async def one(number: int, device: Device) -> None:
                async with turns:
                    await self._day(http, number, device)

            await asyncio.gather(*(one(number, device) for number, device in enumerate(self.devices)))

    async def _day(self, http: httpx.AsyncClient, number: int, device: Device) -> None:
        config = await self._ask(http, device, "GET", "/api/v1/devices/me/config", None, (200,))
        tag = config.headers.get("etag", "")
        for _ in range(BEATS):
            beat = {"version": "1", "health": {"printer": "ready"}, "outbox": {"count": 0}}
            await self._ask(http, device, "POST", "/api/v1/devices/me/heartbeat", beat, (200,))
        order = device.order(content(number % 900 + 50), consents=BOXES)
        await self._ask(http, device, "POST", "/api/v1/requests", order, (200, 201))
        await self._ask(http, device, "GET", "/api/v1/devices/me/config", None, (304,), tag)

    async def _ask(
        self, http: httpx.AsyncClient, device: Device, method: str, path: str, body: object, good: tuple[int, ...],
        tag: str = "",
    ) -> httpx.Response:  # fmt: skip
        sent = None if body is None else json.dumps(body).encode()
        key = body.get("client_request_id") if isinstance(body, dict) else None
        for _ in range(AGAIN):
            headers = device.signer.headers(method, self.url + path, sent, key)
            headers |= {"Content-Type": "application/json", "Host": urlsplit(self.url).netloc}
            headers |= {"If-None-Match": tag} if tag else {}
            begun = time.perf_counter()
            answer = await http.request(method, self.url + path, content=sent, headers=headers)
            self.times.append(time.perf_counter() - begun)
            if answer.status_code != 503:  # busy: a kiosk sends it again, and so do these
                break
            self.retried += 1
        if answer.status_code not in good:
            self.wrong.append(answer.status_code)
        return answer


def measure() -> list[Figure]:
    """The cost of one kiosk among a hundred and among a thousand."""
    with tempfile.TemporaryDirectory() as text, cluster(durable=True) as server:
        folder, db = Path(text), server.database()
        chosen = central_wiring.options(Settings(), folder, "")
        centre = open_centre(db, places.catalogue(), chosen, lambda: datetime.now(ZONE), serving=False)
        with started("-m", "kiosk", "central", "--state", text, "--listen", "127.0.0.1:0", "--db", db,
                     "--workers", str(WORKERS)) as (url, _process):  # fmt: skip
            devices = _enrolled(centre, folder, url, FEW + FEW + MANY)
            Fleet(url, devices[:FEW]).run()  # warms processes and connections
            few, many = Fleet(url, devices[FEW : 2 * FEW]), Fleet(url, devices[2 * FEW :])
            cheap, dear = few.run(), many.run()
            lost = _lost(centre, len(devices))
        centre.store.close()
    wrong = len(few.wrong) + len(many.wrong)
    per_second = 1 / dear
    times = f"{dear * 1000:.1f} ms a kiosk against {cheap * 1000:.1f} among {FEW}"
    return [
        Figure(f"cost of a kiosk among {MANY:,} against among {FEW}", dear / cheap, "x", 1.25, times),
        Figure("requests and heartbeats lost", lost + wrong, "", 0, f"of {len(devices) * (BEATS + 3)} calls"),
        Figure(
            f"p99 of an answer, {AT_ONCE} at once, {WORKERS} workers", percentile(many.times, 0.99) * 1000, "ms",
            note=f"median {percentile(many.times, 0.5) * 1000:.0f} ms; {per_second * (BEATS + 3):.0f} calls a second,"
            f" client and PostgreSQL on the same machine; {few.retried + many.retried} answered 503 and sent again",
        ),
    ]  # fmt: skip


def _enrolled(centre: Centre, folder: Path, url: str, count: int) -> list[Device]:
    world = World(None, Clock(), folder, url)  # type: ignore[arg-type]
    made = []
    for number in range(count):
        code = enrolments.claim(centre.store, centre.options, f"421202-{number // A_BRANCH + 1:03d}", None, centre.at())
        key = Ed25519PrivateKey.generate()
        public = b64encode(key.public_key().public_bytes_raw()).decode()
        order = EnrolmentOrder(claim_code=code, public_key=public)
        told, _ = enrolments.enrol(centre, order, url)
        made.append(Device(world, told.device_id, told.key_id, key, told.config))
    world.http.close()
    return made


def _lost(centre: Centre, wanted: int) -> int:
    with centre.store.read() as session:
        stored = session.scalar(select(func.count()).select_from(Request)) or 0
        each = session.scalar(select(func.count(Request.device_id.distinct()))) or 0
        heard = session.scalar(select(func.count()).where(DeviceRow.beat_at.is_not(None))) or 0
    return abs(wanted - stored) + abs(wanted - each) + abs(wanted - heard)
