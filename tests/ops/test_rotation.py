"""The device's key is replaced; a crash between any two steps leaves a kiosk that the centre knows."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.link.fleet import FleetLink
from kiosk.link.models.care import KeyMade
from kiosk.link.models.central import Heartbeat, HeartbeatAnswer
from kiosk.ops.enrolment import (
    FOLDER,
    Identity,
    NextKey,
    enrol,
    keep_next_key,
    load_identity,
    next_key_draft,
)
from kiosk.ops.rotation import RotationPending, finish, rotate
from tests.central.world import BRANCH, World, close_world, open_world


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = open_world(tmp_path_factory.mktemp("centre"))
    yield world
    close_world(world)


def enrolled(centre: World, state: Path) -> Identity:
    identity = enrol(centre.url, centre.server.claim(BRANCH), state, {})
    assert isinstance(identity, Identity)
    return identity


def started(centre: World, state: Path) -> FleetLink:
    """The link as a start makes it."""
    identity = load_identity(state)
    assert identity is not None
    return FleetLink(identity.link(centre.clock))


def beats(link: FleetLink) -> bool:
    return isinstance(link.link.heartbeat(Heartbeat(version="1")), HeartbeatAnswer)


def drafted(_centre: World, state: Path) -> None:
    next_key_draft(state)


def handed_in(centre: World, state: Path) -> KeyMade:
    link = started(centre, state)
    public = next_key_draft(state).public_key().public_bytes_raw()
    made = link.add_key(b64encode(public).decode())
    link.link.close()
    assert isinstance(made, KeyMade)
    return made


def named(centre: World, state: Path) -> NextKey:
    made, identity = handed_in(centre, state), load_identity(state)
    assert identity is not None
    key = NextKey(made.key_id, next_key_draft(state))
    keep_next_key(state, identity, key)
    return key


def proved(centre: World, state: Path) -> None:
    key, link = named(centre, state), started(centre, state)
    link.link.sign_as(key.key_id, key.key)
    assert isinstance(link.confirm_key(key.key_id), KeyMade)
    link.link.close()


@pytest.mark.parametrize("until", [drafted, handed_in, named, proved, lambda *_: None])
def test_a_crash_at_any_step_is_gone_on_from(
    centre: World, tmp_path: Path, until: Callable[[World, Path], object]
) -> None:
    before = enrolled(centre, tmp_path)
    until(centre, tmp_path)
    link = started(centre, tmp_path)
    after = rotate(tmp_path, link)
    assert beats(link)
    link.link.close()
    assert after.key_id != before.key_id
    assert sorted(file.name for file in (tmp_path / FOLDER).iterdir()) == ["identity.json"]
    again = started(centre, tmp_path)
    assert beats(again)
    again.link.close()


def test_a_heartbeat_finishes_what_a_crash_after_the_proof_left(centre: World, tmp_path: Path) -> None:
    enrolled(centre, tmp_path)
    proved(centre, tmp_path)
    link = started(centre, tmp_path)
    assert not beats(link), "the centre has ended the old key already"
    assert finish(tmp_path, link) is not None
    assert beats(link)
    assert finish(tmp_path, link) is None
    link.link.close()


def test_without_the_centre_both_keys_stay(centre: World, tmp_path: Path) -> None:
    enrolled(centre, tmp_path)
    stored = load_identity(tmp_path)
    assert stored is not None
    gone = FleetLink(Identity("http://127.0.0.1:1", stored.device_id, stored.key_id, stored.config, stored.key).link(
        centre.clock
    ))  # fmt: skip
    with pytest.raises(RotationPending, match="away"):
        rotate(tmp_path, gone)
    gone.link.close()
    link = started(centre, tmp_path)
    assert beats(link)
    first = next_key_draft(tmp_path).private_bytes_raw()
    assert rotate(tmp_path, link).key.private_bytes_raw() == first, "the key of the try before"
    link.link.close()
