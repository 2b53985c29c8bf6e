"""A language is its texts and nothing else: a third one needs no code, and every text grows in it."""

from dataclasses import replace

from kiosk.view.present import offered, present
from kiosk.view.texts import Texts
from tests.view.hall import conditions, read, state, texts


def pseudo() -> Texts:
    """Every text 40 % longer and bracketed, its values kept."""
    longer = {key: f"[{text}{'~' * (2 * len(text) // 5)}]" for key, text in read("en").items()}
    return Texts("xx", longer | {"language.name": "Xx"})


def test_a_third_language_needs_no_code() -> None:
    all_three = {**texts(), "xx": pseudo()}
    for example in conditions():
        if example.session.language != "en":
            continue
        third = replace(
            example,
            branch=replace(example.branch, languages=("zh", "en", "xx")),
            session=replace(example.session, language="xx"),
        )
        view = present(third, all_three)
        assert view.language == "xx"
        assert view.title.startswith("[") or view.view in ("guide", "form", "photo", "eligibility", "information"), (
            view.title
        )
        assert "language:zh" in offered(third)


def test_the_pill_goes_round_all_languages_by_their_own_names() -> None:
    all_three = {**texts(), "xx": pseudo()}
    here, seen = "zh", []
    for _ in range(3):
        shown = state(language=here)
        shown = replace(shown, branch=replace(shown.branch, languages=("zh", "en", "xx")))
        pill = next(a for a in present(shown, all_three).actions if a.id.startswith("language:"))
        seen.append(pill.label)
        here = pill.id.partition(":")[2]
    assert seen == ["English", "Xx", "中文"]
    assert here == "zh"


def test_a_branch_with_one_language_has_no_language_pill() -> None:
    alone = state()
    alone = replace(alone, branch=replace(alone.branch, languages=("zh",)))
    view = present(alone, {"zh": texts()["zh"]})
    assert not [action for action in view.actions if action.id.startswith("language:")]


def test_a_session_in_a_language_without_texts_falls_back_to_the_branch_s() -> None:
    view = present(state(language="fr"), texts())
    assert view.language == "zh"
    assert view.title == "车辆、驾驶证业务\n在这里办"


def test_no_page_mixes_the_languages() -> None:
    for example in conditions():
        if example.session.language == "en":
            view = present(example, texts())
            for action in view.actions:
                assert action.id.startswith("language:") or action.role == "key" or action.label.isascii(), action
                assert action.note.isascii() or "•" in action.note, action
