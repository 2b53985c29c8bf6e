"""A kiosk that waits to be let in: tickets, and a technician who sees why; then, by itself, everything."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.config import Settings
from kiosk.domain.errors import Refusal
from kiosk.engine.clock import SystemClock
from kiosk.engine.journal import read_journal
from kiosk.ops.checks.standing import admission
from kiosk.ops.claim import ClaimSlip
from kiosk.ops.enrolment import Identity, enrol, load_identity
from kiosk.ops.events import kept_events
from kiosk.ops.place import read_enrolled
from kiosk.wiring import enrol as enrol_command
from kiosk.wiring.core import Core
from tests.central.world import BRANCH, World, close_world, content, open_world
from tests.ops.test_fleet import until

REQUEST = {"service": "A4", "consents": ["correct", "sensitive"], **content(811)}


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[World]:
    folder = tmp_path / "centre"
    folder.mkdir()
    world = open_world(folder, heartbeat_s=5, admission="officer")
    yield world
    close_world(world)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "kiosk"


@pytest.fixture
def identity(centre: World, state: Path) -> Identity:
    found = enrol(centre.url, centre.server.claim(BRANCH), state, {})
    assert isinstance(found, Identity)
    return found


@pytest.fixture
def core(identity: Identity, state: Path) -> Iterator[Core]:
    settings = Settings()
    core = Core(replace(settings, hub=replace(settings.hub, url="http://127.0.0.1:1")), state, SystemClock())
    core.start()
    yield core
    core.stop()


def decide(centre: World, identity: Identity, fate: str) -> None:
    path = f"{centre.url}/api/v1/fleet/devices/{identity.device_id}/{fate}"
    assert centre.http.post(path, headers=centre.staff("admin")).status_code == 200


def hindrances(state: Path) -> list[object]:
    return [line.get("why", "clear") for line in kept_events(state) if str(line["event"]).startswith("requests.")]


def test_it_offers_tickets_alone_until_it_is_let_in_and_then_goes_on_by_itself(
    centre: World, state: Path, identity: Identity, core: Core
) -> None:
    assert identity.standing == "pending"
    known = until(lambda: (now := core.kiosk.engine.state).parts.central is True and now)
    assert not known.parts.submission, "the line is there, and yet nothing may be handed in"
    assert known.lobby.open
    first = core.kiosk
    with pytest.raises(Refusal, match="waits until the centre has let it in"):
        core._submit({"request": REQUEST})
    told = admission(read_enrolled(state))
    assert (told.ok, told.required) == (False, True)
    assert "not let it in yet" in told.what
    assert "fleet page" in told.remedy
    assert hindrances(state) == ["pending"]
    decide(centre, identity, "accept")
    until(lambda: core.kiosk is not first)
    until(lambda: core.kiosk.engine.state.parts.submission)
    assert admission(read_enrolled(state)).ok
    assert core._submit({"request": REQUEST})["state"] == "submitted"
    assert hindrances(state) == ["pending", "clear"]


def test_one_that_was_refused_says_so_and_takes_another_claim(
    centre: World, state: Path, identity: Identity, core: Core
) -> None:
    assert core._submission is not None
    decide(centre, identity, "refuse")
    until(lambda: hindrances(state) == ["pending", "retired"])
    assert "refused or retired" in admission(read_enrolled(state)).what
    until(lambda: "claim" in core.kiosk.rounds._rounds)
    again = enrol(centre.url, centre.server.claim(BRANCH), state, {})
    assert isinstance(again, Identity)
    assert (again.standing, again.device_id == identity.device_id) == ("pending", False)


def test_the_command_says_that_it_waits_and_which_mark_to_compare(
    centre: World, state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slip = ClaimSlip(centre.url, centre.server.claim(BRANCH))
    args = argparse.Namespace(
        state=state, file=None, central=slip.central, code=slip.code, ca=None, ca_sha256="", json=True
    )
    assert enrol_command.run(args) == 0
    told = json.loads(capsys.readouterr().out)
    identity = load_identity(state)
    assert identity is not None
    assert (told["state"], told["key_mark"]) == ("pending", identity.key_mark)
    assert (
        enrol_command.run(argparse.Namespace(**vars(args) | {"json": False, "code": centre.server.claim(BRANCH)})) == 0
    )
    assert "waits until the centre lets it in" in capsys.readouterr().out


def test_without_a_core_a_request_is_refused_in_one_line_until_the_kiosk_is_let_in(
    centre: World, state: Path, identity: Identity, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "request.json"
    file.write_text(json.dumps(REQUEST), "utf-8")
    asked = ["submit", "--state", str(state), str(file)]
    assert main(asked) == 2
    assert "waits until the centre has let it in" in capsys.readouterr().err
    assert read_journal(state, centre.clock) is None, "nothing of hers is kept"
    decide(centre, identity, "accept")
    assert main(asked) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "submitted"


def test_an_identity_of_an_earlier_version_was_accepted(centre: World, state: Path, identity: Identity) -> None:
    file = state / "identity" / "identity.json"
    stored = json.loads(file.read_bytes())
    del stored["standing"]
    file.write_text(json.dumps(stored))
    found, enrolled = load_identity(state), read_enrolled(state)
    assert found is not None
    assert enrolled is not None
    assert found.standing == enrolled.standing == "accepted"
