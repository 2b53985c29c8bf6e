"""Parts that are made when they are first needed, on the lane that needs them: no page waits for them."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

T = TypeVar("T")


class Late:
    """Stands for a part until it is made; `close` closes it only if it was."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._part: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made(), name)

    def close(self) -> None:
        """Let go of the part, if there is one."""
        with self._lock:
            if self._part is not None:
                self._part.close()

    def _made(self) -> Any:
        with self._lock:
            if self._part is None:
                self._part = self._make()
            return self._part


def late(make: Callable[[], T]) -> T:
    """Give a stand-in for what `make` makes, of the same type to whoever uses it."""
    return cast("T", Late(make))
