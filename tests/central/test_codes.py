"""One-time codes and proofs: what raises an assurance is checked here, and serves one request."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from central.server import CentralServer
from kiosk.link.sealing import Sealer
from tests.central.world import CATALOGUE, Clock, Device, World, close_world, code_of, content, mobile, options


class Phones(list[tuple[str, str]]):
    """Every message that the centre has sent."""

    works = True

    def send(self, to: str, text: str) -> None:
        if not self.works:
            raise OSError
        self.append((to, text))


@dataclass
class Post:
    """A kiosk, and the phones that its centre reaches."""

    device: Device
    phones: Phones

    def send(self, number: str, name: str = "", service: str = "A3") -> httpx.Response:
        name = name or str(uuid4())
        clear = json.dumps({"mobile": number}).encode()
        sealed = Sealer(self.device.id, lambda: self.device.config.sealing_keys).seal(name, service, clear)
        part = {"kid": sealed.kid, "alg": sealed.alg, "ciphertext": sealed.ciphertext}
        return self.device.call("POST", "/api/v1/codes", {"id": name, "service": service, "sealed": part})

    def check(self, name: str, typed: str) -> httpx.Response:
        return self.device.call("POST", f"/api/v1/codes/{name}/check", {"code": typed})

    @property
    def newest(self) -> str:
        found = re.search(r"\d{6}", self.phones[-1][1])
        assert found
        return found[0]

    def proved(self, number: str) -> str:
        name = str(self.send(number).json()["id"])
        assert self.check(name, self.newest).json()["state"] == "proved"
        return name

    def submit(self, sequence: int, proof: Any, **more: Any) -> httpx.Response:
        inside = content(sequence) | ({"proof": proof} if proof else {})
        return self.device.submit(self.device.order(inside, **({"service": "A3", "assurance": "code"} | more)))


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    folder: Path = tmp_path_factory.mktemp("codes")
    strict = replace(CATALOGUE.services["A3"], min_assurance="code")
    catalogue = replace(CATALOGUE, services={**CATALOGUE.services, "A3": strict})
    phones, clock = Phones(), Clock()
    server = CentralServer(f"sqlite:///{folder}/central.db", catalogue, options(folder, sms=phones), clock)
    world = World(server, clock, folder)
    world.url = server.start()
    yield Post(world.device(), phones)
    close_world(world)


@pytest.fixture
def post(opened: Post) -> Iterator[Post]:
    opened.device.world.clock.offset = timedelta()
    yield opened
    opened.device.world.clock.offset = timedelta()


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_that_is_typed_rightly_opens_the_register_for_one_request(post: Post) -> None:
    name = post.proved(mobile(301))
    proof = {"kind": "code", "id": name}
    assert post.submit(301, proof).status_code == 201
    again = post.submit(301, proof)
    assert (again.status_code, code_of(again)) == (422, "proof-used")


def test_the_same_request_may_be_sent_again_with_its_proof(post: Post) -> None:
    proof = {"kind": "code", "id": post.proved(mobile(302))}
    request = str(uuid4())
    assert post.submit(302, proof, request=request).status_code == 201
    assert post.submit(302, proof, request=request).status_code == 200


@pytest.mark.parametrize("assurance", ["typed", "scanned", "card"])
def test_less_than_a_proof_opens_nothing(post: Post, assurance: str) -> None:
    assert code_of(post.submit(303, None, assurance=assurance)) == "assurance-too-low"


def test_a_claim_without_its_proof_opens_nothing(post: Post) -> None:
    assert code_of(post.submit(304, None)) == "proof-missing"
    assert code_of(post.submit(304, None, assurance="staff")) == "proof-missing"
    assert code_of(post.submit(304, {"kind": "staff", "id": str(uuid4())})) == "proof-missing"
    assert code_of(post.submit(304, {"kind": "code", "id": str(uuid4())})) == "proof-unknown"


def test_a_code_that_was_only_sent_proves_nothing(post: Post) -> None:
    name = str(post.send(mobile(305)).json()["id"])
    assert code_of(post.submit(305, {"kind": "code", "id": name})) == "proof-unknown"


def test_a_code_to_another_phone_proves_nothing(post: Post) -> None:
    proof = {"kind": "code", "id": post.proved(mobile(306))}
    assert code_of(post.submit(307, proof)) == "proof-phone"


def test_a_proof_grows_old(post: Post) -> None:
    proof = {"kind": "code", "id": post.proved(mobile(308))}
    post.device.world.clock.offset = timedelta(minutes=16)
    assert code_of(post.submit(308, proof)) == "proof-expired"


def test_another_kiosk_s_code_is_not_ours(post: Post) -> None:
    other = Post(post.device.world.device(), post.phones)
    name = post.proved(mobile(309))
    assert code_of(other.check(name, "123456")) == "not-found"
    assert code_of(other.submit(309, {"kind": "code", "id": name})) == "proof-unknown"


def test_a_clerk_s_confirmation_serves_one_request(post: Post) -> None:
    proof = {"kind": "staff", "id": str(uuid4())}
    assert post.submit(310, proof, assurance="staff").status_code == 201
    assert code_of(post.submit(310, proof, assurance="staff")) == "proof-used"


def test_five_wrong_codes_end_it_even_for_the_right_one(post: Post) -> None:
    name = str(post.send(mobile(311)).json()["id"])
    code = post.newest
    assert [code_of(post.check(name, wrong(code))) for _ in range(5)] == ["code-wrong"] * 4 + ["code-spent"]
    assert code_of(post.check(name, code)) == "code-spent"


def test_a_code_is_good_for_five_minutes(post: Post) -> None:
    name = str(post.send(mobile(312)).json()["id"])
    code = post.newest
    post.device.world.clock.offset = timedelta(minutes=6)
    assert code_of(post.check(name, code)) == "code-expired"


def test_the_same_press_sends_one_message_and_the_same_phone_gets_no_second_one_at_once(post: Post) -> None:
    name = str(uuid4())
    before = len(post.phones)
    assert post.send(mobile(313), name).status_code == 201
    assert post.send(mobile(313), name).status_code == 201
    assert len(post.phones) == before + 1
    often = post.send(mobile(313))
    assert (often.status_code, code_of(often), often.headers["retry-after"]) == (429, "slow-down", "60")


def test_a_phone_gets_eight_codes_a_day(post: Post) -> None:
    answers = []
    for turn in range(9):
        post.device.world.clock.offset = timedelta(minutes=2 * turn)
        answers.append(post.send(mobile(314)).status_code)
    assert answers == [201] * 8 + [429]


def test_what_is_no_mobile_number_gets_none(post: Post) -> None:
    assert code_of(post.send("12345")) == "validation-failed"
    assert code_of(post.send(mobile(315), service="Z9")) == "service-unknown"


def test_a_gateway_that_refuses_leaves_nothing_behind(post: Post) -> None:
    post.phones.works = False
    answer = post.send(mobile(316))
    post.phones.works = True
    assert (answer.status_code, code_of(answer)) == (503, "sms-unavailable")
    assert post.send(mobile(316)).status_code == 201


def test_neither_number_nor_code_is_stored(post: Post) -> None:
    post.proved(mobile(317))
    raw = b"".join(file.read_bytes() for file in post.device.world.folder.glob("central.db*"))
    assert mobile(317).encode() not in raw
    assert f"code {post.newest}".encode() not in raw
