"""PURE: what a counter and a clerk serve - the branch's rule, within which she may narrow what she opens for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Profiles:
    """Services by counter and by clerk's name, each a service's code or a category's letter; who is missing has all."""

    counters: Mapping[int, Sequence[str]] = field(default_factory=dict)
    clerks: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def serve(self, number: int, clerk: str, asked: Iterable[str] | None, codes: Sequence[str]) -> list[str] | None:
        """The services that a counter opens for; None: all. `codes` are the branch's, `asked` what the clerk wants.

        A wish that the rule leaves nothing of gives the rule; two rules with nothing in common give the counter's.
        """
        rules = [rule for rule in (self.counters.get(number), self.clerks.get(clerk)) if rule is not None]
        if not rules:
            return None if asked is None else list(asked)
        allowed = [set(_codes(rule, codes)) for rule in rules]
        within = set.intersection(*allowed) or allowed[0]
        wished = within if asked is None else within & set(asked) or within
        return [code for code in codes if code in wished]


def _codes(rule: Sequence[str], codes: Sequence[str]) -> list[str]:
    return [code for code in codes if code in rule or code[:1] in rule]
