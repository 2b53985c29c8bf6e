"""Make the kiosk's icon atlas in assets/icons from the Lucide line icons of an npm package.

    apt-get install librsvg2-bin
    python image/icons.py lucide-static-1.62.0.tgz --out assets/icons

Kivy draws no SVG, so each icon of icons.txt is rasterised (rsvg-convert) white on transparent at a few sizes into one
picture, and tinted when it is drawn. The .atlas file is Kivy's own: JSON, rectangles counted from the bottom left,
names like `id-card-96`.
"""

import argparse
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
from pathlib import Path

from PIL import Image

PACKAGE = "lucide-static"
VERSION = "1.62.0"
SHA256 = "386f9080c440d6f5049cefe3456ae8357f7a0c7f76e59670cd1cb83bc7050a44"
WIDTH = 2048  # px; the largest texture that every board's GPU takes is 4096
GAP = 2  # px between icons, so that linear filtering never reads a neighbour
SMALL = (48, 96)
LARGE = 192
LIST = Path(__file__).with_suffix(".txt")


def listed() -> dict[str, tuple[int, ...]]:
    """Return each icon's name with the sizes it is kept at."""
    lines = (line.split() for line in LIST.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {name: (*SMALL, LARGE) if mark else SMALL for name, *mark in lines}


def drawn(svg: bytes, size: int) -> Image.Image:
    """Rasterise one icon; every pixel is white, only its alpha differs, so a tint never shows a dark fringe."""
    text = re.sub(r"currentColor", "#ffffff", svg.decode())
    png = subprocess.run(
        ["rsvg-convert", "--width", str(size), "--height", str(size)],
        input=text.encode(), capture_output=True, check=True, timeout=30,
    ).stdout  # fmt: skip
    alpha = Image.open(io.BytesIO(png)).convert("RGBA").getchannel("A")
    return Image.merge("RGBA", (*(Image.new("L", alpha.size, 255) for _ in range(3)), alpha))


def packed(pictures: dict[str, Image.Image]) -> tuple[Image.Image, dict[str, tuple[int, int, int, int]]]:
    """Lay the icons out in rows, largest first; return the picture and each one's place from the bottom left."""
    places: dict[str, tuple[int, int]] = {}
    x = y = row = 0
    for name, picture in sorted(pictures.items(), key=lambda item: (-item[1].height, item[0])):
        if x + picture.width > WIDTH:
            x, y, row = 0, y + row + GAP, 0
        places[name] = (x, y)
        row = max(row, picture.height)
        x += picture.width + GAP
    height = y + row
    sheet = Image.new("RGBA", (WIDTH, height), (255, 255, 255, 0))
    for name, (left, top) in places.items():
        sheet.paste(pictures[name], (left, top))
    return sheet, {
        name: (left, height - top - pictures[name].height, pictures[name].width, pictures[name].height)
        for name, (left, top) in sorted(places.items())
    }


def main() -> int:
    """Read the package, refuse one that is not the recorded one, write the atlas and the licence."""
    parser = argparse.ArgumentParser(description=f"Make the kiosk's icon atlas from {PACKAGE} {VERSION}.")
    parser.add_argument("package", type=Path, help="the package's .tgz")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    given = parser.parse_args()
    data = given.package.read_bytes()
    if hashlib.sha256(data).hexdigest() != SHA256:
        print(f"This file is not {PACKAGE} {VERSION}: its SHA-256 differs. Fetch that version again.", file=sys.stderr)
        return 2
    given.out.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:

        def member(path: str) -> bytes:
            file = archive.extractfile(f"package/{path}")
            if file is None:
                raise FileNotFoundError(path)
            return file.read()

        pictures = {
            f"{name}-{size}": drawn(member(f"icons/{name}.svg"), size)
            for name, sizes in listed().items()
            for size in sizes
        }
        (given.out / "LICENSE.txt").write_bytes(member("LICENSE"))
    sheet, places = packed(pictures)
    sheet.save(given.out / "icons.png", optimize=True)
    (given.out / "icons.atlas").write_text(json.dumps({"icons.png": places}, indent=0) + "\n", encoding="utf-8")
    print(f"{len(listed())} icons, {len(pictures)} pictures, {sheet.width} x {sheet.height} px")
    return 0


if __name__ == "__main__":
    sys.exit(main())
