"""A kiosk of the fleet, with real core and centre: it tells how it is, obeys the list, takes up what is new."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from kiosk.config import Settings
from kiosk.core.events import Touched
from kiosk.domain.shelf import TRIES, Version
from kiosk.engine.clock import SystemClock
from kiosk.engine.mint import uuid7
from kiosk.link.fleet import FleetLink
from kiosk.link.models.central import Command, CommandUpdate
from kiosk.ops import access, readiness
from kiosk.ops.doctor import unwell
from kiosk.ops.enrolment import Identity, enrol, load_identity
from kiosk.ops.orders import Life, Orders, Outcome
from kiosk.ops.readiness import Readiness
from kiosk.ops.update.signs import quiet
from kiosk.ops.versions import Versions
from kiosk.wiring import places
from kiosk.wiring.core import Core
from tests.central.world import BRANCH, World

PATIENCE_S = 60.0
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ORDERS = ("refresh-config", "test-print", "collect-logs", "rotate-key", "restart", "update")


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
    assert bundle["facts"]["ready"] in ("yes", "no")
    assert any(line.startswith("Readiness report: ") for line in bundle["lines"])
    assert any("printer" in line for line in bundle["lines"]), "each self-test, with its remedy"
    rotated = load_identity(state)
    assert rotated is not None
    assert rotated.key_id != identity.key_id
    [kiosk] = centre.http.get(f"{centre.url}/api/v1/fleet/devices", headers=admin).json()
    assert kiosk["outbox"]["count"] == 0
    assert not kiosk["silent"]


def test_a_reboot_waits_until_nobody_is_here(
    centre: World, state: Path, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.ops.machine.has_switch", lambda: True)
    identity = load_identity(state)
    assert identity is not None
    until(lambda: core.kiosk.engine.view.view == "welcome")
    core.kiosk.engine.post(Touched("identify:type", uuid7()))
    until(lambda: core.kiosk.engine.view.view != "welcome")
    first = core.kiosk
    path, admin = f"{centre.url}/api/v1/fleet/devices/{identity.device_id}/commands", centre.staff("admin")
    assert centre.http.post(path, json={"kind": "reboot"}, headers=admin).status_code == 201
    until(lambda: core.end == "reboot")
    assert core.kiosk is first
    core.kiosk.engine.post(Touched("home", uuid7()))
    until(lambda: core.kiosk is not first or core.end is None)


def test_before_the_restart_of_an_update_nobody_can_begin_and_who_is_there_is_not_disturbed(
    state: Path, core: Core
) -> None:
    engine = core.kiosk.engine
    until(lambda: engine.view.view == "welcome" and not engine.occupied)
    assert quiet(state)
    assert engine.view.title == places.texts("zh")["closed.restart.title"]


def test_an_update_waits_for_the_citizen_at_the_kiosk(state: Path, core: Core) -> None:
    engine = core.kiosk.engine
    until(lambda: engine.view.view == "welcome")
    engine.post(Touched("identify:type", uuid7()))
    until(lambda: engine.view.view != "welcome")
    there = engine.view.view
    assert not quiet(state)
    assert engine.view.view == there


class Told:
    """The centre's side of one order."""

    def __init__(self, order: Command) -> None:
        self.order, self.heard = order, list[str]()

    def commands(self) -> list[Command]:
        return [self.order]

    def told(self, _order: str, update: CommandUpdate) -> CommandUpdate:
        self.heard.append(update.state)
        return update


class Words:
    """What is remembered, in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        return self.kept.get(key)

    def set(self, key: str, value: str) -> None:
        self.kept[key] = value


@pytest.mark.parametrize("kind", ["restart", "reboot"])
def test_an_order_that_waits_for_a_citizen_is_not_told_as_failed(kind: str) -> None:
    order = Command.model_validate({"id": uuid7(), "kind": kind, "state": "queued", "created_at": NOW})
    centre, memory = Told(order), Words()
    deeds = {kind: lambda _order: Outcome("later")}
    for _ in range(3):
        Orders(cast("FleetLink", centre), memory, deeds, Life("1", "a")).obey()
    assert centre.heard == ["in_progress"]
    Orders(cast("FleetLink", centre), memory, deeds, Life("2", "b")).obey()
    assert centre.heard == ["in_progress", "succeeded"]


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
