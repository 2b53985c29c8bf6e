"""Pictures in memory: kept, given, forgotten; previews that only this account can read and nobody finds afterwards."""

import threading
from pathlib import Path

import pytest

from kiosk.domain.photo import Photograph
from kiosk.engine.photos import Photos, preview_folder

GOOD = Photograph("", b"\xff\xd8\xff a picture", b"\xff\xd8\xff small")


def test_kept_given_and_forgotten(tmp_path: Path) -> None:
    photos = Photos(tmp_path / "shown")
    preview = Path(photos.keep("a", GOOD))
    assert photos.get("a") == GOOD.jpeg
    assert preview.read_bytes() == GOOD.preview
    assert preview.stat().st_mode & 0o777 == 0o600
    assert preview.parent.stat().st_mode & 0o777 == 0o700
    photos.wipe("a", "nobody")
    assert photos.get("a") is None
    assert not preview.exists()


def test_forgetting_overwrites(tmp_path: Path) -> None:
    photos = Photos(tmp_path / "shown")
    photos.keep("a", GOOD)
    kept = photos._kept["a"]
    photos.wipe("a")
    assert set(kept) == {0}


def test_closing_leaves_nothing(tmp_path: Path) -> None:
    photos = Photos(tmp_path / "shown")
    photos.keep("a", GOOD)
    photos.keep("b", GOOD)
    photos.close()
    photos.close()
    assert not (tmp_path / "shown").exists()
    assert photos.get("a") is None


def test_what_a_killed_process_left_is_removed_at_the_start(tmp_path: Path) -> None:
    left = Path(Photos(tmp_path / "shown").keep("a", GOOD))
    assert left.exists()
    Photos(tmp_path / "shown")
    assert not left.exists()


def test_without_a_folder_there_are_no_previews(tmp_path: Path) -> None:
    assert Photos().keep("a", GOOD) == ""
    assert Photos(tmp_path / "gone" / "deeper").keep("a", GOOD) == ""


@pytest.mark.parametrize("how", ["open to others", "a link"])
def test_a_folder_that_others_could_read_is_not_used(tmp_path: Path, how: str) -> None:
    folder = tmp_path / "shown"
    if how == "a link":
        (tmp_path / "real").mkdir(mode=0o700)
        folder.symlink_to(tmp_path / "real")
    else:
        folder.mkdir()
        folder.chmod(0o755)
    photos = Photos(folder)
    assert photos.keep("a", GOOD) == ""
    assert photos.get("a") == GOOD.jpeg


def test_a_folder_that_vanishes_costs_only_the_preview(tmp_path: Path) -> None:
    photos = Photos(tmp_path / "shown")
    (tmp_path / "shown").rmdir()
    assert photos.keep("a", GOOD) == ""
    photos.wipe("a")
    photos.close()


def test_each_kiosk_has_its_own_folder(tmp_path: Path) -> None:
    one, other = preview_folder(tmp_path / "one"), preview_folder(tmp_path / "other")
    assert one is None or one != other
    assert one == preview_folder(tmp_path / "one")


def test_from_several_threads(tmp_path: Path) -> None:
    photos = Photos(tmp_path / "shown")

    def work(name: str) -> None:
        for n in range(50):
            photos.keep(f"{name}-{n}", GOOD)
            photos.wipe(f"{name}-{n}")

    threads = [threading.Thread(target=work, args=(str(n),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list((tmp_path / "shown").iterdir()) == []
