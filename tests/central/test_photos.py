"""Photographs in a request: checked in memory, stored only sealed, seen only on a display that is written down."""

import sqlite3
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from central import photos
from kiosk.domain.catalogue import Field, Service
from kiosk.domain.photo import MOST_BYTES, MOST_PHOTOS, MOST_SEALED
from kiosk.link.models.central import MOST_CIPHERTEXT
from tests.central.test_desk_pages import form_word, sign_in
from tests.central.world import CATALOGUE, DIRECT, Device, World, close_world, content, open_world, service, words

POLICY = Field("policy", "photo", words("保险单"), words("?"), words(""))
BACK = Field("back", "photo", words("背面"), words("?"), words(""), when={"sides": ("2",)})
B7 = service("B7", min_assurance="typed", **{**DIRECT, "fields": (*DIRECT["fields"], POLICY, BACK)})


def jpeg(side: int = 900, kind: int = cv2.IMWRITE_JPEG_PROGRESSIVE) -> bytes:
    picture = np.random.default_rng(side).integers(0, 256, (side, side // 2), dtype=np.uint8)
    return bytes(cv2.imencode(".jpg", picture, [kind, 1, cv2.IMWRITE_JPEG_QUALITY, 30])[1])


GOOD = jpeg()
MARK = b64encode(GOOD[2000:2030]).decode()[4:-4]


def padded(size: int) -> bytes:
    """A JPEG made larger by comments, which every program that reads one passes over."""
    comment = b"\xff\xfe\xff\xff" + bytes(65533)
    data = GOOD[:2] + comment * ((size - len(GOOD)) // len(comment)) + GOOD[2:]
    rest = size - len(data)
    return data if rest < 4 else data[:2] + b"\xff\xfe" + (rest - 2).to_bytes(2, "big") + bytes(rest - 4) + data[2:]


def with_photos(**pictures: bytes | str) -> dict[str, Any]:
    texts = {name: p if isinstance(p, str) else b64encode(p).decode() for name, p in pictures.items()}
    return {**content(), "photos": texts}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    catalogue = replace(CATALOGUE, services={**CATALOGUE.services, "B7": B7})
    opened = open_world(tmp_path_factory.mktemp("photos"), catalogue=catalogue)
    yield opened
    close_world(opened)


@pytest.fixture(scope="module")
def device(world: World) -> Device:
    return world.device()


def submit(device: Device, what: Any, code: str = "B7") -> httpx.Response:
    return device.submit(device.order(what, service=code))


def codes(answer: httpx.Response) -> dict[str, str]:
    return {error["pointer"]: error["code"] for error in answer.json()["errors"]}


def test_a_request_with_its_photograph_is_taken(device: Device) -> None:
    assert submit(device, with_photos(policy=GOOD)).status_code == 201
    assert submit(device, with_photos(policy=jpeg(700, cv2.IMWRITE_JPEG_OPTIMIZE))).status_code == 201


def test_the_largest_request_fits(device: Device) -> None:
    large = padded(MOST_BYTES)
    assert len(large) == MOST_BYTES
    what = with_photos(policy=large, back=large)
    what["fields"]["sides"] = "2"
    assert submit(device, what).status_code == 201
    assert 4 * MOST_PHOTOS * MOST_BYTES / 3 < MOST_SEALED - 50_000


@pytest.mark.parametrize(
    ("picture", "code"),
    [
        (padded(MOST_BYTES + 1), "too-large"),
        (b"\x89PNG\r\n\x1a\n" + bytes(4000), "not-jpeg"),
        (GOOD[:-2], "not-jpeg"),
        (GOOD[:400], "not-jpeg"),
        (b"", "not-jpeg"),
        (jpeg(100), "size"),
        ("***", "not-base64"),
        ("/9j/", "not-jpeg"),
    ],
)
def test_what_is_no_photograph_is_refused(device: Device, picture: bytes | str, code: str) -> None:
    answer = submit(device, with_photos(policy=picture))
    assert answer.status_code == 422
    if code != "too-large":
        assert codes(answer) == {"/sealed/photos/policy": code}


def test_missing_and_unasked_photographs_are_named_at_once(device: Device) -> None:
    answer = submit(device, with_photos(back=GOOD, other=GOOD))
    assert codes(answer) == {
        "/sealed/photos/policy": "required", "/sealed/photos/back": "not-asked", "/sealed/photos/other": "not-asked",
    }  # fmt: skip
    assert codes(submit(device, with_photos(policy=GOOD), "A4")) == {"/sealed/photos/policy": "not-asked"}


def test_too_many_are_refused(device: Device) -> None:
    many = {f"p{n}": GOOD for n in range(MOST_PHOTOS + 1)}
    assert submit(device, with_photos(**many)).status_code == 422


def test_only_requests_may_be_large(world: World, device: Device) -> None:
    for path, size in (("/api/v1/requests", 4_300_001), ("/api/v1/enrolments", 1_048_577), ("/sign-in", 1_048_577)):
        answer = world.http.post(f"{world.url}{path}", content=bytes(size))
        assert answer.status_code == 413, path
    assert world.http.post(f"{world.url}/api/v1/requests", content=bytes(4_200_000)).status_code != 413
    order = device.order(with_photos(policy=GOOD), service="B7")
    order["sealed"]["ciphertext"] = "A" * (MOST_CIPHERTEXT + 4)
    assert device.submit(order).status_code == 400


def test_no_picture_is_stored_in_clear(world: World, device: Device) -> None:
    assert submit(device, with_photos(policy=GOOD)).status_code == 201
    with closing(sqlite3.connect(world.database)) as database:
        (busy, *_) = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert busy == 0
    stored = Path(world.database).read_bytes()
    assert GOOD[2000:2030] not in stored
    assert MARK.encode() not in stored


def test_a_retry_with_another_picture_is_another_request(device: Device) -> None:
    order = device.order(with_photos(policy=GOOD), service="B7")
    assert device.submit(order).status_code == 201
    again = device.order(with_photos(policy=GOOD), order["client_request_id"], service="B7")
    assert device.submit(again).status_code == 200
    other = device.order(with_photos(policy=jpeg(800)), order["client_request_id"], service="B7")
    assert device.submit(other).json()["code"] == "key-reused"


def test_the_desk_sees_it_only_on_a_display_that_is_written_down(world: World, device: Device) -> None:
    told = submit(device, with_photos(policy=GOOD)).json()
    world.server.grant("admin", "钱主管", "4826")
    with httpx.Client(base_url=world.url, follow_redirects=True, timeout=20) as browser:
        browser.headers["Accept-Language"] = "zh-CN"
        sign_in(browser, "钱主管")
        masked = browser.get(f"/desk/requests/{told['id']}")
        assert "<img" not in masked.text
        assert "data:" not in masked.headers["content-security-policy"]
        assert "保险单" in masked.text
        shown = browser.post(f"/desk/requests/{told['id']}/open", data={"word": form_word(masked)})
        assert f"data:image/jpeg;base64,{b64encode(GOOD).decode()}" in shown.text
        assert "img-src 'self' data:;" in shown.headers["content-security-policy"]
        assert "script" not in shown.headers["content-security-policy"]
        book = browser.get("/desk/audit").text
        assert told["reference"] in book
    by_program = world.http.get(f"{world.url}/api/v1/desk/requests/{told['id']}", headers=world.staff())
    assert b64decode(by_program.json()["photos"]["policy"]) == GOOD


def test_no_photograph_in_a_repr() -> None:
    import json

    from central.content import read

    assert MARK not in repr(read(json.dumps(with_photos(policy=GOOD)).encode()))


@given(st.binary(max_size=400))
def test_no_bytes_whatever_break_the_look_at_a_header(rest: bytes) -> None:
    for data in (rest, b"\xff\xd8\xff" + rest, GOOD[:20] + rest):
        found = photos.problems(replace_fields(), {}, {"policy": b64encode(data + b"\xff\xd9").decode()})
        assert {problem.code for problem in found} <= {"not-jpeg", "size"}


def replace_fields() -> Service:
    return replace(B7, fields=(POLICY,))
