"""`kiosk image card` and `kiosk image batch`: prepare cards with claim and network, and print their labels."""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from kiosk.domain.errors import Refusal
from kiosk.ops.card import Card, contents, label, read_batch
from kiosk.wiring.card_data import own, put

IDENTITY_MIB = 64
IDENTITY_UUID = "4b494f53-0000-4000-8000-000000000007"
_LONGEST = 1 << 20
_BLOCK = 1 << 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what stands after `kiosk image`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="card|batch|settings")
    card = actions.add_parser("card", help="prepare one card")
    card.add_argument("--branch", required=True, metavar="ID", help="the branch, like 421202-001")
    card.add_argument("--kiosk", default="", metavar="N", help="which kiosk of the branch, for name and label")
    card.add_argument("--central", required=True, metavar="URL", help="where it will enrol")
    card.add_argument("--code", required=True, help="its claim code, from `kiosk central claim --days 30`")
    card.add_argument("--address", default="", metavar="IP/N", help="a fixed address; else DHCP")
    card.add_argument("--gateway", default="", metavar="IP")
    card.add_argument("--dns", default="", metavar="IP", help="name servers, parted by spaces")
    card.add_argument("--proxy", default="", metavar="URL", help="the branch's proxy")
    card.add_argument("--modem", action="store_true", help="a 4G modem that shows itself as a USB network card")
    card.add_argument("--settings", default="", metavar="FILE", help="the kiosk's settings, for its data partition")
    card.add_argument("--token", default="", help="by which the hub knows it (`kiosk branch grant kiosk`)")
    card.add_argument("--hub", default="", metavar="FILE", help="make it the hub, with this database of grants")
    card.add_argument("--out", required=True, type=Path, metavar="FILE", help="a card with --image, else a partition")
    batch = actions.add_parser("batch", help="prepare all cards of a CSV")
    batch.add_argument("csv", type=Path, metavar="CSV", help="columns branch,central,code and those of `card`")
    batch.add_argument("--out", required=True, type=Path, metavar="DIR", help="a file for each card")
    for one in (card, batch):
        one.add_argument("--image", type=Path, metavar="FILE", help="card.img of a release: prepare a copy of it")
        one.add_argument("--ca", type=Path, metavar="FILE", help="the certificate (PEM) that signed the centre's")
        one.add_argument("--labels", metavar="URL", help="print each label there, as `kiosk print --to`")
        one.add_argument("--folders", action="store_true", help="only the files, in a folder, for a partition mounted")
        one.add_argument("--json", action="store_true", help="a JSON line a card")

    change = actions.add_parser("settings", help="give a card that has served other settings, or another token")
    change.add_argument("card", type=Path, metavar="CARD", help="the card in this machine's reader, or its image")
    change.add_argument("--settings", default="", metavar="FILE")
    change.add_argument("--token", default="")


