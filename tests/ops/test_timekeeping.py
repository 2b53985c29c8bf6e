"""A board without a battery and without a network: its time never falls behind what was known."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.__main__ import main
from kiosk.engine.clock import ZONE
from kiosk.ops.timekeeping import BELIEVED, FILE, made_at, read_kept, time_to_keep, time_to_set, write_kept

FLOOR = datetime(2026, 11, 1, tzinfo=ZONE)
DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, 8, tzinfo=ZONE)

MOMENTS = st.integers(1, 4_000_000_000).map(lambda seconds: EPOCH + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("machine", "kept", "wanted"),
    [
        (EPOCH, None, FLOOR),
        (EPOCH, FLOOR + 9 * DAY, FLOOR + 9 * DAY),
        (EPOCH, FLOOR - 9 * DAY, FLOOR),
        (FLOOR + 10 * DAY, FLOOR + 9 * DAY, None),
        (FLOOR + DAY, FLOOR + 9 * DAY, FLOOR + 9 * DAY),
        (EPOCH, FLOOR + BELIEVED + DAY, FLOOR),
    ],
)
def test_what_the_clock_is_set_to(machine: datetime, kept: datetime | None, wanted: datetime | None) -> None:
    assert time_to_set(machine, FLOOR, kept) == wanted


@given(MOMENTS, st.none() | MOMENTS)
def test_it_is_only_ever_set_forward_and_never_before_the_image(machine: datetime, kept: datetime | None) -> None:
    after = time_to_set(machine, FLOOR, kept) or machine
    assert after >= max(machine, FLOOR)


@given(MOMENTS, st.none() | MOMENTS)
def test_without_a_network_what_is_kept_never_falls_back(machine: datetime, kept: datetime | None) -> None:
    keep = time_to_keep(machine, FLOOR, kept, synced=False)
    if keep is not None:
        assert FLOOR <= keep <= FLOOR + BELIEVED
        assert kept is None or keep >= kept
    assert time_to_keep(machine, FLOOR, kept, synced=True) == machine


def test_days_without_a_network_go_on_from_start_to_start(tmp_path: Path) -> None:
    for start in range(30):
        machine = EPOCH
        set_to = time_to_set(machine, FLOOR, read_kept(tmp_path))
        assert set_to == FLOOR + start * DAY
        machine = set_to + DAY
        keep = time_to_keep(machine, FLOOR, read_kept(tmp_path), synced=False)
        assert keep is not None
        write_kept(tmp_path, keep)


@pytest.mark.parametrize("written", [b"", b"x", b"2026-11-23T09:00:00", b"\xff"])
def test_a_damaged_file_is_no_time(tmp_path: Path, written: bytes) -> None:
    (tmp_path / FILE).write_bytes(written)
    assert read_kept(tmp_path) is None


def test_the_command_keeps_and_would_restore(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    image = tmp_path / "image"
    image.touch()
    os.utime(image, (FLOOR.timestamp(), FLOOR.timestamp()))
    assert made_at(image) == FLOOR
    clock = tmp_path / "clock"
    monkeypatch.setenv("KIOSK_CLOCK", f"file:{clock}")

    def said(action: str, machine: datetime) -> str:
        clock.write_text(machine.isoformat())
        words = ["clock", action, "--dry", "--floor", str(image), "--synced", str(tmp_path / "no")]
        assert main([*words, "--test-clock", "--state", str(tmp_path / "state")]) == 0
        return capsys.readouterr().out.strip()

    assert said("save", EPOCH).startswith("not kept")
    assert said("restore", EPOCH).endswith(FLOOR.isoformat(timespec="seconds"))
    assert said("save", FLOOR + DAY) == "kept"
    assert said("restore", EPOCH).endswith((FLOOR + DAY).isoformat(timespec="seconds"))
    assert said("restore", FLOOR + 2 * DAY) == "the clock stands as it is"
