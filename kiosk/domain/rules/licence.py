"""Checks on a driver and a driving licence: renewal window, age, medical certificate, where it was issued."""

from kiosk.domain.rules.book import Rule
from kiosk.domain.rules.case import Case
from kiosk.domain.rules.days import add_months, age_on, birthday
from kiosk.domain.rules.facts import LONG_TERM

POSTPONED = "N"
"""The status letter of a licence whose renewal was postponed by the office (延期换证)."""


def renewal_window(case: Case, rule: Rule) -> None:
    """When a licence may be renewed: `days_before` its end, late ones with a warning, very late ones elsewhere."""
    expires = case.need_day(rule, "licence_expires_on")
    if expires is None:
        return
    if expires == LONG_TERM:
        case.find(rule, "licence-long-term")
        return
    opens = max(expires.toordinal() - rule.number("days_before"), 1)
    if case.on.toordinal() < opens:
        first = case.on.fromordinal(opens)
        case.opens(first)
        case.find(rule, "renewal-too-early", date=first.isoformat())
    elif case.on <= expires:
        return
    elif POSTPONED in (case.facts.text("licence_status") or ""):
        case.find(rule, "renewal-postponed", date=expires.isoformat())
    elif case.on < add_months(expires, rule.number("late_months")):
        case.find(rule, "renewal-late", date=expires.isoformat())
    elif case.on <= add_months(expires, rule.number("cancelled_months")):
        case.find(rule, "renewal-very-late", date=expires.isoformat())
    else:
        case.find(rule, "licence-cancelled", date=expires.isoformat())


def age_exchange(case: Case, rule: Rule) -> None:
    """Whether somebody has reached the age at which classes have to be given up."""
    born = case.need_day(rule, "birth_date")
    classes = case.need_classes(rule, "licence_class")
    if born is None or classes is None:
        return
    ages = _ages(classes, rule)
    if not ages:
        case.find(rule, "age-class-stays")
        return
    first = birthday(born, min(ages))
    if case.on < first:
        case.opens(first)
        case.find(rule, "age-not-reached", age=str(min(ages)), date=first.isoformat())


def age_exchange_first(case: Case, rule: Rule) -> None:
    """Whether a renewal has to wait for the exchange at statutory age, where age and classes are known."""
    born, classes = case.facts.day("birth_date"), case.facts.classes("licence_class")
    ages = case.book.in_force(rule.text("of"), case.on)
    if born is None or classes is None or ages is None:
        return
    due = [age for age in _ages(classes, ages) if age_on(born, case.on) >= age]
    if due:
        case.find(ages, "age-exchange-first", age=str(min(due)))


def medical_annual(case: Case, rule: Rule) -> None:
    """Remind somebody of the yearly medical certificate, where the age is known."""
    born = case.facts.day("birth_date")
    if born is not None and age_on(born, case.on) >= rule.number("age"):
        case.find(rule, "medical-annual", age=str(rule.number("age")))


def medical_for_class(case: Case, rule: Rule) -> None:
    """Remind the holder of a class of the certificate that it needs every few years, where the class is known."""
    if set(case.facts.classes("licence_class") or ()) & set(rule.names("classes")):
        case.find(rule, "medical-for-class", years=str(rule.number("years")))


def medical_certificate(case: Case, rule: Rule) -> None:
    """Whether a medical certificate is still good, where its day is known; it counts for `months` from its issue."""
    issued = case.facts.day("medical_certificate_on")
    if issued is None:
        return
    if issued > case.on:
        case.find(rule, "medical-certificate-future", date=issued.isoformat())
    elif case.on > add_months(issued, rule.number("months")):
        case.find(rule, "medical-certificate-old", date=issued.isoformat())


def issued_here(case: Case, rule: Rule) -> None:
    """Whether a document was issued by this city's office: a must where the branch takes no others."""
    name, elsewhere = rule.text("fact"), rule.text("elsewhere")
    if not case.city:
        return
    city = case.need_text(rule, name) if case.own_city_only else case.facts.text(name)
    if city is None or city[:4] == case.city:
        return
    if case.own_city_only or elsewhere == "refer":
        case.find(rule, "other-city")
    elif elsewhere == "transfer":
        case.find(rule, "issued-elsewhere")


def reported_within(case: Case, rule: Rule) -> None:
    """Whether a change was reported in time, where its day is known."""
    changed = case.facts.day("changed_on")
    if changed is None:
        return
    if changed > case.on:
        case.find(rule, "change-in-future", date=changed.isoformat())
    elif (case.on - changed).days > rule.number("days"):
        case.find(rule, "reported-late", days=str(rule.number("days")))


def id_number_changed(case: Case, rule: Rule) -> None:
    """Remind somebody of the proof that is needed when the ID number itself has changed."""
    if case.facts.flag("id_number_changed"):
        case.find(rule, "proof-of-id-change")


def _ages(classes: tuple[str, ...], rule: Rule) -> list[int]:
    """Give the ages at which one of the classes has to be given up."""
    ages = []
    if set(classes) & set(rule.names("heavy_classes")):
        ages.append(rule.number("heavy_age"))
    if set(classes) & set(rule.names("light_classes")):
        ages.append(rule.number("light_age"))
    return ages
