"""What the third status byte of a SAM_V reader means for the kiosk: every one of the 256 has a meaning."""

from typing import Literal

Outcome = Literal["ok", "found", "nothing-there", "again", "lift-again", "no-card", "out-of-service"]
"""`again`: the reader did not understand us, so the command is repeated once."""

OK, FOUND, NOTHING, NO_CARD, NOT_SELECTED = 0x90, 0x9F, 0x91, 0x80, 0x81
_OUTCOMES: dict[Outcome, tuple[int, ...]] = {
    "ok": (OK,),
    "found": (FOUND,),
    "nothing-there": (NOTHING,),
    "again": (0x10, 0x11, 0x21, 0x23, 0x24),  # checksum, length, command error, not permitted, unknown command
    # card refused SAM, SAM refused card, information, fingerprint, length, card type, read failed, random number
    "lift-again": (0x31, 0x32, 0x33, 0x37, 0x3F, 0x40, 0x41, 0x47),
    "no-card": (NO_CARD, NOT_SELECTED),
    # self-test failed, not authorised; 01 to 09 are words of the makers' host libraries, not of the wire
    "out-of-service": (0x60, 0x66, 0x01, 0x02, 0x03, 0x05, 0x09),
}
_BY_CODE: dict[int, Outcome] = {code: outcome for outcome, codes in _OUTCOMES.items() for code in codes}


def outcome(sw3: int) -> Outcome:
    """What a status byte means; one that no maker lists is a card to be placed again."""
    return _BY_CODE.get(sw3, "lift-again")
