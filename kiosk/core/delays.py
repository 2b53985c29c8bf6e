"""Every delay of the journeys, with its name, its unit and its reason, in one place."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Delays:
    """All in seconds of the monotonic clock."""

    idle: float = 60.0
    """No touch for so long: ask whether she is still there (a page takes an 80-year-old up to a minute to read)."""

    peek: float = 1.0
    """The character just typed of a number stays readable so long; whoever stands behind has no time to note it."""

    reveal: float = 10.0
    """A number shown because she asked for it is hidden again after so long without a key."""

    countdown: float = 30.0
    """How long that question stands before the session is wiped; never under 20 s (WCAG 2.2, 2.2.1)."""

    ticket_shown: float = 15.0
    """The number stays on the screen so long after the paper came out; long enough to take it, short for privacy."""

    screen_number: float = 60.0
    """A number without paper waits so long for 'I have noted it' before it is given back."""

    doubt: float = 60.0
    """How long 'did the paper come out?' waits for an answer before the ticket stays reserved for the clerks to see."""

    receipt_shown: float = 20.0
    """The receipt page closes after so long; it holds a masked name, so not longer."""

    notice_shown: float = 30.0
    """A notice without a choice goes back to welcome after so long."""

    recover: float = 120.0
    """After a restart a journey cut short less than this ago is taken up again: she is likely still standing there."""

    photo: float = 12.0
    """A camera that has not answered for so long will not; it looks at several frames, each for up to a second."""

    clerk: float = 300.0
    """A clerk who has not come after so long is busy: she is offered a ticket. Nothing but a masked number is shown."""

    look: float = 3.0
    """How often the kiosk looks whether a clerk has taken her request, or she what she left on the tray."""

    rest: float = 30.0
    """Nobody has touched the glass for so long: from now on the tray looks as it does when nobody is there."""

    working: float = 120.0
    """No work of ours may keep her longer: past the slowest printer and the slowest centre together, it is lost."""

    restart: float = 240.0
    """A machine that has not started anew after so long will not: the page that says so closes (RAUC, a slow stop)."""

    staff_called: float = 8.0
    """How long 'staff have been told' stands on the page."""

    dim: float = 0.0
    """Nobody has come for so long: the glass is dimmed; 0 never. From the settings: halls differ."""

    dark: float = 0.0
    """The branch is closed and nobody has touched it for so long: the glass goes dark; 0 never."""

    technician: float = 180.0
    """The service menu closes after so long without a touch; time to fetch a cable, not to forget an open menu."""
