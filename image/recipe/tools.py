"""The tools that put an image together, in a Debian 13 toolbox of their own: a host's may be too old."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

TOOLBOX_PACKAGES = (
    "squashfs-tools,genimage,mtools,dosfstools,e2fsprogs,qemu-system-x86,qemu-system-arm,qemu-utils,rauc,nftables,"
    "python3"
)


class Lacking(Exception):
    """A tool is not there; the sentence says how to get it."""


class Toolbox:
    """A Debian 13 root that holds the tools; what they work on lies below it, so that nothing needs to be mounted."""

    def __init__(self, root: Path, suite: str, mirror: str) -> None:
        self.root = root
        self._suite = suite
        self._mirror = mirror

    def make(self) -> None:
        """Make it with mmdebstrap where it is not there yet."""
        made = self.root / ".made"
        if made.exists() and made.read_text() == TOOLBOX_PACKAGES:
            return
        need("mmdebstrap", "apt-get install mmdebstrap")
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.parent.mkdir(parents=True, exist_ok=True)
        words = ["mmdebstrap", "--mode=root", "--variant=apt", "--format=directory", "--quiet"]
        words += ["--aptopt=APT::Install-Recommends false", f"--include={TOOLBOX_PACKAGES}"]
        run([*words, self._suite, str(self.root), self._mirror])
        made.write_text(TOOLBOX_PACKAGES)

    def run(self, *words: str | Path, env: Mapping[str, str] | None = None) -> str:
        """Run a tool in it; paths below the toolbox are told as the tool sees them."""
        return run(self.command(*words), env)

    def command(self, *words: str | Path) -> list[str]:
        """The command line that runs a tool in it."""
        return ["chroot", str(self.root), *(self.inside(word) for word in words)]

    def inside(self, word: str | Path) -> str:
        """A word of the line as the tool sees it: `if=/box/a` is `if=/a`."""
        return str(word).replace(f"{self.root}/", "/")


def need(program: str, remedy: str) -> None:
    """Refuse where a program is not installed."""
    if shutil.which(program) is None:
        raise Lacking(f"{program} is missing; {remedy}")


def need_root() -> None:
    """Refuse for an ordinary account: device nodes and owners of files cannot be made by one."""
    if os.geteuid() != 0:
        raise Lacking("an image is made as root; use sudo")


def run(words: list[str], env: Mapping[str, str] | None = None) -> str:
    """Run a command; RuntimeError with the end of what it said where it fails. Returns its standard output."""
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=env, errors="replace")
    if done.returncode:
        end = " / ".join((done.stderr or done.stdout).strip().splitlines()[-3:])
        raise RuntimeError(f"{words[0]} failed ({done.returncode}): {end}")
    return done.stdout
