"""Checks on a vehicle: insurance in force, inspection sticker without a test on the line."""

from datetime import date

from kiosk.domain.rules.book import Rule
from kiosk.domain.rules.case import Case
from kiosk.domain.rules.days import add_months

PASSENGER = "small-passenger"
MOTORCYCLE = "motorcycle"


def insurance_in_force(case: Case, rule: Rule) -> None:
    """Whether the compulsory insurance covers the day."""
    until = case.need_day(rule, "insurance_until")
    begins = case.facts.day("insurance_from")
    if until is not None and until < case.on:
        case.find(rule, "insurance-ended", date=until.isoformat())
    elif begins is not None and begins > case.on:
        case.find(rule, "insurance-not-begun", date=begins.isoformat())


def vehicle_tax(case: Case, rule: Rule) -> None:
    """Whether the vehicle tax is known to be unpaid."""
    if case.facts.flag("vehicle_tax_paid") is False:
        case.find(rule, "vehicle-tax-unpaid")


def electronic_sticker(case: Case, rule: Rule) -> None:
    """Say that no paper sticker is needed any more, once that is so."""
    if rule.flag("applies"):
        case.find(rule, "electronic-sticker")


def exempt_inspection(case: Case, rule: Rule) -> None:
    """Whether the vehicle gets its sticker this time without a test on the line."""
    registered = case.need_day(rule, "vehicle_registered_on")
    kind = case.need_choice(rule, "vehicle_type")
    exempt = kind is None or _type_is_exempt(case, rule, kind)
    if kind == PASSENGER:
        exempt = _seats_are_exempt(case, rule) and exempt
    if case.facts.text("vehicle_use") == "commercial":
        case.find(rule, "exempt-not-for-commercial")
        exempt = False
    if case.facts.flag("injury_accident") or case.facts.flag("illegal_modification"):
        case.find(rule, "exemption-lost")
        exempt = False
    if registered is None or not exempt:
        return
    if registered > case.on:
        case.find(rule, "registered-in-future", date=registered.isoformat())
        return
    _judge_year(case, rule, registered)


def _type_is_exempt(case: Case, rule: Rule, kind: str) -> bool:
    if kind == PASSENGER or (kind == MOTORCYCLE and rule.flag("motorcycles")):
        return True
    case.find(rule, "exempt-not-for-type")
    return False


def _seats_are_exempt(case: Case, rule: Rule) -> bool:
    seats = case.need_number(rule, "seats")
    if seats is None or seats <= rule.number("seats_up_to"):
        return True
    # The seat limit of the first rule set was never seen in the text itself.
    case.find(rule, "rule-unseen" if seats <= rule.number("seats_unsure_up_to") else "exempt-not-for-seats")
    return False


def _judge_year(case: Case, rule: Rule, registered: date) -> None:
    expires = case.facts.day("inspection_until")
    if expires is None:
        expires = _next_due(rule, registered, case.on)
    year = expires.year - registered.year
    if year not in rule.numbers("sticker_years"):
        case.find(rule, "inspection-on-line", year=str(year))
        return
    opens = add_months(expires, -rule.number("window_months"))
    if case.on < opens:
        case.opens(opens)
        case.find(rule, "sticker-too-early", date=opens.isoformat())
    elif case.on > expires:
        case.find(rule, "inspection-overdue", date=expires.isoformat())


def _next_due(rule: Rule, registered: date, on: date) -> date:
    """Give the next inspection day: of the scheduled years, and every year after the last of them."""
    years = sorted({*rule.numbers("sticker_years"), *rule.numbers("test_years")})
    year = next((year for year in years if add_months(registered, year * 12) >= on), 0)
    if not year:
        year = max(on.year - registered.year, years[-1] + 1)
        year += add_months(registered, year * 12) < on
    return add_months(registered, year * 12)
