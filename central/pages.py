"""Draws the pages: templates with every value escaped, texts by language, times as people say them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from central.centre import Centre

LANGUAGES = ("zh", "en")
STATIC = Path(__file__).parent / "static"

_TEMPLATES = Path(__file__).parent / "templates"
_LANGUAGE_COOKIE = "language"


class Pages:
    """The templates, read once."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def draw(
        self, request: Request, centre: Centre, name: str, values: Mapping[str, Any], status: int = 200
    ) -> HTMLResponse:
        """One page in the reader's language."""
        language = language_of(request)
        now = centre.at()
        html = self._templates.get_template(name + ".html").render(
            **values,
            language=language,
            other="en" if language == "zh" else "zh",
            t=lambda key, **slots: centre.text(language, key).format(**slots),
            when=lambda moment: f"{centre.local(moment):%Y-%m-%d %H:%M}",
            ago=lambda moment: ago(centre, language, now - moment),
            now=now,
            test_clock=centre.options.test_clock,
            path=request.url.path,
        )
        response = HTMLResponse(html, status)
        if request.query_params.get("lang") in LANGUAGES:
            response.set_cookie(_LANGUAGE_COOKIE, language, httponly=True, samesite="strict", max_age=86400)
        return response


def language_of(request: Request) -> str:
    """The reader's language: as she chose it, else as her browser asks, else Chinese."""
    for chosen in (request.query_params.get("lang"), request.cookies.get(_LANGUAGE_COOKIE)):
        if chosen in LANGUAGES:
            return chosen
    for wanted in request.headers.get("accept-language", "").split(","):
        code = wanted.split(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return "zh"


def ago(centre: Centre, language: str, span: timedelta) -> str:
    """A span of time in its largest whole unit."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 1:
        return centre.text(language, "ago.now")
    if minutes < 60:
        return centre.text(language, "ago.minutes").format(n=minutes)
    if minutes < 48 * 60:
        return centre.text(language, "ago.hours").format(n=minutes // 60)
    return centre.text(language, "ago.days").format(n=minutes // 1440)


def is_late(moment: datetime, now: datetime, hours: float) -> bool:
    """Whether something has been waiting for longer than it should."""
    return now - moment > timedelta(hours=hours)
