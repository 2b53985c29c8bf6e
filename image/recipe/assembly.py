"""One build from nothing to a card image with its papers; the same inputs give the same root, byte for byte."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from image.recipe import rootfs
from image.recipe.bundle import settle
from image.recipe.files import IMAGE, Target, partitions
from image.recipe.manifest import bill, installed, manifest
from image.recipe.progress import Progress
from image.recipe.rootfs import PYTHON_OF, Source
from image.recipe.tools import Toolbox, need, need_root
from image.recipe.wheels import Platform, fetch, read_lock

STEPS = 9


@dataclass(frozen=True)
class Order:
    """What to build, from where, and into which folders; `work` keeps what the next build can use again."""

    target: Target
    source: Source
    work: Path
    out: Path
    version: str
    keyring: Path | None = None


def build(order: Order) -> dict[str, object]:
    """Build and return the manifest, which also lies in the out folder."""
    need_root()
    need("mmdebstrap", "apt-get install mmdebstrap")
    need("git", "apt-get install git; the program's files are those the repository knows")
    if order.target.architecture != "amd64":
        need("arch-test", "apt-get install arch-test qemu-user-static, and register qemu-aarch64 with binfmt_misc")
    platform = Platform(PYTHON_OF[order.source.suite], order.target.machine)
    wheels = [
        wheel for wheel in read_lock((IMAGE / "wheels.lock").read_text("utf-8")) if wheel.platform == str(platform)
    ]
    box = Toolbox(order.work / "toolbox", "trixie", order.source.mirror)
    with Progress(f"image {order.target.name}", STEPS) as progress:
        box.make()
        progress.step("toolbox")
        tar = rootfs.debian(order.target, order.source, order.work / "debian")
        progress.step("Debian")
        house = order.work / f"wheels/{platform}"
        if {file.name for file in house.glob("*.whl")} != {wheel.file for wheel in wheels}:
            shutil.rmtree(house, ignore_errors=True)
            fetch(wheels, platform, house)
        progress.step("wheels")
        place = box.root / f"build/{order.target.name}"
        shutil.rmtree(place, ignore_errors=True)
        root = place / "root"
        rootfs.unpack(tar, root)
        packages = installed((root / "var/lib/dpkg/status").read_text("utf-8"))
        progress.step("unpacked")
        rootfs.install(root, house, order.source, box)
        rootfs.dress(root)
        settle(root, order.target.name, order.keyring)
        progress.step("program")
        kernel = rootfs.move_boot(root, place / "parts/boot-a", "a", order.target.modules)
        (root / "usr/lib/kiosk-release").write_text(f"{order.version}\n")
        shutil.rmtree(root / "boot")
        (root / "boot").mkdir()
        squashfs = place / "in/system.squashfs"
        squash(box, root, squashfs, order.source.epoch)
        progress.step("squashfs")
        card(box, place, order.source.epoch)
        progress.step("card")
        order.out.mkdir(parents=True, exist_ok=True)
        files = [order.out / "card.img", order.out / "system.squashfs", order.out / "boot-a.vfat"]
        for file in files:
            shutil.move(place / ("in" if file.suffix == ".squashfs" else "out") / file.name, file)
        progress.step("files")
        spdx = order.out / "sbom.spdx.json"
        spdx.write_text(_json(bill(f"kiosk-{order.target.name}", order.source.epoch, packages, wheels)), "utf-8")
        listed = order.out / "packages.list"
        listed.write_text("".join(f"{one.name} {one.version} {one.architecture}\n" for one in packages), "utf-8")
        told = manifest(order.target, order.version, kernel, order.source.epoch, order.source.suite,
                        [*files, spdx, listed], len(packages))  # fmt: skip
        (order.out / "manifest.json").write_text(_json(told), "utf-8")
        progress.step("manifest")
    return told


def squash(box: Toolbox, root: Path, file: Path, epoch: int) -> None:
    """Press the root into a squashfs; every time in it is `epoch`, and files stand in one order."""
    file.parent.mkdir(parents=True, exist_ok=True)
    words = ["-noappend", "-no-progress", "-quiet", "-comp", "zstd", "-Xcompression-level", "3", "-b", "256K"]
    words += ["-all-time", str(epoch), "-mkfs-time", str(epoch), "-no-exports", "-xattrs"]
    box.run("mksquashfs", root, file, *words)
    room = next(partition.size for partition in partitions() if partition.name == "system-a")
    size = file.stat().st_size >> 20
    if size >= room:
        raise RuntimeError(f"the system is {size} MiB and its slot {room} MiB; drop packages or enlarge both slots")


def card(box: Toolbox, place: Path, epoch: int) -> None:
    """Put the partitions together with genimage."""
    parts = place / "parts"
    for name in ("autoboot", "boot-b", "identity", "data/kiosk", "data/kiosk-branch", "data/settings", "data/boot"):
        (parts / name).mkdir(parents=True, exist_ok=True)
    shutil.copyfile(IMAGE / "boot/autoboot.txt", parts / "autoboot/autoboot.txt")
    shutil.copytree(parts / "boot-a", parts / "boot-b", dirs_exist_ok=True)
    line = (parts / "boot-b/cmdline.txt").read_text().replace("-05 ", "-06 ")
    (parts / "boot-b/cmdline.txt").write_text(line)
    shutil.copyfile(IMAGE / "partitions/kiosk.toml", parts / "data/settings/kiosk.toml")
    shutil.copyfile(IMAGE / "partitions/card.cfg", place / "card.cfg")
    words: list[str | Path] = ["--config", place / "card.cfg", "--rootpath", parts, "--inputpath", place / "in"]
    words += ["--outputpath", place / "out", "--tmppath", place / "tmp"]
    box.run("genimage", *words, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SOURCE_DATE_EPOCH": str(epoch)})


def _json(data: object) -> str:
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
