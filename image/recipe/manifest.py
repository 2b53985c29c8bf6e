"""The release manifest and the bill of materials (SPDX 2.3) of an image: what is in it, by name, version and hash."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from image.recipe.files import Target
from image.recipe.wheels import Wheel

_BLOCK = 1 << 20


@dataclass(frozen=True)
class Installed:
    """One Debian package as dpkg knows it."""

    name: str
    version: str
    architecture: str
    source: str


def installed(status: str) -> list[Installed]:
    """Every installed package in the text of dpkg's status file."""
    found = []
    for paragraph in status.split("\n\n"):
        fields: dict[str, str] = dict(re.findall(r"^([A-Za-z-]+): (.*)$", paragraph, re.MULTILINE))
        if fields.get("Status", "").endswith(" installed"):
            source = fields.get("Source", fields["Package"]).split()[0]
            found.append(Installed(fields["Package"], fields["Version"], fields["Architecture"], source))
    return sorted(found, key=lambda package: (package.name, package.architecture))


def sha256(file: Path) -> str:
    """The hash of a file, read in blocks."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def bill(name: str, epoch: int, debian: Sequence[Installed], wheels: Sequence[Wheel]) -> dict[str, object]:
    """The SPDX 2.3 document; its namespace follows from its content, so that two builds write the same bytes."""
    items = [
        _item(
            f"deb-{package.name}-{package.architecture}",
            package.name,
            package.version,
            f"pkg:deb/debian/{package.name}@{package.version}?arch={package.architecture}",
        )
        for package in debian
    ] + [
        {
            **_item(f"wheel-{wheel.name}", wheel.name, wheel.version, f"pkg:pypi/{wheel.name}@{wheel.version}"),
            "packageFileName": wheel.file,
            "checksums": [{"algorithm": "SHA256", "checksumValue": wheel.sha256}],
        }
        for wheel in wheels
    ]
    content = hashlib.sha256(json.dumps(items, sort_keys=True).encode()).hexdigest()
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": f"https://spdx.org/spdxdocs/{name}-{content}",
        "creationInfo": {
            "created": datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": ["Tool: kiosk-image-build"],
        },
        "packages": items,
        "relationships": [
            {
                "spdxElementId": "SPDXRef-DOCUMENT",
                "relationshipType": "DESCRIBES",
                "relatedSpdxElement": item["SPDXID"],
            }
            for item in items
        ],
    }


def manifest(
    target: Target, version: str, kernel: str, epoch: int, suite: str, files: Sequence[Path], packages: int
) -> dict[str, object]:
    """The release manifest: one page that says what was built, with the hash and size of each file."""
    return {
        "target": target.name,
        "booted": target.booted,
        "version": version,
        "suite": suite,
        "kernel": kernel,
        "source_date_epoch": epoch,
        "debian_packages": packages,
        "files": {file.name: {"bytes": file.stat().st_size, "sha256": sha256(file)} for file in sorted(files)},
    }


def _item(reference: str, name: str, version: str, address: str) -> dict[str, object]:
    return {
        "SPDXID": "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", reference),
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "externalRefs": [
            {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": address}
        ],
    }
