"""The fingerprint of a press: what earlier hubs stored is found again, whatever was said with the ticket."""

import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from branch.moment import to_ms
from branch.orders import fingerprint
from kiosk.link.models.branch import TicketRequest

WORD = st.from_regex(r"[A-Za-z0-9_-]{1,16}", fullmatch=True)


@st.composite
def presses(draw: st.DrawFn) -> TicketRequest:
    maybe = {
        "priority": draw(st.none() | st.from_regex(r"[a-z0-9_-]{1,32}", fullmatch=True)),
        "label": draw(st.none() | st.from_regex(r"[A-Z][0-9]{3,6}", fullmatch=True)),
        "printed": draw(st.none() | st.sampled_from(["status", "none"])),
        "needs": draw(st.lists(st.sampled_from(["guide", "hearing"]), max_size=3)),
        "also": draw(st.lists(WORD, max_size=4)),
    }
    return TicketRequest.model_validate(
        {
            "id": draw(st.uuids()), "service": draw(WORD), "language": "zh",
            "origin": {"kiosk": draw(WORD), "seq": draw(st.integers(0, 2**53))},
            "issued_at": draw(st.datetimes()).strftime("%Y-%m-%dT%H:%M:%S+08:00").rjust(25, "0"), **maybe,
        }
    )  # fmt: skip


@given(presses())
def test_it_is_the_hash_of_the_body_as_ordered_json(press: TicketRequest) -> None:
    body: dict[str, object] = {
        "id": str(press.id), "service": press.service, "language": press.language, "priority": press.priority,
        "origin": {"kiosk": press.origin.kiosk, "seq": press.origin.seq}, "issued_at": to_ms(press.issued_at),
        "label": press.label, "printed": press.printed,
    }  # fmt: skip
    body |= {name: value for name, value in (("needs", press.needs), ("also", press.also)) if value}
    assert fingerprint(press) == hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
