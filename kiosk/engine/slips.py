"""Fills the papers: what stands on a ticket, a receipt and a what-to-bring slip, from rows and catalogue."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kiosk.core.state import Branch
from kiosk.domain.catalogue import Catalogue, Service, say
from kiosk.domain.paper import Paper
from kiosk.domain.papers import Papers
from kiosk.engine.journal.rows import OutboxRow, TicketRow, read_time
from kiosk.view.amounts import minutes, price
from kiosk.view.texts import Catalogues, Texts

DOCUMENTS_ON_TICKET = 4
"""A ticket names so many documents to bring; the guide slip names all."""


@dataclass(frozen=True)
class Slips:
    """Composes papers; `branch` and `catalogue` are those of the running kiosk."""

    papers: Papers
    catalogue: Catalogue
    branch: Branch
    texts: Catalogues

    def letter(self, service: str) -> str:
        """The letter of a service's labels."""
        found = self.catalogue.service(service)
        return found.category if found else service[:1]

    def ticket(self, row: TicketRow, reprint: bool) -> Paper:
        """A queue ticket: nothing personal stands on it."""
        service, language = self._service(row.service), row.language
        more = [self._service(code) for code in row.also]
        named = [say(each.short, language) for each in (service, *more)] if more else [say(service.name, language)]
        papers = dict.fromkeys(say(paper, language) for each in (service, *more) for paper in each.documents)
        values: dict[str, object] = {
            **self._head(language, row.asked_at, row.seq),
            "label": row.label,
            "service": ("、" if language == "zh" else ", ").join(named),
            "booked": f"{row.booking.starts_at:%H:%M}" if row.booking and not row.offline else None,
            "ahead": None if row.ahead is None else str(row.ahead),
            "wait": minutes(row.wait.low_s, row.wait.high_s) if row.wait else None,
            "documents": list(papers)[:DOCUMENTS_ON_TICKET],
            "fee": self._fees((service, *more), language),
            "missed_minutes": str(self.branch.missed_minutes),
            "status_url": row.status_url,
            "offline": row.offline,
            "reprint": reprint,
        }
        return self.papers.compose("ticket", values, language)

    def receipt(self, row: OutboxRow, reprint: bool, now: datetime, code: str | None = None) -> Paper:
        """A receipt; its title follows the server's state once that is known, the kiosk's own until then.

        `code` is that of the record in the journal of promises, by which kiosk and centre know the paper again.
        """
        masked = row.masked or {}
        language = str(masked.get("language", self.branch.language))
        service = self._service(row.service)
        state = row.server_state or row.state
        rows = dict(_pairs(masked.get("rows")))
        values: dict[str, object] = {
            **self._head(language, now, None),
            "state": state,
            "service": say(service.name, language),
            "reference": row.reference,
            "client_reference": row.id[-12:].upper(),
            "received_at": _minute(row.received_at),
            "time_limit": say(service.time_limit, language),
            "id_last4": rows.get("id", "")[-4:],
            "name_masked": rows.get("name"),
            "delivery": say(service.delivery, language),
            "fee": self._fee(service, language),
            "status_url": row.status_url,
            "check_code": code,
            "reprint": reprint,
        }
        return self.papers.compose("receipt", values, language)

    def guide(
        self, code: str, language: str, now: datetime, reasons: tuple[str, ...] = (), bring: tuple[str, ...] = ()
    ) -> Paper:
        """What to bring for a service (`bring`: besides), everything that stands in the way, and where else to go."""
        service = self._service(code)
        values: dict[str, object] = {
            **self._head(language, now, None),
            "title": say(service.name, language),
            "note": say(service.purpose, language),
            "reasons": list(reasons),
            "documents": [*(say(document, language) for document in service.documents), *bring],
            "where": say(service.elsewhere, language) if reasons and service.elsewhere else None,
            "who": say(service.who, language),
            "fee": self._fee(service, language),
            "time_limit": say(service.time_limit, language),
            "delivery": say(service.delivery, language),
            "hours": self.branch.hours,
        }
        return self.papers.compose("slip", values, language)

    def test(self, now: datetime) -> Paper:
        """The technician's test page, which a clerk gets when she has changed the roll."""
        language = self.branch.language
        return self.papers.compose("test", self._head(language, now, None), language)

    @staticmethod
    def digest(paper: Paper) -> str:
        """What the job journal remembers of a paper instead of its text."""
        return hashlib.sha256(repr(paper).encode()).hexdigest()

    def _head(self, language: str, at: datetime, seq: int | None) -> dict[str, object]:
        number = f"{self.branch.kiosk}-{seq:04d}" if seq is not None else self.branch.kiosk
        return {
            "branch": say(self.branch.name, language),
            "issued_at": f"{at:%Y-%m-%d %H:%M:%S}",
            "kiosk_seq": number,
        }

    def _fees(self, services: tuple[Service, ...], language: str) -> str:
        if len(services) == 1:
            return self._fee(services[0], language)
        named = (f"{say(each.short, language)} {self._fee(each, language)}" for each in services)
        return ("；" if language == "zh" else "; ").join(named)

    def _fee(self, service: Service, language: str) -> str:
        texts: Texts = self.texts.get(language) or self.texts[self.branch.language]
        amount, note = price(texts, service.fee_fen), say(service.fee_note, language)
        if not service.fee_fen or not note:
            return amount
        return f"{amount}（{note}）" if language == "zh" else f"{amount} ({note})"

    def _service(self, code: str) -> Service:
        found = self.catalogue.services.get(code)
        if found is None:
            raise KeyError(f"no service {code} in the catalogue")
        return found


def _minute(moment: str | None) -> str | None:
    """The centre's time on this branch's clock: the kiosk's own has no legal meaning and never stands in for it."""
    try:
        return f"{read_time(moment):%Y-%m-%d %H:%M}" if moment else None
    except ValueError:
        return None


def _pairs(rows: object) -> list[tuple[str, str]]:
    if not isinstance(rows, list):
        return []
    return [(str(pair[0]), str(pair[1])) for pair in rows if isinstance(pair, list | tuple) and len(pair) == 2]


def masked_rows(row: OutboxRow) -> tuple[tuple[str, str], ...]:
    """The masked answers that an outbox row keeps for pages and papers."""
    return tuple(_pairs((row.masked or {}).get("rows")))


def language_of(row: OutboxRow, default: str) -> str:
    """The language in which the request was made."""
    masked: Mapping[str, object] = row.masked or {}
    return str(masked.get("language", default))
