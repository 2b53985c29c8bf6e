"""The lists of the image: nothing dangerous, every unit there, the card adds up, the wheels are the lock's."""

import configparser
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.utils import canonicalize_name

from image.recipe.files import IMAGE, packages, packages_of, partitions, signature, targets, unit_rules
from image.recipe.rootfs import move_boot
from image.recipe.wheels import PLATFORMS, read_lock, wanted

CARD_MIB = 7168
"""What the smallest card that is sold as 8 GB has at least."""
FORBIDDEN = re.compile(
    r"(gcc|g\+\+|clang|make|cmake|git|subversion|mercurial|curl|wget|pip|npm|telnet|ftp|cups|avahi|bluez|sudo|vim|"
    r"build-essential|cargo|golang|gdb|strace)(\b|-|$)|.*(ssh|-dev$|compiler|server$)"
)
UNITS = (".service", ".timer", ".target", ".socket", ".path")


def mistakes(text: str) -> list[str]:
    """Every package of a list that has no business on a kiosk."""
    return [package.name for package in packages(text) if FORBIDDEN.match(package.name)]


def test_nothing_compiles_fetches_code_or_lets_anybody_in() -> None:
    assert mistakes((IMAGE / "packages.txt").read_text("utf-8")) == []


@pytest.mark.parametrize("name", ["gcc-14", "git", "openssh-server", "dropbear-ssh", "pip", "libc6-dev", "cups"])
def test_the_rule_bites(name: str) -> None:
    assert mistakes(f"{name} | all | because") == [name]


def test_a_package_without_a_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="is not `name"):
        packages("mtools | all |")


@pytest.mark.parametrize("target", targets())
def test_each_target_has_one_kernel_and_each_package_a_known_target(target: str) -> None:
    kernels = [name for name in packages_of(target) if name.startswith("linux-image-")]
    assert kernels == [f"linux-image-{targets()[target].architecture}"]
    names = packages_of(target)
    assert len(names) == len(set(names))
    assert {name for package in packages() for name in package.targets} <= {"all", *targets()}


