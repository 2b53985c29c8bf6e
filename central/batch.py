"""Files for a city without an interface: requests out, what the office decided back in; both written into the book."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

from sqlalchemy import select

from central import desk, life
from central.centre import Centre
from central.rejection import Rejection
from central.staff import Officer
from central.tables import Request
from kiosk.domain.errors import Refusal
from kiosk.link.models import central as wire
from kiosk.link.models.central import DeskVerb

_COLUMNS = ("reference", "service", "branch", "received_at", "assurance", "registry", "kind", "number", "name")


@dataclass(frozen=True)
class Taken:
    """What became of one line of a file that came back."""

    line: int
    reference: str
    ok: bool
    code: str = ""


def write_out(centre: Centre, file: Path, actor: str, state: str = "submitted") -> int:
    """Write all requests in a state, in clear, to a new file of its owner alone, JSON or CSV by its name; how many.

    Every request in it counts as displayed to `actor`. An existing file is refused: it may hold what was not yet read.
    """
    if file.suffix.lower() not in (".json", ".csv"):
        raise Refusal(f"{file} is neither .json nor .csv")
    with centre.store.read() as session:
        wanted = select(Request.id).where(Request.state == state).order_by(Request.received_at)
        found = session.scalars(wanted).all()
    officer = Officer("batch", actor, "desk")
    rows = [_row(desk.display(centre, request, officer, "exported")) for request in found]
    try:
        with file.open("x", encoding="utf-8", newline="") as out:
            file.chmod(0o600)
            out.write(_as_json(rows) if file.suffix.lower() == ".json" else _as_csv(rows))
    except FileExistsError:
        raise Refusal(f"{file} is there already; give a new name") from None
    except OSError as error:
        raise Refusal(f"{file} cannot be written ({error.strerror})") from error
    return len(rows)


def take_back(centre: Centre, file: Path, actor: str) -> Iterator[Taken]:
    """Take the steps of a file: `reference,verb,reasons,note,ems`, reasons parted by `|`. A bad line stops none."""
    rows = _rows(file)
    if rows and not {"reference", "verb"} <= rows[0].keys():
        raise Refusal(
            f"{file} lacks the columns reference and verb; the first line names reference,verb,reasons,note,ems"
        )
    for number, row in enumerate(rows, 1):
        reference, verb = row.get("reference", "").strip(), row.get("verb", "").strip().replace("_", "-")
        with centre.store.read() as session:
            found = session.scalars(select(Request.id).where(Request.reference == reference)).one_or_none()
        if found is None or verb not in get_args(DeskVerb):
            yield Taken(number, reference[:40], ok=False, code="not-found" if found is None else "verb-unknown")
            continue
        try:
            action = wire.DeskAction(
                reasons=tuple(text.strip() for text in row.get("reasons", "").split("|") if text.strip()),
                note=row.get("note", ""),
                ems=row.get("ems", ""),
            )
            moved = life.move(centre, found, cast(DeskVerb, verb), action, actor)
        except Rejection as rejection:
            yield Taken(number, reference, ok=False, code=rejection.code)
        except ValueError:
            yield Taken(number, reference, ok=False, code="malformed")
        else:
            yield Taken(number, reference, ok=True, code="proposed" if moved.proposed_by else "")


def _row(request: wire.DeskRequest) -> dict[str, Any]:
    row = request.model_dump(mode="json", include=set(_COLUMNS[:6]))
    return row | request.applicant | {"fields": request.fields, "answers": [one.fields for one in request.answers]}


def _as_json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def _as_csv(rows: list[dict[str, Any]]) -> str:
    names = sorted({name for row in rows for name in row["fields"]})
    out = io.StringIO()
    out.write("\ufeff")  # spreadsheets take UTF-8 for something else without it
    writer = csv.writer(out)
    writer.writerow([*_COLUMNS, *names])
    for row in rows:
        cells = [row.get(name, "") for name in _COLUMNS] + [row["fields"].get(name, "") for name in names]
        writer.writerow([_inert(str(cell)) for cell in cells])
    return out.getvalue()


def _inert(cell: str) -> str:
    """A spreadsheet runs what begins like a formula; what a citizen typed must not."""
    return "'" + cell if cell[:1] in "=+-@\t\r" and cell else cell


def _rows(file: Path) -> list[Mapping[str, str]]:
    try:
        text = file.read_text("utf-8-sig")
        if file.suffix.lower() == ".json":
            return [{str(key): str(value) for key, value in row.items()} for row in json.loads(text)]
        return [{key: value or "" for key, value in row.items() if key} for row in csv.DictReader(io.StringIO(text))]
    except OSError as error:
        raise Refusal(f"{file} cannot be read ({(error.strerror or 'error').lower()})") from error
    except (ValueError, AttributeError, TypeError) as error:
        raise Refusal(f"{file} cannot be read ({error}); give CSV or JSON in UTF-8") from error
