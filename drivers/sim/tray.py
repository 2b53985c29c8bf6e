"""A camera over the tray that is not there: it says what it is told to say."""

from kiosk.domain.tray import TrayVerdict

SAYS: dict[str, TrayVerdict] = {"ready": "clear", "left": "left", "unknown": "unknown"}
"""`left`: something lies there when the session ends."""


class SimTray:
    """Satisfies the engine's Tray."""

    def __init__(self) -> None:
        self._says: TrayVerdict = "clear"
        self.resting = False

    def condition(self, name: str) -> None:
        """Lay something there, take it away, or cover the lens."""
        if name not in SAYS:
            raise ValueError(f"{name!r} is no condition of a tray; known are {', '.join(SAYS)}")
        self._says = SAYS[name]

    def mind(self, resting: bool) -> None:
        """Note whether anybody is here."""
        self.resting = resting

    def look(self) -> TrayVerdict:
        """What was set."""
        return self._says

    def close(self) -> None:
        """Nothing is held."""
