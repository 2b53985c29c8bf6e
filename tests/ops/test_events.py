"""The ring of events: typed, small, whole after a power cut, and never in the way of service."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from kiosk.engine.clock import ZONE
from kiosk.ops.edges import Edges
from kiosk.ops.events import BEFORE, FOLDER, NOW, EventRing, broken
from kiosk.ops.registry import REGISTRY, manual
from kiosk.wiring import trouble
from kiosk.wiring.sorry import CODES
from tests.faults.processes import until

AT = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)


def ring(folder: Path, limit: int = 1_000_000) -> EventRing:
    return EventRing(folder, lambda: AT, lambda: 12.9, "boot-1", limit)


def told(kept: EventRing) -> list[str]:
    return [str(line["event"]) for line in kept.read()]


def test_an_event_is_kept_with_all_three_clocks(tmp_path: Path) -> None:
    kept = ring(tmp_path)
    assert kept.record("device.faulty", {"device": "printer", "health": "paper-out"})
    assert kept.read() == [
        {
            "at": "2026-11-23T09:00:00+08:00", "up": 12, "boot": "boot-1", "event": "device.faulty",
            "device": "printer", "health": "paper-out",
        }
    ]  # fmt: skip
    assert (tmp_path / FOLDER / NOW).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        ("no.such", {}),
        ("core.ended", {"name": "x"}),
        ("device.faulty", {"device": "printer"}),
        ("device.faulty", {"device": "printer", "health": "张三"}),
        ("device.faulty", {"device": "printer", "health": "a free text"}),
        ("device.faulty", {"device": "printer", "health": 3}),
        ("outbox.waits", {"count": True, "hours": 1}),
        ("outbox.waits", {"count": "3", "hours": 1}),
    ],
)
def test_what_the_registry_does_not_know_or_what_could_be_personal_is_not_kept(
    tmp_path: Path, event: str, fields: dict[str, str | int]
) -> None:
    with pytest.raises(ValueError, match=re.escape(event)):
        ring(tmp_path).record(event, fields)
    assert not ring(tmp_path).read()


def test_the_oldest_go_first_and_it_never_grows_beyond_its_cap(tmp_path: Path) -> None:
    kept = ring(tmp_path, limit=2000)
    for count in range(200):
        assert kept.record("outbox.waits", {"count": count, "hours": 0})
        assert sum(file.stat().st_size for file in (tmp_path / FOLDER).iterdir()) < 4300
    counts = [line["count"] for line in kept.read()]
    assert counts == list(range(200 - len(counts), 200))
    assert len(counts) > 10
    assert {file.name for file in (tmp_path / FOLDER).iterdir()} <= {NOW, BEFORE}


def test_a_line_that_a_power_cut_tore_costs_itself_alone(tmp_path: Path) -> None:
    kept = ring(tmp_path)
    kept.record("core.started", {"version": "1.0"})
    kept.record("core.ended")
    whole = (tmp_path / FOLDER / NOW).read_bytes()
    first = whole.index(b"\n") + 1
    for cut in range(first, len(whole)):
        (tmp_path / FOLDER / NOW).write_bytes(whole[:cut])
        again = ring(tmp_path)
        assert again.record("core.renewed")
        assert [each for each in told(again) if each != "core.ended"] == ["core.started", "core.renewed"]


def test_a_line_that_was_changed_or_taken_out_shows(tmp_path: Path) -> None:
    for _ in range(2):  # the second is a start of its own
        kept = ring(tmp_path, limit=600)
        for count in range(4):
            kept.record("outbox.waits", {"count": count, "hours": 1})
    assert (tmp_path / FOLDER / BEFORE).exists()
    assert broken(tmp_path) == []
    file = tmp_path / FOLDER / NOW
    whole = (tmp_path / FOLDER / BEFORE).read_bytes() + file.read_bytes()
    (tmp_path / FOLDER / BEFORE).unlink()
    lines = whole.splitlines(keepends=True)
    file.write_bytes(whole.replace(b'"count": 2', b'"count": 7', 1))
    assert len(broken(tmp_path)) == 1
    file.write_bytes(b"".join([lines[0], *lines[2:]]))
    assert broken(tmp_path) == [2]
    file.write_bytes(whole + b'{"at": "20')
    assert broken(tmp_path) == []
    assert ring(tmp_path).record("core.ended")
    assert broken(tmp_path) == []


def test_where_nothing_can_be_written_service_goes_on(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("in the way")
    kept = ring(tmp_path)
    assert not kept.record("core.ended")
    (tmp_path / FOLDER).unlink()
    assert kept.record("core.ended")


def test_only_what_changed_is_an_event(tmp_path: Path) -> None:
    kept = ring(tmp_path)
    edges = Edges(kept)
    look: Callable[..., None] = edges.look
    for _ in range(3):
        look({"printer": "ready", "scanner": "unknown"}, screen=True, waiting=0, oldest_hours=0)
    assert told(kept) == ["device.ready", "screen.came"]
    look({"printer": "paper-out", "scanner": "offline"}, screen=False, waiting=2, oldest_hours=1)
    look({"printer": "unknown", "scanner": "offline"}, screen=False, waiting=3, oldest_hours=2)
    assert told(kept)[2:] == ["device.faulty", "device.faulty", "screen.went", "outbox.waits"]
    look({"printer": "ready", "scanner": "offline"}, screen=False, waiting=0, oldest_hours=0)
    assert told(kept)[6:] == ["device.ready", "outbox.empty"]


def test_a_start_that_did_not_end_is_told_at_the_next(tmp_path: Path) -> None:
    Edges(ring(tmp_path)).started("1.0")
    assert told(ring(tmp_path)) == ["core.started"]
    Edges(ring(tmp_path)).started("1.0")
    Edges(ring(tmp_path)).ended()
    Edges(ring(tmp_path)).started("1.0")
    assert told(ring(tmp_path))[1:] == ["core.cut-short", "core.started", "core.ended", "core.started"]


def test_the_manual_is_in_step_with_the_registry(tree: Path) -> None:
    assert (tree / "docs/operate/events.md").read_text("utf-8") == manual(), (
        "kiosk config events > docs/operate/events.md"
    )


def test_the_table_of_codes_is_in_step_with_registry_self_tests_and_texts(tree: Path) -> None:
    page = (tree / "docs/technician/trouble.md").read_text("utf-8")
    assert page == trouble.manual(), "run `kiosk config codes > docs/technician/trouble.md`"
    assert set(trouble.LAST_PAGES) == set(CODES.values())
    assert "technician." not in page, "a self-test without its text"


def test_every_event_is_explained_and_every_fault_has_its_remedy() -> None:
    assert len({kind.id for kind in REGISTRY}) == len(REGISTRY)
    for kind in REGISTRY:
        assert kind.means.endswith(".")
        assert bool(kind.remedy) == (kind.weight == "fault"), kind.id


def test_a_core_keeps_its_own_story(tmp_path: Path) -> None:
    from dataclasses import replace

    from kiosk.config import load
    from kiosk.engine.clock import SystemClock
    from kiosk.wiring.core import Core

    settings = replace(load(None), hub=replace(load(None).hub, url="http://127.0.0.1:9"))
    core = Core(settings, tmp_path, SystemClock())
    core.start()
    until(lambda: told(ring(tmp_path)), "the first event")
    core.stop()
    assert told(ring(tmp_path))[0] == "core.started"
    assert told(ring(tmp_path))[-1] == "core.ended"
    assert [file.name for file in (tmp_path / FOLDER).iterdir()] == [NOW]
