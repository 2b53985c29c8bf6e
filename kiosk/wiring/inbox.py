"""Where devices and lanes post before there is an engine."""

from kiosk.core.events import Event
from kiosk.engine.lanes import Post


class Inbox:
    """Where devices and lanes post before the engine exists; afterwards it is the engine's own."""

    def __init__(self) -> None:
        self._early: list[Event] = []
        self._post: Post | None = None

    def post(self, event: Event) -> None:
        """Post now, or keep it until there is an engine."""
        if self._post is None:
            self._early.append(event)
        else:
            self._post(event)

    def connect(self, post: Post) -> None:
        """Hand over to the engine."""
        self._post = post
        for event in self._early:
            post(event)
