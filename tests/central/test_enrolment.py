"""Claim codes make kiosks: once, for a day, and for the branch they were given out for."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.domain.errors import Refusal
from tests.central.world import BRANCH, World, close_world, code_of, open_world


def test_a_claim_makes_a_kiosk_with_its_place_and_its_keys(world: World) -> None:
    answer = world.enrol(world.server.claim("421221-007"), Ed25519PrivateKey.generate())
    assert answer.status_code == 201
    told = answer.json()
    assert told["state"] == "accepted"
    config = told["config"]
    assert config["device_id"] == told["device_id"]
    assert config["branch"]["id"] == "421221-007"
    assert config["kiosk"] == {"name": "K1", "number": 1, "emergency_range": {"first": 501, "last": 599}}
    assert config["offline"] == {"max_age_h": 24.0, "max_items": 200, "max_last_contact_h": 24.0}
    [key] = config["sealing_keys"]
    assert key["preferred"] is True


def test_kiosks_of_a_branch_get_the_next_free_numbers(world: World) -> None:
    numbers = [world.device("421222-001").config.kiosk for _ in range(5)]
    assert [kiosk.number for kiosk in numbers] == [1, 2, 3, 4, 5]
    assert numbers[3].emergency_range is not None
    assert numbers[4].emergency_range is None


def test_a_claim_may_name_the_kiosk(world: World) -> None:
    code = world.server.claim("421222-002", kiosk=3)
    again = world.server.claim("421222-002", kiosk=3)
    assert world.enrol(code, Ed25519PrivateKey.generate()).json()["config"]["kiosk"]["name"] == "K3"
    assert code_of(world.enrol(again, Ed25519PrivateKey.generate())) == "kiosk-number-taken"


def test_a_claim_is_typed_as_people_type(world: World) -> None:
    code = world.server.claim(BRANCH).lower().replace("-", " ")
    assert world.enrol(f" {code} ", Ed25519PrivateKey.generate()).status_code == 201


def test_a_used_claim_is_refused_for_another_machine(world: World) -> None:
    code = world.server.claim(BRANCH)
    assert world.enrol(code, Ed25519PrivateKey.generate()).status_code == 201
    again = world.enrol(code, Ed25519PrivateKey.generate())
    assert (again.status_code, code_of(again)) == (409, "claim-used")


def test_the_same_machine_is_answered_again_when_the_answer_was_lost(world: World) -> None:
    code, key = world.server.claim(BRANCH), Ed25519PrivateKey.generate()
    first, second = world.enrol(code, key), world.enrol(code, key)
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.json()["device_id"] == first.json()["device_id"]


def test_a_key_serves_one_device_only(world: World) -> None:
    key = Ed25519PrivateKey.generate()
    assert world.enrol(world.server.claim(BRANCH), key).status_code == 201
    assert code_of(world.enrol(world.server.claim(BRANCH), key)) == "key-known"


def test_a_claim_lives_for_a_day(world: World) -> None:
    code = world.server.claim(BRANCH)
    world.clock.offset = timedelta(hours=24, seconds=1)
    late = world.enrol(code, Ed25519PrivateKey.generate())
    assert (late.status_code, code_of(late)) == (410, "claim-expired")


def test_a_claim_of_a_county_batch_lives_for_thirty_days_and_only_for_its_branch(world: World) -> None:
    in_time, too_late = (world.server.claim("421222-009", days=30) for _ in range(2))
    world.clock.offset = timedelta(days=29, hours=23)
    enrolled = world.enrol(in_time, Ed25519PrivateKey.generate())
    assert enrolled.status_code == 201
    assert enrolled.json()["config"]["branch"]["id"] == "421222-009"
    assert code_of(world.enrol(in_time, Ed25519PrivateKey.generate())) == "claim-used"
    world.clock.offset = timedelta(days=30, seconds=1)
    assert code_of(world.enrol(too_late, Ed25519PrivateKey.generate())) == "claim-expired"


@pytest.mark.parametrize("days", [0, -1, 31])
def test_a_claim_lives_for_thirty_days_at_most(world: World, days: int) -> None:
    with pytest.raises(Refusal, match="--days takes a number from 1 to 30"):
        world.server.claim(BRANCH, days=days)


def test_an_unknown_claim_and_a_broken_key_are_refused(world: World) -> None:
    assert code_of(world.enrol("AAAA-AAAA-AAAA", Ed25519PrivateKey.generate())) == "claim-unknown"
    body = {"claim_code": world.server.claim(BRANCH), "public_key": "AAAA", "hardware": {}}
    assert code_of(world.http.post(f"{world.url}/api/v1/enrolments", json=body)) == "public-key-malformed"


@pytest.mark.parametrize("branch", ["", "a b", "x" * 65, "中心"])
def test_a_claim_needs_a_branch_code(world: World, branch: str) -> None:
    with pytest.raises(Refusal, match="--branch"):
        world.server.claim(branch)


def test_guessing_claims_is_slowed_down(tmp_path_factory: pytest.TempPathFactory) -> None:
    strict = open_world(tmp_path_factory.mktemp("strict"), guesses_per_minute=3)
    try:
        key = Ed25519PrivateKey.generate()
        codes = [code_of(strict.enrol(f"AAAA-AAAA-AAA{n}", key)) for n in range(2, 7)]
        assert codes == ["claim-unknown"] * 3 + ["slow-down"] * 2
        assert int(strict.enrol("AAAA-AAAA-AAAA", key).headers["Retry-After"]) > 0
    finally:
        close_world(strict)
