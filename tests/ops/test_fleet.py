"""A kiosk of the fleet, with real core and centre: it tells how it is, obeys the list, takes up what is new."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.config import Settings
from kiosk.domain.shelf import TRIES, Version
from kiosk.engine.clock import SystemClock
from kiosk.ops import access, readiness
from kiosk.ops.doctor import unwell
from kiosk.ops.enrolment import Identity, enrol, load_identity
from kiosk.ops.readiness import Readiness
from kiosk.ops.versions import Versions
from kiosk.wiring.core import Core
from tests.central.world import BRANCH, World, close_world, open_world

PATIENCE_S = 60.0
ORDERS = ("refresh-config", "test-print", "collect-logs", "rotate-key", "restart", "update")


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[World]:
    folder = tmp_path / "centre"
    folder.mkdir()
    world = open_world(folder, heartbeat_s=5)
    yield world
    close_world(world)


@pytest.fixture
def state(tmp_path: Path, centre: World) -> Path:
    state = tmp_path / "kiosk"
    identity = enrol(centre.url, centre.server.claim(BRANCH), state, {})
    assert isinstance(identity, Identity)
    return state


@pytest.fixture
def core(state: Path) -> Iterator[Core]:
    settings = Settings()
    core = Core(replace(settings, hub=replace(settings.hub, url="http://127.0.0.1:1")), state, SystemClock())
    core.start()
    yield core
    core.stop()


def until(there: Callable[[], Any]) -> Any:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if found := there():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come")


def asked(centre: World, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(f"file:{centre.database}?mode=ro", uri=True, timeout=10)
    try:
        return list(connection.execute(query))
    finally:
        connection.close()


def test_the_kiosk_does_what_is_on_the_list_and_reports_each(centre: World, state: Path, core: Core) -> None:
    identity = load_identity(state)
    assert identity is not None
    admin = centre.staff("admin")
    for kind in ORDERS:
        path = f"{centre.url}/api/v1/fleet/devices/{identity.device_id}/commands"
        assert centre.http.post(path, json={"kind": kind}, headers=admin).status_code == 201
    first = core.kiosk
    until(lambda: not asked(centre, "SELECT 1 FROM commands WHERE state IN ('queued', 'in_progress')"))
    ended = {kind: (word, detail) for kind, word, detail in asked(centre, "SELECT kind, state, detail FROM commands")}
    assert ended["refresh-config"][0] == ended["collect-logs"][0] == ended["rotate-key"][0] == "succeeded"
    assert ended["test-print"] == ("rejected", "this kiosk cannot do that")
    assert ended["restart"] == ("succeeded", "restarted")
    assert ended["update"][0] in ("succeeded", "failed")
    assert core.kiosk is not first
    [bundle] = centre.http.get(
        f"{centre.url}/api/v1/fleet/devices/{identity.device_id}/diagnostics", headers=admin
    ).json()
    assert bundle["facts"]["outbox.queued"] == "0"
    rotated = load_identity(state)
    assert rotated is not None
    assert rotated.key_id != identity.key_id
    [kiosk] = centre.http.get(f"{centre.url}/api/v1/fleet/devices", headers=admin).json()
    assert kiosk["outbox"]["count"] == 0
    assert not kiosk["silent"]


def test_a_new_version_comes_into_force_when_nobody_is_here(centre: World, state: Path, core: Core) -> None:
    seen = until(lambda: Versions(state)["config"].seen)
    first = core.kiosk
    centre.server._running().vault.rotate(centre.clock())
    shelf = until(lambda: (found := Versions(state)["config"]).on_trial and found)
    assert shelf.seen != seen
    until(lambda: core.kiosk is not first)
    until(lambda: core.kiosk.engine.view.view == "welcome")


def test_a_version_that_cannot_start_is_given_up_and_reported(centre: World, state: Path) -> None:
    broken = Version('"broken"', '{"categories": "none"}')
    Versions(state).change("catalogue", lambda shelf: shelf.arrived(broken))
    core = Core(Settings(), state, SystemClock())
    try:
        assert Versions(state)["catalogue"].refused == (broken.tag,)
        assert core.kiosk.engine.state.catalogue.services
        core.start()
        until(lambda: "broken" in str(asked(centre, "SELECT beat FROM devices")))
    finally:
        core.stop()


def test_starts_that_end_before_they_are_healthy_bring_the_old_version_back(state: Path) -> None:
    identity = load_identity(state)
    assert identity is not None
    other = identity.config.model_copy(
        update={"branch": identity.config.branch.model_copy(update={"name_zh": "另一处"})}
    )
    Versions(state).change("config", lambda shelf: shelf.arrived(Version('"2"', other.model_dump_json())))
    names = []
    for _ in range(TRIES + 1):
        core = Core(Settings(), state, SystemClock())
        names.append(core.kiosk.engine.state.branch.name["zh"])
        core.stop()
    assert names == ["另一处"] * TRIES + [identity.config.branch.name_zh]


def test_the_centres_word_decides_who_this_kiosk_is(centre: World, tmp_path: Path) -> None:
    state = tmp_path / "second"
    for folder in (tmp_path / "other", state):
        assert isinstance(enrol(centre.url, centre.server.claim(BRANCH), folder, {}), Identity)
    core = Core(Settings(), state, SystemClock())
    try:
        branch = core.kiosk.engine.state.branch
        assert (branch.kiosk, branch.name["zh"]) == ("K2", "中心花坛邮政支局")
    finally:
        core.stop()


def test_the_readiness_report_reaches_the_centre_once_and_a_code_of_the_centre_opens_the_menu(
    centre: World, state: Path, core: Core
) -> None:
    identity = load_identity(state)
    assert identity is not None
    made = Readiness("421202-001", "", "K1", centre.clock(), (unwell("printer", "cover open", "close it"),))
    readiness.keep(state, made)
    device, admin = f"{centre.url}/api/v1/fleet/devices/{identity.device_id}", centre.staff("admin")
    seen = until(lambda: centre.http.get(f"{device}/diagnostics", headers=admin).json())
    assert seen[0]["facts"] == {"report": "readiness", "ready": "yes", "printer": "NOT WELL"}
    assert any("close it" in line for line in seen[0]["lines"])
    until(lambda: readiness.kept(state) is None)
    told = centre.http.post(f"{device}/service-code", headers=admin).json()
    assert 0 < told["good_s"] <= 30
    assert access.admit(state, told["code"], centre.clock()).admitted
    assert not access.admit(state, told["code"], centre.clock()).admitted, "a code opens once"
    assert ("service-code",) in asked(centre, "SELECT action FROM audit")
