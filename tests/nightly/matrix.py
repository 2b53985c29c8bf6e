"""Every page in every language, theme, size and reach on every panel, each widget measured; names what is wrong."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.view.models import Action, Appearance, Entry, Header, QrCode, View
from kiosk.view.texts import Texts
from kiosk.wiring import places, samples
from screens.theme import Panel
from tests.screens.glass import Glass, dressed

if TYPE_CHECKING:
    from screens.glyphs import Glyphs

PANELS = {
    "portrait": Panel(1080, 1920), "narrow": Panel(720, 1280), "wide": Panel(1920, 1080), "short": Panel(1280, 800),
}  # fmt: skip
CONTRASTS = ("normal", "dark", "light")
LANGUAGES: tuple[str, ...] = ("zh", "en", "long")
SIZES: tuple[samples.Theme, ...] = ("normal", "large")
_KEPT = {
    "view", "id", "ids", "role", "icon", "pointer", "tone", "badge_tone", "payload", "path", "language", "colour",
    "text", "keys", "change",
}  # fmt: skip
"""Fields that are no words; `text` is looked at on its own."""


class Walker:
    """One stage for all panels: Kivy opens one window a process."""

    def __init__(self, glyphs: "Glyphs") -> None:
        from kivy.core.window import Window

        from screens.stage import Stage

        self._stage = Stage(glyphs, PANELS["portrait"], lambda _action, _seq: None, lambda: 0.0)
        Window.add_widget(self._stage)
        Window.remove_widget(self._stage)  # drawn into pictures only

    def glass(self, panel: Panel) -> Glass:
        if self._stage.panel != panel:
            self._stage.view = None
            self._stage.resize(panel)
        return Glass(self._stage)

    def look(
        self, panel: str, name: str, view: View, contrast: str = "normal", *, low: bool = False, ring: bool = False
    ) -> list[str]:
        """Name what is wrong with one page in one dress."""
        dress = dressed(view, contrast, low=low, ring=ring)
        where = f"{name} {panel} {view.language} {contrast} {view.appearance.size}{' low' if low else ''}"
        return [f"{where}: {fault}" for fault in self.glass(PANELS[panel]).faults(dress)]


def lengthened(view: View) -> View:
    """Return the page as a language would have it whose words are 40 % longer."""
    made: View = _longer(view)
    return replace(made, header=Header(view.header.branch, view.header.time, view.header.mark))


def _longer(value: Any, name: str = "") -> Any:
    if isinstance(value, str):
        words = value.split(" ")
        return value if name in _KEPT else " ".join(w + "x" * round(len(w) * 0.4) if w.isalpha() else w for w in words)
    if isinstance(value, tuple):
        return tuple(_longer(each, name) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        if isinstance(value, QrCode | Entry | Appearance):
            return value
        if isinstance(value, Action) and value.role in ("key", "pill"):
            return value
        told = {each.name: _longer(getattr(value, each.name), each.name) for each in fields(value)}
        if "text" in told:
            told["text"] = _longer(value.text)  # type: ignore[attr-defined]
        return replace(value, **told)
    return value


def pages(language: str, size: samples.Theme) -> Iterator[tuple[str, View]]:
    """Every sample in a language and a size of type; `long` is English grown by 40 %."""
    texts = {each: Texts(each, places.texts(each)) for each in places.LOCALES}
    for name, view in samples.views(places.catalogue(), texts, "en" if language == "long" else language, size):
        yield name, lengthened(view) if language == "long" else view


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.nightly.matrix", description=__doc__)
    parser.add_argument("panel", choices=PANELS)
    parser.add_argument("--only", default="", help="pages whose name begins so")
    parser.add_argument("--language", action="append", choices=LANGUAGES, help="only these")
    parser.add_argument("--size", action="append", choices=SIZES, help="only these")
    asked = parser.parse_args()
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    from screens import environment

    with tempfile.TemporaryDirectory(prefix="kiosk-matrix-") as home:
        environment.prepare(Path(home), PANELS["portrait"])
        environment.configure(PANELS["portrait"])
        from screens.glyphs import Glyphs

        glyphs = Glyphs(places.assets())
        glyphs.width = cache(glyphs.width)  # type: ignore[method-assign]
        walker = Walker(glyphs)
        seen, wrong = 0, 0
        for language, size, low in product(asked.language or LANGUAGES, asked.size or SIZES, (False, True)):
            if low and not PANELS[asked.panel].portrait:
                continue
            for name, view in pages(language, size):
                if not name.startswith(asked.only):
                    continue
                for contrast in CONTRASTS:
                    found = walker.look(asked.panel, name, view, contrast, low=low, ring=contrast == "dark")
                    seen, wrong = seen + 1, wrong + len(found)
                    print("\n".join(found), end="\n" if found else "", flush=True)
    print(f"{seen} pages on {asked.panel}: {wrong} faults")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
