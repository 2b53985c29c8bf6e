"""The page by which a person steers a simulated device: buttons and forms, no script."""

import html
from collections.abc import Mapping, Sequence
from typing import Any

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
STYLE = """
body { font: 18px/1.5 sans-serif; background: #F7F5F0; color: #12211B; max-width: 60rem; margin: 2rem auto }
h1 { font-size: 1.5rem }
p { margin: .6rem 0 }
form { display: inline }
button { font: inherit; padding: .5rem 1rem; margin: .2rem; border: 2px solid #7C8982; border-radius: 12px }
button { background: #FFF; color: inherit }
button.now { background: #0A5A3C; border-color: #0A5A3C; color: #FFF }
img { width: 18rem; border: 1px solid #C9CFC9; margin: .5rem; vertical-align: top }
"""


def page(status: Mapping[str, Any], conditions: Sequence[str], forms: Mapping[str, Sequence[str]]) -> str:
    """The present state, a button for each condition, and a form for each of `forms`: its path and its fields."""
    device = html.escape(str(status["device"]))
    told = ", ".join(
        f"{html.escape(name)}: <strong>{html.escape(str(value))}</strong>" for name, value in status.items()
    )
    buttons = "".join(
        f'<button name="condition" value="{html.escape(word)}"{" class=now" if word == status["condition"] else ""}>'
        f"{html.escape(word)}</button>"
        for word in conditions
    )
    asked = "".join(
        f'<form method="post" action="{path}"><p>'
        + "".join(f'<label>{name} <input name="{name}" autocomplete="off"></label> ' for name in fields)
        + f"<button>{path.strip('/')}</button></p></form>"
        for path, fields in forms.items()
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Simulated {device}</title>'
        f'<link rel="stylesheet" href="/panel.css"></head><body><h1>Simulated {device}</h1><p>{told}</p>'
        f'<form method="post" action="/condition"><p>{buttons}</p></form>{asked}</body></html>'
    )
