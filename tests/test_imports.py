"""The arrows of the design: who may import whom, read from every file with ast, and shown to bite."""

import ast
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

OURS = ("kiosk", "drivers", "screens", "branch", "central")

EFFECTS = {
    "asyncio", "concurrent", "fcntl", "glob", "http", "io", "logging", "multiprocessing", "os", "pathlib", "queue",
    "random", "sched", "secrets", "select", "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess", "tempfile",
    "threading", "time", "urllib",
}  # fmt: skip
"""Parts of the standard library that read a clock or a file, start a thread, roll dice or write a log."""

WEB = {
    "alembic",
    "babel",
    "fastapi",
    "jinja2",
    "markupsafe",
    "prometheus_client",
    "psycopg",
    "pydantic",
    "pydantic_core",
    "segno",
    "sqlalchemy",
}
WEB |= {"starlette", "uvicorn", "anyio", "multipart"}
CRYPTO = {"cryptography", "http_message_signatures", "http_sf"}
HARDWARE = {"PIL", "cv2", "escpos", "evdev", "numpy", "picamera2", "pyzbar", "segno", "serial", "usb", "zxingcpp"}


@dataclass(frozen=True)
class Rule:
    """What a folder may import: of ours (and what lies below), of others; `pure` ones keep off EFFECTS too."""

    ours: tuple[str, ...] = ()
    libraries: set[str] = field(default_factory=set)
    pure: bool = False


PURE = ("kiosk.core", "kiosk.domain", "kiosk.view")

# The longest name that fits a module decides. A folder may always import itself.
RULES = {
    "kiosk": Rule(),
    "kiosk.core": Rule(("kiosk.domain",), pure=True),
    "kiosk.domain": Rule((), {"stdnum", "holidays", "packaging"}, pure=True),
    "kiosk.view": Rule(("kiosk.core", "kiosk.domain"), pure=True),
    "kiosk.wire": Rule(PURE, pure=True),
    "kiosk.config": Rule((*PURE, "kiosk.settings_file", "kiosk.settings_fittings", "kiosk.settings_hall")),
    "kiosk.settings_page": Rule((*PURE, "kiosk.config", "kiosk.settings_file")),
    "kiosk.settings_hall": Rule((*PURE, "kiosk.settings_file")),
    "kiosk.settings_fittings": Rule((*PURE, "kiosk.settings_file")),
    "kiosk.settings_file": Rule(PURE, pure=True),
    # The engine holds the core's end of the local socket, whose words are kiosk.wire.
    "kiosk.engine": Rule((*PURE, "kiosk.wire"), {"requests", "sqlalchemy"} | CRYPTO),
    # The links satisfy the engine's ports, so they speak its words and nothing else of it.
    "kiosk.link": Rule((*PURE, "kiosk.engine.ports"), {"requests", "urllib3", "pydantic"} | CRYPTO),
    # The models are shared with both servers: they know nothing of the kiosk.
    "kiosk.link.models": Rule(("kiosk.domain",), {"pydantic"}),
    "kiosk.ops": Rule((*PURE, "kiosk.engine", "kiosk.link"), {"requests", "psutil"} | CRYPTO),
    # The demo takes pictures of pages where a browser and playwright are installed, and makes numbers that check.
    "kiosk.wiring": Rule(OURS, {*WEB, *CRYPTO, *HARDWARE, "requests", "platformdirs", "kivy", "playwright", "stdnum"}),
    "kiosk.__main__": Rule(("kiosk.domain.errors", "kiosk.wiring"), {"platformdirs"}),
    "drivers": Rule(("kiosk.domain",), HARDWARE),
    # A QR code on a page is drawn from segno's modules; it does no I/O.
    "screens": Rule(("kiosk.view.models", "kiosk.wire"), {"kivy", "segno"}),
    # The fit runs at night in a process of its own; the hub itself never imports it.
    "branch.fit": Rule(("branch",), {"highspy", "numpy"}),
    "branch": Rule(("kiosk.domain", "kiosk.link.models"), WEB),
    # Check digits of the people that its demonstration register makes up.
    "central": Rule(("kiosk.domain", "kiosk.link.models"), WEB | CRYPTO | {"stdnum"}),
}


def forbidden(tree: Path) -> list[str]:
    """Every import of a tree that its rule does not allow, as `file:line: module may not import other`."""
    return [line for top in OURS for file in sorted((tree / top).rglob("*.py")) for line in forbidden_in(file, tree)]


def forbidden_in(file: Path, tree: Path) -> list[str]:
    """The same for one file."""
    module = _module(file.relative_to(tree))
    return [
        f"{file.relative_to(tree)}:{line}: {module} may not import {other}"
        for line, other in _imports(file, module, tree)
        if not _allowed(module, other)
    ]


