"""A kiosk older than the centre wants: no direct requests, tickets as ever, and everybody who mends it is told why."""

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk import __version__
from kiosk.config import Settings
from kiosk.domain.errors import Refusal
from kiosk.engine.clock import SystemClock
from kiosk.ops.checks.standing import version
from kiosk.ops.enrolment import Identity, enrol
from kiosk.wiring.core import Core
from kiosk.wiring.enrolled import place_seen
from tests.central.world import BRANCH, World, content
from tests.ops.test_admission import hindrances
from tests.ops.test_fleet import until

OLD = "0.0.9"
REQUEST = {"service": "A4", "consents": ["correct", "sensitive"], **content(821)}


def want(world: World, least: str) -> None:
    """The office publishes the setting: the service runs with it from now on."""
    server = world.server._running()
    object.__setattr__(server, "options", replace(server.options, min_client_version=least))


def opened(state: Path) -> Core:
    settings = Settings()
    core = Core(replace(settings, hub=replace(settings.hub, url="http://127.0.0.1:1")), state, SystemClock())
    core.start()
    return core


def test_it_stops_offering_when_the_centre_wants_more_and_comes_back_with_its_update(
    centre: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "kiosk"
    assert isinstance(enrol(centre.url, centre.server.claim(BRANCH), state, {}), Identity)
    with monkeypatch.context() as patched:
        for module in ("core", "care"):
            patched.setattr(f"kiosk.wiring.{module}.__version__", OLD)
        core = opened(state)
        try:
            until(lambda: core.kiosk.engine.state.parts.submission and core.kiosk.engine.state.parts.central)
            assert core._submit({"request": REQUEST})["state"] == "submitted"
            assert hindrances(state) == []
            first = core.kiosk
            want(centre, __version__)
            until(lambda: core.kiosk is not first)
            assert hindrances(state) == ["too-old"]
            known = until(lambda: (now := core.kiosk.engine.state).parts.central is True and now)
            assert not known.parts.submission
            assert known.lobby.open, "tickets go on"
            with pytest.raises(Refusal, match="update it"):
                core._submit({"request": REQUEST})
            admin = centre.staff("admin")
            told = until(
                lambda: next(
                    (one for one in centre.http.get(f"{centre.url}/api/v1/fleet/devices", headers=admin).json()
                     if one["too_old"]), None,
                )
            )  # fmt: skip
            assert told["version"] == OLD
            found = version(place_seen(state), OLD)
            assert (found.ok, found.required) == (False, True)
            assert f"from {__version__} on" in found.what
            assert "fleet page" in found.remedy
        finally:
            core.stop()
    core = opened(state)
    try:
        until(lambda: core.kiosk.engine.state.parts.submission)
        assert hindrances(state) == ["too-old", "clear"]
        assert version(place_seen(state), __version__).ok
    finally:
        core.stop()
