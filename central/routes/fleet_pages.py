"""The kiosks: how each is, which one is silent, and what may be ordered of it; for programs and in a browser."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from central import fleet, sessions
from central.callers import CentreOf, FleetManager, FleetOfficer, Id
from central.pages import Pages
from central.routes.devices import order_command
from kiosk.link.models import central as wire
from kiosk.link.models.central import CommandKind, Wire

router = APIRouter(tags=["fleet"])

Fate = Literal["suspend", "resume", "retire"]


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
    """Suspend a kiosk, let it work again, or retire it for good."""
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
        "trouble": sum(bool(kiosk.trouble) for kiosk in kiosks),
        "total": len(kiosks),
        "commands": fleet.COMMANDS,
    }
    return pages.draw(request, centre, "fleet", values)


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
    """Suspend, resume or retire from the page."""
    session = sessions.posted(request, centre, "manage", word)
    fleet.decide(centre, device_id, fate, session.officer.name)
    return RedirectResponse("/fleet", 303)
