"""A canary: after whole journeys no file of the kiosk's state folder holds what she said, in any way of writing it."""

import base64
import logging
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from kiosk.domain.catalogue import Field
from kiosk.engine.hands import KioskHands
from kiosk.engine.photos import preview_folder
from kiosk.wiring import places
from tests.core.citizen import resident_id
from tests.engine.power import PowerTheatre

NUMBER = resident_id()
NAME = "金丝雀测试"
MOBILE = "13" + "912" + "345" + "678"
POSTCODE = "437199"
HERS = (NUMBER, NAME, MOBILE, POSTCODE)
REQUEST = (
    "category:A", "service:A4", "apply", *(f"key:{char}" for char in MOBILE), "next",
    *(f"key:{char}" for char in POSTCODE), "next", "consent:sensitive", "next", "consent:correct", "consent:entrust",
)  # fmt: skip


@pytest.fixture
def theatre() -> Iterator[PowerTheatre]:
    theatre = PowerTheatre()
    yield theatre
    theatre.close()


def spelt(raw: bytes) -> Iterator[bytes]:
    """Every way in which bytes may be found in a file."""
    yield raw
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    yield raw.hex(" ").encode()
    # Base64 of a text in the middle of others: its own three alignments, without what the neighbours change.
    for alphabet in (base64.b64encode, base64.urlsafe_b64encode):
        for before in range(3):
            whole = alphabet(b"\0" * before + raw).rstrip(b"=")
            yield whole[4 if before else 0 : -2]


