"""What the office decides in the settings is what the central service does."""

from pathlib import Path

from kiosk.config import Settings, load
from kiosk.wiring.central import options

CHOSEN = """
[central]
photo_days = 3
content_days = 60
log_days = 21
accept_days = 2
double_open = "refuse"
four_eyes = "always"
admission = "officer"
min_client_version = "0.10"
"""


def test_what_the_file_says_reaches_the_service(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(CHOSEN, "utf-8")
    told = options(load(file), tmp_path, "")
    assert (told.photo_days, told.content_days, told.log_days, told.accept_days) == (3, 60, 21, 2)
    assert (told.double_open, told.four_eyes) == ("refuse", "always")
    assert (told.admission, told.min_client_version) == ("officer", "0.10")


def test_without_a_file_the_service_keeps_its_own_defaults(tmp_path: Path) -> None:
    told = options(Settings(), tmp_path, "")
    assert (told.photo_days, told.content_days, told.log_days, told.accept_days) == (7, 30, 14, 5)
    assert (told.double_open, told.four_eyes) == ("mark", "auto")
    assert (told.admission, told.min_client_version) == ("claim", "0")
