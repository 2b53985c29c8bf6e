"""The kiosks: how each is, which one is silent, and what may be ordered of it; for programs and in a browser."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from central import charts, fleet, sessions
from central.branch_day import day_of
from central.callers import CentreOf, FleetManager, FleetOfficer, Id
from central.centre import Centre
from central.fleet import Fate
from central.pages import Pages, language_of
from central.rejection import not_found
from central.routes.devices import order_command
from central.tables import Branch
from kiosk.link.models import central as wire
from kiosk.link.models.central import BranchName, CommandKind, Wire

router = APIRouter(tags=["fleet"])


class CommandOrder(Wire):
    """What is ordered of a kiosk, from the allow-list."""

    kind: CommandKind


@router.get("/api/v1/fleet/devices")
def devices(centre: CentreOf, _officer: FleetOfficer) -> list[fleet.Kiosk]:
    """Every kiosk by branch, with its last word on its health."""
    return fleet.kiosks(centre)


@router.post("/api/v1/fleet/devices/{device_id}/commands", status_code=201)
def order(device_id: Id, wanted: CommandOrder, centre: CentreOf, officer: FleetManager) -> wire.Command:
    """Order something of a kiosk; it fetches the order itself."""
    made = order_command(centre, device_id, wanted.kind)
    fleet.write_down(centre, officer.name, f"ordered-{wanted.kind}", device_id)
    return made


@router.post("/api/v1/fleet/devices/{device_id}/{fate}")
def decide(device_id: Id, fate: Fate, centre: CentreOf, officer: FleetManager) -> fleet.Kiosk:
    """Let a kiosk in that waits, or refuse it; suspend one, let it work again, or retire it for good."""
    return fleet.decide(centre, device_id, fate, officer.name)


@router.get("/fleet", response_class=Response, include_in_schema=False)
def page(request: Request, centre: CentreOf) -> Response:
    """All kiosks on one page."""
    session = sessions.current(request, centre, "fleet")
    pages: Pages = request.app.state.pages
    kiosks = fleet.kiosks(centre)
    values = {
        "session": session,
        "branches": fleet.by_branch(kiosks),
        "silent": sum(kiosk.silent for kiosk in kiosks),
        "trouble": sum(bool(fleet.alarms(kiosk)) and not kiosk.silent for kiosk in kiosks),
        "total": len(kiosks),
        "waiting": sum(kiosk.state == "pending" for kiosk in kiosks),
        "commands": fleet.COMMANDS,
        "map": charts.tiles([_tile(centre, language_of(request), *group) for group in fleet.by_branch(kiosks)]),
        "alarms": {kiosk.device_id: fleet.alarms(kiosk) for kiosk in kiosks},
    }
    return pages.draw(request, centre, "fleet", values)


@router.get("/fleet/branches/{branch}", response_class=Response, include_in_schema=False)
def branch_day(branch: Id, request: Request, centre: CentreOf, on: Annotated[date | None, Query()] = None) -> Response:
    """One branch's day: tickets, waits and requests."""
    session = sessions.current(request, centre, "fleet")
    day = on or centre.at().date()
    language = language_of(request)
    with centre.store.read() as read:
        found = read.get(Branch, branch)
        if found is None:
            raise not_found("place")
        counted = day_of(centre, read, branch, day)
    values = {
        "session": session,
        "branch": branch,
        "name": found.name_zh if language == "zh" else found.name_en,
        "on": day,
        "day": counted,
        "tickets": charts.bars(counted.tickets_by_hour, centre.text(language, "day.tickets-by-hour")),
        "waits": charts.bars(counted.waits_by_hour, centre.text(language, "day.waits-by-hour")),
        "requests": charts.bars(counted.requests_by_hour, centre.text(language, "day.requests-by-hour")),
    }
    pages: Pages = request.app.state.pages
    return pages.draw(request, centre, "branch_day", values)


def _tile(centre: Centre, language: str, branch: BranchName, kiosks: list[fleet.Kiosk]) -> charts.Tile:
    silent = sum(kiosk.silent for kiosk in kiosks)
    alarms = sum(bool(fleet.alarms(kiosk)) for kiosk in kiosks)
    waiting = sum(kiosk.state == "pending" for kiosk in kiosks)
    tone, sign = ("stop", "✕") if silent else ("warn", "!") if alarms or waiting else ("ok", "✓")
    key = (
        "fleet.silent-n" if silent else "fleet.trouble-n" if alarms else "fleet.waiting-n" if waiting else "fleet.fine"
    )
    said = centre.text(language, key).format(n=silent or alarms or waiting)
    name = branch.name_zh if language == "zh" else branch.name_en
    return charts.Tile(f"/fleet/branches/{branch.id}", name, tone, sign, said)


@router.post("/fleet/devices/{device_id}/command", response_class=Response, include_in_schema=False)
def order_form(
    device_id: Id,
    request: Request,
    centre: CentreOf,
    kind: Annotated[CommandKind, Form()],
    word: Annotated[str, Form()] = "",
) -> Response:
    """Order something from the page."""
    session = sessions.posted(request, centre, "manage", word)
    order_command(centre, device_id, kind)
    fleet.write_down(centre, session.officer.name, f"ordered-{kind}", device_id)
    return RedirectResponse("/fleet", 303)


@router.post("/fleet/devices/{device_id}/{fate}", response_class=Response, include_in_schema=False)
def decide_form(
    device_id: Id, fate: Fate, request: Request, centre: CentreOf, word: Annotated[str, Form()] = ""
) -> Response:
    """The same from the page."""
    session = sessions.posted(request, centre, "manage", word)
    fleet.decide(centre, device_id, fate, session.officer.name)
    return RedirectResponse("/fleet", 303)
