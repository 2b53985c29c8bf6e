"""Questions before a service, the answer to them, and the page that leads to a clerk."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from kiosk.core.state import Asking, Check, Counter, Eligibility, Form, Guide, NoticePage, Welcome
from kiosk.domain.health import PaperOut, Ready
from kiosk.view.keys import rows_for
from kiosk.view.models import Entry, Notice, Rows, Status, View
from kiosk.view.present import offered, present
from tests.view.hall import WORKS, someone, state, texts

BLOCKED = {"licence_expires_on": "20271130", "licence_status": "U", "medical_certificate_on": "20250101"}


def told(code: str, way: str = "look", language: str = "zh", **facts: str) -> View:
    page = Eligibility(code, "apply" if way == "apply" else "look")
    return present(state(page, language, facts=MappingProxyType(facts)), texts())


def ways(code: str, way: str = "look", **facts: str) -> set[str]:
    page = Eligibility(code, "apply" if way == "apply" else "look")
    frame = {"back", "home", "help", "language:en", "mode:large"}
    return set(offered(state(page, facts=MappingProxyType(facts)))) - frame


def test_all_reasons_stand_on_one_page_worst_first_with_where_to_go() -> None:
    view = told("C1", **BLOCKED)
    notices = [block for block in view.blocks if isinstance(block, Notice)]
    assert [notice.tone for notice in notices] == ["stop"] * 3
    assert all(notice.text for notice in notices)
    assert any(row.label == "还可以去" for block in view.blocks if isinstance(block, Rows) for row in block.rows)
    assert view.title == "现在不能办理"
    view = told("B5", insurance_until="20250101", vehicle_status="A")
    assert [block.tone for block in view.blocks if isinstance(block, Notice)] == ["stop", "info"]


@pytest.mark.parametrize(
    ("code", "way", "facts", "wanted"),
    [
        ("C1", "look", BLOCKED, {"print-guide", "choice:again"}),
        ("C1", "look", {"licence_expires_on": "20261130"}, {"take-ticket", "print-guide", "choice:again"}),
        ("C1", "look", {}, {"take-ticket", "print-guide", "choice:again"}),
        ("C1", "look", {"licence_expires_on": "20251215"}, {"print-guide", "choice:again"}),
        ("B5", "apply", {"insurance_until": "20270101"}, {"next", "take-ticket", "print-guide", "choice:again"}),
        ("B5", "apply", {"insurance_until": "20250101"}, {"print-guide", "choice:again"}),
        ("B5", "apply", {}, {"take-ticket", "print-guide", "choice:again"}),
    ],
)
def test_the_ways_on_follow_the_answer(code: str, way: str, facts: dict[str, str], wanted: set[str]) -> None:
    assert ways(code, way, **facts) == wanted


def test_what_the_register_says_is_left_to_the_office_and_said_so() -> None:
    lines = [b.text for b in told("C1", licence_expires_on="20261130").blocks if isinstance(b, Status)]
    assert lines == ["违法和登记情况由交管部门核对"]


def test_both_languages_part_the_fact_from_what_to_do() -> None:
    for language in ("zh", "en"):
        for block in told("C1", "look", language, **BLOCKED).blocks:
            if isinstance(block, Notice):
                assert block.title
                assert not block.title.endswith((".", "。"))
                assert block.text.endswith((".", "。")), block


def test_a_day_has_keys_and_other_answers_and_may_be_left_out() -> None:
    view = present(state(Asking("C1", 0, "look")), texts())
    assert view.view == "eligibility"
    assert {"key:1", "choice:long-term", "next"} <= offered(state(Asking("C1", 0, "look")))
    assert [action.label for action in view.actions if action.id == "next"] == ["跳过这一项"]
    entry = next(block for block in present(state(Asking("C1", 0, "look", "20270131")), texts()).blocks)
    assert isinstance(entry, Entry)
    assert entry.text == "2027 01 31"
    chosen = present(state(Asking("C1", 0, "look", "long-term")), texts())
    assert next(action.checked for action in chosen.actions if action.id == "choice:long-term")


@pytest.mark.parametrize("typed", ["", "鄂", "鄂L", "鄂L1234", "鄂L12345"])
def test_a_plate_s_keys_are_forty_at_most_without_i_and_o(typed: str) -> None:
    view = present(state(Form("B3", 1, typed)), texts())
    keys = [action for action in view.actions if action.role == "key"]
    assert len(keys) <= 40
    assert not {"key:I", "key:O"} & {key.id for key in keys}
    assert all(len(row) <= 9 for row in next(b for b in view.blocks if isinstance(b, Entry)).keys)


def test_a_plate_begins_with_a_province_and_a_letter() -> None:
    first = offered(state(Form("B3", 1)))
    assert "key:鄂" in first
    assert "key:A" not in first
    second = offered(state(Form("B3", 1, "鄂")))
    assert "key:L" in second
    assert "key:1" not in second
    assert "key:学" not in offered(state(Form("B3", 1, "鄂L1")))
    assert "key:学" in offered(state(Form("B3", 1, "鄂L1234")))
    entry = next(b for b in present(state(Form("B3", 1, "鄂L12345")), texts()).blocks if isinstance(b, Entry))
    assert entry.text == "鄂L 12345"


def test_a_vin_has_no_i_o_q() -> None:
    rows, resting = rows_for("vin", "")
    assert not set("IOQ") & set("".join(rows))
    assert sum(len(row) for row in rows) + 1 <= 40
    assert not resting


def test_a_service_that_needs_the_card_says_so_and_offers_the_ticket() -> None:
    alone = state(Guide("B3"), parts=replace(WORKS, hub=False))
    assert "自助办理要刷身份证，这里请取号" in present(alone, texts()).lines
    ids = offered(alone)
    assert "apply" not in ids
    assert {"take-ticket", "print-guide", "choice:eligibility"} <= ids
    reader = state(Guide("B3"), parts=replace(WORKS, card=Ready()))
    assert "apply" in offered(reader)
    assert "自助办理要刷身份证，这里请取号" not in present(reader, texts()).lines
    clerk = present(state(Guide("B3")), texts())
    assert next(action.id for action in clerk.actions if action.role == "primary") == "take-ticket"
    assert any(action.id == "apply" and "工作人员" in action.note for action in clerk.actions)
    away = state(Guide("B3"), parts=replace(WORKS, card=Ready(), central=False, submission=False))
    assert "现在不能自助提交，请取号" in present(away, texts()).lines


def test_looking_first_is_offered_where_there_is_something_to_ask() -> None:
    for code, wanted in {"C1": True, "B1": True, "A4": False}.items():
        parts = replace(WORKS, central=False, submission=False)
        assert ("choice:eligibility" in offered(state(Guide(code), parts=parts))) is wanted, code


def test_the_counter_page_lists_what_to_bring_besides() -> None:
    view = present(state(Counter("B3", "applicant", "company", Welcome())), texts())
    rows = next(block for block in view.blocks if isinstance(block, Rows))
    assert {"身份证原件", "盖公章的委托书"} <= set(rows.rows[0].value.splitlines())
    closed = replace(state(Counter("B3", "applicant", "company", Welcome()), parts=replace(WORKS, printer=PaperOut())))
    assert "print-guide" not in offered(closed)
    assert "take-ticket" in offered(closed)


def test_the_check_page_says_how_it_is_paid_and_leaves_out_what_was_not_asked() -> None:
    answers = MappingProxyType({"plate_type": "02", "plate": "鄂L12345", "mobile": "13800138000", "delivery": "ems"})
    ticked = frozenset({"correct", "entrust", "sensitive", "void-old"})
    given = state(Check("B3"), identity=someone("card"), answers=answers, consents=ticked)
    rows = {row.label: row.value for b in present(given, texts()).blocks if isinstance(b, Rows) for row in b.rows}
    assert rows["号牌种类"] == "蓝牌：小型汽车"
    assert rows["费用"].splitlines() == ["10 元", "领取时在窗口缴；EMS 邮寄的，怎么缴以窗口为准"]
    assert "confirm" in offered(given)
    wrong = replace(given.session, answers=MappingProxyType({**answers, "plate_type": "52"}))
    assert "confirm" not in offered(replace(given, session=wrong))


def test_leaving_is_asked_with_both_answers() -> None:
    page = NoticePage("leave", 95.0, Form("A4", 0, "138"))
    assert {"choice:yes", "back", "help"} <= offered(state(page))
    assert present(state(page), texts()).title == "要回首页吗？"


def test_chinese_is_typed_by_its_sounds_with_numerals_or_what_they_may_mean_above() -> None:
    plain = present(state(Form("B3", 4)), texts())
    assert {"key:1", "key:Q", "key:号", "choice:counter"} <= {action.id for action in plain.actions}
    assert "next" not in offered(state(Form("B3", 4)))
    spelling = state(Form("B3", 4, "咸安区", spelling="xianning"))
    view = present(spelling, texts())
    assert next(block for block in view.blocks if isinstance(block, Entry)).text == "咸安区 xian ning"
    pick = view.action("key:pick:1")
    assert pick is not None
    assert pick.label == "咸宁"
    assert "next" not in offered(spelling)
    assert "next" in offered(state(Form("B3", 4, "咸安区")))
    for shown in (plain, view):
        assert sum(action.role == "key" for action in shown.actions) <= 40
    without = replace(state(Form("B3", 4)), pinyin=None)
    assert not [action for action in present(without, texts()).actions if action.role == "key"]


def test_an_address_is_read_whole_on_the_check_page() -> None:
    address = "咸宁市咸安区某路1号2栋3单元"
    answers = MappingProxyType({"plate_type": "02", "plate": "鄂L12345", "delivery": "other", "address": address})
    view = present(state(Check("B3"), identity=someone("card"), answers=answers), texts())
    assert any(row.value == address for b in view.blocks if isinstance(b, Rows) for row in b.rows)
