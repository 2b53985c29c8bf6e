"""The technician's table of codes: last pages, self-tests, device conditions and events, each with what to do."""

from collections.abc import Iterable
from pathlib import Path

from kiosk.config import Settings
from kiosk.engine.clock import SystemClock
from kiosk.ops.registry import REGISTRY
from kiosk.view.texts import Texts
from kiosk.wiring import places
from kiosk.wiring.doctor import checks
from kiosk.wiring.sorry import CODES

LAST_PAGES = {
    "C1": ("Core fell six times within five minutes, and again after one restart of the machine.",
           "doctor, then the last line of `journalctl -u kiosk-core`; it says what to mend"),
    "S1": ("The screen fell six times within five minutes; the page stands for ten minutes, then it is tried again.",
           "panel, its cable, `journalctl -u kiosk-screen`; tickets still come from other kiosks"),
}  # fmt: skip


def manual() -> str:
    """All codes as Markdown."""
    return "\n".join([_HEAD, *_pages(), *_tests(), *_conditions(), *_events()]) + "\n"


def _pages() -> Iterable[str]:
    yield from ("## On the glass", "", "| code | what happened | what to do |", "|---|---|---|")
    for code in sorted(CODES.values()):
        happened, remedy = LAST_PAGES[code]
        yield f"| {code} | {happened} | {remedy} |"


def _tests() -> Iterable[str]:
    texts = {language: Texts(language, places.texts(language)) for language in ("zh", "en")}
    yield from ("", "## Self-tests", "", "| name | 服务菜单 | if it is not well | 怎么办 |", "|---|---|---|---|")
    for name in checks(Settings(), "", None, Path(), SystemClock()):
        zh, en = (texts[language] for language in ("zh", "en"))
        shown, mend, how = (
            zh(f"technician.found.{name}"), en(f"technician.mend.{name}"), zh(f"technician.mend.{name}"),
        )  # fmt: skip
        yield f"| `{name}` | {shown} | {mend} | {how} |"


def _conditions() -> Iterable[str]:
    from drivers.printer.printer import REMEDIES

    yield from ("", "## Conditions of the printer", "", "| word | what to do |", "|---|---|")
    for word, remedy in REMEDIES.items():
        yield f"| `{word}` | {remedy} |"


def _events() -> Iterable[str]:
    yield from ("", "## Events", "", "| event | what it means | what to do |", "|---|---|---|")
    for kind in REGISTRY:
        if kind.weight == "fault":
            yield f"| `{kind.id}` | {kind.means} | {kind.remedy} |"


_HEAD = """# Troubleshooting by code

Made by `kiosk config codes` from the registry of events, the self-tests and the screen's texts; a test compares them. A
self-test's name stands in `kiosk doctor`, in the service menu (*Overview*, *Devices*, *Network*), on the readiness
report and at the centre. `kiosk doctor` adds what it found on this machine. An image has no shell: for `journalctl`
order *collect logs* on the fleet page. Events stand in the kiosk's own ring and in the collected logs; all of them:
[events](../operate/events.md).
"""
