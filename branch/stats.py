"""PURE: the figures of some business days - waits, services and no-shows, by service and by counter."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from branch.ticket import Ticket

PERCENTILES = (50, 80, 95)
COLUMNS = (
    "by", "key", "issued", "served", "no_show", "void", "expired",
    *(f"{what}_p{p}_s" for what in ("wait", "service") for p in PERCENTILES),
)  # fmt: skip


def report(tickets: Sequence[Ticket], first: str, last: str) -> dict[str, Any]:
    """Give the figures; a percentile of nothing is None, never nought."""
    return {
        "from": first,
        "to": last,
        "total": _figures(tickets),
        "services": _by(tickets, lambda ticket: ticket.service, "service"),
        "counters": _by([t for t in tickets if t.counter is not None], lambda ticket: ticket.counter, "counter"),
    }


def to_csv(figures: dict[str, Any]) -> str:
    """The same figures as a table, one line a service and counter."""
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    table.writeheader()
    lines = [("total", "", figures["total"])]
    lines += [("service", row["service"], row) for row in figures["services"]]
    lines += [("counter", row["counter"], row) for row in figures["counters"]]
    for by, key, row in lines:
        flat = {name: row[name] for name in ("issued", "served", "no_show", "void", "expired")}
        for what in ("wait", "service"):
            flat |= {f"{what}_p{p}_s": row[f"{what}_s"][f"p{p}"] for p in PERCENTILES}
        table.writerow({"by": by, "key": key, **flat})
    return text.getvalue()


def percentile(values: Sequence[float], share: int) -> float | None:
    """The smallest value that `share` per cent of the values do not exceed; None of none."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def _by(tickets: Iterable[Ticket], key: Callable[[Ticket], Any], name: str) -> list[dict[str, Any]]:
    groups: dict[Any, list[Ticket]] = {}
    for ticket in tickets:
        groups.setdefault(key(ticket), []).append(ticket)
    return [{name: value, **_figures(groups[value])} for value in sorted(groups)]


def _figures(tickets: Sequence[Ticket]) -> dict[str, Any]:
    waits = [(t.called_ms - t.issued_ms) / 1000 for t in tickets if t.called_ms is not None]
    services = [
        (t.ended_ms - (t.started_ms or t.called_ms)) / 1000
        for t in tickets
        if t.state == "done" and t.ended_ms is not None and t.called_ms is not None
    ]
    return {
        "issued": len(tickets),
        "served": sum(t.state == "done" for t in tickets),
        "no_show": sum(t.state == "no_show" for t in tickets),
        "void": sum(t.state == "void" for t in tickets),
        "expired": sum(t.state == "expired" for t in tickets),
        "wait_s": {f"p{p}": percentile(waits, p) for p in PERCENTILES},
        "service_s": {f"p{p}": percentile(services, p) for p in PERCENTILES},
    }