def _module(file: Path) -> str:
    return ".".join(file.with_suffix("").parts).removesuffix(".__init__")


def _imports(file: Path, module: str, tree: Path) -> Iterator[tuple[int, str]]:
    package = module.split(".") if file.name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])
            # `from kiosk import config` imports kiosk.config; `from kiosk import __version__` only kiosk.
            for alias in node.names:
                inner = tree.joinpath(*base.split("."), alias.name)
                yield (
                    node.lineno,
                    f"{base}.{alias.name}" if inner.is_dir() or inner.with_suffix(".py").exists() else base,
                )


def _within(name: str, folder: str) -> bool:
    return name == folder or name.startswith(f"{folder}.")


def _allowed(module: str, other: str) -> bool:
    folder = max((name for name in RULES if _within(module, name)), key=len)
    rule = RULES[folder]
    top = other.partition(".")[0]
    if top in OURS:
        own = folder if folder != "kiosk" else module
        # `import kiosk` alone gives the version and nothing else.
        return other == "kiosk" or _within(other, own) or any(_within(other, name) for name in rule.ours)
    if top in sys.stdlib_module_names:
        return not (rule.pure and top in EFFECTS)
    return top in rule.libraries


def test_every_import_follows_the_design(tree: Path) -> None:
    assert forbidden(tree) == []


@pytest.fixture(scope="module")
def copy(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree to plant arrows in."""
    folder = tmp_path_factory.mktemp("tree")
    for top in OURS:
        shutil.copytree(tree / top, folder / top, ignore=shutil.ignore_patterns("__pycache__", "*.kv"))
    (folder / "kiosk/link/signing.py").touch()
    return folder


@pytest.mark.parametrize(
    ("file", "planted"),
    [
        ("kiosk/core/state.py", "import kivy"),
        ("kiosk/core/state.py", "from kivy.clock import Clock"),
        ("kiosk/core/state.py", "import logging"),
        ("kiosk/core/flows/__init__.py", "from time import time"),
        ("kiosk/core/state.py", "from kiosk import engine"),
        ("kiosk/core/state.py", "from ..engine import ports"),
        ("kiosk/domain/ticket.py", "import requests"),
        ("kiosk/domain/ticket.py", "from kiosk.core import state"),
        ("kiosk/view/models.py", "import threading"),
        ("kiosk/engine/ports.py", "from drivers import device"),
        ("kiosk/engine/ports.py", "import serial"),
        ("kiosk/engine/ports.py", "from kiosk.wiring import places"),
        ("kiosk/link/models/__init__.py", "from kiosk.engine import ports"),
        ("drivers/device.py", "from kiosk.engine import ports"),
        ("drivers/device.py", "import kivy"),
        ("screens/__init__.py", "import kiosk.core.state"),
        ("screens/__init__.py", "from kiosk import view"),
        ("screens/__init__.py", "import requests"),
        ("branch/__init__.py", "import central"),
        ("branch/__init__.py", "from kiosk.link import signing"),
        ("central/__init__.py", "import branch.store"),
    ],
)
def test_a_planted_arrow_is_found(copy: Path, file: str, planted: str) -> None:
    clean = (copy / file).read_text("utf-8")
    (copy / file).write_text(f"{clean}\n{planted}\n", "utf-8")
    found = forbidden_in(copy / file, copy)
    (copy / file).write_text(clean, "utf-8")
    assert len(found) == 1, found


def test_kivy_in_the_core_fails_the_whole_check(copy: Path) -> None:
    with (copy / "kiosk/core/state.py").open("a", encoding="utf-8") as stream:
        stream.write("\nimport kivy\n")
    (found,) = forbidden(copy)
    assert found.startswith("kiosk/core/state.py:")
    assert found.endswith(": kiosk.core.state may not import kivy")


def test_every_folder_of_ours_has_a_rule(tree: Path) -> None:
    folders = {path.parent.relative_to(tree).as_posix().replace("/", ".") for path in (tree / "kiosk").glob("*/*.py")}
    assert folders <= set(RULES)


def test_only_the_command_and_the_tests_import_the_wiring(tree: Path) -> None:
    for top in OURS:
        for file in (tree / top).rglob("*.py"):
            module = _module(file.relative_to(tree))
            if not _within(module, "kiosk.wiring") and module != "kiosk.__main__":
                assert not any(_within(other, "kiosk.wiring") for _, other in _imports(file, module, tree)), file


def test_nothing_pure_asks_for_the_time(tree: Path) -> None:
    asked = [
        f"{file.relative_to(tree)}:{node.lineno}"
        for name in PURE
        for file in sorted(tree.joinpath(*name.split(".")).rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today") and _is_a_clock(node.value)
    ]
    assert asked == []


def _is_a_clock(node: ast.expr) -> bool:
    return ast.unparse(node) in ("datetime", "date", "datetime.datetime", "datetime.date")
