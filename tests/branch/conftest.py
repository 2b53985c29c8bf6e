"""A hub on a clock that stands still until it is told, on a real port; and the people who use it."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.structures import CaseInsensitiveDict
from sqlalchemy import create_engine

from branch.options import BranchOptions
from branch.server import BranchServer
from kiosk.domain.catalogue import Catalogue, Category, Service
from kiosk.engine.clock import SimulatedClock, parse_time
from tests.postgres import Cluster, postgres

__all__ = ["postgres"]

MORNING = "2026-11-23T09:30:00+08:00"
CODES = ("A1", "A4", "B1", "B3", "C1")


def words(text: str) -> dict[str, str]:
    return {"zh": text, "en": text.lower()}


def small_catalogue() -> Catalogue:
    def service(code: str) -> Service:
        return Service(
            code=code, category=code[0], name=words(f"业务{code}"), short=words(code), note=words(""),
            purpose=words(""), mode="ticket", documents=(words("身份证原件"),), who=words(""), fee_fen=1000,
            fee_note=words("一本"), fee_basis="", time_limit=words(""), delivery=words(""),
        )  # fmt: skip

    letters = tuple(Category(letter, words(f"类别{letter}"), words(letter), "icon") for letter in "ABC")
    return Catalogue("1", letters, {code: service(code) for code in CODES})


@dataclass
class Answer:
    status: int
    body: Any
    headers: CaseInsensitiveDict[str]

    @property
    def code(self) -> str:
        return str(self.body["code"])


class Person:
    """Somebody with a token. `get`, `post` and `put` speak JSON to /api/v1."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.token = token
        self.session = requests.Session()

    def get(self, path: str, **headers: str) -> Answer:
        return self._call("GET", path, None, headers)

    def post(self, path: str, body: Any = None) -> Answer:
        return self._call("POST", path, body, {})

    def put(self, path: str, body: Any) -> Answer:
        return self._call("PUT", path, body, {})

    def _call(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        sent = {"Authorization": f"Bearer {self.token}", **headers} if self.token else headers
        answer = self.session.request(method, f"{self.url}/api/v1{path}", json=body, headers=sent, timeout=20)
        kind = answer.headers.get("content-type", "")
        parsed = answer.json() if "json" in kind else answer.text
        return Answer(answer.status_code, parsed, answer.headers)


class Hub:
    """One hub and everybody around it."""

    def __init__(
        self,
        folder: Path,
        clock: SimulatedClock,
        options: BranchOptions,
        catalogue: Catalogue | None = None,
        port: int = 0,
        db: str = "",
    ) -> None:
        self.clock = clock
        self.folder = folder
        self.db = db or f"sqlite:///{folder / 'branch.db'}"
        self.server = BranchServer(self.db, catalogue or small_catalogue(), options, clock.now)
        self.store = self.server.store
        self.url = self.server.start(f"127.0.0.1:{port}")
        self.people: list[Person] = []

    def person(self, role: str, name: str, pin: str | None = None) -> Person:
        self.people.append(Person(self.url, self.server.grant(role, name, pin)))
        return self.people[-1]

    @cached_property
    def kiosk(self) -> Person:
        return self.person("kiosk", "K1")

    @cached_property
    def clerk(self) -> Person:
        return self.person("clerk", "clerk-1")

    @cached_property
    def other(self) -> Person:
        return self.person("clerk", "clerk-2")

    @cached_property
    def board(self) -> Person:
        return self.person("board", "hall")

    @cached_property
    def admin(self) -> Person:
        return self.person("admin", "boss")

    @cached_property
    def nobody(self) -> Person:
        self.people.append(Person(self.url, ""))
        return self.people[-1]

    def close(self) -> None:
        for person in self.people:
            person.session.close()
        self.server.stop()

    def order(self, service: str = "B3", **more: Any) -> dict[str, Any]:
        return {
            "id": str(uuid.uuid4()),
            "service": service,
            "language": "zh",
            "priority": None,
            "origin": {"kiosk": "K1", "seq": 1},
            "issued_at": self.clock.now().isoformat(),
            **more,
        }

    def take(self, service: str = "B3", **more: Any) -> dict[str, Any]:
        """Take a ticket and hold its paper."""
        order = self.order(service, **more)
        answer = self.kiosk.post("/tickets", order)
        assert answer.status == 201, answer.body
        self.kiosk.post(f"/tickets/{order['id']}/confirm", {"printed": "process-id"})
        return dict(answer.body)

    def called(self, number: int = 1, person: Person | None = None) -> dict[str, Any]:
        """Have a ticket at a counter, which is opened for it."""
        who = person or self.clerk
        assert who.post(f"/counters/{number}/open").status == 200
        answer = who.post(f"/counters/{number}/call-next")
        assert answer.status == 200, answer.body
        return dict(answer.body)

    def ticket(self, ticket: str) -> dict[str, Any]:
        return dict(self.kiosk.get(f"/tickets/{ticket}").body)

    def state(self, person: Person | None = None) -> dict[str, Any]:
        return dict((person or self.clerk).get("/state").body)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(parse_time(MORNING))


BOTH = pytest.mark.parametrize("db", ["sqlite", "postgresql"], indirect=True)
"""For tests that both engines must pass: the hub's database is the one and then the other."""


@pytest.fixture(scope="session")
def postgres_database(postgres: Cluster) -> str:
    """A database on a PostgreSQL server, started for the first test that wants it."""
    return postgres.database()


@pytest.fixture
def db(request: pytest.FixtureRequest) -> str:
    """Where the hub's data lies: a file in the test's folder where nothing else is said."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return ""
    # A schema is empty tables in a moment; a database would be a thousand files to make and to delete.
    url: str = request.getfixturevalue("postgres_database")
    name = f"s{uuid.uuid4().hex[:12]}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    engine.dispose()
    return f"{url}&options=-csearch_path%3D{name}"


@pytest.fixture
def make_hub(tmp_path: Path, clock: SimulatedClock, db: str) -> Iterator[Callable[..., Hub]]:
    hubs: list[Hub] = []

    def make(folder: Path = tmp_path, **options: Any) -> Hub:
        hubs.append(Hub(folder, clock, BranchOptions(**options), db=db))
        return hubs[-1]

    yield make
    for hub in hubs:
        hub.close()


@pytest.fixture
def hub(make_hub: Callable[..., Hub]) -> Hub:
    return make_hub()
