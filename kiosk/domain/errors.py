"""Exceptions that say what to do next; drivers and links raise them, the engine turns them into events."""


class Transient(Exception):
    """It failed now and will likely succeed soon: try again with back-off."""


class Refused(Exception):
    """The other side understood and said no: do not repeat it unchanged. `code` is the other side's word."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


class Broken(Exception):
    """It will not mend itself: call the technician, whom the message tells what to do."""


class Refusal(Exception):
    """A command or a start that is refused: one line for a person, saying what is wrong and how to mend it (exit 2)."""
