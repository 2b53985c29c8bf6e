"""Writes a file whole or not at all, for its owner's eyes only."""

import os
import secrets
from pathlib import Path

from kiosk.domain.errors import Refusal


def write_whole(file: Path, content: bytes) -> None:
    """Write; after a power failure the old file or the new one is there, whole. Refusal says what to mend."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
            draft.replace(file)
            os.fsync(out.fileno())  # FAT gives a renamed file its size only with the file itself; a stick may be pulled
        settle_folder(file.parent)
    except OSError as error:
        draft.unlink(missing_ok=True)
        why = (error.strerror or str(error)).lower()
        raise Refusal(f"{file} cannot be written ({why}); check the state folder") from error


def remove(file: Path) -> None:
    """Delete a file for good, also after a power failure; one that is not there is gone already."""
    file.unlink(missing_ok=True)
    settle_folder(file.parent)


def settle_folder(folder: Path) -> None:
    """Make names in a folder durable, not only the bytes of its files."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> Path:
    """Make a folder of its owner alone where there is none; Refusal says what to mend."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise Refusal(f"the folder {folder} cannot be written ({why}); give another with --state") from error
    return folder
