"""What Prometheus reads: requests by state, kiosks by condition, and how long answers take; nothing about anybody."""

import os
import time
from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from central import fleet
from central.centre import Centre
from central.tables import Request

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_SHARED = "PROMETHEUS_MULTIPROC_DIR"


class Metrics:
    """The figures of one service. Several worker processes add theirs up through the folder in the environment."""

    def __init__(self, centre: Centre) -> None:
        if os.environ.get(_SHARED):
            # The library looks at the environment when it is imported, which is before the workers are made.
            values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]
        self._own = CollectorRegistry()
        self._answers = Counter(
            "central_answers", "Answers by route and status.", ["method", "route", "status"], registry=self._own
        )
        self._seconds = Histogram(
            "central_answer_seconds", "Time to answer.", ["method", "route"], buckets=_BUCKETS, registry=self._own
        )
        self._counted = _Counted(centre)

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer. `route` is the pattern of the address, never the address."""
        self._answers.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self) -> bytes:
        """All of it in Prometheus' text format."""
        whole = CollectorRegistry()
        whole.register(self._counted)
        times = self._own
        if os.environ.get(_SHARED):
            times = CollectorRegistry()
            MultiProcessCollector(times)  # type: ignore[no-untyped-call]
        return generate_latest(whole) + generate_latest(times)


class _Counted(Collector):
    """What the database says at the moment it is asked."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre

    def collect(self) -> Iterable[Metric]:
        return list(self._collect())

    def _collect(self) -> Iterator[Metric]:
        with self._centre.store.read() as session:
            states = session.execute(select(Request.state, func.count()).group_by(Request.state)).all()
            overdue = session.scalar(
                select(func.count()).select_from(Request).where(Request.due_on < self._centre.at().date())
            )
        requests = GaugeMetricFamily("central_requests", "Requests by state.", labels=["state"])
        for state, count in states:
            requests.add_metric([state], count)
        yield requests
        yield GaugeMetricFamily("central_requests_overdue", "Requests past their time limit.", value=overdue or 0)
        found = fleet.kiosks(self._centre)
        kiosks = GaugeMetricFamily("central_kiosks", "Kiosks by condition.", labels=["condition"])
        silent = sum(kiosk.silent for kiosk in found)
        kiosks.add_metric(["silent"], silent)
        kiosks.add_metric(["trouble"], sum(bool(kiosk.trouble) and not kiosk.silent for kiosk in found))
        kiosks.add_metric(["fine"], sum(not kiosk.silent and not kiosk.trouble for kiosk in found))
        yield kiosks
        waiting = sum(kiosk.outbox.count for kiosk in found if kiosk.outbox)
        yield GaugeMetricFamily("central_outbox_items", "Requests that wait on kiosks.", value=waiting)


class Measured:
    """ASGI middleware that counts and times every answer by the pattern of its address."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note what came of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            self._metrics.note(scope["method"], route, status, time.perf_counter() - begun)
