"""Information and quiz on the screen, what to bring from welcome, and four choices a page in large type."""

from dataclasses import replace

from kiosk.core.state import InformationPage, Quiz, Services, State
from kiosk.view.models import Actions, Notice, QrCode, Rows, View
from kiosk.view.present import offered, present
from tests.view.hall import catalogue, state, texts


def see(given: State) -> View:
    return present(given, texts())


def test_welcome_leads_to_what_to_bring_and_to_information() -> None:
    view = see(state())
    assert view.action("choice:bring") is not None
    link = view.action("choice:information")
    assert link is not None
    assert link.role == "link"


def test_a_branch_without_topics_has_no_way_to_them() -> None:
    without = replace(state(), catalogue=replace(catalogue(), information=()))
    assert "choice:information" not in offered(without)


def test_topics_by_four_in_large_type() -> None:
    choices = [name for name in offered(state(InformationPage())) if name.startswith("choice:")]
    assert len(choices) == 5
    assert "next" not in offered(state(InformationPage()))
    first, second = (offered(state(InformationPage(None, part), large=True)) for part in (0, 1))
    assert "next" in first & second
    shown = [name for page in (first, second) for name in page if name.startswith("choice:")]
    assert sorted(shown) == sorted(choices)


def test_a_topic_has_its_picture_text_and_code() -> None:
    view = see(state(InformationPage("safety")))
    assert view.title == "交通安全知识学习"
    assert next(type(block) for block in view.blocks) is Notice
    assert any(isinstance(block, QrCode) for block in view.blocks)


def test_the_quiz_asks_answers_and_counts() -> None:
    asked = see(state(Quiz("quiz", 1)))
    assert (asked.view, asked.lead) == ("information", "第 2 题，共 5 题")
    assert {"choice:1", "choice:2", "choice:3"} <= offered(state(Quiz("quiz", 1)))
    wrong = see(state(Quiz("quiz", 1, 0)))
    notice = next(block for block in wrong.blocks if isinstance(block, Notice))
    assert (notice.tone, notice.title) == ("stop", "这次没答对")
    rows = next(block for block in wrong.blocks if isinstance(block, Rows))
    assert [row.label for row in rows.rows] == ["正确答案", "依据"]
    assert see(state(Quiz("quiz", 5, None, 4))).title == "答对 4 题，共 5 题"
    assert "choice:again" in offered(state(Quiz("quiz", 5, None, 4)))


def test_services_by_four_in_large_type_and_every_one_of_them_once() -> None:
    for letter in "ABC":
        seen: list[str] = []
        for part in (0, 1):
            view = see(state(Services(letter, part), large=True))
            tiles = next(block for block in view.blocks if isinstance(block, Actions)).ids
            assert len(tiles) <= 4
            seen += tiles
            turn = view.action("next")
            assert turn is not None
            assert turn.label == f"下一页（{part + 1}/2）"
        assert len(seen) == len(set(seen))
        assert {f"service:{service.code}" for service in catalogue().within(letter)} <= set(seen)
        assert see(state(Services(letter))).action("next") is None


def test_more_services_than_a_page_holds_are_paged_in_normal_type_too() -> None:
    everything = {code: replace(service, enabled=True) for code, service in catalogue().services.items()}
    given = replace(state(Services("B")), catalogue=replace(catalogue(), services=everything))
    assert len(given.catalogue.within("B")) > 8
    view = see(given)
    assert len(next(block for block in view.blocks if isinstance(block, Actions)).ids) == 8
    assert view.action("next") is not None