def test_what_the_program_needs_to_run_is_on_the_image(tree: Path) -> None:
    line = re.search(r"^RUN_PACKAGES := (.*)$", (tree / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert line is not None
    needed = set(line[1].split()) - {"python3-venv"}
    assert needed <= set(packages_of("qemu-amd64"))


def test_every_unit_that_is_settled_exists(tree: Path) -> None:
    debian = {"nftables", "systemd-", "apt-", "dpkg-", "e2scrub", "usbguard", "getty@", "console-getty"}
    for rule in unit_rules():
        assert rule.word in {"enable", "mask", "leave"}, rule
        assert rule.unit.endswith(UNITS), rule
        ours = (tree / "systemd" / rule.unit).exists()
        assert ours or any(rule.unit.startswith(name) for name in debian), rule
    assert len({rule.unit for rule in unit_rules()}) == len(unit_rules())


def test_the_card_adds_up() -> None:
    card = partitions()
    assert [(partition.number, partition.name) for partition in card] == [
        (1, "autoboot"), (2, "boot-a"), (3, "boot-b"), (5, "system-a"), (6, "system-b"), (7, "identity"), (8, "data"),
    ]  # fmt: skip
    sizes = {partition.name: partition.size for partition in card}
    assert sizes["boot-a"] == sizes["boot-b"]
    assert sizes["system-a"] == sizes["system-b"]
    # Each logical partition has a record of its own before it, and genimage aligns both.
    assert sum(sizes.values()) + 2 * len(card) <= CARD_MIB


def test_file_systems_are_as_large_as_their_partitions() -> None:
    text = (IMAGE / "partitions/card.cfg").read_text("utf-8")
    made = dict(re.findall(r"^image ([\w.-]+) \{.*?^\tsize = (\d+)M", text, re.MULTILINE | re.DOTALL))
    for partition in partitions():
        if partition.file in made:
            assert int(made[partition.file]) == partition.size, partition


def test_fstab_and_command_line_name_partitions_of_the_card() -> None:
    numbers = {partition.number for partition in partitions()}
    lines = [line for line in (IMAGE / "partitions/fstab").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert all(len(line.split()) == 6 for line in lines)
    for line in lines:
        if line.startswith("PARTUUID="):
            disk, number = line.split()[0].removeprefix("PARTUUID=").split("-")
            assert (disk, int(number) in numbers) == (signature(), True), line
    assert "/data ext4 rw,noatime,nodev,nosuid,noexec,errors=remount-ro" in "\n".join(lines)
    assert "root=PARTUUID=@ROOT@ " in (IMAGE / "boot/cmdline.txt").read_text("utf-8")


def test_autoboot_names_both_boot_partitions() -> None:
    parser = configparser.ConfigParser()
    parser.read(IMAGE / "boot/autoboot.txt")
    assert dict(parser["all"]) == {"tryboot_a_b": "1", "boot_partition": "2"}
    assert dict(parser["tryboot"]) == {"boot_partition": "3"}


def test_every_file_of_the_overlay_can_be_read() -> None:
    for file in sorted((IMAGE / "overlay").rglob("*")):
        if not file.is_file() or file.is_symlink():
            continue
        text = file.read_text("utf-8")
        if file.suffix in {".service", ".conf", ".network", ".timer"} and "/systemd/" in file.as_posix():
            parser = configparser.RawConfigParser(strict=False, allow_no_value=True, delimiters=("=",))
            parser.optionxform = str  # type: ignore[assignment, method-assign]
            parser.read_string(text)
            assert parser.sections(), file
        elif file.suffix == ".json":
            json.loads(text)
        elif file.suffix == ".toml":
            tomllib.loads(text)


@pytest.mark.parametrize("platform", PLATFORMS, ids=str)
def test_every_platform_has_every_wheel_of_the_requirements_in_that_version(tree: Path, platform: object) -> None:
    needed = wanted((tree / "requirements.lock").read_text("utf-8"), platform)  # type: ignore[arg-type]
    locked = [
        wheel for wheel in read_lock((tree / "image/wheels.lock").read_text("utf-8")) if wheel.platform == str(platform)
    ]
    assert {wheel.name: wheel.version for wheel in locked} == needed, "run `image/wheels lock`"
    assert len(needed) > 50


def test_every_wheel_is_a_wheel_for_its_platform(tree: Path) -> None:
    for wheel in read_lock((tree / "image/wheels.lock").read_text("utf-8")):
        name, _, rest = wheel.file.removesuffix(".whl").partition("-")
        assert canonicalize_name(name) == wheel.name, wheel
        tags = rest.split("-")[-3:]
        machine = wheel.platform.split("-")[1]
        assert tags[2] == "any" or machine in tags[2], wheel
        assert re.fullmatch(r"[0-9a-f]{64}", wheel.sha256), wheel
        assert wheel.file.endswith(".whl")


def test_the_layer_of_the_pi_takes_the_same_lists(tree: Path) -> None:
    layer = (tree / "image/rpi/kiosk-branch.yaml").read_text("utf-8")
    head, body = layer.split("# METAEND\n---\n")
    hooks = yaml.safe_load(body)["mmdebstrap"]["customize-hooks"]
    assert all("/image/dress" in hook for hook in hooks)
    assert "Never booted" in head
    config = yaml.safe_load((tree / "image/rpi/kiosk.yaml").read_text("utf-8"))
    assert f"Layer-Name: {config['layer']['app']}\n" in head
    slot = next(partition.size for partition in partitions() if partition.name == "system-a")
    assert config["image"]["system_part_size"] == f"{slot}M"
    listed = subprocess.run(
        [sys.executable, tree / "image/dress", "--packages"], capture_output=True, text=True, check=True
    )
    assert listed.stdout.split() == [package.name for package in packages() if package.targets == ("all",)]


def test_what_was_never_booted_says_so_everywhere(tree: Path) -> None:
    pages = [(tree / "docs/technician" / name).read_text("utf-8") for name in ("image.md", "bench.md")]
    for target in targets().values():
        if target.booted == "never booted":
            assert all(f"`{target.name}`" in page for page in pages), target.name
            assert "never booted" in pages[0]


def test_a_first_file_system_that_would_not_find_the_card_is_no_image(tmp_path: Path) -> None:
    boot = tmp_path / "root/boot"
    boot.mkdir(parents=True)
    (boot / "vmlinuz-6").write_bytes(b"kernel")
    (boot / "initrd.img-6").write_bytes(b"070701 usr/lib/modules/6/kernel/drivers/mmc/host/sdhci-iproc.ko.xz")
    assert move_boot(tmp_path / "root", tmp_path / "a", "a", ("sdhci_iproc",)) == "6"
    with pytest.raises(RuntimeError, match="lacks gpio_regulator"):
        move_boot(tmp_path / "root", tmp_path / "b", "b", ("sdhci_iproc", "gpio_regulator"))
