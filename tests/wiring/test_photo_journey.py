"""A document photographed on the whole kiosk: camera, engine, sealing, link, centre, with the guide's own overlay."""

import sqlite3
from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import requests

from kiosk.config import Settings
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.catalogue_file import read_catalogue
from kiosk.engine.clock import ZONE
from kiosk.engine.photos import preview_folder
from kiosk.view.models import Picture, View
from kiosk.wiring import places
from kiosk.wiring.theatre import Theatre
from tests.core.citizen import resident_id

GUIDE = Path(__file__).parents[2] / "docs" / "operate" / "photographs.md"
START = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    overlay = GUIDE.read_text("utf-8").split("```toml\n")[1].split("```")[0].replace('"scanned"', '"typed"')
    found = read_catalogue({**places.catalogue_sources(), "zz-branch.toml": overlay})
    # What is asked before the form has its own stories.
    b7 = replace(found.services["B7"], asks=found.services["A4"].asks, rules=found.services["A4"].rules)
    return replace(found, services={**found.services, "B7": b7})


@pytest.fixture
def theatre(catalogue: Catalogue) -> Iterator[Theatre]:
    opened = Theatre(Settings(), START, lambda _view: None, catalogue)
    yield opened
    opened.close()


def view(theatre: Theatre) -> View:
    return theatre.kiosk.engine.view


def to_the_camera(theatre: Theatre) -> None:
    """From welcome to the page of the photograph, with an identity that was typed."""
    for action in ("identify:type", *(f"key:{char}" for char in resident_id()), "next", "category:B"):
        theatre.touch(action)
    while view(theatre).action("service:B7") is None:
        theatre.touch("next")
    for action in ("service:B7", "apply", "choice:self"):
        theatre.touch(action)
    assert view(theatre).view == "photo"


def previews(theatre: Theatre) -> list[Path]:
    folder = preview_folder(theatre.state)
    return sorted(folder.glob("*")) if folder is not None and folder.is_dir() else []


def shown_pictures(theatre: Theatre) -> list[Picture]:
    return [block for block in view(theatre).blocks if isinstance(block, Picture)]


def test_from_the_camera_to_the_desk(theatre: Theatre) -> None:
    to_the_camera(theatre)
    theatre.fault("camera", "glare")
    theatre.touch("next")
    assert "反光" in " ".join(view(theatre).lines)
    assert previews(theatre) == []
    theatre.fault("camera", "ready")
    theatre.touch("retry")
    (picture,) = shown_pictures(theatre)
    assert Path(picture.path).read_bytes()[:3] == b"\xff\xd8\xff"
    assert [str(path) for path in previews(theatre)] == [picture.path]
    for action in ("next", "consent:sensitive", "next", "consent:correct", "consent:entrust"):
        theatre.touch(action)
    assert "已拍照" in " ".join(view(theatre).lines)
    theatre.touch("confirm")
    assert theatre.request_state() == "submitted"
    assert previews(theatre) == []
    token = theatre.central.grant("desk", "officer", "4826")
    headers = {"Authorization": f"Bearer {token}"}
    kept = theatre.kiosk.journal.outbox.recent(START)[-1]
    told = requests.get(
        f"{theatre.central.url}/api/v1/requests?client_request_id={kept.id}", headers=headers, timeout=5
    ).json()
    seen = requests.get(f"{theatre.central.url}/api/v1/desk/requests/{told['id']}", headers=headers, timeout=5).json()
    jpeg = b64decode(seen["photos"]["insurance_policy"])
    assert jpeg[:3] == b"\xff\xd8\xff"
    with closing(sqlite3.connect(theatre.state / "kiosk.db")) as journal:
        journal.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert jpeg[4000:4040] not in (theatre.state / "kiosk.db").read_bytes()


def test_nothing_of_it_stays_when_she_leaves_or_goes_away(theatre: Theatre) -> None:
    for leaving in ("home", "wait"):
        to_the_camera(theatre)
        theatre.touch("next")
        assert len(previews(theatre)) == 1
        if leaving == "home":
            theatre.touch("home")
            theatre.touch("choice:yes")
        else:
            theatre.wait(95)
        assert view(theatre).view == "welcome"
        assert previews(theatre) == []


def test_a_crash_leaves_no_picture(theatre: Theatre) -> None:
    to_the_camera(theatre)
    theatre.touch("next")
    theatre.crash()
    assert previews(theatre) == []
    assert view(theatre).view == "welcome"


def test_without_a_camera_there_is_a_ticket_instead(theatre: Theatre) -> None:
    theatre.fault("camera", "offline")
    for action in ("ticket-only", "category:B"):
        theatre.touch(action)
    while view(theatre).action("service:B7") is None:
        theatre.touch("next")
    theatre.touch("service:B7")
    assert view(theatre).action("apply") is None
    assert view(theatre).action("take-ticket") is not None


def test_a_camera_that_falls_silent_leads_to_the_counter(theatre: Theatre) -> None:
    to_the_camera(theatre)
    theatre.fault("camera", "silent")
    theatre.touch("next")
    assert "摄像头" in " ".join(view(theatre).lines)
    theatre.touch("take-ticket")
    assert theatre.ticket_state() == "waiting"
