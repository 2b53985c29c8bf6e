"""A central service on loopback with a clock that tests move, and kiosks that sign, or cheat."""

import json
from base64 import b64encode
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central.options import BranchNames, Options
from central.server import CentralServer
from kiosk.__main__ import main
from kiosk.domain.catalogue import Catalogue, Category, Consent, Field, Service
from kiosk.link.models.central import DeviceConfig, SealingKey
from kiosk.link.sealing import Sealer
from kiosk.link.signing import Signer
from kiosk.wiring import places

ZONE = ZoneInfo("Asia/Shanghai")
BRANCH = "421202-001"
TEXTS = {language: places.texts(language, "central") for language in ("zh", "en")}


def words(text: str) -> dict[str, str]:
    return {"zh": text, "en": f"{text} (en)"}


def service(code: str, **more: Any) -> Service:
    plain: dict[str, Any] = {
        "code": code, "category": code[0], "name": words(f"业务 {code}"), "short": words(code), "note": {},
        "purpose": {}, "mode": "ticket", "documents": (), "who": {}, "fee_fen": 0, "fee_note": {}, "fee_basis": "",
        "time_limit": words("1 个工作日"), "delivery": {},
    }  # fmt: skip
    return Service(**(plain | more))


MOBILE = Field("mobile", "mobile", words("手机号码"), words("?"), words(""), sensitive=True)
POSTCODE = Field("postcode", "postcode", words("邮政编码"), words("?"), words(""), required=False)
CONSENTS = (Consent("correct", words("属实")), Consent("sensitive", words("同意"), sensitive=True))
DIRECT: dict[str, Any] = {"mode": "both", "fields": (MOBILE, POSTCODE), "consents": CONSENTS}
CATALOGUE = Catalogue(
    "test-1",
    (Category("A", words("用户信息"), words("用户"), "user"),),
    {
        "A4": service("A4", min_assurance="typed", **DIRECT),
        "A3": service("A3", min_assurance="card", **DIRECT),
        "B1": service("B1"),
        "C9": service("C9", enabled=False, **DIRECT),
    },
)


def resident_id(sequence: int = 204, birth: date = date(1958, 3, 7)) -> str:
    """Generate a valid number of Xianning (GB 11643)."""
    body = f"421202{birth:%Y%m%d}{sequence:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def mobile(sequence: int = 1) -> str:
    return f"139{sequence:08d}"


def content(sequence: int = 204, name: str = "欧阳测试", **fields: str) -> dict[str, Any]:
    """The clear text of a request by a generated person."""
    person = {"kind": "resident_id", "number": resident_id(sequence), "name": name}
    return {"applicant": person, "fields": {"mobile": mobile(sequence), **fields}}


class Clock:
    """The machine's clock, moved by what a test says."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(ZONE) + self.offset


@dataclass
class World:
    """A running service and short ways to it."""

    server: CentralServer
    clock: Clock
    folder: Path
    url: str = ""
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=20))

    @property
    def database(self) -> Path:
        return self.folder / "central.db"

    def staff(self, role: str = "desk", name: str = "", pin: str = "4826") -> dict[str, str]:
        """Authorization headers of a new member of staff."""
        token = self.server.grant(role, name or f"{role}-{uuid4().hex[:6]}", pin)
        return {"Authorization": f"Bearer {token}"}

    def device(self, branch: str = BRANCH, **more: Any) -> "Device":
        """A kiosk that has just been enrolled."""
        key = Ed25519PrivateKey.generate()
        answer = self.enrol(self.server.claim(branch), key)
        assert answer.status_code == 201, answer.text
        told = answer.json()
        return Device(self, told["device_id"], told["key_id"], key, DeviceConfig.model_validate(told["config"]), **more)

    def enrol(self, code: str, key: Ed25519PrivateKey) -> httpx.Response:
        public = b64encode(key.public_key().public_bytes_raw()).decode()
        body = {"claim_code": code, "public_key": public, "hardware": {"machine": "test"}}
        return self.http.post(f"{self.url}/api/v1/enrolments", json=body)


@dataclass
class Device:
    """A kiosk that does by hand what the links do, so that it can do it wrongly."""

    world: World
    id: str
    key_id: str
    key: Ed25519PrivateKey
    config: DeviceConfig

    @property
    def signer(self) -> Signer:
        return Signer(self.key_id, self.key, self.world.clock)

    def order(self, what: Any = None, request: str = "", **more: Any) -> dict[str, Any]:
        """The body of POST /requests; `device` and `keys` seal it for another device or to other keys."""
        request = request or str(uuid4())
        keys: tuple[SealingKey, ...] = more.pop("keys", self.config.sealing_keys)
        sealed_for = more.pop("sealed_service", more.get("service", "A4"))
        clear = (
            what
            if isinstance(what, bytes)
            else json.dumps(content() if what is None else what, ensure_ascii=False).encode()
        )
        sealed = Sealer(more.pop("device", self.id), lambda: keys).seal(request, sealed_for, clear)
        plain = {
            "client_request_id": request,
            "service": "A4",
            "assurance": "typed",
            "consents": ["correct", "sensitive"],
            "sealed": {"kid": sealed.kid, "alg": sealed.alg, "ciphertext": sealed.ciphertext},
            "captured_at": self.world.clock().isoformat(),
        }
        return plain | more

    def submit(self, order: Mapping[str, Any], **more: Any) -> httpx.Response:
        return self.call("POST", "/api/v1/requests", order, key=more.pop("key", order.get("client_request_id")), **more)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        key: str | None = None,
        signer: Signer | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """One signed request; what `headers` names is added or, if empty, taken out after signing."""
        content = json.dumps(body).encode() if body is not None else (b"" if method == "POST" else None)
        signed = (signer or self.signer).headers(method, self.world.url + path, content, key)
        signed["Content-Type"] = "application/json"
        for name, value in (headers or {}).items():
            if value:
                signed[name] = value
            else:
                signed.pop(name, None)
        return self.world.http.request(method, self.world.url + path, content=content, headers=signed)


def said(state: Path, *words: str) -> Any:
    """What a `kiosk central` action prints, beside whatever service runs on that folder."""
    out = StringIO()
    with redirect_stdout(out):
        assert main(["central", "--state", str(state), *words]) == 0
    return json.loads(out.getvalue())


def options(folder: Path, **more: Any) -> Options:
    chosen: dict[str, Any] = {
        "keys": folder / "keys",
        "texts": TEXTS,
        "public_url": "self",
        "branches": {BRANCH: BranchNames("中心花坛邮政支局", "Central Parterre Post Office")},
        "status_per_minute": 10_000,
        "guesses_per_minute": 10_000,
    }
    return Options(**(chosen | more))


def open_world(folder: Path, catalogue: Catalogue = CATALOGUE, db: str = "", **more: Any) -> World:
    """Start a service on a free port, its database in `folder` if no other is named."""
    clock = Clock()
    server = CentralServer(db or f"sqlite:///{folder}/central.db", catalogue, options(folder, **more), clock)
    world = World(server, clock, folder)
    world.url = server.start()
    return world


def close_world(world: World) -> None:
    world.http.close()
    world.server.stop()


def code_of(answer: httpx.Response) -> str:
    """The problem code of an answer, which must be a proper problem."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["retry"] in ("never", "after", "later", "reauth")
    assert problem["title"]
    assert problem["detail"]
    assert problem["trace_id"]
    return str(problem["code"])
