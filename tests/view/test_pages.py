"""Every page in every condition: complete, free of personal data, without a dead end, in words that exist."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from kiosk.core.state import Closed, Keypad, NoticePage, State, TicketPage, Working
from kiosk.view.models import Actions, Entry, Notice, Pad, Rows, Status, View
from kiosk.view.present import offered, present
from tests.view.hall import CANARY, conditions, texts

FORMS = re.compile(
    r"identify:(card|scan|type)|ticket-only|follow|category:[A-Z]|service:[A-Z]\d+|take-ticket|apply|print-guide|choice:[\w-]+"
    r"|next|change:\w+|consent:[\w-]+|confirm|finish|retry|back|home|help(:\w+)?|more-time|language:\w+"
    r"|mode:(large|contrast|audio|low|repeat|pause|slower|faster|quieter|louder|curtain)|key:([0-9A-Z一-鿿-]|delete|clear|less|more|pick:\d)"
)
WITHOUT_HELP = {"working"}
WITHOUT_WAY_BACK = {"welcome", "working", "ticket", "receipt", "timeout", "closed"}
CODES = {
    "zh": re.compile(r"[a-z]+[-_][a-z]+|\b(unknown|offline|error|null|None|True|False)\b"),
    "en": re.compile(r"[a-z]+_[a-z]+|\b(unknown-document|check-digit|null|None|True|False)\b"),
}
ICONS = Path(__file__).resolve().parents[2] / "image" / "icons.txt"


@cache
def shown() -> tuple[tuple[State, View], ...]:
    return tuple((state, present(state, texts())) for state in conditions())


def views() -> Iterable[View]:
    return (view for _, view in shown())


def icons() -> set[str]:
    lines = ICONS.read_text("utf-8").splitlines()
    return {line.split()[0] for line in lines if line and not line.startswith("#")}


def test_every_kind_of_page_is_among_the_states() -> None:
    pages = {type(state.page).__name__ for state, _ in shown()}
    assert pages == {
        "Welcome", "Identify", "Keypad", "Services", "Guide", "Form", "ConsentPage", "Check", "Working", "TicketPage",
        "ReceiptPage", "StatusPage", "NoticePage", "TimeoutPage", "Closed", "Asking", "Eligibility", "Counter",
        "InformationPage", "Quiz", "PhotoPage", "Proving", "ProofPage",
        "SlipPage", "NumberPage", "RatingPage", "TechnicianPage", "BookingPage", "NeedsPage",
    }  # fmt: skip


def test_every_page_has_title_branch_time_and_speech() -> None:
    for view in views():
        assert all((view.title, view.spoken, view.header.branch)), view.view
        assert view.header.time == "10:42"
        assert view.language in ("zh", "en")


def test_actions_have_one_id_each_of_the_contract_and_a_label() -> None:
    for view in views():
        ids = [action.id for action in view.actions]
        assert len(ids) == len(set(ids)), (view.view, ids)
        for action in view.actions:
            assert FORMS.fullmatch(action.id), action.id
            assert action.label, action.id


def test_blocks_place_only_actions_that_exist_and_every_choice_is_placed() -> None:
    for view in views():
        ids = {action.id for action in view.actions}
        placed: list[str] = []
        for block in view.blocks:
            match block:
                case Actions(ids=names):
                    placed += names
                case Entry(keys=rows) | Pad(keys=rows):
                    placed += [name for row in rows for name in row if name]
                case Rows(rows=answers):
                    placed += [row.change for row in answers if row.change]
        assert set(placed) <= ids, view.view
        assert len(placed) == len(set(placed)), view.view
        free = {action.id for action in view.actions if action.role not in ("primary", "nav", "pill", "voice")}
        assert free == set(placed), view.view


def test_there_is_at_most_one_primary_action_and_the_focus_is_on_something_enabled() -> None:
    for view in views():
        assert sum(action.role == "primary" for action in view.actions) <= 1, view.view
        assert view.actions[view.focus].enabled, view.view


def test_no_page_is_a_dead_end() -> None:
    for state, view in shown():
        ids = offered(state)
        called = isinstance(state.page, NoticePage) and state.page.kind in ("staff-called", "staff-at-counter")
        if view.view not in WITHOUT_HELP and not called:
            assert "help" in ids, view.view
        if view.view not in WITHOUT_WAY_BACK:
            assert {"back", "home"} <= ids, view.view
        leaving = {"finish", "choice:yes", "more-time", "home", "next", "retry"}
        if isinstance(state.page, TicketPage) and state.page.paper != "reprinting":
            assert ids & leaving, state.page.paper
        assert isinstance(state.page, Working | Closed) or ids - {"mode:large", "language:en", "language:zh"}


def test_what_is_offered_is_what_the_view_offers_enabled() -> None:
    for state, view in shown():
        assert offered(state) == {action.id for action in view.actions if action.enabled}, state.page


def test_no_personal_number_or_name_is_in_a_view() -> None:
    for state, view in shown():
        if isinstance(state.page, Keypad) and max(state.page.open, state.page.peek) > state.monotonic:
            continue  # she asked to see it
        assert CANARY not in repr(view)
        assert CANARY[6:14] not in repr(view)
        assert "测试员甲" not in repr(view)
        if view.view != "form":
            assert "13800138000" not in repr(view).replace(" ", ""), state.page


def test_at_most_eight_choices_a_page() -> None:
    for view in views():
        for block in view.blocks:
            if isinstance(block, Actions):
                assert len(block.ids) <= 8, view.view


def test_every_icon_is_in_the_atlas() -> None:
    known = icons()
    for view in views():
        used = {action.icon for action in view.actions if action.icon}
        used |= {block.icon for block in view.blocks if isinstance(block, Notice | Status)}
        assert used <= known, used - known


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nobody_reads_a_code(language: str) -> None:
    for view in views():
        if view.language != language:
            continue
        words = [view.title, view.spoken, *view.lines, *(f"{a.label} {a.note} {a.badge}" for a in view.actions)]
        for text in words:
            assert not CODES[language].search(text), (view.view, text)


def test_a_tint_always_has_its_icon_and_a_title() -> None:
    for view in views():
        for block in view.blocks:
            if isinstance(block, Notice):
                assert all((block.icon, block.title)), view.view
