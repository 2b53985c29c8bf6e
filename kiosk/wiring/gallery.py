"""`kiosk gallery`: every sample page in every language, theme and panel as a PNG, with a contact sheet."""

import argparse
import hashlib
import html
import json
import os
import re
import signal
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from kiosk.domain.errors import Refusal
from kiosk.view.models import View
from kiosk.view.texts import Texts
from kiosk.wiring import approval, places, samples

if TYPE_CHECKING:
    from screens.draw import Page
    from screens.theme import Panel

PANELS = ("1080x1920@102", "720x1280@102", "1920x1080@102", "1280x800@102")
THEMES: tuple[samples.Theme, ...] = get_args(samples.Theme)

Shoot = Callable[[View, "Panel", Path], "Page"]


@dataclass(frozen=True)
class Picture:
    """One picture: what it shows, where it lies, the scale it took and by how many px it did not fit."""

    name: str
    panel: str
    theme: str
    language: str
    file: str
    sha256: str
    k: float
    overfull: float


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--out", type=Path, default=Path("gallery-out"), metavar="DIR", help="folder (else gallery-out)"
    )
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="only samples whose name begins so")
    parser.add_argument("--panel", action="append", default=[], metavar="WxH@DPI", help="only these panels")
    parser.add_argument("--theme", action="append", default=[], choices=THEMES, help="only these themes")
    parser.add_argument("--approve", action="store_true", help="what is drawn now is what is meant")
    parser.add_argument("--check", action="store_true", help="exit 1 if a page is not as it was approved")
    parser.add_argument("--dry", action="store_true", help="lay the pages out and draw no picture: quick")
    parser.add_argument("--approved", type=Path, default=approval.APPROVED, metavar="FILE", help="the approved hashes")
    parser.add_argument("--language", action="append", default=[], choices=tuple(places.LOCALES), help="only these")


def run(args: argparse.Namespace) -> int:
    """Draw, then write the contact sheet; 1 if a page did not fit its panel."""
    panels = {name: _panel(name) for name in args.panel or PANELS}
    catalogue = places.catalogue()
    texts = {language: Texts(language, places.texts(language)) for language in places.LOCALES}
    wanted = [
        (name, view, panel, theme, language)
        for panel in panels
        for theme in args.theme or THEMES
        for language in args.language or texts
        for name, view in samples.views(catalogue, texts, language, theme)
        if not args.only or any(name.startswith(start) for start in args.only)
    ]
    if not wanted:
        raise Refusal(f"no sample begins with {' or '.join(args.only)}; `kiosk gallery` without --only draws them all")
    with tempfile.TemporaryDirectory(prefix="kiosk-gallery-") as home:
        shoot = (_ruler if args.dry else camera)(Path(home), next(iter(panels.values())))
        _stoppable()
        made: list[Picture] = []
        drawn: dict[str, str] = {}
        for name, view, panel, theme, language in wanted:
            file = Path(panel) / theme / language / f"{name}.png"
            page = shoot(view, panels[panel], args.out / file)
            digest = "" if args.dry else hashlib.sha256((args.out / file).read_bytes()).hexdigest()
            drawn[file.as_posix()] = approval.digest(page, _colours(view))
            fit = round(page.k, 3), round(page.overfull, 1)
            made.append(Picture(name, panel, theme, language, file.as_posix(), digest, *fit))
    if args.dry:
        args.out.mkdir(parents=True, exist_ok=True)
        print(f"{len(made)} pages laid out")
    else:
        (args.out / "pictures.json").write_text(json.dumps([asdict(picture) for picture in made], indent=1), "utf-8")
        (args.out / "index.html").write_text(_sheet(made), "utf-8")
        print(f"{len(made)} pictures; look at {args.out / 'index.html'}")
    crowded = [picture for picture in made if picture.overfull > 0]
    for picture in crowded:
        print(f"does not fit: {picture.file} by {picture.overfull} px")
    unmeant = _approval(args, drawn)
    return 1 if crowded or (args.check and unmeant) else 0