def run(args: argparse.Namespace) -> int:
    """Prepare; all mistakes are told before anything is written."""
    if args.action == "settings":
        return _change(args)
    ca = _text(args.ca) if args.ca else ""
    if args.action == "card":
        cards = [
            Card(args.branch, args.central, args.code, args.kiosk, ca, args.address, args.gateway, args.dns, args.proxy,
                 args.modem, args.settings, args.hub, args.token)
        ]  # fmt: skip
        outs = [args.out]
    else:
        read = read_batch(_text(args.csv))
        cards = [_at_home(replace(card, ca=card.ca or ca), args.csv.parent) for card in read]
        ending = "" if args.folders else (".img" if args.image else ".ext4")
        outs = [args.out / f"{card.name}{ending}" for card in cards]
    filled = [(contents(card), own(card)) for card in cards]
    if args.image is None and not args.folders and any(data for _, data in filled):
        raise Refusal("settings, token and hub lie on the data partition of a card: give --image, or --folders")
    if not args.folders and shutil.which("mke2fs") is None:
        raise Refusal("mke2fs is missing (apt-get install e2fsprogs); or write folders with --folders")
    for out in outs:
        if out.exists():
            raise Refusal(f"{out} is there already; name another, or remove it")
    try:
        for number, (card, out, (files, data)) in enumerate(zip(cards, outs, filled, strict=True), start=1):
            out.parent.mkdir(parents=True, exist_ok=True)
            _write(files, data, out, args)
            print(json.dumps({"card": card.name, "file": str(out)}) if args.json else f"{card.name}  {out}", flush=True)
            if len(cards) > 1:
                print(f"{number} of {len(cards)}", file=sys.stderr)
    except OSError as error:
        print(f"kiosk: {error.filename or args.out} cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    return _labels(cards, args) if args.labels else 0


def _change(args: argparse.Namespace) -> int:
    files = own(Card("", "", "", settings=args.settings, token=args.token))
    if not files:
        raise Refusal("nothing to change: give --settings FILE or --token")
    with tempfile.TemporaryDirectory(prefix="kiosk-card-") as work:
        try:
            put(args.card, files, Path(work))
        except OSError as error:
            raise Refusal(f"{args.card} cannot be opened ({(error.strerror or str(error)).lower()})") from error
    print(f"{args.card}: {', '.join(files)} written; take it out and start the kiosk with it")
    return 0


def _at_home(card: Card, home: Path) -> Card:
    """A batch names files as seen from where it lies itself."""
    settings = str(home / card.settings) if card.settings else ""
    return replace(card, settings=settings, hub=str(home / card.hub) if card.hub else "")


def _write(files: Mapping[str, str], data: Mapping[str, bytes], out: Path, args: argparse.Namespace) -> None:
    if args.folders:
        _lay(files, out)
        for name, content in data.items():
            place = out / "data" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        return
    half = out.with_name(f"{out.name}.half")
    try:
        with tempfile.TemporaryDirectory(prefix="kiosk-card-") as work:
            _lay(files, Path(work) / "files")
            partition = Path(work) / "identity.ext4"
            _partition(Path(work) / "files", partition)
            if args.image is None:
                shutil.copyfile(partition, half)
            else:
                _copy(args.image, half)
                _insert(partition, half)
                put(half, data, Path(work))
        half.rename(out)
    finally:
        half.unlink(missing_ok=True)


def _lay(files: Mapping[str, str], folder: Path) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
        # Networkd and core read these under accounts of their own; the code dies with its first use.
        (folder / name).chmod(0o644)


def _partition(folder: Path, file: Path) -> None:
    words = ["mke2fs", "-q", "-t", "ext4", "-L", "identity", "-U", IDENTITY_UUID, "-E", "root_owner=0:0"]
    done = subprocess.run(  # noqa: S603 - our own words and paths
        [*words, "-d", str(folder), str(file), f"{IDENTITY_MIB}M"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Refusal(f"mke2fs: {done.stderr.strip().splitlines()[-1]}")


def _copy(image: Path, to: Path) -> None:
    """Copy a card, leaving holes where it is empty, and say how far it is."""
    size = image.stat().st_size
    with image.open("rb") as source, to.open("wb") as target:
        for at in range(0, size, _BLOCK):
            block = source.read(_BLOCK)
            if block.strip(b"\0"):
                target.seek(at)
                target.write(block)
            if at % (512 * _BLOCK) == 0:
                print(f"copying {at * 100 // size} %", file=sys.stderr, flush=True)
        target.truncate(size)


def _insert(partition: Path, card: Path) -> None:
    """Write the identity partition into a card, in the place of its seventh."""
    from kiosk.ops.mbr import extents

    with card.open("r+b") as stream:
        where = extents(stream).get(7)
        if where is None or where.size != partition.stat().st_size:
            raise Refusal("--image is no card of this kiosk: its seventh partition is not the identity")
        stream.seek(where.start)
        stream.write(partition.read_bytes())


def _labels(cards: Sequence[Card], args: argparse.Namespace) -> int:
    from kiosk import config
    from kiosk.wiring.print import send, sentence

    settings = config.load(args.config)
    worst = 0
    for card in cards:
        answer = send(label(card), _each(args.labels, card), settings, args.state)
        if answer["printed"] is not True:
            print(f"kiosk: label of {card.name}: {sentence(answer)}", file=sys.stderr)
            worst = 1
    return worst


def _each(url: str, card: Card) -> str:
    """A folder of pictures where the address names one: file:///labels/ gives file:///labels/421202-001-K2.png."""
    return f"{url}{card.name}.png" if url.startswith("file:") and url.endswith("/") else url


def _text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return stream.read(_LONGEST).decode("utf-8")
    except (OSError, ValueError) as error:
        why = (error.strerror or str(error)).lower() if isinstance(error, OSError) else "it is no UTF-8 text"
        raise Refusal(f"{file} cannot be read: {why}") from error
