"""The texts of one language: a dotted key gives a template, the template a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Texts:
    """What the kiosk says in one language; `language` is its code, e.g. `zh`.

    Calling it with a key fills the template: `texts("welcome.waiting", n=3)`. A key that is not there raises KeyError
    naming key and language. Templates avoid plurals: `People waiting: 3`.
    """

    language: str
    templates: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    def __call__(self, key: str, /, **values: object) -> str:
        """Give the sentence of a key, its `{names}` filled with `values`."""
        template = self.templates.get(key)
        if template is None:
            raise KeyError(f"no text {key!r} in language {self.language!r}")
        return template.format_map(values) if values else template

    def __contains__(self, key: str) -> bool:
        """Say whether there is a text of that key."""
        return key in self.templates


@dataclass(frozen=True)
class Silent(Texts):
    """Texts that say nothing: they serve to ask a page what it offers, where its words do not matter."""

    def __call__(self, _key: str, /, **_values: object) -> str:
        """Give the empty sentence."""
        return ""

    def __contains__(self, _key: str) -> bool:
        """Every text is there."""
        return True


Catalogues = Mapping[str, Texts]
"""The texts of every language, by its code."""
