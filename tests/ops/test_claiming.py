"""A new kiosk issues tickets at once, and enrols when a technician shows it a claim: by scanner, by stick, by file."""

import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from drivers.sim.scanner import SimScanner
from kiosk.__main__ import main
from kiosk.config import Settings
from kiosk.domain.health import Ready
from kiosk.engine.clock import SystemClock
from kiosk.ops.claim import ClaimSlip, read_claim
from kiosk.ops.claiming import NAME, Claiming, enrol_by_slip, slip_on_stick
from kiosk.ops.enrolment import load_identity
from kiosk.wiring.core import Core
from tests.central.test_tls import certificate
from tests.central.world import BRANCH, World, close_world, open_world
from tests.faults.processes import until


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = open_world(tmp_path_factory.mktemp("centre"))
    yield world
    close_world(world)


def slip(centre: World) -> str:
    return json.dumps({"central": centre.url, "code": centre.server.claim(BRANCH)})


@pytest.mark.parametrize(
    ("text", "central"),
    [
        ("kiosk-enrol:?central=https%3A%2F%2Fcentre.example&code=ABCD-1234", "https://centre.example"),
        ('{"central": "https://centre.example", "code": "ABCD-1234", "ca": "PEM"}', "https://centre.example"),
        ('{"central": "ftp://centre.example", "code": "ABCD-1234"}', None),
        ('{"central": "https://centre.example"}', None),
        ('{"central": 7, "code": ["x"]}', None),
        ("{" * 3000, None),
        ("kiosk-enrol:", None),
        ("421202195803072043", None),
        ("https://centre.example/s/abc?code=1", None),
    ],
)
def test_only_a_claim_is_read_as_one(text: str, central: str | None) -> None:
    found = read_claim(text)
    assert (found.central if found else None) == central
    assert found is None or "ABCD" not in repr(found)


def test_a_claim_held_to_the_scanner_enrols_a_kiosk_that_serves_already(centre: World, tmp_path: Path) -> None:
    scanner = SimScanner()
    settings = Settings()
    settings = replace(
        settings,
        hub=replace(settings.hub, url="http://127.0.0.1:1"),
        scanner=replace(settings.scanner, url=scanner.url),
    )
    core = Core(settings, tmp_path, SystemClock())
    core.start()
    try:
        until(lambda: core.kiosk.engine.view.view == "welcome", "the welcome page")
        assert core.kiosk.engine.view.action("ticket-only"), "tickets need no enrolment"
        first = core.kiosk
        until(lambda: isinstance(core.kiosk.engine.state.parts.scanner, Ready), "the scanner")
        scanner.scan(slip(centre))
        until(lambda: load_identity(tmp_path) is not None, "the enrolment")
        until(lambda: core.kiosk is not first and core.kiosk.centre is not None, "the enrolled kiosk")
        assert core.kiosk.engine.state.branch.name["zh"] == "中心花坛邮政支局"
    finally:
        core.stop()
        scanner.close()


def test_a_stick_enrols_once(centre: World, tmp_path: Path) -> None:
    stick = tmp_path / "media" / "technician" / "STICK"
    stick.mkdir(parents=True)
    (stick / NAME).write_text(slip(centre), "utf-8")
    assert isinstance(slip_on_stick([tmp_path / "media"]), ClaimSlip)
    done: list[bool] = []
    claiming = Claiming(tmp_path / "state", {}, lambda: done.append(True), [tmp_path / "media"])
    claiming.work()
    claiming.work()
    assert done == [True]
    assert load_identity(tmp_path / "state") is not None


def test_a_claim_file_is_taken_by_the_command(
    centre: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / NAME
    file.write_text(slip(centre), "utf-8")
    assert main(["enrol", "--file", str(file), "--state", str(tmp_path / "state"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["branch"] == BRANCH
    file.write_text("{}", "utf-8")
    assert main(["enrol", "--file", str(file), "--state", str(tmp_path / "state")]) == 2
    assert main(["enrol", "--state", str(tmp_path / "state")]) == 2


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[World, Path]]:
    """A centre that speaks TLS with a certificate nobody knows, and that certificate."""
    folder = tmp_path / "secure"
    folder.mkdir()
    cert, key = certificate(folder)
    world = open_world(folder, cert=cert, key=key)
    yield world, cert
    close_world(world)


def claimed(world: World, cert: Path, folder: Path) -> str:
    """The text of a QR code that `kiosk central claim` wrote, as a scanner reads it."""
    line = ["central", "--state", str(folder), "--db", f"sqlite:///{world.database}", "--public-url", world.url]
    picture = folder / "claim.png"
    with redirect_stdout(StringIO()) as out:
        assert main([*line, "--cert", str(cert), "claim", "--branch", BRANCH, "--qr", str(picture)]) == 0
    told = json.loads(out.getvalue())
    [read] = zxingcpp.read_barcodes(Image.open(picture))
    assert read.text == told["slip"]
    return read.text


def test_a_claim_pins_a_certificate_that_nobody_had_heard_of(
    secure: tuple[World, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world, cert = secure
    text = claimed(world, cert, tmp_path)
    found = read_claim(text)
    assert found is not None
    assert len(found.ca_sha256) == 64
    without = tmp_path / "without"
    assert enrol_by_slip(replace(found, ca_sha256=""), without, {}) != "", "a certificate nobody vouches for"
    other = tmp_path / "other"
    assert "does not show the certificate" in enrol_by_slip(replace(found, ca_sha256="0" * 64), other, {})
    assert load_identity(other) is None
    state = tmp_path / "kiosk"
    assert enrol_by_slip(found, state, {}) == ""
    identity = load_identity(state)
    assert identity is not None
    link = identity.link(SystemClock().now)
    assert link.reachable()
    link.close()
    assert Path(identity.ca_file or "").read_text() == cert.read_text()
    code = world.server.claim(BRANCH)
    words = ["enrol", "--central", world.url, "--code", code, "--state", str(tmp_path / "by-command")]
    assert main([*words, "--ca-sha256", "0" * 64]) == 2
    assert main([*words, "--ca-sha256", "short"]) == 2
    assert "64 hexadecimal digits" in capsys.readouterr().err
    assert main([*words, "--ca-sha256", found.ca_sha256.upper()]) == 0


def test_a_claim_with_a_crooked_fingerprint_is_none() -> None:
    assert read_claim("kiosk-enrol:?central=https%3A%2F%2Fx.example&code=A&ca-sha256=12") is None
