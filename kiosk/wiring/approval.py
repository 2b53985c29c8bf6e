"""Approved pages of the gallery: a hash a page in git, and each changed page shown beside the one it was."""

import hashlib
import html
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.domain.errors import Refusal

if TYPE_CHECKING:
    from screens.draw import Page

APPROVED = Path("tests") / "gallery" / "approved.json"
KEPT = "approved"
"""Folder beside the pictures that keeps them as they were approved, to lay the new ones beside."""


@dataclass(frozen=True)
class Verdict:
    """What the gallery drew against what was approved: file names of pictures."""

    changed: tuple[str, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]


def digest(page: "Page", colours: str) -> str:
    """Hash what is drawn, not its pixels: those differ with the graphics driver, the marks and their places do not."""
    marks = "\n".join((colours, *(f"{piece.kind} {piece.rect} {piece.ops}" for piece in page.pieces)))
    return hashlib.sha256(marks.encode()).hexdigest()[:16]


def read(path: Path) -> dict[str, str]:
    """Read the approved hashes; none where there is no such file yet."""
    try:
        known = json.loads(path.read_text("utf-8"))
        return {str(name): str(each) for name, each in known.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as error:
        raise Refusal(f"{path} holds no approved hashes; take it from git again, or approve anew") from error


def judge(approved: Mapping[str, str], drawn: Mapping[str, str], *, whole: bool) -> Verdict:
    """Compare; only a `whole` gallery can tell that a page is gone."""
    changed = tuple(sorted(name for name, each in drawn.items() if approved.get(name, each) != each))
    new = tuple(sorted(drawn.keys() - approved.keys()))
    return Verdict(changed, new, tuple(sorted(approved.keys() - drawn.keys())) if whole else ())


def approve(path: Path, approved: Mapping[str, str], drawn: Mapping[str, str], *, whole: bool) -> None:
    """Write down what is drawn now as what is meant."""
    kept = {} if whole else dict(approved)
    known = dict(sorted((kept | dict(drawn)).items()))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(known, indent=0) + "\n", "utf-8")


def keep(out: Path, names: Iterable[str]) -> None:
    """Lay the pictures of approved pages aside, to be shown beside later ones."""
    for name in names:
        old = out / KEPT / name
        old.parent.mkdir(parents=True, exist_ok=True)
        old.write_bytes((out / name).read_bytes())


def comparison(out: Path, verdict: Verdict) -> Path:
    """Write a page with each changed picture, the approved one beside it where it was kept."""
    rows = []
    for name in (*verdict.changed, *verdict.new):
        old = f"{KEPT}/{name}"
        before = _figure(old, "approved") if (out / old).is_file() else "<p>no approved picture is kept here</p>"
        rows.append(f"<h2>{html.escape(name)}</h2><div>{before}{_figure(name, 'now')}</div>")
    rows += [f"<h2>{html.escape(name)}</h2><p>not drawn any more</p>" for name in verdict.gone]
    page = out / "changed.html"
    page.write_text("\n".join((_HEAD, *rows, "</main>")), "utf-8")
    return page


def _figure(file: str, words: str) -> str:
    link = html.escape(file)
    return f'<figure><img src="{link}" alt="{words}" loading="lazy"><figcaption>{words}</figcaption></figure>'


_HEAD = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Changed pages</title>
<style>
body { margin: 2rem; font: 16px/1.45 system-ui, sans-serif; color: #12211b; background: #f7f5f0 }
div { display: flex; flex-wrap: wrap; gap: 1rem }
figure { margin: 0 }
img { height: 720px; border: 1px solid #7c8982 }
</style>
<main>
<h1>Changed pages</h1>
<p>Where each change is meant: <code>kiosk gallery --approve</code>, and commit tests/gallery/approved.json.</p>"""
