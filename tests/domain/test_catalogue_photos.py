"""Photographs in the catalogue: a field of their own kind, and the branch's overlay that switches them on."""

import re
from pathlib import Path

import pytest

from kiosk.domain.catalogue import Catalogue
from kiosk.domain.catalogue_file import CatalogueError, read_catalogue

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operate" / "photographs.md").read_text("utf-8")
REAL = {file.name: file.read_text("utf-8") for file in sorted((ROOT / "assets" / "catalogue").glob("*.toml"))}


def example() -> str:
    found = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


def read(overlay: str) -> Catalogue:
    return read_catalogue({**REAL, "zz-branch.toml": overlay})


def mistakes(overlay: str) -> str:
    with pytest.raises(CatalogueError) as refused:
        read(overlay)
    return str(refused.value)


def test_the_example_in_the_guide_works() -> None:
    b7 = read(example()).services["B7"]
    assert (b7.mode, b7.original_seen, [field.kind for field in b7.fields]) == ("both", False, ["photo"])
    assert {consent.id for consent in b7.consents} == {"correct", "entrust", "sensitive"}
    assert b7.notice["zh"]


def test_no_service_of_ours_asks_for_a_photograph() -> None:
    services = read_catalogue(REAL).services.values()
    assert [service.code for service in services for field in service.fields if field.kind == "photo"] == []


def test_an_original_that_must_be_seen_is_not_replaced_in_passing() -> None:
    assert "a clerk has to see an original" in mistakes(example().replace("original_seen = false\n", ""))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('"entrust"', '"entrsut"'), "did you mean 'entrust'?"),
        (('notice = "direct"', 'notice = "dirct"'), "there is no 'dirct'"),
        (('notice = "direct"', ""), "no notice on personal data"),
        (('kind = "photo"', 'kind = "photo"\nrequired = false'), "a photograph is always required"),
        (('kind = "photo"', 'kind = "foto"'), "kind"),
        (('kind = "photo"', 'kind = "photo"\nwhen = { way = ["1"] }'), "which is not asked before"),
    ],
)
def test_mistakes_are_named(change: tuple[str, str], told: str) -> None:
    assert told in mistakes(example().replace(*change))


def test_more_photographs_than_fit_are_refused() -> None:
    field = example()[example().index("[[service.B7.field]]") :]
    many = example() + "".join(field.replace("insurance_policy", f"page_{n}") for n in range(3))
    assert "at most 3 photographs" in mistakes(many)
    assert "is there twice" in mistakes(example() + field)


def test_a_fact_is_no_photograph() -> None:
    facts = REAL["facts.toml"]
    asked = re.search(r"\[fact\.[a-z_]+\.ask\]\nkind = \"([a-z]+)\"", facts)
    assert asked
    wrong = facts[: asked.start(1)] + "photo" + facts[asked.end(1) :]
    with pytest.raises(CatalogueError, match="no photograph"):
        read_catalogue({**REAL, "facts.toml": wrong})
