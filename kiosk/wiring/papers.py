"""Reads the papers' layouts and texts from the assets folder."""

from pathlib import Path

from kiosk.domain.errors import Refusal
from kiosk.domain.papers import Papers
from kiosk.domain.papers_file import PapersError, read_papers


def load_papers(assets: Path) -> Papers:
    """All layouts and texts under assets/papers; Refusal names every mistake in them."""
    folder = assets / "papers"
    try:
        return read_papers({file.name: file.read_text("utf-8") for file in sorted(folder.glob("*.toml"))})
    except PapersError as error:
        raise Refusal(
            "\n".join(f"{folder / mistake.file}:{mistake.line}: {mistake.message}" for mistake in error.mistakes)
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"the papers in {folder} cannot be read: {error}") from error
