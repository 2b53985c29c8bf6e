"""A number that cannot be shown by accident: every way of turning it into text gives its masked form."""

from typing import Any, NoReturn, final

from kiosk.domain.masking import mask


@final
class IdNumber:
    """A personal number of a known kind. `str`, `repr`, `format` and f-strings are masked; only `reveal` is not.

    It compares and hashes by its clear value, and refuses to be pickled, since a pickle would hold it in clear.
    """

    __slots__ = ("_clear", "kind")

    def __init__(self, kind: str, clear: str) -> None:
        self.kind = kind
        self._clear = clear

    def reveal(self) -> str:
        """Give the clear number: for sealing, and for comparing with what a register or a card says."""
        return self._clear

    @property
    def masked(self) -> str:
        """The number as it may be shown, e.g. 421202********1234."""
        return mask(self.kind, self._clear)

    def __len__(self) -> int:
        return len(self._clear)

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"IdNumber({self.kind}, {self.masked})"

    def __format__(self, spec: str) -> str:
        return format(self.masked, spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, IdNumber) and (self.kind, self._clear) == (other.kind, other._clear)

    def __hash__(self) -> int:
        return hash((self.kind, self._clear))

    def __copy__(self) -> "IdNumber":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "IdNumber":
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a personal number is not pickled; seal it, or pass on its masked form")
