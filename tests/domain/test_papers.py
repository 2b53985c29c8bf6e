"""Papers from layouts, texts and values: what stands on them, what never does, and mistakes named all at once."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.paper import Ends, Facts, Labelled, Line, Number, Paper, Qr, Text
from kiosk.domain.papers import Papers, problems
from kiosk.domain.papers_file import PapersError, parse_layout, parse_texts, read_papers
from kiosk.domain.request import DEVICE_STATES, SERVER_STATES

TICKET: dict[str, object] = {
    "branch": "中心花坛邮政支局",
    "label": "B012",
    "service": "补领机动车号牌",
    "issued_at": "2026-11-22 10:42:08",
    "kiosk_seq": "K1-0017",
}
RECEIPT: dict[str, object] = {
    "branch": "中心花坛邮政支局",
    "state": "submitted",
    "service": "变更驾驶人联系方式",
    "issued_at": "2026-11-22 10:42:08",
    "kiosk_seq": "K1-0018",
}


@pytest.fixture(scope="module")
def sources(tree: Path) -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in (tree / "assets" / "papers").glob("*.toml")}


@pytest.fixture(scope="module")
def papers(sources: dict[str, str]) -> Papers:
    return read_papers(sources)


def words(paper: Paper) -> str:
    """Every text of a paper, a line each."""
    return "\n".join(text for line in paper.lines for text in _texts(line))


def _texts(line: Line) -> list[str]:
    match line:
        case Text(text=text):
            return [text]
        case Number(label=label):
            return [label]
        case Labelled(label=label, value=value):
            return [label + value]
        case Ends(left=left, right=right):
            return [left, right]
        case Facts(facts=facts):
            return [fact.before + fact.value + fact.after for fact in facts]
        case Qr(payload=payload, caption=caption):
            return [payload, caption]
        case _:
            return []


def test_a_ticket_has_what_is_known_and_leaves_out_the_rest(papers: Papers) -> None:
    bare = words(papers.compose("ticket", TICKET, "zh"))
    assert "前面等候" not in bare
    assert "约" not in bare
    full = TICKET | {
        "ahead": 0,
        "wait": "10–20",
        "documents": ["身份证原件", "号牌"],
        "fee": "100 元",
        "missed_minutes": 60,
    }
    told = words(papers.compose("ticket", full, "zh"))
    for line in (
        "前面等候 0 人",
        "约 10–20 分钟",
        "请带好：身份证原件；号牌",
        "工本费：100 元",
        "过号：60 分钟内告诉工作人员即可",
    ):
        assert line in told


def test_the_code_is_printed_only_where_its_page_can_be_reached(papers: Papers) -> None:
    assert not any(isinstance(line, Qr) for line in papers.compose("ticket", TICKET, "zh").lines)
    reachable = papers.compose("ticket", TICKET | {"status_url": "https://x.example/t/1"}, "zh")
    assert Qr("https://x.example/t/1", "扫码看排队进度") in reachable.lines


@pytest.mark.parametrize(("language", "mark"), [("zh", "补打"), ("en", "REPRINT")])
def test_a_reprint_says_so_and_keeps_its_number(papers: Papers, language: str, mark: str) -> None:
    paper = papers.compose("ticket", TICKET | {"reprint": True}, language)
    assert mark in words(paper)
    assert Number("B012") in paper.lines
    assert mark not in words(papers.compose("ticket", TICKET | {"reprint": False}, language))


def test_a_ticket_issued_while_cut_off_says_so(papers: Papers) -> None:
    assert "断网期间" in words(papers.compose("ticket", TICKET | {"offline": True}, "zh"))


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("queued", "暂存凭条（尚未发出）"),
        ("sending", "提交待确认凭条"),
        ("unknown", "提交待确认凭条"),
        ("submitted", "提交回执"),
        ("accepted", "受理凭证"),
        ("needs_more", "补正告知"),
        ("not_accepted", "不予受理告知"),
    ],
)
def test_a_receipts_title_follows_the_state(papers: Papers, state: str, title: str) -> None:
    paper = papers.compose("receipt", RECEIPT | {"state": state}, "zh")
    assert Text(title, "title", bold=True, align="centre") in paper.lines


def test_every_state_has_a_receipt_in_both_languages(papers: Papers) -> None:
    for state in {*DEVICE_STATES, *SERVER_STATES}:
        for language in ("zh", "en"):
            assert papers.compose("receipt", RECEIPT | {"state": state}, language).lines


VALUES = {
    "reference": "XN-1",
    "client_reference": "K-1",
    "received_at": "10:45",
    "accepted_at": "10:46",
    "time_limit": "1 天",
    "name_masked": "样*",
    "id_last4": "0000",
    "documents": ["甲"],
    "delivery": "邮寄",
    "fee": "0 元",
    "check_after": "14:00",
    "check_code": "7Q4M",
    "phone": "0715",
    "status_url": "https://x.example/s/1",
    "reprint": True,
    "reasons": ["原因"],
}


@given(
    st.sampled_from([*DEVICE_STATES, "submitted", "needs_more", "withdrawn"]), st.sets(st.sampled_from(sorted(VALUES)))
)
def test_the_word_of_acceptance_needs_the_centres_word(papers: Papers, state: str, given_values: set[str]) -> None:
    """Only a state that the central service gave may bring 受理 onto paper, whatever else is known."""
    values = RECEIPT | {"state": state} | {name: VALUES[name] for name in given_values}
    assert "受理" not in words(papers.compose("receipt", values, "zh"))
    assert "ccept" not in words(papers.compose("receipt", values, "en"))


def test_a_receipt_takes_no_whole_number_of_a_document(papers: Papers) -> None:
    with pytest.raises(ValueError, match="id_last4 is longer than 4"):
        papers.compose("receipt", RECEIPT | {"id_last4": "421202199001010000"}, "zh")


def test_all_wrong_values_are_named_at_once(papers: Papers) -> None:
    values = {"branch": "", "lable": "B012", "state": "acepted", "service": "x", "issued_at": "x"}
    found = problems(papers.layouts["receipt"], values)
    assert len(found) == 4
    told = "; ".join(found)
    for hint in ("branch is missing", "kiosk_seq is missing", "no 'lable'", "did you mean 'accepted'"):
        assert hint in told


def test_values_cannot_bring_orders_or_templates_onto_paper(papers: Papers) -> None:
    """A value is text: control characters become blanks, braces and asterisks stay what they are."""
    paper = papers.compose("ticket", TICKET | {"service": "a\x1b@\x10\x05\x02{label}*b*", "ahead": "*3*"}, "zh")
    told = words(paper)
    assert not any(ord(char) < 32 for char in told.replace("\n", ""))
    assert "{label}*b*" in told
    assert Facts in {type(line) for line in paper.lines}
    assert "*3*" in told


def test_samples_can_be_composed(papers: Papers, tree: Path) -> None:
    samples = json.loads((tree / "assets" / "papers" / "samples.json").read_text("utf-8"))
    assert set(samples) == set(papers.layouts)
    for kind, languages in samples.items():
        assert set(languages) == {"zh", "en"}
        for language, values in languages.items():
            assert problems(papers.layouts[kind], values) == []
            assert papers.compose(kind, values, language).kind == kind


def test_a_language_without_papers_gets_chinese_ones(papers: Papers) -> None:
    assert papers.compose("ticket", TICKET, "de") == papers.compose("ticket", TICKET, "zh")


def test_help_is_always_called_by_its_name(sources: dict[str, str]) -> None:
    assert "求助" not in sources["texts.toml"]
    assert "叫工作人员" in sources["texts.toml"]


WRONG = """
kind = "tiket"
required = ["label"]
optional = ["ahead"]
[choices]
stat = ["a"]
[[line]]
number = "{lable}"
[[line]]
text = "free words"
[[line]]
text = "paper.no.such"
[[line]]
rule = true
text = "{label}"
[[line]]
gap = -3
[[line]]
labelled = ["{label}"]
[[line]]
text = "{label}"
size = "huge"
when = ["aheed", "ahead==1"]
colour = "red"
"""


def test_all_mistakes_of_a_layout_are_named_with_their_lines(papers: Papers) -> None:
    with pytest.raises(PapersError) as told:
        parse_layout("x.toml", WRONG, papers.texts)
    text = str(told.value)
    for hint in (
        "x.toml:2: kind cannot be 'tiket'; did you mean 'ticket'?",
        "x.toml:6: 'stat' is neither required nor optional",
        "x.toml:8: {lable} needs 'lable', which is neither required nor optional; did you mean 'label'?",
        "x.toml:10: 'free words' is no text's key",
        "x.toml:12: there is no text 'paper.no.such' in zh",
        "x.toml:13: a line has exactly one of",
        "x.toml:17: gap must be millimetres",
        "x.toml:19: labelled takes 2 to 2 texts",
        "size cannot be 'huge'",
        "did you mean 'ahead'",
        "when holds 'ahead==1'",
        "unknown part of a line 'colour'",
    ):
        assert hint in text, text


def test_texts_are_checked_against_each_other() -> None:
    text = '[zh.paper]\njoin = "；"\na = "甲"\nb = "一 *二"\n[en.paper]\njoin = "; "\nc = "C"\na = ""\n'
    with pytest.raises(PapersError) as told:
        parse_texts(text)
    for hint in (
        "paper.b has no text in en",
        "paper.c has no text in zh",
        "must be a text that is not empty",
        "asterisks go in pairs",
    ):
        assert hint in str(told.value)


@pytest.mark.parametrize("text", ["", "kind = ", "a" * 3000, "[" * 3000, 'kind = "ticket"\nline = 3', "\0"])
def test_a_broken_file_is_told_and_nothing_worse(sources: dict[str, str], text: str) -> None:
    with pytest.raises(PapersError):
        read_papers(sources | {"ticket.toml": text})


def test_a_missing_file_is_told(sources: dict[str, str]) -> None:
    with pytest.raises(PapersError, match="the layout of the slip is missing"):
        read_papers({name: text for name, text in sources.items() if name != "slip.toml"})
    with pytest.raises(PapersError, match="the file of the texts is missing"):
        read_papers({name: text for name, text in sources.items() if name != "texts.toml"})
