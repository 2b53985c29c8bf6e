"""Which wheel, by which hash, each Python and each processor gets: image/wheels.lock, resolved and fetched by pip."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PYTHONS = ("3.11", "3.13")
"""Debian 12's and Debian 13's."""
MACHINES = ("aarch64", "x86_64")
_GLIBC = (17, 24, 26, 27, 28, 31, 34)
"""Minor versions of glibc 2 that wheels are built for and Debian 12 (2.36) has."""
HEAD = """\
# Every wheel of the image: platform name version file sha256. `image/wheels lock` writes this from requirements.lock;
# `image/wheels fetch` takes nothing else. A test holds both to the same versions.
"""


@dataclass(frozen=True, order=True)
class Platform:
    """One Python on one processor."""

    python: str
    machine: str

    def __str__(self) -> str:
        return f"cp{self.python.replace('.', '')}-{self.machine}"

    def pip(self) -> list[str]:
        """How pip is told to choose wheels for this platform instead of the machine it runs on."""
        tags = [f"manylinux_2_{minor}_{self.machine}" for minor in _GLIBC] + [f"manylinux2014_{self.machine}"]
        words = [
            "--ignore-requires-python",
            "--only-binary",
            ":all:",
            "--implementation",
            "cp",
            "--python-version",
            self.python,
        ]
        return [*words, *(word for tag in tags for word in ("--platform", tag))]

    def markers(self) -> dict[str, str]:
        """The environment that decides which lines of requirements.lock are meant for it."""
        return {
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "platform_machine": self.machine,
            "platform_system": "Linux",
            "sys_platform": "linux",
            "os_name": "posix",
            "python_version": self.python,
            "python_full_version": f"{self.python}.0",
        }


PLATFORMS = tuple(Platform(python, machine) for python in PYTHONS for machine in MACHINES)


@dataclass(frozen=True, order=True)
class Wheel:
    """One line of the lock."""

    platform: str
    name: str
    version: str
    file: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.platform} {self.name} {self.version} {self.file} {self.sha256}"


def wanted(requirements: str, platform: Platform) -> dict[str, str]:
    """Name and exact version of everything in the text of a requirements.lock that this platform needs."""
    found: dict[str, str] = {}
    for line in requirements.splitlines():
        text = line.split("#")[0].strip()
        if not text:
            continue
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate(platform.markers()):
            found[canonicalize_name(requirement.name)] = str(requirement.specifier).removeprefix("==")
    return found


def read_lock(text: str) -> list[Wheel]:
    """The lines of a wheels.lock; ValueError for one that is not five words."""
    wheels = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            words = line.split()
            if len(words) != 5:
                raise ValueError(f"wheels.lock: {line!r} is not `platform name version file sha256`")
            wheels.append(Wheel(*words))
    return wheels


def resolve(requirements: str, platform: Platform) -> list[Wheel]:
    """Ask the index which wheel each exact version has for a platform; RuntimeError where one has none."""
    pins = [f"{name}=={version}" for name, version in wanted(requirements, platform).items()]
    words = [
        "install",
        "--dry-run",
        "--ignore-installed",
        "--no-deps",
        "--quiet",
        "--report",
        "-",
        "--target",
        "/nowhere",
    ]
    report = json.loads(pip(*words, *platform.pip(), *pins))
    wheels = []
    for item in report["install"]:
        info = item["download_info"]
        file = unquote(urlsplit(info["url"]).path.rsplit("/", 1)[-1])
        name = canonicalize_name(item["metadata"]["name"])
        digest = info["archive_info"]["hashes"]["sha256"]
        wheels.append(Wheel(str(platform), name, item["metadata"]["version"], file, digest))
    return sorted(wheels)


def fetch(wheels: list[Wheel], platform: Platform, folder: Path) -> None:
    """Fetch the locked wheels of a platform into a folder; pip refuses one whose hash is another."""
    folder.mkdir(parents=True, exist_ok=True)
    mine = [wheel for wheel in wheels if wheel.platform == str(platform)]
    pins = folder / "requirements.txt"
    pins.write_text("".join(f"{wheel.name}=={wheel.version} --hash=sha256:{wheel.sha256}\n" for wheel in mine))
    pip("download", "--quiet", "--no-deps", "--require-hashes", *platform.pip(), "-d", str(folder), "-r", str(pins))


def pip(*words: str) -> str:
    """Run pip; RuntimeError with its last line where it fails."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or [done.stderr.strip()]
        raise RuntimeError(f"pip: {last[-1]}")
    return done.stdout
