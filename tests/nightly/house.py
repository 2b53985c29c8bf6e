"""The image's own root under its own systemd, in namespaces beside this computer: units and watchdogs at full speed."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from image.recipe.files import signature
from kiosk.ops.mbr import extents
from kiosk.ops.update.autoboot import SYSTEM, Slot

PATIENCE_S = 120.0
_GROUP = Path("/sys/fs/cgroup/unified/kiosk-house")
_GROUP_ALONE = Path("/sys/fs/cgroup/kiosk-house")
MASKED = (
    "systemd-sysctl", "systemd-modules-load", "systemd-timesyncd", "systemd-networkd", "systemd-resolved",
    "systemd-udevd", "systemd-udev-trigger", "systemd-remount-fs", "systemd-random-seed", "usbguard",
    "nftables", "kiosk-clock", "kiosk-clock-save", "kiosk-firewall", "kiosk-first-boot", "kiosk-usb",
)  # fmt: skip
"""What speaks to the kernel or to hardware: the kernel is this computer's own."""
SETTINGS = '[kiosk]\nname = "K1"\n[screen]\nwidth = 1080\nheight = 1920\ndpi = 102\n'
_START = """\
set -eu
low={low}; top={top}; m=$top/root
mount --make-rprivate /
{low_mount}
mkdir -p $top/over $m; mount -t tmpfs tmpfs $top/over -o size=2G; mkdir $top/over/u $top/over/w
mount -t overlay overlay -o lowerdir=$low,upperdir=$top/over/u,workdir=$top/over/w $m
mount -t proc proc $m/proc; mount --bind $m/proc/sys $m/proc/sys; mount -o remount,bind,ro $m/proc/sys
mount -t sysfs sysfs $m/sys -o ro; mount -t cgroup2 cgroup2 $m/sys/fs/cgroup
for f in run tmp dev; do mount -t tmpfs tmpfs $m/$f -o mode=755; done; chmod 1777 $m/tmp
for n in 'null 1 3' 'zero 1 5' 'full 1 7' 'random 1 8' 'urandom 1 9' 'tty 5 0'; do
  set -- $n; mknod -m 666 $m/dev/$1 c $2 $3; done
mkdir $m/dev/pts $m/dev/shm; mount -t tmpfs tmpfs $m/dev/shm; : > $m/dev/console
mount -t devpts devpts $m/dev/pts -o newinstance,ptmxmode=666,mode=620; ln -s pts/ptmx $m/dev/ptmx
ln -s /proc/self/fd $m/dev/fd
: > $m/etc/fstab; echo 0123456789abcdef0123456789abcdef > $m/etc/machine-id
s=$m/etc/systemd/system
for u in {masked}; do ln -sf /dev/null $s/$u.service; done
for u in kiosk-update.timer kiosk-clock-save.timer kiosk-usb.path; do ln -sf /dev/null $s/$u; done
mkdir -p $s/kiosk-screen.service.d
printf '[Service]\\nEnvironment=SDL_VIDEODRIVER=offscreen LP_NUM_THREADS=0\\n' > $s/kiosk-screen.service.d/90-house.conf
{data}
cd $m; mkdir -p before; pivot_root . before; cd /; umount -l /before
exec setpriv --bounding-set -sys_time,-sys_module,-sys_boot,-syslog env -i container=other \\
  PATH=/usr/sbin:/usr/bin:/sbin:/bin /usr/lib/systemd/systemd --log-target=null --show-status=false
"""


_FOLDER = """\
mkdir -p $m/data/settings; printf '{settings}' > $m/data/settings/kiosk.toml
echo '{{"step": ""}}' > $m/var/lib/kiosk/first-boot.json
chroot $m sh -c 'chown -R kiosk-core:kiosk /var/lib/kiosk; chmod 700 /var/lib/kiosk'
for u in rauc kiosk-boot; do ln -sf /dev/null $s/$u.service; done
"""
_CARD = """\
for n in {parts}; do l=${{n#*:}}; cp -a $l $m/dev/
  ln -s ../../$(basename $l) $m/dev/disk/by-partuuid/{mark}-0${{n%%:*}}; done
mount {p8} $m/data; mount -o ro {p7} $m/identity
mount --bind $m/data/kiosk $m/var/lib/kiosk; mount --bind $m/data/kiosk-branch $m/var/lib/kiosk-branch
echo '{words}' > $top/cmdline; mount --bind $top/cmdline $m/proc/cmdline
for u in kiosk-boot kiosk-trial; do mkdir -p $s/$u.service.d
  printf '[Service]\\nDeviceAllow=block-loop rw\\n' > $s/$u.service.d/90-house.conf; done
"""


