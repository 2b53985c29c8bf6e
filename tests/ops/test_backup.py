"""Backup and restore, rehearsed: what was taken in before is read afterwards, with its keys and not without."""

import json
import shutil
from pathlib import Path

from kiosk.__main__ import main
from kiosk.ops import backup
from tests.central.world import close_world, content, open_world


def kiosk(state: Path, *words: str) -> int:
    return main(["backup", "--state", str(state), *words])


def test_a_centre_that_is_lost_comes_back_with_every_request(tmp_path: Path) -> None:
    lost, copy, keys, fresh = (tmp_path / name for name in ("lost", "copy", "apart/keys", "fresh"))
    lost.mkdir()
    world = open_world(lost)
    (lost / backup.KEYS).symlink_to("keys")
    try:
        device = world.device()
        told = device.submit(device.order(content(11, name="慕容金丝雀"))).json()
        assert kiosk(lost, str(copy), "--keys", str(keys)) == 0, "it serves meanwhile"
    finally:
        close_world(world)
    shutil.rmtree(lost)
    assert not [file for file in copy.rglob("*") if "慕容金丝雀".encode() in file.read_bytes()]
    assert kiosk(fresh, "--restore", str(copy), "--keys", str(keys)) == 0
    (fresh / backup.KEYS).rename(fresh / "keys")
    again = open_world(fresh)
    try:
        desk = f"{again.url}/api/v1/desk/requests/{told['id']}"
        assert again.http.get(desk, headers=again.staff()).json()["applicant"]["name"] == "慕容金丝雀"
    finally:
        close_world(again)


def test_nothing_is_overwritten_and_a_damaged_copy_is_refused(tmp_path: Path) -> None:
    state, copy = tmp_path / "state", tmp_path / "copy"
    assert kiosk(state, str(copy)) == 2, "no database"
    state.mkdir()
    world = open_world(state)
    close_world(world)
    assert kiosk(state, str(copy), "--keys", str(copy / "keys")) == 2, "keys beside what they open"
    assert kiosk(state, str(copy)) == 0
    assert kiosk(state, str(copy)) == 2, "not over an older one"
    assert kiosk(state, "--restore", str(copy)) == 2, "not over a state that is there"
    assert kiosk(tmp_path / "other", "--restore", str(copy)) == 0
    with (copy / "central.db").open("r+b") as stream:
        stream.seek(5000)
        stream.write(b"damage")
    assert kiosk(tmp_path / "third", "--restore", str(copy)) == 2
    assert not (tmp_path / "third").exists()
    listed = json.loads((copy / backup.LIST).read_text("utf-8"))
    (copy / backup.LIST).write_text(json.dumps({"sha256": {**listed["sha256"], "../../x": "0"}}), "utf-8")
    assert kiosk(tmp_path / "third", "--restore", str(copy)) == 2
