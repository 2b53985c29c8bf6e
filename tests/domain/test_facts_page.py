"""docs/facts.md tells of every fact, reason, rule value and overlay field that there is."""

from pathlib import Path

from kiosk.domain.catalogue import Catalogue

PAGE = (Path(__file__).parents[2] / "docs" / "facts.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("|")]


def test_every_fact_has_its_line(catalogue: Catalogue) -> None:
    for name, spec in catalogue.rules.facts.items():
        assert [row[1] for row in ROWS if row[0] == f"`{name}`"] == [spec.words["zh"]], name


def test_every_reason_has_its_line_with_its_level(catalogue: Catalogue) -> None:
    for code, answer in catalogue.rules.answers.items():
        assert [row[1] for row in ROWS if len(row) == 4 and row[0] == f"`{code}`"] == [answer.level], code


def test_every_version_of_a_rule_has_its_line_with_its_days(catalogue: Catalogue) -> None:
    told = [(row[0], row[1], row[2], row[3]) for row in ROWS if len(row) == 5]
    for name, versions in catalogue.rules.rules.items():
        for version in versions:
            days = (str(version.effective_from or ""), str(version.effective_to or ""))
            assert (f"`{name}`", version.check, *days) in told


def test_every_status_letter_is_named(catalogue: Catalogue) -> None:
    for letters in catalogue.rules.letters.values():
        for letter, words in letters.items():
            assert f"{letter} {words['zh']}" in PAGE
