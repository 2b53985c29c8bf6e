"""The tree of places in a browser: the tree itself, and one place with its draft, its preview and its versions."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.datastructures import FormData

from central import sessions, tree
from central.callers import CentreOf, Id
from central.centre import Centre
from central.editions import LEVELS, Laid, Level
from central.pages import Pages
from central.rejection import Rejection, not_found
from central.tables import Branch

router = APIRouter(include_in_schema=False)

_SWITCH = {"on": True, "off": False}
_RANGES = ("first", "last", "overflow", "emergency_base", "emergency_step", "emergency_size")


async def _form(request: Request) -> FormData:
    return await request.form(max_fields=300, max_files=0)


@router.get("/places", response_class=Response)
def overview(request: Request, centre: CentreOf) -> Response:
    """The whole tree."""
    session = sessions.current(request, centre, "fleet")
    with centre.store.read() as read:
        found = tree.nodes(read)
        today = centre.at().date()
        versions = {node.id: centre.tree.of(read, node.id, today).version for node in found}
    values = {"session": session, "nodes": found, "versions": versions, "levels": LEVELS}
    return _pages(request).draw(request, centre, "places", values)


@router.post("/places", response_class=Response)
def add(
    request: Request,
    centre: CentreOf,
    id_: Annotated[str, Form(alias="id", max_length=64, pattern=r"^[A-Za-z0-9-]+$")],
    name_zh: Annotated[str, Form(min_length=1, max_length=80)],
    level: Annotated[Level, Form()],
    name_en: Annotated[str, Form(max_length=80)] = "",
    parent: Annotated[str, Form(max_length=64)] = "",
    word: Annotated[str, Form()] = "",
) -> Response:
    """Add a place, or change its name and where it stands."""
    session = sessions.posted(request, centre, "manage", word)
    node = Branch(id=id_, name_zh=name_zh, name_en=name_en or name_zh, level=level, parent=parent or None)
    with centre.store.write() as write:
        tree.place(centre.store, write, node, session.officer.name, centre.at())
    return RedirectResponse("/places", 303)


@router.get("/places/{place}", response_class=Response)
def view(place: Id, request: Request, centre: CentreOf) -> Response:
    """One place: what it lays down, what it inherits, its draft beside it."""
    session = sessions.current(request, centre, "fleet")
    return _page(request, centre, session, place)


@router.post("/places/{place}/draft", response_class=Response)
def keep(place: Id, request: Request, centre: CentreOf, form: Annotated[FormData, Depends(_form)]) -> Response:
    """Keep what was written as a draft, and show what it would mean."""
    session = sessions.posted(request, centre, "manage", str(form.get("word", "")))
    try:
        laid = _read(form)
    except (ValidationError, ValueError) as error:
        raise Rejection(422, "malformed", "Some of what was written cannot be; see the page.") from error
    with centre.store.write() as write:
        tree.write_draft(write, centre.catalogue, place, laid, session.officer.name, centre.at())
    return RedirectResponse(f"/places/{place}", 303)


@router.post("/places/{place}/drop", response_class=Response)
def drop(place: Id, request: Request, centre: CentreOf, word: Annotated[str, Form()] = "") -> Response:
    """Throw the draft away."""
    session = sessions.posted(request, centre, "manage", word)
    with centre.store.write() as write:
        tree.drop_draft(write, place, session.officer.name, centre.at())
    return RedirectResponse(f"/places/{place}", 303)


@router.post("/places/{place}/publish", response_class=Response)
def publish(place: Id, request: Request, centre: CentreOf, word: Annotated[str, Form()] = "") -> Response:
    """Put the draft in force."""
    session = sessions.posted(request, centre, "manage", word)
    with centre.store.write() as write:
        tree.publish(centre.store, write, place, session.officer.name, centre.at())
    return RedirectResponse(f"/places/{place}", 303)


@router.post("/places/{place}/rollback", response_class=Response)
def roll_back(
    place: Id,
    request: Request,
    centre: CentreOf,
    version: Annotated[int, Form(ge=1, lt=2**31)],
    word: Annotated[str, Form()] = "",
) -> Response:
    """Put an older version in force again."""
    session = sessions.posted(request, centre, "manage", word)
    with centre.store.write() as write:
        tree.roll_back(centre.store, write, place, version, session.officer.name, centre.at())
    return RedirectResponse(f"/places/{place}", 303)


def _page(request: Request, centre: Centre, session: sessions.Session, place: str) -> Response:
    today = centre.at().date()
    with centre.store.read() as read:
        node = read.get(Branch, place)
        if node is None:
            raise not_found("place")
        drafted, published = tree.draft(read, place), tree.published(read, place)
        shown = drafted or published
        above = tree.way(read, place)[:-1]
        holds = centre.tree.of(read, place, today)
        values = {
            "session": session,
            "node": node,
            "way": [read.get(Branch, one) for one in above],
            "draft": drafted,
            "published": published,
            "laid": Laid.model_validate(shown.content) if shown else Laid(),
            "holds": holds,
            "inherited": centre.tree.of(read, above[-1], today) if above else centre.tree.at_large,
            "preview": centre.tree.preview(read, place, place, today) if drafted else None,
            "history": tree.history(read, place),
            "services": centre.catalogue.services.values(),
        }
    return _pages(request).draw(request, centre, "place", values)


def _read(form: FormData) -> Laid:
    """What the form says; an empty field is inherited."""

    def text(name: str) -> str:
        return str(form.get(name, "")).strip()

    services: dict[str, dict[str, Any]] = {}
    for name in form:
        kind, _, code = name.partition(":")
        value = text(name)
        if kind in ("switch", "fee", "from") and value:
            services.setdefault(code, {})[kind] = value
    ranges = {name: int(text(f"range:{name}")) for name in _RANGES if text(f"range:{name}")}
    return Laid.model_validate(
        {
            "services": {code: _service(said) for code, said in services.items()},
            "hours": text("hours") or None,
            "opens_on": text("opens_on") or None,
            "texts": {tongue: lines for tongue in ("zh", "en") if (lines := _lines(text(f"texts:{tongue}")))},
            "ranges": ranges or None,
            "remark": text("remark")[:200],
        }
    )


def _service(said: dict[str, str]) -> dict[str, Any]:
    return {
        "enabled": _SWITCH.get(said.get("switch", "")),
        "fee_fen": round(float(said["fee"]) * 100) if "fee" in said else None,
        "opens_on": date.fromisoformat(said["from"]) if "from" in said else None,
    }


def _lines(text: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in text.splitlines() if line.strip())
    return {key.strip(): value.strip() for key, _, value in pairs}


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages
