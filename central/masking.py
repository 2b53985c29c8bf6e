"""Shows an identity number so that its holder knows it and nobody else learns anything from it."""

_SHOWN = 4
_LONGEST = 24


def last_four(number: str) -> str:
    """Stars and the last four characters; the others of an ID number tell region, birthday and sex."""
    shown = number[-_SHOWN:] if 2 * _SHOWN < len(number) <= _LONGEST else ""
    return "*" * min(len(number) - len(shown), _LONGEST) + shown
