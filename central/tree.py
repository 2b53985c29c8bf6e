"""The tree of places: which one stands under which, what each lays down - as a draft, published, or taken back."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from central import staff
from central.editions import LEVELS, Effective, Laid, Level, add_up, unknown
from central.rejection import Rejection, not_found
from central.store import Store
from central.tables import Branch, Edition
from central.tables import Sequence as Counter
from kiosk.domain.catalogue import Catalogue

_TURNS = "tree"
_VERSIONS = "edition"
TURN = select(Counter.n).where(Counter.name == _TURNS).scalar_subquery()
"""Goes up with every change of the tree; nothing there yet is turn 0."""
_KEPT = 2_000  # branches whose settings are remembered


@dataclass(frozen=True)
class Node:
    """One place with what is below it, and the version that holds there."""

    id: str
    name_zh: str
    name_en: str
    level: Level
    parent: str | None
    depth: int
    published: int | None
    draft: bool


class Tree:
    """Settings by branch, remembered until anything in the tree changes."""

    def __init__(self, base: Catalogue) -> None:
        self._base = base
        self.at_large = add_up(base, (), date.min)
        self._guard = Lock()
        self._turn = -1
        self._known: OrderedDict[tuple[str, date], Effective] = OrderedDict()

    def of(self, session: Session, branch: str, day: date) -> Effective:
        """What holds at a place on a day."""
        turn = session.scalar(select(TURN)) or 0
        return self.known(turn, branch, day) or self._learn(session, turn, branch, day)

    def at(self, store: Store, turn: int, branch: str, day: date) -> Effective:
        """The same for who has read the turn (`TURN`) along with something else."""
        found = self.known(turn, branch, day)
        if found is None:
            with store.read() as session:
                found = self._learn(session, turn, branch, day)
        return found

    def known(self, turn: int, branch: str, day: date) -> Effective | None:
        """What is remembered; a turn that has changed forgets everything."""
        with self._guard:
            if turn != self._turn:
                self._known.clear()
                self._turn = turn
            return self._known.get((branch, day))

    def _learn(self, session: Session, turn: int, branch: str, day: date) -> Effective:
        found = add_up(self._base, _laid(session, way(session, branch)), day)
        with self._guard:
            if turn == self._turn:
                self._known[branch, day] = found
                while len(self._known) > _KEPT:
                    self._known.popitem(last=False)
        return found

    def preview(self, session: Session, place: str, branch: str, day: date) -> Effective:
        """What would hold at `branch` if the draft of `place` were published."""
        drafted = draft(session, place)
        laid = []
        for one in way(session, branch):
            if one == place and drafted is not None:
                laid.append((drafted.id, Laid.model_validate(drafted.content)))
            else:
                laid += _laid(session, [one])
        return add_up(self._base, laid, day)


def way(session: Session, place: str) -> list[str]:
    """From the root down to a place."""
    steps: list[str] = []
    at: str | None = place
    while at is not None and at not in steps and len(steps) < len(LEVELS):
        steps.insert(0, at)
        found = session.get(Branch, at)
        at = found.parent if found else None
    return steps


def nodes(session: Session) -> list[Node]:
    """All places in the order in which a tree is drawn."""
    rows = session.scalars(select(Branch).order_by(Branch.id)).all()
    states = session.execute(select(Edition.place, Edition.state, Edition.version).where(Edition.state != "older"))
    published: dict[str, int | None] = {}
    drafts = set()
    for edition in states:
        if edition.state == "draft":
            drafts.add(edition.place)
        else:
            published[edition.place] = edition.version
    below: dict[str | None, list[Branch]] = {}
    ids = {row.id for row in rows}
    for row in rows:
        below.setdefault(row.parent if row.parent in ids else None, []).append(row)
    found: list[Node] = []

    def walk(parent: str | None, depth: int) -> None:
        for row in below.get(parent, ()):
            level: Level = row.level if row.level in LEVELS else "branch"
            found.append(
                Node(
                    row.id, row.name_zh, row.name_en, level, row.parent, depth, published.get(row.id), row.id in drafts
                )
            )
            walk(row.id, depth + 1)

    walk(None, 0)
    return found


def place(store: Store, session: Session, node: Branch, actor: str, now: datetime) -> Branch:
    """Add a place or change its name, level or parent; Rejection (422) where the tree would not be one."""
    known = session.get(Branch, node.id)
    parent = session.get(Branch, node.parent) if node.parent else None
    if node.parent and parent is None:
        raise Rejection(422, "parent-unknown", "There is no such place to stand under.")
    if parent is not None and LEVELS.index(parent.level) >= LEVELS.index(node.level):
        raise Rejection(422, "level-order", "A place stands under one of a higher level.")
    if known is None:
        session.add(node)
        known = node
    else:
        children = session.scalars(select(Branch.level).where(Branch.parent == node.id)).all()
        if any(LEVELS.index(node.level) >= LEVELS.index(level) for level in children):
            raise Rejection(422, "level-order", "A place stands above those of a lower level.")
        known.name_zh, known.name_en, known.level, known.parent = node.name_zh, node.name_en, node.level, node.parent
    session.flush()
    store.next(session, _TURNS)
    staff.write_down(session, now, actor, "placed", node.id)
    return known


def draft(session: Session, place_id: str) -> Edition | None:
    """The draft of a place, if somebody works on one."""
    return _edition(session, place_id, "draft")


def published(session: Session, place_id: str) -> Edition | None:
    """The edition in force at a place."""
    return _edition(session, place_id, "published")


def history(session: Session, place_id: str) -> Sequence[Edition]:
    """All published editions of a place, the newest first."""
    wanted = select(Edition).where(Edition.place == place_id, Edition.state != "draft")
    return session.scalars(wanted.order_by(Edition.version.desc())).all()


def write_draft(session: Session, base: Catalogue, place_id: str, laid: Laid, actor: str, now: datetime) -> Edition:
    """Keep a draft; nothing of it holds anywhere yet. Rejection (422) for services that do not exist."""
    _known(session, place_id)
    wrong = unknown(base, laid)
    if wrong:
        raise Rejection(422, "service-unknown", f"There is no service {', '.join(wrong)}.")
    found = draft(session, place_id)
    content = laid.model_dump(mode="json", exclude_none=True)
    if found is None:
        found = Edition(place=place_id, state="draft", content=content, author=actor, at=now, note=laid.remark)
        session.add(found)
    else:
        found.content, found.author, found.at, found.note = content, actor, now, laid.remark
    staff.write_down(session, now, actor, "drafted", place_id)
    session.flush()
    return found


def drop_draft(session: Session, place_id: str, actor: str, now: datetime) -> None:
    """Throw a draft away; none is as good as thrown away."""
    found = draft(session, place_id)
    if found is not None:
        session.delete(found)
        staff.write_down(session, now, actor, "draft-dropped", place_id)


def publish(store: Store, session: Session, place_id: str, actor: str, now: datetime) -> Edition:
    """Put the draft in force with the next version; Rejection (409) without one."""
    found = draft(session, place_id)
    if found is None:
        raise Rejection(409, "no-draft", "There is no draft to publish.")
    _set_aside(session, place_id)
    found.state, found.version, found.author, found.at = "published", _version(store, session), actor, now
    session.flush()
    store.next(session, _TURNS)
    staff.write_down(session, now, actor, "published", f"{place_id} {found.version}")
    return found


def roll_back(store: Store, session: Session, place_id: str, version: int, actor: str, now: datetime) -> Edition:
    """Put what an older version said in force again, under a new one: versions only ever go up."""
    older = session.scalars(select(Edition).where(Edition.place == place_id, Edition.version == version)).one_or_none()
    if older is None:
        raise not_found("version of this place")
    _set_aside(session, place_id)
    again = Edition(
        place=place_id,
        state="published",
        version=_version(store, session),
        content=older.content,
        author=actor,
        at=now,
        note=f"= {version}",
    )
    session.add(again)
    session.flush()
    store.next(session, _TURNS)
    staff.write_down(session, now, actor, "rolled-back", f"{place_id} {version}")
    return again


def _version(store: Store, session: Session) -> int:
    # 1 is the configuration without any edition, which every kiosk starts with.
    return store.next(session, _VERSIONS) + 1


def _set_aside(session: Session, place_id: str) -> None:
    before = published(session, place_id)
    if before is not None:
        before.state = "older"
        session.flush()


def _laid(session: Session, places: Sequence[str]) -> list[tuple[int, Laid]]:
    rows = session.scalars(select(Edition).where(Edition.place.in_(places), Edition.state == "published")).all()
    by_place = {row.place: row for row in rows}
    return [
        (by_place[one].version or 1, Laid.model_validate(by_place[one].content)) for one in places if one in by_place
    ]


def _edition(session: Session, place_id: str, state: str) -> Edition | None:
    return session.scalars(select(Edition).where(Edition.place == place_id, Edition.state == state)).one_or_none()


def _known(session: Session, place_id: str) -> None:
    if session.get(Branch, place_id) is None:
        raise not_found("place")