def _approval(args: argparse.Namespace, drawn: dict[str, str]) -> bool:
    """Approve what is drawn, or say what is not as it was approved."""
    whole = not (args.only or args.panel or args.theme or args.language)
    known = approval.read(args.approved)
    if args.approve:
        approval.approve(args.approved, known, drawn, whole=whole)
        if not args.dry:
            approval.keep(args.out, drawn)
        print(f"{len(drawn)} pages approved; commit {args.approved}")
        return False
    verdict = approval.judge(known, drawn, whole=whole)
    if not known or not (verdict.changed or verdict.new or verdict.gone):
        return not known
    page = approval.comparison(args.out, verdict)
    told = f"{len(verdict.changed)} changed, {len(verdict.new)} new, {len(verdict.gone)} gone"
    print(f"{told} since they were approved; look at {page}, then approve with --approve")
    return True


def _panel(text: str) -> "Panel":
    from screens.theme import Panel

    found = re.fullmatch(r"(\d{3,4})x(\d{3,4})(?:@(\d{2,3}(?:\.\d+)?))?", text)
    if found is None:
        raise Refusal(f"{text!r} is no panel; write it like 1080x1920@102: width, height, dots an inch")
    return Panel(int(found[1]), int(found[2]), float(found[3] or 102))


def camera(home: Path, panel: "Panel") -> Shoot:
    """Open a window that nobody sees and return what draws a View and saves it."""
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    from screens import environment

    environment.prepare(home, panel)
    environment.configure(panel)

    from kivy.core.window import Window

    from screens.glyphs import Glyphs
    from screens.stage import Stage

    stage = Stage(Glyphs(places.assets()), panel, lambda _action, _seq: None, lambda: 0.0)
    Window.add_widget(stage)

    def shoot(view: View, panel: "Panel", file: Path) -> "Page":
        if stage.panel != panel:
            stage.resize(panel)
        stage.draw(view, 0)
        file.parent.mkdir(parents=True, exist_ok=True)
        stage.export_to_png(str(file))
        if stage.page is None:
            raise Refusal(f"{view.view} was not drawn; start the gallery again")
        return stage.page

    return shoot


def _ruler(home: Path, panel: "Panel") -> Shoot:
    """Return what lays a View out with the same fonts, and draws nothing. A theme of colours changes no place."""
    from screens import environment

    environment.prepare(home, panel)
    environment.configure(panel)

    from screens.glyphs import Glyphs
    from screens.page import Composer

    width = cache(Glyphs(places.assets()).width)
    composed = cache(lambda view, panel: Composer(panel, width).compose(view))

    def lay(view: View, panel: "Panel", _file: Path) -> "Page":
        page: Page = composed(replace(view, appearance=replace(view.appearance, contrast="normal")), panel)
        return page

    return lay


def _colours(view: View) -> str:
    from screens.theme import PALETTES

    return repr(sorted(PALETTES[view.appearance.contrast].items()))


def _stoppable() -> None:
    """Let a signal end us again: SDL takes both for its own queue, which nobody reads here."""
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, signal.SIG_DFL)


def _sheet(pictures: list[Picture]) -> str:
    """Return the contact sheet: a section a panel and theme, a figure a page and language."""
    return "\n".join((_HEAD, *_sections(pictures), "</main>"))


def _sections(pictures: list[Picture]) -> Iterator[str]:
    groups: dict[tuple[str, str], list[Picture]] = {}
    for picture in pictures:
        groups.setdefault((picture.panel, picture.theme), []).append(picture)
    for (panel, theme), group in groups.items():
        yield f"<h2>{html.escape(panel)} · {html.escape(theme)}</h2><div>"
        for picture in sorted(group, key=lambda picture: (picture.name, picture.language)):
            words = html.escape(f"{picture.name} · {picture.language} · {picture.k:g}")
            link = html.escape(picture.file)
            yield (
                f'<figure><a href="{link}"><img src="{link}" alt="{words}" loading="lazy"></a>'
                f"<figcaption>{words}</figcaption></figure>"
            )
        yield "</div>"


_HEAD = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Picture gallery</title>
<style>
body { margin: 2rem; font: 16px/1.45 system-ui, sans-serif; color: #12211b; background: #f7f5f0 }
div { display: flex; flex-wrap: wrap; gap: 1rem }
figure { margin: 0 }
img { height: 420px; border: 1px solid #7c8982 }
figcaption { font-size: 14px }
</style>
<main>
<h1>Picture gallery</h1>
<p>Each page in each language, theme and panel; the number is the scale of type that it took to fit.</p>"""
