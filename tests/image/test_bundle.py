"""Update bundles, with RAUC itself: what a kiosk takes, and the ones that it refuses."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from image.recipe.bundle import Signer, bundle, make_root, make_signer, manifest, settle

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("rauc", "mksquashfs", "openssl"))), reason="RAUC is not installed here"
)
TARGET = "qemu-amd64"


class Bench:
    """Two roots, a kiosk that believes the release root, and bundles of small slots."""

    def __init__(self, folder: Path, tree: Path) -> None:
        self.folder = folder
        self.keys = folder / "keys"
        self.release, self.development = (self.signer(name) for name in ("release", "development"))
        root = folder / "root"
        (root / "etc/rauc").mkdir(parents=True)
        shutil.copy(tree / "image/overlay/etc/rauc/system.conf", root / "etc/rauc")
        settle(root, TARGET, self.keys / "release-root.pem")
        self.config = root / "etc/rauc/system.conf"
        text = self.config.read_text("utf-8")
        # RAUC reads them from the image's own folders; here the image lies elsewhere.
        text = text.replace("/etc/rauc/keyring.pem", str(root / "etc/rauc/keyring.pem"))
        self.config.write_text(text.replace("/usr/lib/kiosk/tryboot", "/bin/true").replace("/data/boot", str(folder)))
        (folder / "boot.vfat").write_bytes(os.urandom(64 << 10))
        (folder / "system.img").write_bytes(os.urandom(512 << 10))

    def signer(self, name: str) -> Signer:
        make_root(self.keys, name)
        return make_signer(self.keys, name)

    def bundle(self, signer: Signer, name: str) -> Path:
        parts = (self.folder / "boot.vfat", self.folder / "system.img")
        return bundle(TARGET, "2026.11.2", *parts, signer, self.folder / name, self.folder / f"{name}.raucb")

    def rauc(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        line = ["rauc", "-c", str(self.config), *map(str, words)]
        return subprocess.run(line, capture_output=True, text=True, check=False, timeout=120)

    def takes(self, file: Path) -> bool:
        """Whether the kiosk would take it: its manifest, and every block of its payload."""
        to = self.folder / "extracted"
        shutil.rmtree(to, ignore_errors=True)
        return self.rauc("info", file).returncode == 0 and self.rauc("extract", file, to).returncode == 0


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, tree: Path) -> Bench:
    return Bench(tmp_path_factory.mktemp("bundles"), tree)


@pytest.fixture(scope="module")
def good(bench: Bench) -> Path:
    return bench.bundle(bench.release, "good")


def test_a_bundle_of_the_release_signer_is_taken_whole(bench: Bench, good: Path) -> None:
    done = bench.rauc("info", "--output-format=json", good)
    assert done.returncode == 0, done.stderr
    assert f'"kiosk-{TARGET}"' in done.stdout
    assert '"2026.11.2"' in done.stdout
    assert bench.takes(good)
    assert (bench.folder / "extracted/system.img").read_bytes() == (bench.folder / "system.img").read_bytes()


def test_a_bundle_of_the_development_signer_is_refused(bench: Bench) -> None:
    bad = bench.bundle(bench.development, "development")
    done = bench.rauc("info", bad)
    assert done.returncode != 0
    assert "signature" in done.stderr.lower() or "verify" in done.stderr.lower(), done.stderr


def test_a_signer_that_may_not_sign_code_is_refused(bench: Bench) -> None:
    wrong = Signer(bench.keys / "release-root.pem", str(bench.keys / "release-root.key"))
    done = bench.rauc("info", bench.bundle(wrong, "not-code"))
    assert done.returncode != 0
    assert "purpose" in done.stderr, done.stderr


@pytest.mark.parametrize("keep", [0.0, 0.3, 0.9, 0.999])
def test_a_truncated_bundle_is_refused(bench: Bench, good: Path, keep: float) -> None:
    content = good.read_bytes()
    cut = bench.folder / "cut.raucb"
    cut.write_bytes(content[: int(len(content) * keep)])
    assert not bench.takes(cut)


def test_a_flipped_byte_of_the_payload_passes_the_look_and_not_the_taking(bench: Bench, good: Path) -> None:
    """`rauc info` reads signature and manifest alone: what is not extracted is not checked."""
    content = bytearray(good.read_bytes())
    content[len(content) // 3] ^= 1
    flipped = bench.folder / "flipped.raucb"
    flipped.write_bytes(content)
    assert bench.rauc("info", flipped).returncode == 0
    assert not bench.takes(flipped)


def test_a_flipped_byte_of_the_signature_is_refused(bench: Bench, good: Path) -> None:
    content = bytearray(good.read_bytes())
    content[-200] ^= 1
    flipped = bench.folder / "signature.raucb"
    flipped.write_bytes(content)
    assert bench.rauc("info", flipped).returncode != 0


def test_the_plain_format_is_refused(bench: Bench) -> None:
    folder = bench.folder / "plain"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in ("boot.vfat", "system.img"):
        shutil.copy(bench.folder / name, folder)
    (folder / "hook").write_text("#!/bin/sh\n")
    text = manifest(TARGET, "1", "boot.vfat", "system.img").replace("format=verity", "format=plain")
    (folder / "manifest.raucm").write_text(text)
    plain, signer = bench.folder / "plain.raucb", bench.release
    made = bench.rauc("bundle", f"--cert={signer.certificate}", f"--key={signer.key}", folder, plain)
    if made.returncode == 0:
        done = bench.rauc("info", plain)
        assert (done.returncode != 0, "plain" in done.stderr) == (True, True), done.stderr
    else:
        assert "plain" in made.stderr, made.stderr


def test_an_image_without_a_keyring_takes_nothing(bench: Bench, good: Path) -> None:
    (bench.folder / "root/etc/rauc/keyring.pem").rename(bench.folder / "away.pem")
    try:
        assert bench.rauc("info", good).returncode != 0
    finally:
        (bench.folder / "away.pem").rename(bench.folder / "root/etc/rauc/keyring.pem")


def test_the_hook_gives_each_slot_its_own_root(tmp_path: Path) -> None:
    from image.recipe.bundle import HOOK

    hook = tmp_path / "hook"
    hook.write_text(HOOK)
    hook.chmod(0o755)
    for number, part in (("0", "05"), ("1", "06")):
        (tmp_path / "cmdline.txt").write_text("root=PARTUUID=4b494f53-05 rootfstype=squashfs ro\n")
        told = {"RAUC_SLOT_NAME": f"boot.{number}", "RAUC_SLOT_BOOTNAME": "", "RAUC_SLOT_MOUNT_POINT": str(tmp_path)}
        subprocess.run([hook, "slot-post-install"], check=True, env={**os.environ, **told})
        assert f"root=PARTUUID=4b494f53-{part} " in (tmp_path / "cmdline.txt").read_text()
