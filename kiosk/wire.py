"""Views and touches as JSON lines, for the local socket between core and screen and for `kiosk play`.

Core to screen: `view` (a View and its sequence number), `shoot` (save a picture of the window),
`tap` (press an action with a touch of the window's own).
Screen to core: `hello` (what the window is), `ready` (a View is on the glass), `drawn` (asked for by `ack`), `touch`,
`key` (a window key, only when forwarding is switched on), `shot` (the picture is saved, or why not).

The sequence number belongs to the page as the citizen understands it: core raises it when an action may mean something
else (another view, other answers) and keeps it when only a clock or a countdown moved. A touch carries the number that
was on the glass; core drops one that is not the current number, so a finger never hits what it did not see.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from kiosk.view import models
from kiosk.view.models import View

LINE_LIMIT = 256 * 1024  # bytes a line; a View is a few kilobytes
_BLOCKS = {kind.__name__: kind for kind in get_args(models.Block)}


@dataclass(frozen=True)
class Show:
    """Draw this View; with `ack` the screen answers `Drawn` once it is on the glass."""

    view: View
    seq: int
    ack: bool = False


@dataclass(frozen=True)
class Shoot:
    """Save a PNG of the window as it is now."""

    path: str


@dataclass(frozen=True)
class Tap:
    """Press this action with a touch of the window's own, for demos and benches; a hidden or disabled one is passed."""

    action: str


@dataclass(frozen=True)
class Hello:
    """A screen has connected: size in px, dots an inch, who draws (V3D on a board; llvmpipe is software)."""

    width: int
    height: int
    dpi: float
    renderer: str = ""


@dataclass(frozen=True)
class Ready:
    """The first View of this connection is on the glass."""


@dataclass(frozen=True)
class Drawn:
    """The View of this number is on the glass."""

    seq: int


@dataclass(frozen=True)
class Touch:
    """The citizen touched this action on the View of this number."""

    action: str
    seq: int


@dataclass(frozen=True)
class Key:
    """A key of the window was pressed; forwarded only for tests under Xvfb."""

    name: str


@dataclass(frozen=True)
class Shot:
    """The picture is saved; `error` says why it is not."""

    path: str
    error: str = ""


Message = Show | Shoot | Tap | Hello | Ready | Drawn | Touch | Key | Shot
_TYPES: dict[str, type] = {
    "view": Show,
    "shoot": Shoot,
    "tap": Tap,
    "hello": Hello,
    "ready": Ready,
    "drawn": Drawn,
    "touch": Touch,
    "key": Key,
    "shot": Shot,
}
_NAMES = {kind: name for name, kind in _TYPES.items()}


def view_to_json(view: View) -> dict[str, Any]:
    """Return the View as plain data: the keys of the contract's View line first, then the structured rest."""
    whole: dict[str, Any] = _plain(view)
    first = {
        "view": view.view,
        "title": view.title,
        "lines": list(view.lines),
        "actions": whole["actions"],
        "focus": view.focus,
        "spoken": view.spoken,
        "language": view.language,
    }
    return first | {key: value for key, value in whole.items() if key not in first}


def view_from_json(data: Mapping[str, Any]) -> View:
    """Return the View that `view_to_json` made this from; ValueError says where the data is not one."""
    made: View = _made(View, data, "view")
    return made


def encode(message: Message) -> bytes:
    """Return the message as one line, newline included."""
    data = {"type": _NAMES[type(message)]} | _plain(message)
    if isinstance(message, Show):
        data["view"] = view_to_json(message.view)
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def view_message(view: View, seq: int, *, ack: bool = False) -> bytes:
    """Return the line by which core shows a View."""
    return encode(Show(view, seq, ack))


def touch_message(action: str, seq: int) -> bytes:
    """Return the line by which the screen reports a touch."""
    return encode(Touch(action, seq))


def parse_message(line: bytes | str) -> Message | None:
    """Return the message of a line; None for anything that is not one (too long, broken, unknown), to be ignored."""
    if len(line) > LINE_LIMIT:
        return None
    try:
        data = json.loads(line)
        kind = _TYPES[data.pop("type")]
        message: Message = _made(kind, data, "message")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return message


def _plain(value: Any) -> Any:
    """Return dataclasses as dicts (a block tagged with its kind), tuples as lists."""
    if is_dataclass(value) and not isinstance(value, type):
        kind = type(value).__name__
        tag = {"block": kind} if kind in _BLOCKS else {}
        return tag | {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return {name: hint for name, hint in get_type_hints(kind).items() if name in {field.name for field in fields(kind)}}


def _made(kind: Any, value: Any, where: str) -> Any:
    """Return the value as that type of the model; unknown keys are passed over, so that an older screen still draws."""
    origin = get_origin(kind)
    if is_dataclass(kind):
        return _record(kind, value, where)
    if origin is tuple:
        if not isinstance(value, list):
            raise ValueError(f"{where} is not a list")
        return tuple(_made(get_args(kind)[0], item, f"{where}[{index}]") for index, item in enumerate(value))
    if origin is Literal:
        if value not in get_args(kind):
            raise ValueError(f"{where} has no meaning: {value!r}")
        return value
    if origin in (Union, UnionType):
        return _either(kind, value, where)
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise ValueError(f"{where} is not a {getattr(kind, '__name__', kind)}")
    return value


def _record(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise ValueError(f"{where} is not an object")
    try:
        return kind(
            **{
                name: _made(hint, value[name], f"{where}.{name}")
                for name, hint in _hints(kind).items()
                if name in value
            }
        )
    except TypeError as error:
        raise ValueError(f"{where} is not complete: {error}") from None


def _either(kind: Any, value: Any, where: str) -> Any:
    if value is None:
        if type(None) in get_args(kind):
            return None
        raise ValueError(f"{where} is missing")
    if kind == models.Block:
        name = value.get("block") if isinstance(value, Mapping) else None
        if name not in _BLOCKS:
            raise ValueError(f"{where} is no block that this screen knows: {name!r}")
        return _record(_BLOCKS[name], value, where)
    inner = next(part for part in get_args(kind) if part is not type(None))
    return _made(inner, value, where)
