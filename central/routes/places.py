"""The tree of places for programs: see it, shape it, draft, preview, publish, roll back."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field, StringConstraints

from central import tree
from central.callers import CentreOf, FleetManager, FleetOfficer, Id
from central.centre import Centre
from central.editions import Effective, Laid, Level
from central.rejection import not_found
from central.tables import Branch, Edition
from kiosk.link.models.common import PLAIN, Wire

router = APIRouter(prefix="/api/v1/places", tags=["places"])

Name = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=PLAIN)]


class PlaceOrder(Wire):
    """A place as it is to be."""

    name_zh: Name
    name_en: Name
    level: Level = "branch"
    parent: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")] | None = None


class Place(PlaceOrder):
    """A place as it is: the version in force there, and whether somebody works on a draft."""

    id: str
    published: int | None = None
    draft: bool = False


class EditionTold(Wire):
    """One edition: what it lays down, who wrote it and when. A draft has no version."""

    version: int | None
    state: str
    author: str
    at: AwareDatetime
    content: Laid


class PlaceDetail(Wire):
    """A place with its editions."""

    place: Place
    published: EditionTold | None
    draft: EditionTold | None
    history: tuple[EditionTold, ...]


class Holds(Wire):
    """What holds at a place on a day, everything inherited and laid down added up."""

    version: int
    hours: str
    opens_on: date | None
    texts: dict[str, dict[str, str]]
    services: dict[str, dict[str, bool | int | None]]


class Back(Wire):
    """Which version is to hold again."""

    version: int = Field(ge=1, lt=2**31)


@router.get("")
def places(centre: CentreOf, _officer: FleetOfficer) -> list[Place]:
    """All places, each before those below it."""
    with centre.store.read() as session:
        return [_place(node) for node in tree.nodes(session)]


@router.put("/{place}")
def put(place: Id, order: PlaceOrder, centre: CentreOf, officer: FleetManager) -> Place:
    """Add a place or change it; its kiosks and editions stay."""
    with centre.store.write() as session:
        node = Branch(id=place, name_zh=order.name_zh, name_en=order.name_en, level=order.level, parent=order.parent)
        tree.place(centre.store, session, node, officer.name, centre.at())
    return _detail(centre, place).place


@router.get("/{place}")
def read(place: Id, centre: CentreOf, _officer: FleetOfficer) -> PlaceDetail:
    """One place with its editions."""
    return _detail(centre, place)


@router.put("/{place}/draft")
def write(place: Id, laid: Laid, centre: CentreOf, officer: FleetManager) -> EditionTold:
    """Write the draft."""
    with centre.store.write() as session:
        return _told(centre, tree.write_draft(session, centre.catalogue, place, laid, officer.name, centre.at()))


@router.delete("/{place}/draft", status_code=204)
def drop(place: Id, centre: CentreOf, officer: FleetManager) -> None:
    """Throw the draft away."""
    with centre.store.write() as session:
        tree.drop_draft(session, place, officer.name, centre.at())


@router.get("/{place}/preview")
def preview(
    place: Id,
    centre: CentreOf,
    _officer: FleetOfficer,
    on: Annotated[date | None, Query()] = None,
    branch: Annotated[str, Query(max_length=64, pattern=r"^[A-Za-z0-9-]*$")] = "",
) -> Holds:
    """What would hold at the place, or at a branch below it, if the draft were published."""
    with centre.store.read() as session:
        if session.get(Branch, place) is None or (branch and place not in tree.way(session, branch)):
            raise not_found("place")
        return _holds(centre.tree.preview(session, place, branch or place, on or centre.at().date()))


@router.post("/{place}/publish")
def publish(place: Id, centre: CentreOf, officer: FleetManager) -> EditionTold:
    """Put the draft in force; kiosks fetch it at their next look."""
    with centre.store.write() as session:
        return _told(centre, tree.publish(centre.store, session, place, officer.name, centre.at()))


@router.post("/{place}/rollback")
def roll_back(place: Id, back: Back, centre: CentreOf, officer: FleetManager) -> EditionTold:
    """Put an older version in force again, under a new number."""
    with centre.store.write() as session:
        return _told(centre, tree.roll_back(centre.store, session, place, back.version, officer.name, centre.at()))


def _detail(centre: Centre, place: str) -> PlaceDetail:
    with centre.store.read() as session:
        node = session.get(Branch, place)
        if node is None:
            raise not_found("place")
        now, draft = tree.published(session, place), tree.draft(session, place)
        level: Level = node.level  # type: ignore[assignment]
        told = Place(
            id=node.id,
            name_zh=node.name_zh,
            name_en=node.name_en,
            level=level,
            parent=node.parent,
            published=now.version if now else None,
            draft=draft is not None,
        )
        return PlaceDetail(
            place=told,
            published=_told(centre, now) if now else None,
            draft=_told(centre, draft) if draft else None,
            history=tuple(_told(centre, one) for one in tree.history(session, place)),
        )


def _place(node: tree.Node) -> Place:
    return Place(
        id=node.id,
        name_zh=node.name_zh,
        name_en=node.name_en,
        level=node.level,
        parent=node.parent,
        published=node.published,
        draft=node.draft,
    )


def _told(centre: Centre, row: Edition) -> EditionTold:
    laid = Laid.model_validate(row.content)
    return EditionTold(version=row.version, state=row.state, author=row.author, at=centre.local(row.at), content=laid)


def _holds(found: Effective) -> Holds:
    return Holds(
        version=found.version,
        hours=found.hours,
        opens_on=found.opens_on,
        texts={language: dict(texts) for language, texts in found.texts.items()},
        services={
            code: {"enabled": service.enabled, "fee_fen": service.fee_fen}
            for code, service in found.catalogue.services.items()
        },
    )
