"""The page docs/settings.md, made from the settings themselves."""

from dataclasses import fields
from typing import Any, get_type_hints

from kiosk.config import Settings
from kiosk.settings_file import Rule, Secret, rule_of


def describe() -> str:
    """The page docs/settings.md: every setting with its default, what it takes and what it means."""
    page = [
        "# Settings",
        "",
        "One TOML file, given with `--config FILE`. What is not written there has the default below. An unknown or",
        "impossible setting refuses to start, and `kiosk config check FILE` names all mistakes at once.",
        "This page is made from kiosk/config.py by `make settings`.",
    ]
    for section, kind in get_type_hints(Settings).items():
        page += [
            "",
            f"## [{section}]",
            "",
            kind.__doc__ or "",
            "",
            "| setting | default | takes | meaning |",
            "|---|---|---|---|",
        ]
        types = get_type_hints(kind)
        for one in fields(kind):
            rule = rule_of(one)
            page.append(
                f"| `{one.name}` | {_written(one.default)} | {_takes(types[one.name], rule)} | {rule.meaning} |"
            )
    return "\n".join(page) + "\n"


def _written(value: object) -> str:
    match value:
        case bool():
            return f"`{str(value).lower()}`"
        case Secret() | "":
            return "empty"
        case tuple():
            return f"`{list(value)}`".replace("'", '"')
        case str():
            return f'`"{value}"`'
        case _:
            return f"`{value}`"


def _takes(kind: Any, rule: Rule) -> str:
    if rule.choices:
        return ", ".join(f"`{choice}`" for choice in rule.choices)
    if rule.low is not None and rule.high is not None:
        return f"{rule.low:g} to {rule.high:g}"
    if kind is bool:
        return "true, false"
    words = "texts" if kind == tuple[str, ...] else "text"
    return f"{words} like `{rule.example}`" if rule.example else words
