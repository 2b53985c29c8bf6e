"""`kiosk image`: a partition that holds, a release's card with it in place, refusals before anything is written."""

import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.wiring.image import IDENTITY_MIB

WORDS = ("--branch", "421202-001", "--kiosk", "2", "--central", "https://centre.example", "--code", "ABCD-EFGH")
MIB = 1 << 20
needs_mke2fs = pytest.mark.skipif(shutil.which("mke2fs") is None, reason="e2fsprogs is not installed here")


def inside(partition: Path, name: str) -> str:
    done = subprocess.run(["debugfs", "-R", f"cat /{name}", str(partition)], capture_output=True, text=True, check=True)
    return done.stdout


def release(file: Path) -> int:
    """A card of zeros, three partitions and a chain of three logical ones; gives where the seventh starts."""

    def row(kind: int, start: int, size: int) -> bytes:
        return struct.pack("<4xB3xII", kind, start, size)

    sector, per = 512, MIB // 512
    table = b"".join(
        (row(0x0C, per, per), row(0x0C, 2 * per, per), row(0x0C, 3 * per, per), row(0x05, 4 * per, 90 * per))
    )
    with file.open("wb") as card:
        card.write(b"\0" * 446 + table + b"\x55\xaa")
        for index, size in enumerate((4, 4, IDENTITY_MIB)):
            at = 4 + 6 * index
            further = row(0x05, 6 * (index + 1) * per, 1) if index < 2 else row(0, 0, 0)
            card.seek(at * MIB)
            card.write(b"\0" * 446 + row(0x83, per, size * per) + further + row(0, 0, 0) * 2 + b"\x55\xaa")
        card.truncate(100 * MIB)
    assert sector * per == MIB
    return (4 + 12 + 1) * MIB


@needs_mke2fs
def test_a_card_holds_claim_and_network(tmp_path: Path) -> None:
    out = tmp_path / "card.ext4"
    assert main(["image", "card", *WORDS, "--address", "192.0.2.10/24", "--out", str(out)]) == 0
    assert subprocess.run(["e2fsck", "-fn", str(out)], capture_output=True, check=False).returncode == 0
    assert "ABCD-EFGH" in inside(out, "kiosk-claim.json")
    assert "Address=192.0.2.10/24" in inside(out, "network/10-kiosk.network")
    assert not list(tmp_path.glob("*.half"))


@needs_mke2fs
def test_a_releases_card_is_copied_with_the_claim_in_its_seventh_partition(tmp_path: Path) -> None:
    start = release(tmp_path / "release.img")
    out = tmp_path / "one.img"
    assert main(["image", "card", *WORDS, "--image", str(tmp_path / "release.img"), "--out", str(out)]) == 0
    assert out.stat().st_size == 100 * MIB
    cut = tmp_path / "p7.ext4"
    cut.write_bytes(out.read_bytes()[start : start + IDENTITY_MIB * MIB])
    assert "421202-001" in inside(cut, "kiosk-claim.json")


@needs_mke2fs
def test_what_is_no_card_is_refused_and_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "no.img").write_bytes(b"\0" * MIB)
    out = tmp_path / "one.img"
    assert main(["image", "card", *WORDS, "--image", str(tmp_path / "no.img"), "--out", str(out)]) == 2
    assert "is this the card.img of a release?" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["no.img"]


def test_a_county_gets_a_folder_and_a_label_a_card(tmp_path: Path, tree: Path) -> None:
    rows = "".join(f"421202-00{n},1,https://centre.example,CODE-{n:04}\n" for n in range(1, 4))
    (tmp_path / "county.csv").write_text("branch,kiosk,central,code\n" + rows)
    (tmp_path / "labels").mkdir()
    words = ["image", "batch", str(tmp_path / "county.csv"), "--out", str(tmp_path / "cards"), "--folders"]
    assert main([*words, "--labels", f"file://{tmp_path}/labels/"]) == 0
    assert sorted(one.name for one in (tmp_path / "cards").iterdir()) == [f"421202-00{n}-K1" for n in (1, 2, 3)]
    assert sorted(one.name for one in (tmp_path / "labels").iterdir()) == [f"421202-00{n}-K1.png" for n in (1, 2, 3)]


def test_one_mistake_in_a_county_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "county.csv").write_text("branch,central,code\n421202-001,https://centre.example,ABCD-EFGH\nx,y,z\n")
    assert main(["image", "batch", str(tmp_path / "county.csv"), "--out", str(tmp_path / "cards"), "--folders"]) == 2
    assert "line 3: branch 'x' is no branch code" in capsys.readouterr().err
    assert not (tmp_path / "cards").exists()
    assert main(["image", "batch", str(tmp_path / "none.csv"), "--out", str(tmp_path / "cards"), "--folders"]) == 2


def test_a_card_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    assert main(["image", "card", *WORDS, "--folders", "--out", str(tmp_path / "one")]) == 2