def written(text: str) -> Iterator[bytes]:
    """Every way in which a text may be found in a file."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
        yield from spelt(text.encode(encoding))
    yield text.encode("unicode_escape")
    yield quote(text).encode()
    yield text[::-1].encode()


def found(*folders: Path, picture: bytes = b"") -> list[str]:
    """Where something of hers lies below these folders."""
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    assert any(file.name == "kiosk.db" for file in files)
    ways = {way: hers for hers in HERS for way in written(hers)}
    for start in range(200, len(picture) - 24, 997):
        ways |= dict.fromkeys(spelt(picture[start : start + 24]), "a part of the picture")
    contents = {file: file.read_bytes() for file in files}
    return [
        f"{file.name} holds {hers} as {way!r}"
        for file, content in contents.items()
        for way, hers in ways.items()
        if way in content
    ]


def confirm(theatre: PowerTheatre) -> None:
    theatre.card({"number": NUMBER, "name": NAME})
    for action in REQUEST:
        theatre.touch(action)
    assert theatre.kiosk.engine.view.view == "check"
    theatre.touch("confirm")


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    for shift in range(3):
        sealed = base64.b64encode(b"x" * shift + NUMBER.encode() + b"yz")
        (tmp_path / "kiosk.db").write_bytes(b"??" + sealed + NAME.encode("gb18030"))
        assert len(found(tmp_path)) >= 2, shift


def test_after_delivery_nothing_is_left(theatre: PowerTheatre, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        confirm(theatre)
    assert theatre.request_state() == "submitted"
    assert found(theatre.state) == []
    theatre.touch("finish")
    theatre.crash()
    assert found(theatre.state) == []
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert not any(hers in logged for hers in HERS)
    paper = "\n".join(theatre.papers())
    assert not any(hers in paper for hers in HERS)


def pictures(theatre: PowerTheatre) -> list[bytes]:
    """What lies in the memory of the kiosk now."""
    hands = theatre.kiosk.engine._hands
    assert isinstance(hands, KioskHands)
    return [bytes(kept) for kept in hands._photos._kept.values()]


WITH_PHOTO = (*REQUEST[:3], "next", "next", *REQUEST[3:])
"""The same request where the catalogue asks for a photograph first: taken, looked at, accepted."""


def test_a_photograph_is_nowhere_but_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # whatever is left anywhere for a while lies here
    shipped = places.catalogue()
    asked = Field("policy", "photo", {"zh": "保险单"}, {"zh": "?"}, {"zh": ""})
    service = replace(shipped.services["A4"], fields=(asked, *shipped.services["A4"].fields))
    theatre = PowerTheatre(replace(shipped, services={**shipped.services, "A4": service}))
    try:
        taken: list[bytes] = []
        camera = theatre.camera
        assert camera is not None
        with caplog.at_level(logging.DEBUG):
            theatre.card({"number": NUMBER, "name": NAME})
            theatre.network("central", up=False)
            for action in WITH_PHOTO:
                theatre.touch(action)
                taken += pictures(theatre)
            theatre.touch("confirm")
        assert theatre.request_state() == "queued"
        assert len(taken) >= 1
        assert len(taken[0]) > 5000
        assert theatre.root.is_relative_to(tmp_path)
        where = [tmp_path, *([shown] if (shown := preview_folder(theatre.state)) else [])]
        assert found(*where, picture=taken[0]) == []
        (tmp_path / "planted").write_bytes(base64.b64encode(taken[0][100:3000]))
        assert found(*where, picture=taken[0]), "the search finds a part of it"
        (tmp_path / "planted").unlink()
        theatre.crash()
        theatre.network("central", up=True)
        theatre.rest(600)
        assert theatre.request_state() == "submitted"
        assert found(*where, picture=taken[0]) == []
        assert not any(hers in record.getMessage() for record in caplog.records for hers in HERS)
    finally:
        theatre.close()


def test_while_it_waits_it_can_be_read_by_the_centre_alone(theatre: PowerTheatre) -> None:
    theatre.network("central", up=False)
    confirm(theatre)
    assert theatre.request_state() == "queued"
    assert found(theatre.state) == []
    theatre.crash()
    assert found(theatre.state) == []
    theatre.rest(25 * 3600, 900)
    assert theatre.request_state() == "expired"
    row = theatre.kiosk.journal.outbox.recent(theatre.beginning)[-1]
    assert (row.sealed, dict(row.masked)) == (None, {})
    assert found(theatre.state) == []


@pytest.mark.parametrize("boundary", ["outbox.enqueue", "outbox.sending", "centre.submit", "outbox.answered"])
def test_a_power_cut_leaves_nothing_in_the_clear(theatre: PowerTheatre, boundary: str) -> None:
    theatre.card({"number": NUMBER, "name": NAME})
    for action in REQUEST:
        theatre.touch(action)
    theatre.fuse.rearm(boundary)
    left: list[str] = []
    assert theatre.survive(lambda: theatre.touch("confirm"), lambda: left.extend(found(theatre.state)))
    assert left + found(theatre.state) == []


def test_a_form_that_is_left_in_the_middle_was_never_written(theatre: PowerTheatre) -> None:
    theatre.card({"number": NUMBER, "name": NAME})
    for action in REQUEST[:-2]:
        theatre.touch(action)
    assert found(theatre.state) == []
    theatre.rest(120)
    assert theatre.kiosk.engine.view.view == "welcome"
    assert found(theatre.state) == []


@pytest.mark.parametrize("condition", ["paper-out", "lost-mid-job"])
def test_a_receipt_that_was_done_with_is_not_shown_to_the_next_citizen(theatre: PowerTheatre, condition: str) -> None:
    theatre.fault("printer", condition)
    confirm(theatre)
    pages = [theatre.kiosk.engine.view.view]
    theatre.touch("choice:yes")
    theatre.touch("finish")
    pages.append(theatre.kiosk.engine.view.view)
    assert pages == ["receipt", "welcome"]
    theatre.fault("printer", "ready")
    papers = len(theatre.papers())
    theatre.crash()
    assert theatre.kiosk.engine.view.view == "welcome"
    assert len(theatre.papers()) == papers


def test_a_receipt_that_nobody_answered_for_is_not_shown_to_the_next_citizen(theatre: PowerTheatre) -> None:
    theatre.fault("printer", "lost-mid-job")
    confirm(theatre)
    theatre.wait(61)
    assert theatre.kiosk.engine.view.view == "welcome"
    theatre.crash()
    assert theatre.kiosk.engine.view.view == "welcome"
