"""autoboot.txt and the slots: what the firmware would start, what is mended, what is refused."""

import shutil
import subprocess
from pathlib import Path
from random import Random

import pytest

from image.recipe.firmware import chosen
from kiosk.domain.errors import Refusal
from kiosk.ops.update import autoboot, fat
from kiosk.ops.update.autoboot import Device
from kiosk.ops.update.slots import Folder, Slots
from tests.faults.card import Card

needs_mtools = pytest.mark.skipif(
    not (shutil.which("mcopy") and shutil.which("mkfs.vfat")), reason="mtools and dosfstools are not installed here"
)


def slots(card: Card, current: autoboot.Slot = "A") -> Slots:
    return Slots(card.p1, card.data, current)


def test_the_text_is_one_sector_and_the_firmware_reads_from_it_what_was_meant(tree: Path) -> None:
    for primary in autoboot.SLOTS:
        text = autoboot.text(primary)
        assert len(text) == fat.SECTOR
        assert chosen(text.decode()) == autoboot.BOOT[primary]
        assert chosen(text.decode(), trial=True) == autoboot.BOOT[autoboot.other(primary)]
    assert (tree / "image/boot/autoboot.txt").read_bytes() == autoboot.text("A")


def test_an_update_is_tried_once_and_committed_by_the_slot_that_runs() -> None:
    card = Card()
    assert slots(card).start().mended == ""
    slots(card).set_condition("B", "bad")
    assert slots(card).condition("B") == "bad"
    slots(card).set_primary("B")
    assert (card.boots(), card.boots(trial=True), slots(card).armed) == ("A", "B", "B")
    tried = slots(card, "B")
    assert tried.start().trial
    assert tried.condition("A") == "good"
    tried.set_condition("B", "good")
    assert (card.boots(), card.boots(trial=True), tried.on_trial, tried.armed) == ("B", "A", False, None)


def test_while_a_slot_is_on_trial_the_one_to_fall_back_on_cannot_be_given_away() -> None:
    card = Card()
    slots(card).start()
    slots(card).set_primary("B")
    with pytest.raises(Refusal, match="slot A starts next"):
        slots(card, "B").set_condition("A", "bad")
    assert slots(card).condition("A") == "good"


def test_a_trial_that_is_called_bad_is_not_tried_again() -> None:
    card = Card()
    slots(card).start()
    slots(card).set_primary("B")
    slots(card, "B").set_condition("B", "bad")
    assert (slots(card).armed, slots(card).condition("B"), card.boots()) == (None, "bad", "A")


def test_the_running_slot_may_be_left_for_the_one_before_but_not_for_a_half_written_one() -> None:
    card = Card()
    slots(card).start()
    slots(card).set_primary("B")
    slots(card, "B").set_condition("B", "good")
    slots(card, "B").set_condition("B", "bad")
    assert card.boots() == "A"
    with pytest.raises(Refusal, match="nothing else would"):
        slots(card, "A").set_condition("A", "bad")


@pytest.mark.parametrize("damage", ["empty", "garbage", "gone", "no file system", "torn"])
def test_a_damaged_autoboot_is_mended_from_the_copy(damage: str) -> None:
    card = Card()
    slots(card).start()
    slots(card).set_primary("B")
    slots(card, "B").set_condition("B", "good")
    file = fat.find(card.p1)
    assert file is not None
    half = autoboot.text("B")[:30].ljust(fat.SECTOR, b"\xff")
    content = {"empty": bytes(512), "garbage": b"\xff" * 512, "torn": half}.get(damage)
    if content is not None:
        card.p1.write(file.at, content)
    elif damage == "gone":
        for sector in range(card.p1.size // 512 // 64):
            if b"AUTOBOOTTXT" in card.p1.read(sector * 512, 512):
                card.p1.write(sector * 512, bytes(512))
    else:
        card.p1.write(0, b"\x00" * 512)
    assert card.boots() == "A"
    assert autoboot.read(card.p1) is None
    found = slots(card, "A").start()
    assert found.mended == "autoboot.txt was damaged and is mended"
    assert card.boots() == "B"
    assert slots(card, "A").start().mended == ""


def test_a_lost_copy_is_made_anew_and_the_other_slot_is_not_trusted() -> None:
    card = Card()
    card.data.files["slots.json"] = b"{"
    assert slots(card).start().primary == "A"
    assert (slots(card).condition("B"), card.boots()) == ("bad", "A")


def test_a_card_that_keeps_nothing_is_told() -> None:
    card = Card()
    slots(card).start()
    slots(card).set_primary("B")
    card.p1.worn = True
    with pytest.raises(Refusal, match="does not keep"):
        slots(card, "B").set_condition("B", "good")
    assert card.boots() == "A"


@needs_mtools
@pytest.mark.parametrize("bits", [12, 16, 32])
def test_mtools_reads_what_we_write_and_we_what_it_wrote(tmp_path: Path, bits: int) -> None:
    file, words = tmp_path / "p1", tmp_path / "autoboot.txt"
    size = {12: 4, 16: 64, 32: 64}[bits] << 20
    with file.open("wb") as out:
        out.truncate(size)
    subprocess.run(["mkfs.vfat", "-F", str(bits), str(file)], check=True, capture_output=True)
    words.write_bytes(autoboot.text("A"))
    subprocess.run(["mcopy", "-i", file, words, "::autoboot.txt"], check=True)
    volume = Device(file)
    assert autoboot.read(volume) == "A"
    before, place = file.read_bytes(), fat.find(volume)
    assert place is not None
    autoboot.write(volume, "B")
    assert typed(file) == autoboot.text("B")
    after = file.read_bytes()
    assert [at for at in range(0, size, fat.SECTOR) if before[at : at + 512] != after[at : at + 512]] == [place.at]
    fsck(file)
    volume.close()


@needs_mtools
def test_a_partition_that_was_laid_out_anew_is_a_file_system_to_others(tmp_path: Path) -> None:
    file = tmp_path / "p1"
    noise = Random(1)
    file.write_bytes(noise.randbytes(1 << 20))
    with file.open("r+b") as out:
        out.truncate(64 << 20)
    volume = Device(file)
    assert autoboot.read(volume) is None
    autoboot.write(volume, "B")
    assert typed(file) == autoboot.text("B")
    fsck(file)
    volume.close()


def test_the_record_is_kept_in_a_folder(tmp_path: Path) -> None:
    card = Card()
    seen = Slots(card.p1, Folder(tmp_path / "boot"), "A")
    seen.start()
    seen.set_primary("B")
    assert Slots(card.p1, Folder(tmp_path / "boot"), "B").on_trial


def typed(file: Path) -> bytes:
    return subprocess.run(["mtype", "-i", file, "::autoboot.txt"], check=True, capture_output=True).stdout


def fsck(file: Path) -> None:
    done = subprocess.run(["fsck.vfat", "-n", file], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
