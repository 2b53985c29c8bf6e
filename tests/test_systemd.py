"""The units: systemd accepts them, they are closed tightly, and they call the command as it is."""

import argparse
import importlib
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from kiosk.__main__ import COMMANDS, Broadly, Parser
from kiosk.ops import place
from kiosk.ops.machine import ORDERS
from kiosk.ops.update.shelf import ASKED, FOLDER
from tests.nightly.between import CORE

UNITS = {
    "kiosk-core.service": 15,
    "kiosk-screen.service": 20,
    "kiosk-branch.service": 20,
    "kiosk-rescue.service": 20,
    "kiosk-firewall.service": 30,
    "kiosk-first-boot.service": 20,
    "kiosk-usb.service": 30,
    "kiosk-clock.service": 20,
    "kiosk-clock-save.service": 20,
    "kiosk-sorry@screen.service": 20,
    "kiosk-boot.service": 30,
    "kiosk-update.service": 20,
    "kiosk-trial.service": 30,
    "kiosk-gate.service": 20,
    "kiosk-reboot.service": 20,
    "kiosk-poweroff.service": 20,
}
"""Each unit with the exposure it may have, in tenths, as `systemd-analyze security` counts it."""
HEAP = "MALLOC_ARENA_MAX=1"
SWITCHES = ("reboot", "poweroff")


@pytest.fixture
def root(tmp_path: Path, tree: Path) -> Path:
    """A root file system with nothing but the units and the program that they start."""
    units = tmp_path / "etc/systemd/system"
    units.mkdir(parents=True)
    for unit in (tree / "systemd").glob("*.service"):
        shutil.copy(unit, units)
    for target in ("basic", "local-fs", "multi-user", "network", "shutdown", "sysinit"):
        (units / f"{target}.target").write_text(f"[Unit]\nDescription={target}\n")
    for name in ("opt/kiosk/bin/kiosk", "usr/sbin/nft", "usr/bin/systemctl", "usr/bin/rm", "usr/bin/sync"):
        program = tmp_path / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    return tmp_path


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed here")
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("unit", UNITS)
def test_systemd_accepts_the_unit(root: Path, unit: str) -> None:
    done = analyze("verify", f"--root={root}", unit)
    complaints = [line for line in done.stderr.splitlines() if unit in line]
    # Debian 12's systemd (252) does not know the word, and does not need it.
    assert [line for line in complaints if "'RestartMode' in section" not in line] == []


@pytest.mark.parametrize("unit", UNITS)
def test_the_unit_is_closed_tightly(root: Path, unit: str) -> None:
    done = analyze("security", f"--root={root}", "--offline=yes", f"--threshold={UNITS[unit]}", unit)
    assert done.returncode == 0, done.stdout.splitlines()[-1]


def test_each_service_has_an_account_of_its_own_and_core_and_screen_share_their_group(tree: Path) -> None:
    lines = [line.split() for line in (tree / "systemd/kiosk.sysusers").read_text("utf-8").splitlines()]
    groups = {line[1]: line[2].partition(":")[2] or line[1] for line in lines if line[0] == "u"}
    services = [f"kiosk-{name}.service" for name in ("core", "screen", "branch")]
    ran = {unit: setting(tree, unit, "User") for unit in services}
    assert len(set(ran.values())) == len(services)
    for unit, account in ran.items():
        assert setting(tree, unit, "Group") == groups[account]
    assert groups["kiosk-core"] == groups["kiosk-screen"] != groups["kiosk-branch"]
    assert set(setting(tree, "kiosk-screen.service", "SupplementaryGroups").split()) == {
        "video",
        "render",
        "kiosk-touch",
    }


def test_core_has_one_heap_here_as_in_the_campaign_that_measures_it(tree: Path) -> None:
    core = (tree / "systemd/kiosk-core.service").read_text("utf-8").splitlines()
    assert f"Environment={HEAP}" in core
    name, _, heaps = HEAP.partition("=")
    assert CORE[name] == heaps


def test_of_all_of_sys_core_may_write_what_udev_gives_it_alone(tree: Path) -> None:
    core = (tree / "systemd/kiosk-core.service").read_text("utf-8").splitlines()
    told = {line for line in core if line.startswith("ReadWritePaths=")}
    assert told == {"ReadWritePaths=-/sys/devices", "ReadWritePaths=-/run/media"}
    assert "kiosk-fittings" in setting(tree, "kiosk-core.service", "SupplementaryGroups").split()
    assert "g kiosk-fittings - -" in (tree / "systemd/kiosk.sysusers").read_text("utf-8").splitlines()
    rules = (tree / "image/overlay/etc/udev/rules.d/70-kiosk.rules").read_text("utf-8").splitlines()
    given = {word for rule in rules if "RUN+=" in rule for word in re.findall(r"/sys%p/\w+", rule)}
    assert given == {"/sys%p/brightness", "/sys%p/bl_power"}
    for rule in rules:
        if "RUN+=" in rule and "systemd-mount" not in rule:
            assert rule.startswith(('SUBSYSTEM=="backlight", ', 'SUBSYSTEM=="leds", KERNEL=="kiosk-*", '))
            assert set(re.findall(r'RUN\+="(/bin/\w+ \S+)', rule)) == {"/bin/chgrp kiosk-fittings", "/bin/chmod 0664"}
    for other in ("screen", "branch"):
        assert "/sys" not in (tree / f"systemd/kiosk-{other}.service").read_text("utf-8")


