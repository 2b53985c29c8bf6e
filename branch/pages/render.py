"""Templates filled: every value is escaped, scripts get their data from one attribute of the page."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from branch.options import BranchOptions
from branch.pages.words import Words
from kiosk.domain.catalogue import Catalogue, Service, say

TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """The hub's templates with its texts and catalogue."""

    def __init__(self, words: Words, options: BranchOptions, catalogue: Catalogue) -> None:
        self.words = words
        self._options = options
        self._catalogue = catalogue
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, auto_reload=False
        )

    def page(self, template: str, language: str, status: int = 200, **values: Any) -> HTMLResponse:
        """Fill a template."""
        options = self._options
        given = {
            "language": language,
            "other": "en" if language == "zh" else "zh",
            "branch_name": options.name_en if language == "en" else options.name_zh,
            "t": lambda key, **named: self.words.say(language, key, **named),
        }
        return HTMLResponse(self._environment.get_template(template).render(given | values), status)

    def console_config(self, language: str, clerk: str, csrf: str) -> str:
        """What the console's script is told: texts, the clerk's name, services and what to check for them."""
        categories = self._catalogue.categories
        return _json(
            {
                "language": language,
                "words": self.words.of(language),
                "clerk": clerk,
                "csrf": csrf,
                "promise_min": self._options.policy.promise_s // 60,
                "promises": {code: most // 60 for code, most in self._options.policy.promises.items()},
                "categories": {one.letter: say(one.name, language) for one in categories},
                "services": {
                    code: self._service(service, language)
                    for code, service in sorted(self._catalogue.services.items())
                    if service.enabled
                },
            }
        )

    def tablet_config(self, language: str, csrf: str) -> str:
        """What a rating tablet's script is told."""
        return _json({"language": language, "words": self.words.of(language), "csrf": csrf})

    def service_names(self, language: str) -> Mapping[str, str]:
        """The short name of each service."""
        return {code: say(service.short, language) for code, service in self._catalogue.services.items()}

    def board_config(self, language: str) -> str:
        """What the board's script is told; on a Chinese board the English stands below, small."""
        chinese = language == "zh"
        english = self.words.of("en")
        return _json(
            {
                "language": language,
                "words": self.words.of(language),
                "small": {key: english[key] for key in ("board.please", "status.called") if key in english}
                if chinese
                else None,
                "categories": {
                    one.letter: {
                        "name": say(one.short, language),
                        "small": one.short.get("en", "") if chinese else "",
                    }
                    for one in self._catalogue.categories
                },
            }
        )

    def _service(self, service: Service, language: str) -> Mapping[str, Any]:
        return {
            "name": say(service.name, language),
            "short": say(service.short, language),
            "documents": [say(document, language) for document in service.documents],
            "fee": self._fee(service, language),
        }

    def _fee(self, service: Service, language: str) -> str:
        if service.fee_fen is None:
            return self.words.say(language, "fee.window")
        note = say(service.fee_note, language)
        if service.fee_fen == 0:
            return note
        return self.words.say(language, "fee.amount", yuan=f"{service.fee_fen / 100:g}", note=note)


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
