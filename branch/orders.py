"""PURE: from the body of POST /tickets to an order - the service must be offered, an emergency label be the kiosk's."""

import hashlib
import json
import re
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii

from branch.declined import Declined
from branch.moment import to_ms
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.ticket import Label, Ranges
from kiosk.link.models.branch import TicketRequest

_encode = json.JSONEncoder(sort_keys=True).encode
_KIOSKS = range(1, 5)
_TRAILING_NUMBER = re.compile(r"(\d+)$")


@dataclass(frozen=True, slots=True)
class Order:
    """A press of the button, as the hub took it in. `label` only for a ticket issued while cut off.

    `needs`, and further services in `also`, ride with the ticket and change no order; `booked_ms` is the time of an
    appointment, by which she queues.
    `issued_ms` is the kiosk's word, already corrected by what its clock is known to be off.
    """

    id: str
    service: str
    letter: str
    language: str
    priority: str | None
    kiosk: str
    kiosk_seq: int
    issued_ms: int
    fingerprint: str
    label: Label | None = None
    printed: str | None = None
    needs: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    booked_ms: int | None = None


def order_of(request: TicketRequest, catalogue: Catalogue, ranges: Ranges, now_ms: int, epoch: int = 1) -> Order:
    """Check a request against the catalogue and the number ranges; Declined says what does not fit.

    A label may also be of an earlier epoch's hub: what kiosks tell the one that took over.
    """
    service = catalogue.service(request.service)
    if service is None:
        raise Declined("unknown-service", "Refresh the kiosk's catalogue; this service is not offered here.")
    label = None
    if request.label is not None:
        label = Label.parse(request.label)
        own = label.number in emergency_numbers(request.origin.kiosk, ranges)
        if label.letter != service.category or not (own or ranges.of_earlier(label.number, epoch)):
            raise Declined("label-out-of-range", "Set the kiosk's number; each kiosk has its own emergency range.")
    return Order(
        id=str(request.id),
        service=service.code,
        letter=service.category,
        language=request.language,
        priority=request.priority,
        kiosk=request.origin.kiosk,
        kiosk_seq=request.origin.seq,
        issued_ms=_corrected(request, now_ms),
        fingerprint=fingerprint(request),
        label=label,
        printed=request.printed,
        needs=tuple(request.needs),
        also=tuple(code for code in request.also if code != service.code and catalogue.service(code)),
    )


def emergency_numbers(kiosk: str, ranges: Ranges) -> frozenset[int]:
    """The numbers a kiosk may give out while cut off, by the number at the end of its name.

    A name without a number says nothing about which range is its own: then any kiosk's range will do, and the
    uniqueness of labels still holds.
    """
    found = _TRAILING_NUMBER.search(kiosk)
    kiosks = [int(found[1])] if found else list(_KIOSKS)
    return frozenset(number for k in kiosks if k in _KIOSKS for number in ranges.emergency(k))


def fingerprint(request: TicketRequest) -> str:
    """What makes two bodies of one id the same: everything but the time of sending, which every retry changes.

    Hubs of earlier versions wrote it as JSON with its keys in order, so that is what it stays.
    """
    also = f'"also": {_encode(request.also)}, ' if request.also else ""
    needs = f'"needs": {_encode(request.needs)}, ' if request.needs else ""
    origin = f'{{"kiosk": {_text(request.origin.kiosk)}, "seq": {request.origin.seq}}}'
    body = (
        f'{{{also}"id": "{request.id}", "issued_at": {to_ms(request.issued_at)}, "label": {_text(request.label)}, '
        f'"language": {_text(request.language)}, {needs}"origin": {origin}, "printed": {_text(request.printed)}, '
        f'"priority": {_text(request.priority)}, "service": {_text(request.service)}}}'
    )
    return hashlib.sha256(body.encode()).hexdigest()


def _text(text: str | None) -> str:
    return "null" if text is None else encode_basestring_ascii(text)


def _corrected(request: TicketRequest, now_ms: int) -> int:
    issued_ms = to_ms(request.issued_at)
    return issued_ms if request.sent_at is None else issued_ms + now_ms - to_ms(request.sent_at)
