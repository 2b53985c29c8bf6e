"""`kiosk image`: a partition that holds, a release's card with it in place, refusals before anything is written."""

import shutil
import sqlite3
import struct
import subprocess
from contextlib import closing
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


def whole(file: Path) -> int:
    """A release's card down to the data partition: eight partitions, the last with a file system; where that starts."""
    per, per_chain = MIB // 512, 6
    sizes = (4, 4, IDENTITY_MIB, 16)
    with file.open("wb") as card:
        rows = [struct.pack("<4xB3xII", 0x0C, n * per, per) for n in (1, 2, 3)]
        rows.append(struct.pack("<4xB3xII", 0x05, 4 * per, 120 * per))
        card.write(b"\0" * 446 + b"".join(rows) + b"\x55\xaa")
        ats = [4, 4 + per_chain, 4 + 2 * per_chain, 4 + 2 * per_chain + IDENTITY_MIB + 2]
        for n, (at, size) in enumerate(zip(ats, sizes, strict=True)):
            further = struct.pack("<4xB3xII", 0x05, (ats[n + 1] - 4) * per, 1) if n < 3 else b"\0" * 16
            card.seek(at * MIB)
            own = struct.pack("<4xB3xII", 0x83, per, size * per)
            card.write(b"\0" * 446 + own + further + b"\0" * 32 + b"\x55\xaa")
        card.truncate(130 * MIB)
    start = (ats[3] + 1) * MIB
    words = ["mke2fs", "-q", "-t", "ext4", "-E", f"offset={start}", str(file), "16M"]
    subprocess.run(words, check=True, capture_output=True)
    for folder in ("kiosk", "kiosk-branch", "settings"):
        subprocess.run(
            ["debugfs", "-w", "-R", f"mkdir {folder}", f"{file}?offset={start}"], check=True, capture_output=True
        )
    return start


def granted(folder: Path, branch: str = "421202-001") -> Path:
    """A hub's database as the office makes it, before there is a hub."""
    config = folder / "hub.toml"
    config.write_text(f'[branch]\nid = "{branch}"\n')
    words = ["--config", str(config), "branch", "grant", "clerk", "--name", "测试员", "--pin", "482604"]
    assert main([*words, "--db", f"sqlite:///{folder / 'hub.db'}"]) == 0
    return folder / "hub.db"


@needs_mke2fs
def test_a_card_brings_its_settings_its_token_and_the_hub(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start = whole(tmp_path / "release.img")
    (tmp_path / "k2.toml").write_text('[kiosk]\nname = "K2"\nnumber = 2\n[printer]\nurl = "lp:///dev/usb/lp0"\n')
    hub = granted(tmp_path)
    more = ["--settings", str(tmp_path / "k2.toml"), "--token", "a" * 32, "--hub", str(hub)]
    out = tmp_path / "one.img"
    assert main(["image", "card", *WORDS, *more, "--image", str(tmp_path / "release.img"), "--out", str(out)]) == 0
    data = f"{out}?offset={start}"
    assert 'name = "K2"' in inside(Path(data), "settings/kiosk.toml")
    assert inside(Path(data), "kiosk/tokens/kiosk") == "a" * 32 + "\n"
    listed = subprocess.run(["debugfs", "-R", "ls -l /kiosk/tokens", data], capture_output=True, text=True, check=True)
    assert "100600" in listed.stdout
    back = tmp_path / "back.db"
    subprocess.run(["debugfs", "-R", f"dump /kiosk-branch/branch.db {back}", data], check=True, capture_output=True)
    with closing(sqlite3.connect(back)) as connection:
        assert connection.execute("SELECT role, name FROM accounts").fetchall() == [("clerk", "测试员")]
    assert "a" * 32 not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('[kiosk]\nnmae = "K2"\n', "nmae"),
        ('[hub]\ntoken = "aaaaaaaaaaaaaaaaaaaaaaaa"\n', "--token"),
        (None, "cannot be read"),
    ],
)
def test_settings_that_would_not_do_are_refused_in_the_office(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: str | None, said: str
) -> None:
    file = tmp_path / "k.toml"
    if settings is not None:
        file.write_text(settings)
    words = ["image", "card", *WORDS, "--settings", str(file), "--folders", "--out", str(tmp_path / "card")]
    assert main(words) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "card").exists()


def test_the_hub_of_another_branch_and_no_hub_at_all_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for hub, said in ((granted(tmp_path, "421202-002"), "421202-002"), (tmp_path / "none.db", "is no hub's database")):
        words = ["image", "card", *WORDS, "--hub", str(hub), "--folders", "--out", str(tmp_path / "card")]
        assert main(words) == 2
        assert said in capsys.readouterr().err


def test_what_lies_on_the_data_partition_wants_a_card(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["image", "card", *WORDS, "--token", "a" * 32, "--out", str(tmp_path / "card.ext4")]) == 2
    assert "--image" in capsys.readouterr().err


def test_a_batch_names_settings_beside_itself(tmp_path: Path) -> None:
    (tmp_path / "k1.toml").write_text('[kiosk]\nname = "K1"\n')
    (tmp_path / "county.csv").write_text(
        "branch,kiosk,central,code,settings\n421202-001,1,https://centre.example,CODE-0001,k1.toml\n"
    )
    words = ["image", "batch", str(tmp_path / "county.csv"), "--out", str(tmp_path / "cards"), "--folders"]
    assert main(words) == 0
    assert 'name = "K1"' in (tmp_path / "cards/421202-001-K1/data/settings/kiosk.toml").read_text()


@needs_mke2fs
def test_a_card_that_has_served_gets_other_settings_and_its_token_stays_its_services(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card = tmp_path / "served.img"
    data = f"{card}?offset={whole(card)}"
    for what in ("uid", "gid"):
        words = ["debugfs", "-w", "-R", f"sif /kiosk {what} 971", data]
        subprocess.run(words, check=True, capture_output=True)
    (tmp_path / "k.toml").write_text('[printer]\nurl = "tcp://192.0.2.7:9100"\n')
    words = ["image", "settings", str(card), "--settings", str(tmp_path / "k.toml"), "--token", "b" * 32]
    assert main(words) == 0
    assert "192.0.2.7" in inside(Path(data), "settings/kiosk.toml")
    said = subprocess.run(["debugfs", "-R", "ls -l /kiosk/tokens", data], capture_output=True, text=True, check=True)
    assert "971    971" in said.stdout
    assert main(["image", "settings", str(card)]) == 2
    assert main(["image", "settings", str(tmp_path / "none.img"), "--token", "b" * 32]) == 2
    assert "cannot be opened" in capsys.readouterr().err
