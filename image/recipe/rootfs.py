"""Makes the root file system: Debian's packages, our overlay and units, the program with its wheels."""

import hashlib
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from image.recipe.files import IMAGE, TREE, Target, packages_of, signature, unit_rules
from image.recipe.tools import Toolbox, run

PYTHON_OF = {"bookworm": "3.11", "trixie": "3.13"}
_LEFT_OUT = ("man", "doc", "info", "locale", "lintian", "bash-completion")
_MODULES = ("squashfs", "overlay", "loop", "ext4", "vfat", "virtio_pci", "virtio_blk", "mmc_block", "sdhci")
"""What the first file system needs before the second is there; MODULES=most would take minutes under emulation."""
_PI_WORDS = "cma=64M"
"""Room for the window's pictures: vc4 takes them out of one piece of memory (Debian's own words for these boards)."""
_SHEDS = (
    "var/cache", "var/log", "var/lib/apt/lists", "usr/share/doc-base", "usr/lib/firmware/amdgpu",
    "usr/lib/python3/dist-packages/__pycache__",
)  # fmt: skip
_STARTER = """\
#!/opt/kiosk/bin/python
import sys
from kiosk.__main__ import main
sys.exit(main())
"""


@dataclass(frozen=True)
class Source:
    """Where Debian's packages come from, and the moment (seconds) that every file is dated."""

    suite: str
    mirror: str
    epoch: int


def debian(target: Target, source: Source, cache: Path) -> Path:
    """A tar of Debian with the packages of the list; kept, and used again while list, suite and moment are the same."""
    names, early = packages_of(target.name), _MODULES + target.modules
    key = hashlib.sha256(
        repr((names, target.architecture, target.components, source, early, _LEFT_OUT)).encode()
    ).hexdigest()[:16]
    tar = cache / f"debian-{target.name}-{key}.tar"
    if tar.exists():
        return tar
    cache.mkdir(parents=True, exist_ok=True)
    modules = "\\n".join(early)
    words = ["mmdebstrap", "--mode=root", "--variant=minbase", "--quiet", f"--architectures={target.architecture}"]
    words += ["--aptopt=APT::Install-Recommends false", f"--components={target.components.replace(' ', ',')}"]
    words += [f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in _LEFT_OUT]
    words += ["--dpkgopt=path-include=/usr/share/doc/*/copyright"]
    words.append(
        '--essential-hook=mkdir -p "$1/etc/initramfs-tools/conf.d"; '
        f'printf "{modules}\\n" > "$1/etc/initramfs-tools/modules"; '
        'printf "MODULES=list\\nCOMPRESS=zstd\\n" > "$1/etc/initramfs-tools/conf.d/kiosk"'
    )
    half = tar.with_suffix(".half.tar")
    run(
        [*words, f"--include={','.join(names)}", source.suite, str(half), source.mirror],
        {**os.environ, "SOURCE_DATE_EPOCH": str(source.epoch)},
    )
    half.rename(tar)
    return tar


def unpack(tar: Path, root: Path) -> None:
    """Lay the tar out as a folder, with owners and device nodes."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    run(["tar", "--extract", "--file", str(tar), "--directory", str(root), "--numeric-owner", "--same-permissions"])


def install(root: Path, wheels: Path, source: Source, box: Toolbox | None = None) -> None:
    """Lay the program and its locked wheels into /opt/kiosk, as a virtual environment of the image's own Python."""
    python = PYTHON_OF[source.suite]
    place = root / "opt/kiosk"
    packages = place / f"lib/python{python}/site-packages"
    shutil.rmtree(place, ignore_errors=True)
    packages.mkdir(parents=True)
    own = _own_wheel(wheels.parent / "own", source)
    files = sorted(str(file) for file in wheels.glob("*.whl"))
    words = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-compile"]
    words += ["--root-user-action=ignore", "--disable-pip-version-check", "--ignore-requires-python"]
    run([*words, *_anywhere(wheels.name), "--target", str(packages), *files, str(own)])
    shutil.move(packages / "share", place / "share")
    shutil.rmtree(packages / "bin", ignore_errors=True)
    for trace in packages.glob("*.dist-info/direct_url.json"):
        trace.unlink()
    (place / "bin").mkdir()
    (place / "bin/python").symlink_to("/usr/bin/python3")
    (place / "bin/kiosk").write_text(_STARTER)
    (place / "bin/kiosk").chmod(0o755)
    settings = f"home = /usr/bin\ninclude-system-site-packages = true\nversion = {python}\n"
    (place / "pyvenv.cfg").write_text(settings)
    # Bytecode is the same on every processor: the toolbox's own Python makes it where it is of the same version.
    native = box is not None and (box.root / f"usr/bin/python{python}").exists()
    within, there = (box.command(), box.inside(root)) if box and native else (["chroot", str(root)], "/")
    words = [*within, "env", "PYTHONHASHSEED=0", "python3", "-m", "compileall", "-q", "-j", "1", "-s", there, "-p", "/"]
    run([*words, "--invalidation-mode", "unchecked-hash", f"{there.rstrip('/')}/opt/kiosk/lib"])


