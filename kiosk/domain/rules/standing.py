"""Checks on how things stand: status letters as a whitelist, accounts, and who applies."""

from kiosk.domain.rules.book import Rule
from kiosk.domain.rules.case import Case, Finding


def status(case: Case, rule: Rule) -> None:
    """Whether every letter of a status is on the rule's whitelist.

    A letter under `block` forbids the service; any other that is not allowed, known or not, is referred to a person.
    """
    letters = case.need_text(rule, rule.text("fact"))
    if letters is None:
        return
    allowed, blocked = rule.text("allow"), rule.text("block")
    bad = [letter for letter in letters if letter in blocked]
    unclear = [letter for letter in letters if letter not in allowed and letter not in blocked]
    prefix = rule.text("of")
    for code, found in ((f"{prefix}-status-forbids", bad), (f"{prefix}-status-unclear", unclear)):
        if found:
            case.findings.append(Finding(code, rule.source, {"letters": "".join(found)}, prefix))


def account_is_new(case: Case, rule: Rule) -> None:
    """Whether the online account is known to exist already."""
    if case.facts.flag("account_exists"):
        case.find(rule, "account-exists")


def account_is_known(case: Case, rule: Rule) -> None:
    """Whether the online account is known not to exist."""
    if case.facts.flag("account_exists") is False:
        case.find(rule, "account-missing")


def mobile_is_free(case: Case, rule: Rule) -> None:
    """Whether the mobile number is known to belong to another account."""
    if case.facts.flag("mobile_in_use"):
        case.find(rule, "mobile-in-use")
