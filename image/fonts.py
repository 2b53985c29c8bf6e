"""Make the kiosk's four font files in assets/fonts from the full Noto Sans SC of an npm package.

    python image/fonts.py expo-google-fonts-noto-sans-sc-0.4.3.tgz --out assets/fonts

The package holds one single-face TTF a weight (face 0 of Debian's .ttc collection is Japanese and Kivy can open no
other). The regular and bold weights keep GB 2312, Latin and the signs of our texts; the black weight only A-Z and 0-9.
Names is the regular weight with every hanzi it has: it is opened where a text has one that GB 2312 lacks.
"""

import argparse
import hashlib
import io
import sys
import tarfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

PACKAGE = "@expo-google-fonts/noto-sans-sc"
VERSION = "0.4.3"
SHA256 = "0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59"
LICENCE = "package/LICENSE_FONT"
FACES = {
    "NotoSansSC-Regular.ttf": "package/400Regular/NotoSansSC_400Regular.ttf",
    "NotoSansSC-Bold.ttf": "package/700Bold/NotoSansSC_700Bold.ttf",
    "NotoSansSC-Black.ttf": "package/900Black/NotoSansSC_900Black.ttf",
    "NotoSansSC-Names.ttf": "package/400Regular/NotoSansSC_400Regular.ttf",
}
HANZI = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x32400))
"""Where Unicode keeps hanzi: extension A, the common ones, the compatible ones, extensions B to H."""
LABELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def gb2312() -> set[str]:
    """Every character of GB 2312 in both readings of its two doubtful dashes and dots (GB 2312 and GB 18030 tables)."""
    found: set[str] = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            pair = bytes((row, cell))
            for table in ("gb2312", "gb18030"):
                try:
                    found.add(pair.decode(table))
                except UnicodeDecodeError:
                    continue
    return {character for character in found if len(character) == 1 and not 0xE000 <= ord(character) <= 0xF8FF}


def wanted() -> set[str]:
    """GB 2312, Latin with the accents of pinyin and of foreign names, and the signs our texts use beyond them."""
    latin = {chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x1CD, 0x1DD), 0x251, 0x261)}
    signs = set("‐‑–—―‘’“”†‡•…‰′″‹›※€№™←↑→↓↔⇒∞≈≠≤≥■□▲△▼▽◆◇○●◎★☆✓✔✕✗⓪①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳℃℉㎡￥￠￡〇")
    return gb2312() | latin | signs


def everybody() -> set[str]:
    """Every hanzi that there may be, for names of people and places: GB 18030-2022, its second level and beyond."""
    return {chr(code) for low, high in HANZI for code in range(low, high)} | wanted()


def cut(data: bytes, characters: set[str]) -> bytes:
    """Return the font with only these characters (those of them that it has), hinting and rare features left out."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["kern", "ccmp", "locl", "mark", "mkmk"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.drop_tables += ["DSIG", "vhea", "vmtx", "VORG", "BASE"]
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(character) for character in characters])
    cutter.subset(font)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def main() -> int:
    """Read the package, refuse one that is not the recorded one, write the faces and the licence."""
    parser = argparse.ArgumentParser(description=f"Make the kiosk's fonts from {PACKAGE} {VERSION}.")
    parser.add_argument("package", type=Path, help="the package's .tgz")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    given = parser.parse_args()
    data = given.package.read_bytes()
    if hashlib.sha256(data).hexdigest() != SHA256:
        print(f"This file is not {PACKAGE} {VERSION}: its SHA-256 differs. Fetch that version again.", file=sys.stderr)
        return 2
    given.out.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for name, member in FACES.items():
            source = archive.extractfile(member)
            if source is None:
                raise FileNotFoundError(member)
            characters = {"Black": set(LABELS), "Names": everybody()}.get(name[11:-4]) or wanted()
            made = cut(source.read(), characters)
            (given.out / name).write_bytes(made)
            print(f"{name} {len(made)} bytes sha256 {hashlib.sha256(made).hexdigest()}")
        licence = archive.extractfile(LICENCE)
        if licence is None:
            raise FileNotFoundError(LICENCE)
        (given.out / "OFL.txt").write_bytes(licence.read())
    return 0


if __name__ == "__main__":
    sys.exit(main())
