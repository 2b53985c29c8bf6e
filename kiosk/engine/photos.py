"""Pictures of documents while their session lasts: in this process's memory, with previews the screen may read."""

import contextlib
import hashlib
import os
import secrets
import threading
from pathlib import Path

from kiosk.domain.photo import Photograph

_SHARED = Path("/dev/shm")  # noqa: S108 - memory, not disk: nothing of it outlives the machine
_SUFFIX = ".jpg"


class Photos:
    """Keeps pictures by id and forgets them; from any thread. `folder` is where previews may lie, None: nowhere.

    The folder belongs to this one kiosk: what an earlier process left in it is removed at the start. With `shared`
    the account's group, to which the screen belongs, may read in it; nobody else ever may.
    """

    def __init__(self, folder: Path | None = None, *, shared: bool = False) -> None:
        self._mode = 0o640 if shared else 0o600
        self._kept: dict[str, bytearray] = {}
        self._previews: dict[str, Path] = {}
        self._lock = threading.Lock()
        self._folder = folder if folder is not None and _made(folder, 0o750 if shared else 0o700) else None
        if self._folder is not None:
            for left in self._folder.glob(f"*{_SUFFIX}"):
                _removed(left)

    @property
    def shows(self) -> bool:
        """Whether there is a folder in which the screen may find pictures."""
        return self._folder is not None

    def keep(self, ref: str, photograph: Photograph) -> str:
        """Keep a good picture under an id; gives the path of its preview, empty where there is none."""
        with self._lock:
            self._kept[ref] = bytearray(photograph.jpeg)
            return self._shown(ref, photograph.preview)

    def get(self, ref: str) -> bytes | None:
        """The picture of an id, None when it is forgotten."""
        with self._lock:
            kept = self._kept.get(ref)
            return None if kept is None else bytes(kept)

    def wipe(self, *refs: str) -> None:
        """Forget these pictures: overwritten in memory, their previews removed. Unknown ids are nothing to forget."""
        with self._lock:
            for ref in refs:
                kept = self._kept.pop(ref, None)
                if kept is not None:
                    kept[:] = bytes(len(kept))
                preview = self._previews.pop(ref, None)
                if preview is not None:
                    _removed(preview)

    def close(self) -> None:
        """Forget all."""
        self.wipe(*self._kept, *self._previews)
        if self._folder is not None:
            with contextlib.suppress(OSError):
                self._folder.rmdir()

    def _shown(self, ref: str, preview: bytes) -> str:
        if self._folder is None or not preview:
            return ""
        path = self._folder / (secrets.token_hex(8) + _SUFFIX)
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with os.fdopen(file, "wb") as out:
                os.fchmod(out.fileno(), self._mode)  # the service's umask would keep its group out
                out.write(preview)
        except OSError:
            # Full or gone: she is told of her picture in words alone.
            _removed(path)
            return ""
        self._previews[ref] = path
        return str(path)


def preview_folder(state: Path) -> Path | None:
    """Where the previews of the kiosk with this state folder may lie; None on a machine without shared memory."""
    if not _SHARED.is_dir():
        return None
    mark = hashlib.sha256(str(state.resolve()).encode()).hexdigest()[:12]
    return _SHARED / f"kiosk-{mark}"


def _made(folder: Path, mode: int) -> bool:
    """Make it with these rights; one that somebody else made, or made more open, is not used."""
    try:
        if not folder.exists():
            folder.mkdir(mode=0o700)
            folder.chmod(mode)
        found = folder.lstat()
    except OSError:
        return False
    ours = folder.is_dir() and not folder.is_symlink() and found.st_uid == os.getuid()
    return ours and not found.st_mode & 0o777 & ~mode


def _removed(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
