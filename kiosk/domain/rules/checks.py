"""The checks by their names in rule files: which function, which values it takes, which answers it may give."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from kiosk.domain.rules import licence, standing, vehicle
from kiosk.domain.rules.book import Rule
from kiosk.domain.rules.case import Case

ValueKind = Literal[
    "number", "numbers", "names", "flag", "text", "letters", "classes", "fact", "rule", "letters-of", "elsewhere"
]


@dataclass(frozen=True)
class Check:
    """One check; `values` are the values that every version of its rules gives."""

    run: Callable[[Case, Rule], None]
    values: Mapping[str, ValueKind] = field(default_factory=dict)
    codes: tuple[str, ...] = ()


ALWAYS = ("fact-missing", "fact-unclear", "rule-unseen", "applicant-not-taken", "service-off")
"""Answers that any service may get."""

CHECKS: Mapping[str, Check] = {
    "renewal-window": Check(
        licence.renewal_window,
        {"days_before": "number", "late_months": "number", "cancelled_months": "number"},
        (
            "licence-long-term",
            "renewal-too-early",
            "renewal-late",
            "renewal-postponed",
            "renewal-very-late",
            "licence-cancelled",
        ),
    ),
    "age-exchange": Check(
        licence.age_exchange,
        {"heavy_age": "number", "heavy_classes": "classes", "light_age": "number", "light_classes": "classes"},
        ("age-class-stays", "age-not-reached"),
    ),
    "age-exchange-first": Check(licence.age_exchange_first, {"of": "rule"}, ("age-exchange-first",)),
    "medical-annual": Check(licence.medical_annual, {"age": "number"}, ("medical-annual",)),
    "medical-for-class": Check(
        licence.medical_for_class, {"classes": "classes", "years": "number"}, ("medical-for-class",)
    ),
    "medical-certificate": Check(
        licence.medical_certificate,
        {"months": "number"},
        ("medical-certificate-old", "medical-certificate-future"),
    ),
    "issued-here": Check(
        licence.issued_here, {"fact": "fact", "elsewhere": "elsewhere"}, ("other-city", "issued-elsewhere")
    ),
    "reported-within": Check(licence.reported_within, {"days": "number"}, ("reported-late", "change-in-future")),
    "id-number-changed": Check(licence.id_number_changed, {}, ("proof-of-id-change",)),
    "insurance-in-force": Check(vehicle.insurance_in_force, {}, ("insurance-ended", "insurance-not-begun")),
    "vehicle-tax": Check(vehicle.vehicle_tax, {}, ("vehicle-tax-unpaid",)),
    "electronic-sticker": Check(vehicle.electronic_sticker, {"applies": "flag"}, ("electronic-sticker",)),
    "exempt-inspection": Check(
        vehicle.exempt_inspection,
        {
            "sticker_years": "numbers",
            "test_years": "numbers",
            "seats_up_to": "number",
            "seats_unsure_up_to": "number",
            "motorcycles": "flag",
            "window_months": "number",
        },
        (
            "exempt-not-for-type",
            "exempt-not-for-seats",
            "exempt-not-for-commercial",
            "exemption-lost",
            "registered-in-future",
            "inspection-on-line",
            "sticker-too-early",
            "inspection-overdue",
        ),
    ),
    "status": Check(
        standing.status,
        {"fact": "fact", "of": "letters-of", "allow": "letters", "block": "letters"},
        ("licence-status-forbids", "licence-status-unclear", "vehicle-status-forbids", "vehicle-status-unclear"),
    ),
    "account-is-new": Check(standing.account_is_new, {}, ("account-exists",)),
    "account-is-known": Check(standing.account_is_known, {}, ("account-missing",)),
    "mobile-is-free": Check(standing.mobile_is_free, {}, ("mobile-in-use",)),
}

CODES = frozenset((*ALWAYS, *(code for check in CHECKS.values() for code in check.codes)))
"""Every reason code there is; the catalogue has words for each, and docs/facts.md a line."""
