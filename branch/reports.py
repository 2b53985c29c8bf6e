"""PURE: the report of a business day - waits and services by hour, no-shows, who was overtaken, what expired."""

import csv
import io
from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from typing import Any

from branch.moment import from_ms, rfc3339
from branch.stats import PERCENTILES, percentile, report
from branch.ticket import Ticket

HOUR_COLUMNS = (
    "hour", "issued", "called", "no_show",
    *(f"{what}_p{p}_s" for what in ("wait", "service") for p in PERCENTILES),
)  # fmt: skip
_SHOWN = 20


def day_report(
    tickets: Sequence[Ticket], visits: Mapping[str, Mapping[str, Any]], ratings: Sequence[Mapping[str, Any]], day: str
) -> dict[str, Any]:
    """Everything that the supervisor reads of a day."""
    outcomes = Tally(visits.get(t.id, {}).get("outcome") or "done" for t in tickets if t.state == "done")
    expired = [t for t in tickets if t.state == "expired"]
    return {
        "date": day,
        **{key: value for key, value in report(tickets, day, day).items() if key not in {"from", "to"}},
        "hours": _hours(tickets),
        "fairness": fairness(tickets),
        "outcomes": dict(sorted(outcomes.items())),
        "ratings": dict(sorted(Tally(one["level"] for one in ratings).items(), reverse=True)),
        "bad": [one for one in ratings if one["bad"]],
        "expired": [_line(ticket) for ticket in expired],
        "cut_off": sum(ticket.cut_off for ticket in tickets),
    }


def fairness(tickets: Sequence[Ticket]) -> dict[str, Any]:
    """Who waited while later ones of the same service were called, and whether a confirmed priority was the reason.

    A number that was missed, returned or called again says nothing of the first order, and is left out.
    """
    called = sorted(
        (t for t in tickets if t.called_ms is not None and not t.recalls and t.state != "no_show"),
        key=lambda t: t.called_seq or 0,
    )
    overtaken: list[dict[str, Any]] = []
    for index, ticket in enumerate(called):
        faster = [t for t in called[:index] if t.service == ticket.service and t.place > ticket.place]
        if faster:
            plain = sum(not t.priority_confirmed for t in faster)
            overtaken.append({**_line(ticket), "by": len(faster), "without_priority": plain})
    overtaken.sort(key=lambda one: (-one["without_priority"], -one["by"]))
    return {
        "called": len(called),
        "overtaken": len(overtaken),
        "without_priority": sum(one["without_priority"] > 0 for one in overtaken),
        "most": max((one["by"] for one in overtaken), default=0),
        "list": overtaken[:_SHOWN],
    }


def hours_csv(day: Mapping[str, Any]) -> str:
    """The hours of a report as a table."""
    text = io.StringIO()
    table = csv.DictWriter(text, HOUR_COLUMNS, lineterminator="\r\n")
    table.writeheader()
    for row in day["hours"]:
        flat = {name: row[name] for name in ("hour", "issued", "called", "no_show")}
        for what in ("wait", "service"):
            flat |= {f"{what}_p{p}_s": row[f"{what}_s"][f"p{p}"] for p in PERCENTILES}
        table.writerow(flat)
    return text.getvalue()


def _hours(tickets: Sequence[Ticket]) -> list[dict[str, Any]]:
    hours: dict[int, list[Ticket]] = {}
    for ticket in tickets:
        hours.setdefault(from_ms(ticket.issued_ms).hour, []).append(ticket)
    if not hours:
        return []
    return [_hour(hour, hours.get(hour, [])) for hour in range(min(hours), max(hours) + 1)]


def _hour(hour: int, tickets: Sequence[Ticket]) -> dict[str, Any]:
    waits = [(t.called_ms - t.issued_ms) / 1000 for t in tickets if t.called_ms is not None]
    services = [
        (t.ended_ms - t.called_ms) / 1000
        for t in tickets
        if t.state == "done" and t.ended_ms is not None and t.called_ms is not None
    ]
    return {
        "hour": hour,
        "issued": len(tickets),
        "called": len(waits),
        "no_show": sum(t.state == "no_show" for t in tickets),
        "wait_s": {f"p{p}": percentile(waits, p) for p in PERCENTILES},
        "service_s": {f"p{p}": percentile(services, p) for p in PERCENTILES},
    }


def _line(ticket: Ticket) -> dict[str, Any]:
    waited = None if ticket.called_ms is None else round((ticket.called_ms - ticket.issued_ms) / 1000)
    return {
        "label": ticket.label,
        "service": ticket.service,
        "issued_at": rfc3339(ticket.issued_ms),
        "waited_s": waited,
    }