def dress(root: Path) -> None:
    """Lay units, accounts and overlay over Debian, and settle what starts."""
    systemd = TREE / "systemd"
    for file in sorted(systemd.iterdir()):
        kinds = {".sysusers": "sysusers.d", ".tmpfiles": "tmpfiles.d", ".rules": "udev/rules.d"}
        if file.suffix in kinds:
            name = f"{file.stem}.rules" if file.suffix == ".rules" else f"{file.stem}.conf"
            _lay(file, root / "usr/lib" / kinds[file.suffix] / name)
        elif file.suffix in (".service", ".socket", ".target", ".timer", ".path"):
            _lay(file, root / "usr/lib/systemd/system" / file.name)
    run(["cp", "--recursive", "--no-preserve=ownership", f"{IMAGE / 'overlay'}/.", str(root)])
    _lay(IMAGE / "partitions/fstab", root / "etc/fstab")
    run(["chroot", str(root), "systemd-sysusers"])
    rules = unit_rules()
    kept = {rule.unit for rule in rules}
    ours = [unit.name for unit in sorted(systemd.iterdir()) if "[Install]" in _text(unit) and unit.name not in kept]
    run(["chroot", str(root), "systemctl", "enable", *ours, *(rule.unit for rule in rules if rule.word == "enable")])
    run(["chroot", str(root), "systemctl", "mask", *(rule.unit for rule in rules if rule.word == "mask")])
    settle(root)


def settle(root: Path) -> None:
    """Mount points and links that a read-only root needs, and nothing that differs from build to build."""
    for folder in ("identity", "data", "var/lib/kiosk", "var/lib/kiosk-branch", "etc/kiosk", "run"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    _link(root / "etc/resolv.conf", "/run/systemd/resolve/stub-resolv.conf")
    _link(root / "etc/kiosk/kiosk.toml", "/data/settings/kiosk.toml")
    _link(root / "etc/localtime", "/usr/share/zoneinfo/Asia/Shanghai")
    (root / "etc/systemd/network").mkdir(parents=True, exist_ok=True)
    for name in ("10-kiosk.network", "20-modem.network"):
        _link(root / "etc/systemd/network" / name, f"/identity/network/{name}")
    (root / "etc/machine-id").write_text("")
    (root / "var/lib/dbus").mkdir(parents=True, exist_ok=True)
    _link(root / "var/lib/dbus/machine-id", "/etc/machine-id")
    (root / "etc/hostname").write_text("kiosk\n")
    (root / "etc/hosts").write_text("127.0.0.1 localhost kiosk\n::1 localhost\n")
    guard = root / "etc/usbguard"
    (guard / "rules.conf").unlink(missing_ok=True)  # made of the builder's own devices, which no kiosk has
    for allowed in (guard / "IPCAccessControl.d").glob("*"):
        allowed.unlink()
    (guard / "usbguard-daemon.conf").chmod(0o600)  # it refuses one that others can read
    for old in ("passwd-", "group-", "shadow-", "gshadow-", ".pwd.lock"):
        (root / "etc" / old).unlink(missing_ok=True)
    for shed in _SHEDS:
        heap = root / shed
        if heap.is_dir():
            for inside in sorted(heap.iterdir()):
                shutil.rmtree(inside) if inside.is_dir() and not inside.is_symlink() else inside.unlink()


def move_boot(root: Path, boot: Path, letter: str, modules: tuple[str, ...] = ()) -> str:
    """Move kernel and first file system into a slot's boot folder; returns the kernel's version.

    RuntimeError where the first file system lacks one of the modules that it needs to find the card.
    """
    number = {"a": "05", "b": "06"}[letter]
    boot.mkdir(parents=True, exist_ok=True)
    kernel = max((root / "boot").glob("vmlinuz-*"))
    version = kernel.name.removeprefix("vmlinuz-")
    shutil.copyfile(kernel, boot / "vmlinuz")
    shutil.copyfile(root / f"boot/initrd.img-{version}", boot / "initrd.img")
    names = (boot / "initrd.img").read_bytes().replace(b"-", b"_")
    lacking = [module for module in modules if f"/{module}.ko".encode() not in names]
    if lacking:
        raise RuntimeError(f"the first file system lacks {', '.join(lacking)}, and would not find the card")
    line = (IMAGE / "boot/cmdline.txt").read_text().replace("@ROOT@", f"{signature()}-{number}")
    (boot / "cmdline.txt").write_text(line)
    firmware = root / "boot/firmware"
    if firmware.is_dir():
        doubled = shutil.ignore_patterns("vmlinuz-*", "initrd.img-*")
        shutil.copytree(firmware, boot, dirs_exist_ok=True, ignore=doubled)
        line = f"{line.strip()} {_PI_WORDS}\n"
        shutil.copyfile(IMAGE / "boot/config.txt", boot / "config.txt")
        (boot / "cmdline.txt").write_text(line)
    return version


def _own_wheel(folder: Path, source: Source) -> Path:
    """The program itself as a wheel, made from the files that the repository knows."""
    shutil.rmtree(folder, ignore_errors=True)
    copy = folder / "tree"
    names = run(["git", "-C", str(TREE), "ls-files", "-z"]).split("\0")
    for name in filter(None, names):
        if (TREE / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(TREE / name, copy / name)
    words = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    run(
        [*words, "--disable-pip-version-check", "--wheel-dir", str(folder), str(copy)],
        {**os.environ, "SOURCE_DATE_EPOCH": str(source.epoch)},
    )
    (wheel,) = folder.glob("kiosk-*.whl")
    return wheel


def _anywhere(platform: str) -> list[str]:
    from image.recipe.wheels import PLATFORMS  # noqa: PLC0415 - needs `packaging`, which a bare Python has not

    (found,) = (known for known in PLATFORMS if str(known) == platform)
    return found.pip()


def _lay(file: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, to)
    to.chmod(0o644)


def _link(at: Path, to: str) -> None:
    at.unlink(missing_ok=True)
    at.symlink_to(to)


def _text(file: Path) -> str:
    return file.read_text("utf-8") if file.is_file() else ""