def template(unit: str) -> str:
    """The file of a unit: kiosk-sorry@core.service is made from kiosk-sorry@.service."""
    name, at, _instance = unit.partition("@")
    return f"{name}@.service" if at else unit


def setting(tree: Path, unit: str, name: str) -> str:
    """The value of a setting that stands once in a unit."""
    lines = (tree / "systemd" / unit).read_text("utf-8").splitlines()
    (value,) = [line.partition("=")[2] for line in lines if line.startswith(f"{name}=")]
    return value


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit not in {f"kiosk-{kind}.service" for kind in SWITCHES}])
def test_the_unit_calls_the_command_as_it_is(tree: Path, unit: str) -> None:
    (line,) = [
        line
        for line in (tree / "systemd" / template(unit)).read_text("utf-8").splitlines()
        if line.startswith("ExecStart=")
    ]
    instance = unit.partition("@")[2].partition(".")[0]
    program, *words = shlex.split(line.removeprefix("ExecStart=").replace("%i", instance))
    assert program == "/opt/kiosk/bin/kiosk"
    name, *rest = Broadly().take(words)
    parser = Parser(prog=name)
    importlib.import_module(COMMANDS[name][0]).arguments(parser)
    assert isinstance(parser.parse_args(rest), argparse.Namespace)


def test_what_keeps_falling_ends_on_a_page_and_never_in_an_endless_restart(tree: Path) -> None:
    for part, after in (("core", "kiosk-rescue.service"), ("screen", "kiosk-sorry@screen.service")):
        unit = f"kiosk-{part}.service"
        assert setting(tree, unit, "OnFailure") == after
        assert setting(tree, unit, "RestartMode") == "direct", "else the first fall calls it"
        assert 0 < int(setting(tree, unit, "StartLimitBurst")) <= 6
        assert int(setting(tree, unit, "StartLimitIntervalSec")) >= 300
    assert setting(tree, "kiosk-rescue.service", "OnFailure") == "kiosk-sorry@core.service"
    reboots = {unit.name for unit in (tree / "systemd").glob("*.service") if "=reboot" in unit.read_text("utf-8")}
    # The trial is counted by the updater, and its gate is there on a trial alone.
    assert reboots == {"kiosk-rescue.service", "kiosk-trial.service", "kiosk-gate.service", "kiosk-reboot.service"}
    assert setting(tree, "kiosk-gate.service", "ConditionPathExists") == "/run/kiosk-update/trial"
    assert setting(tree, "kiosk-gate.service", "FailureAction") == "reboot"
    assert setting(tree, "kiosk-trial.service", "RebootArgument") == "0 tryboot"
    asked = (tree / "systemd/kiosk-update.path").read_text("utf-8")
    assert f"PathExists=/var/lib/kiosk/{FOLDER}/{ASKED}\n" in asked
    assert "=reboot" not in (tree / "systemd/kiosk-update.service").read_text("utf-8")


@pytest.mark.parametrize("kind", SWITCHES)
def test_an_order_to_the_machine_is_taken_away_for_good_before_it_is_obeyed(tree: Path, kind: str) -> None:
    order = f"/var/lib/kiosk/{ORDERS}/{kind}"
    assert setting(tree, f"kiosk-{kind}.path", "PathExists") == order
    unit = (tree / f"systemd/kiosk-{kind}.service").read_text("utf-8").splitlines()
    steps = [line.partition("=")[2] for line in unit if line.startswith("ExecStart")]
    assert steps == [f"/usr/bin/rm {order}", f"/usr/bin/sync /var/lib/kiosk/{ORDERS}"]
    assert setting(tree, f"kiosk-{kind}.service", "SuccessAction") == kind
    assert not any(line.startswith("FailureAction") for line in unit)


def test_the_packet_filter_follows_an_enrolment(tree: Path) -> None:
    assert setting(tree, "kiosk-firewall.path", "PathChanged") == f"/var/lib/kiosk/{place.FILE}"
    assert "RemainAfterExit=yes" not in (tree / "systemd/kiosk-firewall.service").read_text("utf-8").splitlines()


def test_the_machine_under_them_is_closed(tree: Path) -> None:
    etc = tree / "image/overlay/etc"
    lines = (etc / "sysctl.d/60-kiosk.conf").read_text("utf-8").splitlines()
    known = dict(line.split(" = ") for line in lines if line and not line.startswith("#"))
    assert known["kernel.sysrq"] == "0"
    assert known["kernel.kexec_load_disabled"] == "1"
    assert known["kernel.panic"] == "10"
    manager = (etc / "systemd/system.conf.d/60-kiosk.conf").read_text("utf-8")
    assert "RuntimeWatchdogSec=14s" in manager
    journal = (etc / "systemd/journald.conf.d/60-kiosk.conf").read_text("utf-8")
    assert {"Storage=volatile", "RuntimeMaxUse=16M"} <= set(journal.splitlines())
    for unit in ("getty@.service", "serial-getty@.service", "ctrl-alt-del.target"):
        assert str((etc / "systemd/system" / unit).readlink()) == "/dev/null"
    assert "ImplicitPolicyTarget=block" in (etc / "usbguard/usbguard-daemon.conf").read_text("utf-8")
