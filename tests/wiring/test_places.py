"""Places: the state folder is its owner's alone, tokens are whole or not there, assets are found from anywhere."""

from pathlib import Path

import pytest

from kiosk.domain.errors import Refusal
from kiosk.wiring import places


def mode(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


def test_a_fresh_state_folder_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    folder = places.open_state(tmp_path / "deep" / "state")
    assert mode(folder) == "0o700"
    assert list(folder.iterdir()) == []
    assert places.open_state(folder) == folder


def test_a_state_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    for path in (tmp_path / "state", tmp_path / "state" / "below"):
        with pytest.raises(Refusal, match=r"the state folder .* cannot be written .* --state"):
            places.open_state(path)


def test_a_state_folder_where_nothing_can_be_made_is_refused() -> None:
    with pytest.raises(Refusal, match="the state folder /proc/kiosk cannot be written"):
        places.open_state(Path("/proc/kiosk"))


def test_a_token_is_kept_whole_and_for_its_owner(tmp_path: Path) -> None:
    assert places.read_token(tmp_path, "kiosk") == ""
    places.write_token(tmp_path, "kiosk", "first")
    places.write_token(tmp_path, "kiosk", "second")
    file = places.token_file(tmp_path, "kiosk")
    assert (places.read_token(tmp_path, "kiosk"), mode(file), mode(file.parent)) == ("second", "0o600", "0o700")
    assert list(file.parent.iterdir()) == [file]


def test_the_catalogue_of_the_tree_has_the_sixteen() -> None:
    catalogue = places.catalogue()
    offered = [service.code for category in catalogue.categories for service in catalogue.within(category.letter)]
    assert (len(catalogue.categories), len(offered)) == (3, 16)


def test_texts_come_by_language() -> None:
    zh, en = places.texts("zh"), places.texts("en")
    assert zh.keys() == en.keys()
    assert zh["welcome.title"] != en["welcome.title"]
    with pytest.raises(Refusal, match="no texts in 'xx'"):
        places.texts("xx")
