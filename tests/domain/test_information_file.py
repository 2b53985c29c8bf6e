"""Information pages and quizzes as files: what is shipped is whole, mistakes are named, a branch switches pages."""

from datetime import date
from pathlib import Path

import pytest

from kiosk.domain.catalogue import Catalogue
from kiosk.domain.catalogue_file import CatalogueError, check_catalogue, looks_like_catalogue, read_catalogue
from kiosk.domain.information import shown

ASSETS = Path(__file__).parents[2] / "assets"
ICONS = {line.split()[0] for line in (ASSETS.parent / "image" / "icons.txt").read_text().splitlines() if line.strip()}


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return {
        file.name: file.read_text("utf-8")
        for part in ("catalogue", "information")
        for file in (ASSETS / part).iterdir()
    }


@pytest.fixture(scope="module")
def whole(files: dict[str, str]) -> Catalogue:
    return read_catalogue(files)


def test_the_programme_s_activities_are_there(whole: Catalogue) -> None:
    topics = shown(whole.information, date(2026, 11, 22))
    assert [topic.id for topic in topics] == ["safety", "quiz", "insurance", "etc", "tours"]
    for topic in topics:
        assert all((*topic.title.values(), *topic.note.values())), topic.id
        assert topic.picture in ICONS, topic.id


def test_the_quiz_has_five_questions_with_their_sources(whole: Catalogue) -> None:
    (quiz,) = (topic for topic in whole.information if topic.questions)
    assert len(quiz.questions) == 5
    for question in quiz.questions:
        assert 0 <= question.right < len(question.answers)
        assert "条" in question.source["zh"]
        assert all(question.why.values())
    assert len({question.right for question in quiz.questions}) > 1


def test_what_is_only_information_says_so(whole: Catalogue) -> None:
    for topic in whole.information:
        if topic.id in ("insurance", "etc", "tours"):
            said = "".join(text["zh"] for text in topic.text)
            assert "只提供信息" in said, topic.id
            assert "窗口工作人员" in said, topic.id


def test_a_branch_switches_pages_on_and_off_and_gives_them_days(files: dict[str, str]) -> None:
    overlay = 'overlay = "x"\n[information.tours]\nenabled = false\n[information.etc]\nvalid_until = 2026-01-31\n'
    topics = read_catalogue({**files, "x.toml": overlay}).information
    assert [topic.id for topic in shown(topics, date(2026, 11, 22))] == ["safety", "quiz", "insurance"]
    assert "etc" in [topic.id for topic in shown(topics, date(2026, 1, 31))]


def test_mistakes_of_a_page_are_named(files: dict[str, str]) -> None:
    page = """[[information]]
id = "Etc"
title = { zh = "题" }
note = { zh = "注", en = "Note" }
picture = "car"
valid_from = 2026-02-01
valid_until = 2026-01-01
[[information.question]]
text = { zh = "问", en = "Question" }
answers = [{ zh = "是", en = "Yes" }, { zh = "否", en = "No" }]
right = 3
why = { zh = "因", en = "Because" }
source = { zh = "法", en = "Law" }
"""
    assert looks_like_catalogue(page)
    found = [f"{m.line}: {m.message.split(';')[0]}" for m in check_catalogue(page, "p.toml")]
    assert found == [
        "2: a page's id is small letters, digits and underscores, not 'Etc'",
        "3: title has no en text",
        "7: valid_until 2026-01-01 is before valid_from 2026-02-01",
        "11: right is the number of the right answer, 1 to 2",
    ]
    overlay = 'overlay = "x"\n[information.tour]\nenabled = false\n'
    (mistake,) = check_catalogue(overlay, "x.toml", files)
    assert mistake.message == "there is no information page 'tour'; did you mean 'tours'?"


def test_mistakes_of_a_question_are_named(files: dict[str, str]) -> None:
    facts = (
        files["facts.toml"]
        .replace('value = "long-term"', 'value = "longterm"')
        .replace("when = { vehicle_type", "when = { vehicle_kind")
    )
    with pytest.raises(CatalogueError) as caught:
        read_catalogue({**files, "facts.toml": facts})
    assert sorted(mistake.message for mistake in caught.value.mistakes) == [
        "choice 'longterm' is no value of the fact licence_expires_on",
        "seats hangs on 'vehicle_kind', which is not asked before it",
    ]
    service = files["c-licence.toml"].replace('asks = ["licence_status"]', 'asks = ["licence_statuss"]', 1)
    messages = [m.message for m in check_catalogue(service, "c-licence.toml", files)]
    assert messages == ["there is no [fact.licence_statuss.ask], so it cannot be asked; did you mean 'licence_status'?"]
