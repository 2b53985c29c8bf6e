"""The client of the centre against a real one: submitting, settling, following, and a clock that is off."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from kiosk.domain.errors import Broken
from kiosk.engine.ports import Rejected, RequestAnswer, RequestOrder
from kiosk.link.central import CentreLink, Fetched, Unchanged
from kiosk.link.models.central import BranchName, EventBatch, EventBatchAnswer, Heartbeat, HeartbeatAnswer, Wire
from kiosk.link.sealing import Sealer
from kiosk.ops.enrolment import Identity, enrol
from tests.central.world import BRANCH, World, content, mobile, resident_id


@dataclass
class Kiosk:
    """An enrolled kiosk whose clock can be put wrong."""

    identity: Identity
    centre: World
    link: CentreLink
    off: timedelta = timedelta()

    def now(self) -> datetime:
        return self.centre.clock() + self.off

    def order(self, sequence: int = 204, request: str = "") -> RequestOrder:
        name = request or str(uuid4())
        clear = json.dumps(content(sequence)).encode()
        sealed = self.identity.sealer().seal(name, "A4", clear)
        return RequestOrder(name, "A4", "typed", ("correct", "sensitive"), sealed, self.now())


@pytest.fixture
def kiosk(centre: World, tmp_path: Path) -> Iterator[Kiosk]:
    identity = enrol(centre.url, centre.server.claim(BRANCH), tmp_path, {})
    assert isinstance(identity, Identity)
    kiosk = Kiosk(identity, centre, link=None)  # type: ignore[arg-type]
    kiosk.link = identity.link(kiosk.now)
    yield kiosk
    kiosk.link.close()


def answered(answer: object) -> RequestAnswer:
    assert isinstance(answer, RequestAnswer), answer
    return answer


def test_a_request_goes_through_once(kiosk: Kiosk) -> None:
    order = kiosk.order()
    first, second = answered(kiosk.link.submit(order)), answered(kiosk.link.submit(order))
    assert (first.state, first.replayed, second.replayed) == ("submitted", False, True)
    assert first.reference == second.reference
    assert first.id == order.id


def test_what_was_never_answered_is_settled(kiosk: Kiosk) -> None:
    order = kiosk.order()
    assert kiosk.link.settle(order.id) == Rejected("not-found", 404)
    told = answered(kiosk.link.submit(order))
    assert answered(kiosk.link.settle(order.id)).reference == told.reference


def test_a_receipt_is_followed_by_all_that_stands_on_it(kiosk: Kiosk) -> None:
    told = answered(kiosk.link.submit(order := kiosk.order()))
    assert told.status_url
    assert told.reference
    token = told.status_url.rsplit("/", 1)[1]
    seen = [kiosk.link.follow(text) for text in (told.status_url, token, f" {told.reference.lower()} ", order.id)]
    assert {answered(answer).reference for answer in seen} == {told.reference}
    assert kiosk.link.follow("B012") == Rejected("not-found", 404)
    assert kiosk.link.follow("A" * 22) == Rejected("not-found", 404)


def test_a_request_is_withdrawn(kiosk: Kiosk) -> None:
    order = kiosk.order()
    kiosk.link.submit(order)
    found = kiosk.centre.http.get(f"{kiosk.centre.url}/api/v1/desk/requests?limit=200", headers=kiosk.centre.staff())
    ids = [row["id"] for row in found.json()]
    assert answered(kiosk.link.cancel(ids[-1])).state == "withdrawn"
    assert answered(kiosk.link.settle(order.id)).state == "withdrawn"


def test_a_refusal_comes_with_its_code(kiosk: Kiosk) -> None:
    clear = json.dumps(content(7, mobile="1")).encode()
    name = str(uuid4())
    sealed = kiosk.identity.sealer().seal(name, "A4", clear)
    order = RequestOrder(name, "A4", "typed", ("correct", "sensitive"), sealed, kiosk.now())
    assert kiosk.link.submit(order) == Rejected("validation-failed", 422)


def test_a_suspended_kiosk_is_told_so_and_knows_when_it_is_taken_again(kiosk: Kiosk) -> None:
    staff = kiosk.centre.staff("admin")

    def decided(fate: str) -> None:
        path = f"{kiosk.centre.url}/api/v1/fleet/devices/{kiosk.identity.device_id}/{fate}"
        assert kiosk.centre.http.post(path, headers=staff).status_code == 200

    assert kiosk.link.admits()
    decided("suspend")
    assert kiosk.link.submit(kiosk.order()) == Rejected("device-suspended", 403)
    assert not kiosk.link.admits()
    assert isinstance(kiosk.link.heartbeat(Heartbeat(version="1")), Rejected)
    assert not kiosk.link.admits()
    decided("resume")
    assert isinstance(kiosk.link.heartbeat(Heartbeat(version="1")), HeartbeatAnswer)
    assert kiosk.link.admits()
    assert kiosk.link.settle(str(uuid4())) == Rejected("not-found", 404), "an answer about something else"
    assert kiosk.link.admits()


@pytest.mark.parametrize("days", [-730, -1, 1, 730])
def test_a_clock_that_is_off_is_mended_by_the_centres_date_once(
    kiosk: Kiosk, caplog: pytest.LogCaptureFixture, days: int
) -> None:
    kiosk.off = timedelta(days=days)
    with caplog.at_level(logging.WARNING, "kiosk.link.central"):
        assert answered(kiosk.link.submit(kiosk.order())).state == "submitted"
        assert answered(kiosk.link.submit(kiosk.order(205))).state == "submitted"
    assert len([record for record in caplog.records if record.name == "kiosk.link.central"]) == 1
    assert abs(kiosk.link.clock_offset_s + days * 86400) < 60
    kiosk.off = timedelta()  # and once the machine's clock has been set, it is mended again
    assert answered(kiosk.link.submit(kiosk.order(206))).state == "submitted"


def test_configuration_is_fetched_only_when_it_is_new(kiosk: Kiosk) -> None:
    fetched = kiosk.link.config()
    assert isinstance(fetched, Fetched)
    assert fetched.config.device_id == kiosk.identity.device_id
    assert kiosk.link.config(fetched.etag) == Unchanged()


def test_heartbeat_and_events_go_through(kiosk: Kiosk) -> None:
    beat = kiosk.link.heartbeat(Heartbeat(version="0.1.0", health={"printer": "ready"}))
    assert isinstance(beat, HeartbeatAnswer)
    assert beat.commands_pending == 0
    event = {"origin_device": "K1", "origin_seq": 1, "type": "ticket", "at": kiosk.now().isoformat()}
    passed = kiosk.link.post_events(BRANCH, EventBatch(events=(event,)))
    assert isinstance(passed, EventBatchAnswer)
    assert kiosk.link.post_events("421299-001", EventBatch(events=())) == Rejected("wrong-branch", 403)


def test_sealing_is_never_the_same_twice_and_shows_nothing(kiosk: Kiosk) -> None:
    sealer, name = kiosk.identity.sealer(), str(uuid4())
    clear = json.dumps(content(7)).encode()
    one, two = sealer.seal(name, "A4", clear), sealer.seal(name.upper(), "A4", clear)
    assert one.ciphertext != two.ciphertext
    assert one.kid == two.kid == kiosk.identity.config.sealing_keys[0].kid
    for word in (resident_id(7), mobile(7)):
        assert word not in repr(one)


def test_without_a_key_that_is_understood_nothing_is_sealed(kiosk: Kiosk) -> None:
    [key] = kiosk.identity.config.sealing_keys
    strange = key.model_copy(update={"alg": "SM2-SM4"})
    with pytest.raises(Broken, match="update the kiosk"):
        Sealer("d", lambda: [strange]).seal(str(uuid4()), "A4", b"x")
    old = key.model_copy(update={"preferred": False})
    assert Sealer("d", lambda: [strange, old]).seal(str(uuid4()), "A4", b"x").kid == key.kid


def test_the_models_may_grow() -> None:
    assert BranchName.model_validate({"id": "x", "name_zh": "y", "name_en": "z", "later": 1}).id == "x"
    assert Wire.model_config["extra"] == "ignore"
