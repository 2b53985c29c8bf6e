"""What is said of a View: heading, step, state, mistakes, choices, the ticket digit by digit - and nothing personal."""

import re

from kiosk.view.models import (
    Actions,
    BigNumber,
    Block,
    Busy,
    CardOutline,
    Entry,
    Facts,
    Notice,
    Pad,
    Paragraph,
    Picture,
    QrCode,
    Role,
    Rows,
    Status,
    Swatch,
    View,
)
from kiosk.view.texts import Texts

PRIVATE = frozenset({"check", "keypad"})
"""Pages whose rows are about the citizen: it is said that they are there, not what they say."""
CHOICES: frozenset[Role] = frozenset({"hero", "card", "row", "tile", "choice", "consent"})
STOPS = "。．.；;，,：: "
HIDDEN = re.compile(r"(\*+)")
RANGE = re.compile(r"(?<=\d)–(?=\d)")
ENDS = ("？", "?", "！", "!")


def speech(view: View, texts: Texts) -> str:
    """Give one string in the View's language, the same for as long as only a countdown moves."""
    stop = texts("speech.stop")
    return "".join(f"{line} " if line.endswith(ENDS) else line + stop for line in sentences(view, texts)).strip()


def sentences(view: View, texts: Texts, *, private: bool = False) -> tuple[str, ...]:
    """Give what is said, line by line; `private` lines hold what only she may hear, and are for the headset."""
    said = [view.title.replace("\n", " ")]
    if view.steps:
        said.append(texts("speech.step", at=view.steps.at + 1, of=len(view.steps.words)))
    said.append(view.lead)
    for block in view.blocks:
        said += _block(block, view, texts, private=private)
    choices = sum(action.enabled and action.role in CHOICES for action in view.actions)
    if choices:
        said.append(texts("speech.choices", n=choices))
    primary = next((action for action in view.actions if action.role == "primary" and action.enabled), None)
    if primary:
        said.append(texts("speech.primary", label=primary.label))
    said.append(view.footnote)
    lines = dict.fromkeys(_range(line, texts).strip(STOPS) for text in said for line in text.splitlines())
    return tuple(line for line in lines if line)


def prompts(view: View) -> tuple[str, ...]:
    """Give the little that large type comes with, for the whole hall to hear: what is asked, and the number drawn."""
    numbers = [block for block in view.blocks if isinstance(block, BigNumber)]
    said = [view.title.replace("\n", " "), *(f"{block.above} {spelled(block.label)}" for block in numbers)]
    return tuple(line for line in dict.fromkeys(each.strip(STOPS) for each in said) if line)


def spelled(text: str) -> str:
    """Part letters and digits, so that no voice reads 012 as twelve."""
    return " ".join(text.replace(" ", ""))


def _block(block: Block, view: View, texts: Texts, *, private: bool) -> list[str]:
    match block:
        case Paragraph(text=text) | Busy(text=text):
            return [text]
        case Status(icon=icon, text=text):
            return [] if icon == "clock" and view.view != "welcome" else [text]
        case Notice(title=title, text=text):
            return [title, text]
        case BigNumber(above=above, label=label, below=below):
            return [f"{above} {spelled(label)}", below]
        case Facts(facts=facts):
            return [f"{fact.caption} {fact.value} {fact.unit}" for fact in facts]
        case _:
            return _about_her(block, view, texts, private=private)


def _about_her(block: Block, view: View, texts: Texts, *, private: bool) -> list[str]:
    match block:
        case Rows(rows=rows) if view.view in PRIVATE and not private:
            return [texts("speech.filled", label=row.label) for row in rows]
        case Rows(rows=rows):
            return [texts("speech.row", label=row.label, value=_code(row.value, texts)) for row in rows]
        case Entry(text=text, placeholder=placeholder, problem=problem):
            typed = len(text.replace(" ", ""))
            return [texts("speech.typed", n=typed) if typed else placeholder, problem]
        case QrCode(caption=caption) | Picture(caption=caption):
            return [caption]
        case Actions() | Pad() | CardOutline() | Swatch():
            return []
        case _:
            return []


def _code(text: str, texts: Texts) -> str:
    """A reference is spelled; words, sentences and times are read as they are."""
    reference = text.isascii() and " " not in text and any(char.isdigit() for char in text)
    if not reference:
        return HIDDEN.sub(lambda found: f" {texts('speech.hidden', n=len(found[0]))} ", text).strip()
    parts = (part for part in HIDDEN.split(text.replace("-", "")) if part)
    return " ".join(texts("speech.hidden", n=len(part)) if part[0] == "*" else spelled(part) for part in parts)


def _range(text: str, texts: Texts) -> str:
    return RANGE.sub(texts("speech.to"), text)
