"""The updater's parts on real files: bundles that come in pieces, RAUC's word, the signs and the gate of a trial."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, repeat
from pathlib import Path

import pytest

from image.recipe.bundle import bundle, make_root, make_signer, settle
from kiosk.domain.update import Healthy, Offer, Result, Unhealthy, Update
from kiosk.ops.update.bundles import Bundles, Contents, Rauc, digest, older
from kiosk.ops.update.gate import HOLDS, PATIENCE, gate
from kiosk.ops.update.shelf import ask_for_update, keep_update, read_update, was_asked
from kiosk.ops.update.signs import ALWAYS, Look, lacking, look
from kiosk.wiring.updating import in_window

CONTENT = bytes(range(256)) * 40


def offer(tmp_path: Path) -> Offer:
    file = tmp_path / "source.raucb"
    file.write_bytes(CONTENT)
    return Offer("2.0", digest(file), len(CONTENT), "centre", str(file))


def test_a_bundle_comes_in_pieces_and_goes_on_where_the_line_broke(tmp_path: Path) -> None:
    wanted, bundles = offer(tmp_path), Bundles(tmp_path / "state")
    asked: list[int] = []

    def until_it_breaks(_version: str, at: int) -> bytes | None:
        asked.append(at)
        return CONTENT[at : at + 1000] if len(asked) % 4 else None

    results = [bundles.fetch(wanted, until_it_breaks) for _ in range(4)]
    assert results == [None, None, None, wanted.sha256]
    assert asked == sorted(asked)
    assert bundles.file(wanted).read_bytes() == CONTENT
    bundles.discard()
    assert not bundles.file(wanted).exists()


def test_what_is_left_of_another_bundle_is_not_taken_for_this_one(tmp_path: Path) -> None:
    wanted, bundles = offer(tmp_path), Bundles(tmp_path / "state")
    other = replace(wanted, sha256="f" * 64)
    bundles.fetch(other, lambda _version, at: b"x" * 100 if at < 100 else None)
    assert bundles.copy(wanted) == wanted.sha256


def test_a_bundle_for_which_there_is_no_room_is_not_begun(tmp_path: Path) -> None:
    bundles = Bundles(tmp_path / "state")
    huge = Offer("2.0", "0" * 64, 1 << 50, "centre")
    assert bundles.fetch(huge, lambda _version, _at: pytest.fail("it was begun")) is None


def test_where_an_update_stands_is_there_after_a_restart_and_damage_is_no_update(tmp_path: Path) -> None:
    stands = Update("armed", offer(tmp_path), "B", ("printer",), 1, 1, ("a",), Result("1.0", "refused", "no"), "boot")
    keep_update(tmp_path, stands)
    assert read_update(tmp_path) == stands
    (tmp_path / "update/update.json").write_text('{"phase": 3')
    assert read_update(tmp_path) == Update()
    assert read_update(tmp_path / "nowhere") == Update()


def test_what_is_asked_for_by_hand_is_taken_note_of_once(tmp_path: Path) -> None:
    assert not was_asked(tmp_path)
    ask_for_update(tmp_path)
    assert was_asked(tmp_path)
    assert not was_asked(tmp_path)


def test_releases_are_compared_by_their_numbers() -> None:
    assert older("2026.9.1", "2026.11.1")
    assert not older("2026.11.1", "2026.11.1")
    assert older("0", "2026.11.1")
    assert not older("2026.11.10", "2026.11.9")


@pytest.mark.skipif(not all(map(shutil.which, ("rauc", "mksquashfs"))), reason="RAUC is not installed here")
def test_rauc_says_what_a_bundle_is_and_why_this_machine_does_not_take_it(tmp_path: Path, tree: Path) -> None:
    (tmp_path / "etc/rauc").mkdir(parents=True)
    config = Path(shutil.copy(tree / "image/overlay/etc/rauc/system.conf", tmp_path / "etc/rauc"))
    settle(tmp_path, "rpi4", make_root(tmp_path / "keys", "release"))
    text = config.read_text("utf-8").replace("/etc/rauc/keyring.pem", str(tmp_path / "etc/rauc/keyring.pem"))
    config.write_text(text.replace("/usr/lib/kiosk/tryboot", "/bin/true").replace("/data/boot", str(tmp_path)))
    signer = make_signer(tmp_path / "keys", "release")
    part = tmp_path / "part"
    part.write_bytes(os.urandom(65536))
    made = {
        target: bundle(target, "2026.12.1", part, part, signer, tmp_path / "work", tmp_path / f"{target}.raucb")
        for target in ("rpi4", "zero2w")
    }
    rauc = Rauc(config=config)
    assert rauc.contents(made["rpi4"]) == Contents("2026.12.1", "kiosk-rpi4")
    assert rauc.problem(made["rpi4"], "2026.11.1") == ""
    assert rauc.problem(made["rpi4"], "2027.1.1") == "it is 2026.12.1, older than 2027.1.1 which runs"
    assert rauc.problem(made["zero2w"], "0") == "it is made for kiosk-zero2w, this machine is kiosk-rpi4"
    made["rpi4"].write_bytes(made["rpi4"].read_bytes()[:-100])
    assert rauc.problem(made["rpi4"], "0").startswith("rauc info: ")
    assert Rauc("no-such-program").problem(part, "0") == "rauc info: FileNotFoundError"


def seen(*lacks: str, more: tuple[str, ...] = ()) -> Look:
    names = {*ALWAYS, *more} - set(lacks)
    return Look(tuple(sorted(names)), dict.fromkeys(lacks, "it is offline"), occupied=False)


def test_a_trial_has_to_show_what_was_there_before_and_the_network_only_then() -> None:
    assert lacking((), seen("network")) == ""
    assert lacking(("printer", "network"), seen("network", "printer")) == (
        "network: it is offline; printer: it is offline"
    )
    assert lacking(("scanner",), seen()) == "scanner: it is not there"
    assert lacking((), seen("core")) == "core: it is offline"


def judged(looks: Iterator[Look]) -> tuple[Healthy | Unhealthy, float]:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    return gate(("printer",), lambda: next(looks), lambda: now[0], sleep), now[0]


def test_the_gate_waits_for_what_comes_slowly_and_wants_it_to_hold() -> None:
    good, bad = seen(more=("printer",)), seen("printer")
    found, took = judged(chain([bad] * 5, [good] * (HOLDS - 1), [bad], repeat(good)))
    assert (found, took < PATIENCE.total_seconds()) == (Healthy(), True)


def test_the_gate_gives_up_with_the_reason() -> None:
    found, took = judged(repeat(seen("printer")))
    assert found == Unhealthy("printer: it is offline")
    assert took >= PATIENCE.total_seconds()


def test_without_a_core_nothing_is_healthy_and_nobody_is_here(tmp_path: Path) -> None:
    found = look(tmp_path, lambda: False)
    assert "core" not in found.healthy
    assert found.troubles["core"] == "no core runs"
    assert found.troubles["network"] == "the centre is not reached"
    assert not found.occupied


def test_the_window_may_go_over_midnight() -> None:
    at = {hour: datetime(2026, 11, 23, hour, 30, tzinfo=UTC) for hour in (4, 5, 12, 21, 22)}
    assert [hour for hour, moment in at.items() if in_window("22:00-05:00", moment)] == [4, 22]
    assert [hour for hour, moment in at.items() if in_window("12:00-13:00", moment)] == [12]


def test_a_good_slot_is_not_given_up_because_raucs_command_lost_its_patience(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "rauc"
    slow.write_text("#!/bin/sh\necho 'Error retrieving slot status via D-Bus: Timeout was reached' >&2; exit 1\n")
    bus = tmp_path / "busctl"
    bus.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n')
    for program in (slow, bus):
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert Rauc(str(slow)).mark("mark-good", "booted") == ""
    assert (tmp_path / "asked").read_text().endswith("de.pengutronix.rauc.Installer Mark ss good booted\n")
    bus.write_text("#!/bin/sh\necho 'Call failed: no slot' >&2; exit 1\n")
    assert "no slot" in Rauc(str(slow)).mark("mark-bad", "other")
    slow.write_text("#!/bin/sh\necho 'rauc: no such slot' >&2; exit 1\n")
    bus.write_text("#!/bin/sh\nexit 0\n")
    assert "no such slot" in Rauc(str(slow)).mark("mark-bad", "other"), "another refusal is one"
