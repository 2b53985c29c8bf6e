"""Rings of updates: who is offered which release, pieces of its bundle, and what the fleet page says of its end."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.updates import Caller, Updates, read_plan
from kiosk.domain.errors import Refusal
from kiosk.domain.update import Offer
from kiosk.engine.ports import Rejected
from kiosk.link.central import CentreLink
from kiosk.link.models.updates import PIECE
from kiosk.link.updates import UpdateLink
from kiosk.ops.update.bundles import Bundles
from tests.central.world import BRANCH, Device, World, close_world, open_world

CONTENT = os.urandom(PIECE * 2 + 1234)
PLAN = """
[rings]
pilot = ["{pilot}"]

[[release]]
version = "2026.12.1"
[release.bundles]
kiosk-rpi4 = "old.raucb"

[[release]]
version = "2026.12.2"
ring = "pilot"
[release.bundles]
kiosk-rpi4 = "new.raucb"

[[release]]
version = "2027.1.1"
paused = true
[release.bundles]
kiosk-rpi4 = "new.raucb"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "updates"
    folder.mkdir()
    (folder / "old.raucb").write_bytes(CONTENT[:1000])
    (folder / "new.raucb").write_bytes(CONTENT)
    (folder / "updates.toml").write_text(PLAN.format(pilot="421202-777"))
    return folder


@pytest.fixture
def centre(tmp_path: Path, folder: Path) -> Iterator[World]:
    (tmp_path / "centre").mkdir()
    world = open_world(tmp_path / "centre", updates=folder)
    yield world
    close_world(world)


def link(world: World, device: Device) -> UpdateLink:
    return UpdateLink(CentreLink(world.url, device.key_id, device.key, world.clock))


def test_a_ring_has_a_release_before_the_others_and_widening_gives_it_to_all(centre: World, folder: Path) -> None:
    asks = link(centre, centre.device())
    first = asks.offer("2026.11.1", "kiosk-rpi4")
    assert isinstance(first, Offer)
    assert (first.version, first.size) == ("2026.12.1", 1000)
    (folder / "updates.toml").write_text(PLAN.format(pilot=BRANCH))
    second = asks.offer("2026.11.1", "kiosk-rpi4")
    assert second == Offer("2026.12.2", hashlib.sha256(CONTENT).hexdigest(), len(CONTENT), "centre")
    assert asks.offer("2026.12.2", "kiosk-rpi4") is None
    assert asks.offer("2026.12.9", "kiosk-rpi4") is None
    assert asks.offer("2026.11.1", "kiosk-zero2w") is None


def test_a_single_kiosk_may_be_a_ring(centre: World, folder: Path) -> None:
    one, two = centre.device(), centre.device()
    (folder / "updates.toml").write_text(PLAN.format(pilot=one.id))
    offers = [link(centre, device).offer("2026.12.1", "kiosk-rpi4") for device in (one, two)]
    assert isinstance(offers[0], Offer)
    assert offers[1] is None


def test_the_bundle_comes_in_pieces_to_those_who_are_offered_it(centre: World, folder: Path, tmp_path: Path) -> None:
    device = centre.device()
    (folder / "updates.toml").write_text(PLAN.format(pilot=device.id))
    asks = link(centre, device)
    offer = asks.offer("2026.11.1", "kiosk-rpi4")
    assert isinstance(offer, Offer)
    bundles = Bundles(tmp_path / "kiosk")
    pieces: list[int] = []

    def piece(version: str, at: int) -> bytes | None:
        pieces.append(at)
        return asks.piece(version, "kiosk-rpi4", at)

    assert bundles.fetch(offer, piece) == offer.sha256
    assert pieces == [0, PIECE, 2 * PIECE]
    assert link(centre, centre.device()).piece("2026.12.2", "kiosk-rpi4", 0) is None
    assert asks.piece("2026.12.2", "kiosk-rpi4", len(CONTENT)) is None
    assert centre.http.get(f"{centre.url}/api/v1/updates/2026.12.2/bundle?compatible=kiosk-rpi4").status_code == 401
    assert isinstance(asks.offer("../../etc", "kiosk-rpi4"), Rejected)


def test_a_plan_with_a_mistake_offers_what_it_offered_before(folder: Path) -> None:
    updates = Updates(folder)
    caller = Caller("device", (BRANCH,), "2026.11.1", "kiosk-rpi4")
    before = updates.offer(caller)
    assert before is not None
    for mistake, said in (
        ("[[release]]\nversion = 3\n", "release.0"),
        ('[[release]]\nversion = "1"\nring = "x"\n[release.bundles]\na = "a.raucb"\n', "no ring x"),
        ('[[release]]\nversion = "1"\n[release.bundles]\na = "../a.raucb"\n', "release.0.bundles.a"),
        ("[[", "updates.toml"),
    ):
        (folder / "updates.toml").write_text(mistake)
        assert updates.offer(caller) == before
        with pytest.raises(Refusal, match=said):
            read_plan(folder)
    (folder / "updates.toml").unlink()
    assert updates.offer(caller) == before
    assert Updates(None).offer(caller) is None


def test_a_bundle_that_is_missing_is_not_offered(folder: Path) -> None:
    (folder / "old.raucb").unlink()
    assert Updates(folder).offer(Caller("device", (BRANCH,), "1", "kiosk-rpi4")) is None


def test_the_fleet_page_says_why_an_update_did_not_take(centre: World) -> None:
    device = centre.device()
    told = {"release": "2026.11.1", "phase": "idle", "last_version": "2026.12.1", "ending": "rolled-back"}
    beat = {"version": "1", "update": told | {"reason": "printer: it is offline <b>"}}
    assert device.call("POST", "/api/v1/devices/me/heartbeat", beat).status_code == 200
    (kiosk,) = centre.http.get(f"{centre.url}/api/v1/fleet/devices", headers=centre.staff("admin")).json()
    assert kiosk["update"]["reason"] == "printer: it is offline <b>"
    assert kiosk["update"]["ending"] == "rolled-back"