@dataclass
class House:
    """A running systemd of the image; `pid` is how this computer knows it."""

    pid: int

    def ended(self, patience_s: float = PATIENCE_S) -> bool:
        """Whether its systemd ends by itself: the machine is started anew."""
        end = time.monotonic() + patience_s
        while (there := Path(f"/proc/{self.pid}/comm").exists()) and time.monotonic() < end:
            time.sleep(0.1)
        return not there

    def run(self, *words: str) -> str:
        """What a command inside says."""
        line = ["nsenter", "-t", str(self.pid), "-m", "-p", "-u", "-i", "-n", "-C", *words]
        return subprocess.run(line, capture_output=True, text=True, check=False, timeout=PATIENCE_S).stdout.strip()

    def told(self, unit: str, *names: str) -> dict[str, str]:
        """Properties of a unit."""
        said = self.run("systemctl", "show", unit, "-p", ",".join(names))
        return dict(line.split("=", 1) for line in said.splitlines() if "=" in line)

    def wait(self, unit: str, state: str, patience_s: float = PATIENCE_S) -> bool:
        """Wait until a unit is in a state; False if it never was."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            if self.told(unit, "ActiveState").get("ActiveState") == state:
                return True
            time.sleep(0.2)
        return False

    def away(self, unit: str, signal: str) -> float:
        """Send a signal to a unit's main process; seconds until the next one says that it is ready."""
        self.run("systemctl", "reset-failed", unit)
        name = "ActiveEnterTimestampMonotonic"
        old = self.told(unit, "MainPID", name)
        began = time.clock_gettime(time.CLOCK_MONOTONIC)
        self.run("systemctl", "kill", f"--signal={signal}", "--kill-whom=main", unit)
        while time.clock_gettime(time.CLOCK_MONOTONIC) - began < PATIENCE_S:
            now = self.told(unit, "MainPID", "ActiveState", name)
            if (
                now["ActiveState"] == "active"
                and now["MainPID"] not in ("0", old["MainPID"])
                and now[name] != old[name]
            ):
                return int(now[name]) / 1e6 - began
            time.sleep(0.1)
        return PATIENCE_S


@contextmanager
def house(low: Path, top: Path) -> Iterator[House]:
    """Start the root `low`, which is not changed, in a folder of its own; everything ends with the context."""
    data = _FOLDER.format(settings=SETTINGS.replace("\n", "\\n"))
    with _house(_START.format(low=low, top=top, masked=" ".join(MASKED), low_mount="", data=data), top) as inside:
        yield inside


@contextmanager
def slot(card: Path, top: Path, letter: Slot) -> Iterator[House]:
    """Start a slot of a card as the firmware would have had the kernel start it; the card is written to."""
    with card.open("rb") as stream:
        where = extents(stream)
    loops: dict[int, str] = {}
    try:
        for number, extent in where.items():
            words = ["losetup", "-f", "--show", "-o", str(extent.start), "--sizelimit", str(extent.size), str(card)]
            loops[number] = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
        low = top / "low"
        low.mkdir(parents=True, exist_ok=True)
        data = "mkdir -p $m/dev/disk/by-partuuid\n" + _CARD.format(
            parts=" ".join(f"{number}:{loop}" for number, loop in loops.items()), mark=signature(), p8=loops[8],
            p7=loops[7], words=f"root=PARTUUID={signature()}-0{SYSTEM[letter]} rootfstype=squashfs ro",
        )  # fmt: skip
        mount = f"mount -t squashfs -o ro {loops[SYSTEM[letter]]} {low}"
        with _house(
            _START.format(low=low, top=top, masked=" ".join(MASKED), low_mount=mount, data=data), top
        ) as inside:
            yield inside
    finally:
        for loop in loops.values():
            subprocess.run(["losetup", "-d", loop], check=False)


@contextmanager
def _house(script: str, top: Path) -> Iterator[House]:
    top.mkdir(parents=True, exist_ok=True)
    (top / "start.sh").write_text(script)
    group = _GROUP if _GROUP.parent.is_dir() else _GROUP_ALONE
    group.mkdir(exist_ok=True)
    line = f"echo $$ > {group}/cgroup.procs; exec unshare -m -p -u -i -n -C -f --kill-child bash {top}/start.sh"
    with (top / "house.log").open("wb") as log:
        process = subprocess.Popen(["bash", "-c", line], stdout=log, stderr=log)
    try:
        yield House(_child(process, top))
    finally:
        process.kill()
        process.wait()


def _child(process: "subprocess.Popen[bytes]", top: Path) -> int:
    """The first process within, once it is systemd."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and process.poll() is None:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        if children and Path(f"/proc/{children[0]}/comm").read_text().strip() == "systemd":
            return int(children[0])
        time.sleep(0.1)
    raise RuntimeError(f"the image's systemd did not start: {(top / 'house.log').read_text()[-300:]}")
