"""Where things lie: assets, catalogue, texts, and the state folder with the tokens in it."""

import functools
import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.domain.errors import Refusal

if TYPE_CHECKING:
    from kiosk.domain.catalogue import Catalogue
    from kiosk.domain.pinyin import Table

SOCKET = "screen.sock"
"""Where core and screen meet, in the state folder."""

LOCALES = {"zh": "zh_CN", "en": "en"}
"""The folder under assets/locale of each language code."""

CATALOGUE = ("catalogue", "information")
"""The folders under assets whose files together make the catalogue."""


def assets() -> Path:
    """The assets folder: beside the packages in a source tree, else where the installed package put it."""
    beside = Path(__file__).resolve().parents[2] / "assets"
    for folder in (beside, Path(sys.prefix) / "share" / "kiosk" / "assets"):
        if folder.is_dir():
            return folder
    raise Refusal("the assets folder is missing; install the kiosk package again, or run from its source tree")


def font(weight: str = "Regular") -> Path:
    """The kiosk's font file of a weight: Regular, Bold or Black."""
    return assets() / "fonts" / f"NotoSansSC-{weight}.ttf"


def catalogue() -> "Catalogue":
    """The service catalogue of assets/catalogue; Refusal names every mistake in it."""
    return _read(tuple(catalogue_sources().items()))


@functools.lru_cache(maxsize=1)
def _read(sources: "tuple[tuple[str, str], ...]") -> "Catalogue":
    """The same text is the same catalogue: hub, centre and kiosk of one process read it once."""
    from kiosk.domain.catalogue_file import read_catalogue

    return read_catalogue(dict(sources))


def catalogue_sources() -> dict[str, str]:
    """Name and text of each file of the catalogue and of the information pages, in order of their names."""
    files = sorted(file for folder in CATALOGUE for file in (assets() / folder).glob("*.toml"))
    if not files:
        raise Refusal("assets/catalogue holds no .toml file; install the kiosk package again")
    return {str(file): file.read_text("utf-8") for file in files}


def pinyin() -> "Table":
    """The table by which Chinese is typed."""
    from kiosk.domain.pinyin import read_table

    return read_table((assets() / "pinyin" / "table.txt").read_text("utf-8"))


def texts(language: str, domain: str = "kiosk") -> dict[str, str]:
    """Every text of a language by its dotted key, read from the .po catalogue; untranslated ones are left out."""
    from babel.messages.pofile import read_po

    folder = assets() / "locale" / LOCALES.get(language, language) / "LC_MESSAGES"
    try:
        with (folder / f"{domain}.po").open("rb") as file:
            messages = read_po(file, abort_invalid=True)
    except FileNotFoundError as error:
        raise Refusal(f"there are no texts in {language!r}; languages lie under assets/locale") from error
    return {
        message.id: message.string
        for message in messages
        if isinstance(message.id, str) and message.id and isinstance(message.string, str) and message.string
    }


def open_state(path: Path) -> Path:
    """Make the state folder where it is missing, readable by its owner alone, and prove that it can be written."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = path / f".probe-{os.getpid()}-{secrets.token_hex(4)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise Refusal(
            f"the state folder {path} cannot be written ({why}); give another with --state, or make it yours"
        ) from error
    return path


def token_file(state: Path, name: str) -> Path:
    """Where a token lies on this machine, e.g. `kiosk` for the kiosk's own token at the hub beside it."""
    return state / "tokens" / name


def read_token(state: Path, name: str) -> str:
    """The token stored under a name, or the empty string."""
    try:
        return token_file(state, name).read_text("utf-8").strip()
    except FileNotFoundError:
        return ""


def write_token(state: Path, name: str, token: str) -> None:
    """Store a token for its owner's eyes only, whole or not at all."""
    file = token_file(state, name)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".{name}-{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(token + "\n", "utf-8")
    draft.replace(file)
