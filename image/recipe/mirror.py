"""Where Debian comes from: the mirror that this host's own apt uses, unless another one is named."""

import platform
import subprocess

from image.recipe.tools import Lacking

_ASK = ("apt-get", "indextargets", "--format", "$(RELEASE) $(REPO_URI)", "Identifier: Packages", "Component: main")


def own() -> str:
    """The mirror of this host's release, as apt knows it; Lacking where the host is no Debian with one."""
    release = platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    try:
        said = subprocess.run(_ASK, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise Lacking("this host has no apt to ask for a mirror of Debian; give --mirror URL") from error
    return pick(said, release)


def pick(said: str, release: str) -> str:
    """The first address that apt names for a release; `said` has lines of a release and its address."""
    for line in said.splitlines():
        name, _, address = line.partition(" ")
        if name == release and address:
            return address.rstrip("/")
    raise Lacking(f"apt knows no mirror of {release or 'this system'}; give --mirror URL")
