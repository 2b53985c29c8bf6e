"""Readers of the information tables in a catalogue file: a page, a quiz question, a branch's switch."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from kiosk.domain.information import Question, Topic
from kiosk.domain.table import Table

_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")


def topic(table: Table) -> Topic:
    """Read `[[information]]`."""
    name = table.text("id", required=True)
    if name and not _ID.fullmatch(name):
        table.mistake(f"a page's id is small letters, digits and underscores, not {name!r:.40}", "id")
    qr = table.text("qr")
    found = Topic(
        name,
        table.words("title"),
        table.words("note"),
        table.text("picture", required=True),
        table.words_list("text"),
        qr,
        table.words("qr_caption", required=bool(qr)),
        table.day("valid_from"),
        table.day("valid_until"),
        table.flag("enabled", True),
        table.number("priority", 100, 0, 9999),
        tuple(_question(inner) for inner in table.tables("question")),
    )
    if not found.text and not found.questions:
        table.mistake("an information page has text, or [[information.question]] tables for a quiz", "id")
    _days(found.valid_from, found.valid_until, table)
    table.close("field of an information page")
    return found


def changed(found: Topic, table: Table) -> Topic:
    """Read `[information.ID]` of a branch's overlay."""
    readers: Mapping[str, Any] = {
        "enabled": lambda: table.flag("enabled", found.enabled),
        "title": lambda: table.words("title"),
        "note": lambda: table.words("note"),
        "text": lambda: table.words_list("text"),
        "qr": lambda: table.text("qr"),
        "qr_caption": lambda: table.words("qr_caption"),
        "valid_from": lambda: table.day("valid_from"),
        "valid_until": lambda: table.day("valid_until"),
        "priority": lambda: table.number("priority", found.priority, 0, 9999),
    }
    changes = {name: read() for name, read in readers.items() if table.has(name)}
    table.allow(readers)
    table.close("field that an overlay may change")
    made = replace(found, **changes)
    _days(made.valid_from, made.valid_until, table)
    return made


def _days(begins: date | None, ends: date | None, table: Table) -> None:
    if begins and ends and ends < begins:
        table.mistake(f"valid_until {ends} is before valid_from {begins}", "valid_until")


def _question(table: Table) -> Question:
    answers = table.words_list("answers")
    right = table.number("right", 0, 1, 8)
    if not 2 <= len(answers) <= 4:
        table.mistake("a question has two to four answers", "answers")
    elif not 1 <= right <= len(answers):
        table.mistake(f"right is the number of the right answer, 1 to {len(answers)}", "right")
    found = Question(table.words("text"), answers, right - 1, table.words("why"), table.words("source"))
    table.close("field of a quiz question")
    return found
