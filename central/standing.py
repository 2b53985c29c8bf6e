"""What a person may do now: the register's facts before the rules of the catalogue, told by how sure it is who asks."""

import logging
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from central import ids
from central.centre import Centre
from central.content import Content
from central.masking import last_four
from central.registry.base import Holder, Registry, RegistryAway, Vehicle
from central.rejection import Rejection
from central.tables import Request
from kiosk.domain.catalogue import Catalogue, Service
from kiosk.domain.errors import Refusal
from kiosk.domain.masking import mask_name
from kiosk.domain.request import Assurance, reaches
from kiosk.domain.rules.book import DECISIONS
from kiosk.domain.rules.decide import Verdict, eligible
from kiosk.domain.rules.facts import Facts, read_facts
from kiosk.link.models.desk import RegistryMark
from kiosk.link.models.registry import (
    RegistryAnswer,
    RegistryDecision,
    RegistryLicence,
    RegistryQuery,
    RegistryReason,
    RegistryVehicle,
)

log = logging.getLogger("central")

LEAST: Assurance = "scanned"
"""Somebody who merely typed a number is told nothing of whoever it belongs to."""

IN_FULL: Assurance = "card"
"""Who has shown her card, or is known to a clerk, is shown her own licence and vehicles, masked."""

STILL_OPEN = ("submitted", "needs_more", "accepted", "in_progress")


def answer(centre: Centre, query: RegistryQuery, branch: str, catalogue: Catalogue) -> RegistryAnswer:
    """Answer a kiosk's question; Rejection (403) for an identity that is not sure enough, (404) for no such service."""
    if not reaches(query.assurance, LEAST):
        raise Rejection(
            403,
            "assurance-too-low",
            "The registry answers for a document that was scanned or read, not for a typed one.",
        )
    wanted = [s for s in catalogue.services.values() if s.enabled and query.service in (None, s.code)]
    if not wanted:
        raise Rejection(404, "service-unknown", "This service is not in the catalogue; fetch it anew.")
    try:
        asked = _read(catalogue, query.facts)
    except Refusal as error:
        raise Rejection(422, "facts-unreadable", str(error)) from None
    still_open = _open(centre, query)
    holder, checked = _find(centre.options.registry, query.applicant.kind, query.applicant.number)
    today = centre.at().date()
    decisions = []
    for service in wanted:
        verdict = _verdict(catalogue, service, holder, asked, today, branch) if holder else None
        decisions.append(_told(service, verdict, still_open.get(service.code)))
    full = holder is not None and reaches(query.assurance, IN_FULL)
    return RegistryAnswer(
        known=holder is not None,
        checked=checked,
        name_masked=mask_name(holder.name) if holder else "",
        services=tuple(decisions),
        licence=_licence(holder) if full and holder else None,
        vehicles=tuple(_vehicle(vehicle) for vehicle in holder.vehicles) if full and holder else (),
    )


def mark(
    centre: Centre, catalogue: Catalogue, service: Service, content: Content, branch: str
) -> tuple[RegistryMark, list[str]]:
    """What the register says of a request that comes in, and the codes of its reasons; it never holds one up."""
    holder, checked = _find(centre.options.registry, content.applicant.kind, content.applicant.number)
    if not checked:
        return "unchecked", []
    if holder is None:
        return "unknown", []
    if content.applicant.name and holder.name and content.applicant.name != holder.name:
        return "refer", ["name-differs"]
    plate = content.fields.get("plate", "")
    verdict = _verdict(catalogue, service, holder, Facts({}), centre.at().date(), branch, plate)
    if verdict is None:
        return "unchecked", []
    return verdict.decision, [reason.code for reason in verdict.reasons]


def _find(registry: Registry | None, kind: str, number: str) -> tuple[Holder | None, bool]:
    if registry is None:
        return None, False
    try:
        return registry.find(kind, number), True
    except RegistryAway:
        return None, False
    except Exception as error:  # noqa: BLE001 - a city's class may fail in any way; no request is lost by it
        log.warning("the registry failed: %s", type(error).__name__)
        return None, False


def _read(catalogue: Catalogue, raw: Mapping[str, object]) -> Facts:
    return read_facts(dict(raw), catalogue.rules.facts)


def _verdict(
    catalogue: Catalogue, service: Service, holder: Holder, asked: Facts, today: date, branch: str, plate: str = ""
) -> Verdict | None:
    """The best that is open to her: with two vehicles she may come with the one that is in order."""
    common = dict(holder.facts) | (dict(holder.licence.facts) if holder.licence else {})
    vehicles = [v for v in holder.vehicles if not plate or _plain(v.plate) == _plain(plate)]
    cases = [common | dict(vehicle.facts) for vehicle in vehicles] or [common]
    verdicts = []
    for case in cases:
        try:
            known = Facts({**asked.values, **_read(catalogue, case).values})
        except Refusal:
            log.warning("the registry gives facts that cannot be read")
            return None
        verdicts.append(eligible(catalogue, service.code, today, known, branch[:4]))
    return min(verdicts, key=lambda verdict: DECISIONS.index(verdict.decision))


def _told(service: Service, verdict: Verdict | None, reference: str | None) -> RegistryDecision:
    if verdict is None:
        return RegistryDecision(service=service.code, decision="unchecked", open_request=reference)
    return RegistryDecision(
        service=service.code,
        decision=verdict.decision,
        reasons=tuple(
            RegistryReason(
                code=reason.code,
                level=reason.level,
                text_zh=reason.words["zh"],
                text_en=reason.words.get("en", reason.words["zh"]),
                source=reason.source,
            )
            for reason in verdict.reasons
        ),
        opens_on=verdict.opens_on,
        open_request=reference,
    )


def _open(centre: Centre, query: RegistryQuery) -> dict[str, str]:
    person = ids.person_mark(centre.vault.server_secret, query.applicant.kind, query.applicant.number)
    with centre.store.read() as session:
        rows = session.execute(
            select(Request.service, Request.reference).where(Request.person == person, Request.state.in_(STILL_OPEN))
        )
        return {row.service: row.reference for row in rows}


def _licence(holder: Holder) -> RegistryLicence | None:
    if holder.licence is None:
        return None
    facts = holder.licence.facts
    return RegistryLicence.model_validate(
        {
            "number_masked": last_four(holder.licence.number),
            "classes": str(facts.get("licence_class", "")),
            "expires_on": facts.get("licence_expires_on"),
        }
    )


def _vehicle(vehicle: Vehicle) -> RegistryVehicle:
    plate = vehicle.plate
    return RegistryVehicle.model_validate(
        {
            "plate_masked": plate[:2] + "*" * max(0, len(plate) - 4) + plate[-2:],
            "kind": str(vehicle.facts.get("vehicle_type", "")),
            "inspection_until": vehicle.facts.get("inspection_until"),
        }
    )


def _plain(plate: str) -> str:
    return "".join(letter for letter in plate.upper() if letter.isalnum())
