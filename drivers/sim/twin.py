"""What the twins on a pseudo-terminal share: a node that can be unplugged, a condition, and a thread that lives it."""

import threading
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Generic, TypeVar

from drivers.sim.node import PtyNode

C = TypeVar("C", bound=str)


class PtyTwin(ABC, Generic[C]):
    """A simulated device; `url` stays the same over unplugging, like a path under by-id.

    `folder` is where the node's link is made; without one a temporary folder is used and removed at close. A twin
    names its `conditions`, among them `ready` and `offline`, calls `_begin` once it is made, and lives in `_live`.
    """

    device: str
    """What a message calls it."""
    baud: int
    conditions: tuple[C, ...]

    def __init__(self, folder: Path | None, name: str) -> None:
        self._node = PtyNode(folder, name)
        self._closing = threading.Event()
        self._condition: C = self.conditions[0]
        self._thread = threading.Thread(target=self._live, name=f"sim-{name}", daemon=True)

    @property
    def url(self) -> str:
        """The address to give to the kiosk."""
        return f"serial://{self._node.path}?baud={self.baud}"

    @property
    def present(self) -> C:
        """The condition it is in."""
        return self._condition

    def condition(self, word: str) -> None:
        """Put it into a condition; ValueError names the known ones."""
        known = next((one for one in self.conditions if one == word), None)
        if known is None:
            raise ValueError(f"{self.device} has no condition {word!r:.40}; known are {', '.join(self.conditions)}")
        self._condition = known
        if known == "offline":
            self._node.unplug()
        else:
            self._node.plug()

    def close(self) -> None:
        """Unplug it for good and tidy up."""
        self._closing.set()
        self._thread.join()
        self._node.close()

    def _begin(self) -> None:
        self._node.plug()
        self._thread.start()

    @abstractmethod
    def _live(self) -> None:
        """What it does by itself until it is closed."""
