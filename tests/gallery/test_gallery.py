"""`kiosk gallery`: pictures of every page, with a sheet to look through."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import get_args

import pytest
import zxingcpp
from PIL import Image

from kiosk.view.models import Name
from kiosk.view.texts import Texts
from kiosk.wiring import places, samples


def gallery(out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "kiosk", "gallery", "--out", str(out), *options]
    return subprocess.run(line, capture_output=True, text=True, timeout=110, check=False)


def test_every_view_has_a_sample_in_every_language() -> None:
    texts = {language: Texts(language, places.texts(language)) for language in places.LOCALES}
    for language in texts:
        seen = {view.view for _, view in samples.views(places.catalogue(), texts, language)}
        assert seen == set(get_args(Name))


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gallery")
    done = gallery(folder, "--only", "ticket-screen", "--panel", "1080x1920@102", "--panel", "1280x800")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return folder


def test_the_pictures_are_there_and_have_their_size(out: Path) -> None:
    pictures = json.loads((out / "pictures.json").read_text("utf-8"))
    assert {(p["panel"], p["theme"], p["language"]) for p in pictures} == {
        (panel, theme, language)
        for panel in ("1080x1920@102", "1280x800")
        for theme in ("normal", "dark", "light", "large")
        for language in ("zh", "en")
    }
    for picture in pictures:
        with Image.open(out / picture["file"]) as image:
            assert "x".join(map(str, image.size)) == picture["panel"].partition("@")[0]
            assert len(image.convert("RGB").resize((200, 200)).getcolors(40_000) or []) > 50
        assert picture["overfull"] == 0
    assert len({p["sha256"] for p in pictures}) == len(pictures)


def test_the_sheet_shows_them_all(out: Path) -> None:
    sheet = (out / "index.html").read_text("utf-8")
    for picture in json.loads((out / "pictures.json").read_text("utf-8")):
        assert f'src="{picture["file"]}"' in sheet


@pytest.mark.parametrize("theme", ["normal", "dark", "light", "large"])
@pytest.mark.parametrize("panel", ["1080x1920@102", "1280x800"])
def test_a_telephone_reads_the_code_on_the_page(out: Path, panel: str, theme: str) -> None:
    with Image.open(out / panel / theme / "zh" / "ticket-screen.png") as image:
        found = zxingcpp.read_barcodes(image.convert("L"))
    assert [code.text for code in found] == [samples.STATUS_URL]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--panel", "huge"), "write it like"),
        (("--only", "nothing"), "no sample begins with"),
        (("--theme", "pink"), ""),
    ],
)
def test_wrong_options_are_refused_in_one_line(tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    done = gallery(tmp_path, *options)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_changed_page_is_shown_beside_the_approved_one_and_approved_on_purpose(tmp_path: Path) -> None:
    approved, out = tmp_path / "approved.json", tmp_path / "out"
    only = ("--only", "closed", "--panel", "1080x1920@102", "--theme", "normal", "--approved", str(approved))
    first = gallery(out, *only, "--check")
    assert first.returncode == 1  # nothing is approved yet
    done = gallery(out, *only, "--approve")
    assert done.returncode == 0, done.stderr
    known = json.loads(approved.read_text("utf-8"))
    assert len(known) == 2
    assert gallery(out, *only, "--check").returncode == 0
    assert gallery(tmp_path / "dry", *only, "--check", "--dry").returncode == 0  # laid out, not drawn: the same marks
    assert not list((tmp_path / "dry").rglob("*.png"))
    name = next(iter(known))
    approved.write_text(json.dumps(known | {name: "0" * 16}), "utf-8")
    changed = gallery(out, *only, "--check")
    assert changed.returncode == 1
    assert "1 changed" in changed.stdout
    assert f'src="approved/{name}"' in (out / "changed.html").read_text("utf-8")


def test_it_ends_when_it_is_told_to(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "kiosk", "gallery", "--out", str(tmp_path), "--panel", "1280x800@102"]
    with subprocess.Popen(line, stdout=subprocess.DEVNULL) as child:
        end = time.monotonic() + 60
        while not list(tmp_path.rglob("*.png")) and time.monotonic() < end:
            time.sleep(0.1)
        child.terminate()
        try:
            assert child.wait(60) == -signal.SIGTERM
        finally:
            child.kill()
    assert not (tmp_path / "index.html").exists()
