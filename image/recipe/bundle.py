"""Makes an update bundle of a slot that was built: RAUC's verity format, signed; and a development key where asked."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from image.recipe.tools import Lacking, run

HOOK = """\
#!/bin/sh
# The boot files of both slots differ in one word: the partition of the root.
set -eu
[ "$1" = slot-post-install ] || exit 0
case "$RAUC_SLOT_BOOTNAME$RAUC_SLOT_NAME" in
    A*|*.0) part=05 ;;
    *) part=06 ;;
esac
file="$RAUC_SLOT_MOUNT_POINT/cmdline.txt"
sed "s/\\(root=PARTUUID=[0-9a-f]*\\)-0[56]/\\1-$part/" "$file" > "$file.new"
grep -q -e "-$part " "$file.new"
mv "$file.new" "$file"
sync
"""
CONFIG = "etc/rauc/system.conf"
KEYRING = "etc/rauc/keyring.pem"
DAYS_SIGNER, DAYS_ROOT = 730, 7300
"""A signer's certificate holds for two years, a root's for twenty: devices do not always know the time."""


@dataclass(frozen=True)
class Signer:
    """Certificate and key files (PEM); the key may be a PKCS#11 address."""

    certificate: Path
    key: str


def settle(root: Path, target: str, keyring: Path | None) -> None:
    """Tell RAUC on the image which bundles are meant for it and whom it believes; without a keyring nobody."""
    config = root / CONFIG
    config.write_text(config.read_text("utf-8").replace("@TARGET@", target), "utf-8")
    if keyring is not None:
        shutil.copyfile(keyring, root / KEYRING)
        (root / KEYRING).chmod(0o644)


def manifest(target: str, version: str, boot: str, system: str) -> str:
    """The manifest of a bundle with the boot files and the system of one slot."""
    return (
        f"[update]\ncompatible=kiosk-{target}\nversion={version}\n\n[bundle]\nformat=verity\n\n[hooks]\nfilename=hook\n\n"
        f"[image.boot]\nfilename={boot}\nhooks=post-install\n\n[image.system]\nfilename={system}\n"
    )


def bundle(target: str, version: str, boot: Path, system: Path, signer: Signer, work: Path, out: Path) -> Path:
    """Make and sign the bundle; an older one of this name is replaced only when the new one is whole."""
    if shutil.which("rauc") is None or shutil.which("mksquashfs") is None:
        raise Lacking("rauc or mksquashfs is missing; apt-get install rauc squashfs-tools")
    folder = work / "bundle"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    images = {"boot.vfat": boot, "system.img": system}
    for name, image in images.items():
        shutil.copyfile(image, folder / name)
    (folder / "hook").write_text(HOOK)
    (folder / "hook").chmod(0o755)
    (folder / "manifest.raucm").write_text(manifest(target, version, *images))
    half = out.with_name(f".{out.name}.half")
    half.unlink(missing_ok=True)
    run(["rauc", "bundle", f"--cert={signer.certificate}", f"--key={signer.key}", str(folder), str(half)])
    shutil.rmtree(folder)
    return half.rename(out)


def make_root(folder: Path, name: str) -> Path:
    """A root certificate with its key; returns the certificate. A release root is made once, off line."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    certificate = folder / f"{name}-root.pem"
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-nodes", "-sha384"]
    words += ["-subj", f"/CN=kiosk {name} root", "-days", str(DAYS_ROOT), "-addext", "keyUsage=critical,keyCertSign"]
    words += ["-keyout", str(folder / f"{name}-root.key"), "-out", str(certificate)]
    run(words)
    (folder / f"{name}-root.key").chmod(0o600)
    return certificate


def make_signer(folder: Path, name: str) -> Signer:
    """A signer under the root of that name in the folder, for code and nothing else."""
    key, request, certificate = (folder / f"{name}-signer.{end}" for end in ("key", "csr", "pem"))
    words = ["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    run([*words, "-subj", f"/CN=kiosk {name} signer", "-keyout", str(key), "-out", str(request)])
    key.chmod(0o600)
    extension = folder / f"{name}-signer.ext"
    extension.write_text(
        "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\n"
    )
    words = ["openssl", "x509", "-req", "-in", str(request), "-CA", str(folder / f"{name}-root.pem"), "-CAkey"]
    words += [str(folder / f"{name}-root.key"), "-CAcreateserial", "-days", str(DAYS_SIGNER), "-sha384"]
    run([*words, "-extfile", str(extension), "-out", str(certificate)])
    for file in (request, extension):
        file.unlink()
    return Signer(certificate, str(key))
