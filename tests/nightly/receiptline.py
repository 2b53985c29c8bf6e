"""Makes the golden Chinese bytes anew with npm's receiptline, and compares them with the committed ones.

`python -m tests.nightly.receiptline` compares; with `--write` it writes them. It needs node and npm.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from kiosk.wiring import places
from kiosk.wiring.papers import load_papers
from tests.drivers.printer.world import TICKET

WANTED = "receiptline@4.0.4"
GOLDEN = Path("tests/drivers/printer/golden/receiptline.txt")
COLUMNS = 48
MARKUP = re.compile(r"[|\\{}~`\"^_<>*]|^-|  |^\s|\s$")
"""What receiptline takes for orders of its own, or shortens."""
SCRIPT = """
const receiptline = require('receiptline');
const lines = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const options = {cpl: 48, encoding: 'gb18030', command: 'escpos', spacing: false, cutting: false};
const bytes = line => Buffer.from(receiptline.transform(line + '\\n', options), 'binary').toString('hex');
console.log(JSON.stringify(lines.map(bytes)));
"""
PLAIN, CODE_PAGE, KANJI_ON, KANJI_OFF = b"\x1d!\x00", b"\x1bt\x00", b"\x1c&", b"\x1c."


def lines() -> list[str]:
    """Chinese lines of our papers that fit on one line and hold none of its markup."""
    texts = load_papers(places.assets()).texts["zh"].values()
    services = [service.name["zh"] for service in places.catalogue().services.values()]
    values = [value for value in TICKET.values() if isinstance(value, str)]
    found = {text.replace("*", "") for text in (*texts, *services, *values)}
    return sorted(text for text in found if usable(text))


def usable(text: str) -> bool:
    wide = sum(1 if char.isascii() else 2 for char in text)
    return not text.isascii() and wide <= COLUMNS and not MARKUP.search(text) and "–" not in text


def made(texts: list[str]) -> list[str]:
    """Each text and its bytes, as receiptline has them: one line `HEX text` each."""
    with tempfile.TemporaryDirectory() as folder:
        npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, WANTED]
        subprocess.run(npm, check=True, timeout=300)
        node = ["node", "-e", SCRIPT]
        done = subprocess.run(
            node, input=json.dumps(texts), text=True, capture_output=True, cwd=folder, check=True, timeout=120
        )
    answers = json.loads(done.stdout)
    return [f"{body(bytes.fromhex(answer)).hex()} {text}" for text, answer in zip(texts, answers, strict=True)]


def body(answer: bytes) -> bytes:
    """The text's own bytes in a whole receipt: from its plain style to the line's end, without the mode's orders."""
    start = answer.index(PLAIN) + len(PLAIN)
    found = answer[answer.index(PLAIN, start) + len(PLAIN) :] if answer.count(PLAIN) > 2 else answer[start:]
    line = found[: found.index(b"\n")]
    return line.replace(CODE_PAGE, b"").replace(KANJI_ON, b"").replace(KANJI_OFF, b"")


def main() -> int:
    if not (shutil.which("node") and shutil.which("npm")):
        print("receiptline is not here: node and npm are needed")
        return 1
    fresh = made(lines())
    if "--write" in sys.argv:
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text("\n".join(fresh) + "\n", "utf-8")
        print(f"wrote {len(fresh)} lines")
        return 0
    kept = GOLDEN.read_text("utf-8").splitlines()
    wrong = sorted(set(fresh) ^ set(kept))
    print(f"{len(fresh)} lines, {len(wrong)} differ", *wrong[:20], sep="\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
