"""Every problem of every kind has a sentence in both languages that says what is wrong and what to do."""

from pathlib import Path
from typing import get_args

import pytest

from kiosk.domain.catalogue import Catalogue
from kiosk.domain.catalogue_file import read_catalogue
from kiosk.domain.documents import Identified, identify
from kiosk.domain.identity.judgement import KINDS, Kind, Problem
from kiosk.domain.identity.secret import IdNumber
from kiosk.domain.identity.sentences import sentences

FOLDER = Path(__file__).parents[2] / "assets" / "catalogue"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue({path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.toml")})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("problem", get_args(Problem))
def test_no_problem_is_without_its_sentence(catalogue: Catalogue, kind: Kind, problem: Problem) -> None:
    answer = Identified(kind, False, (problem,), (), IdNumber(kind, "12345"))
    (chinese,), (english,) = (sentences(answer, catalogue.problems, language) for language in ("zh", "en"))
    assert "请" in chinese
    assert any(word in english for word in ("lease", "orrect", "can again", "canning", "can the", "can its", "enter"))
    assert "{" not in chinese + english


def test_the_sentence_counts_what_was_typed(catalogue: Catalogue) -> None:
    (text,) = sentences(identify("1" * 17, "resident_id"), catalogue.problems, "zh")
    assert "18 位" in text
    assert "17 位" in text


def test_what_is_not_known_has_a_sentence_too(catalogue: Catalogue) -> None:
    assert len(sentences(identify("hello"), catalogue.problems, "en")) == 1


def test_what_is_right_has_none(catalogue: Catalogue) -> None:
    assert sentences(identify("B012"), catalogue.problems, "zh") == []
