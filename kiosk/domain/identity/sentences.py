"""What is wrong with a number and what to do, as whole sentences: a code is never shown alone."""

from collections.abc import Mapping

from kiosk.domain.catalogue import Words, say
from kiosk.domain.documents import Identified


def sentences(answer: Identified, texts: Mapping[str, Words], language: str) -> list[str]:
    """Give one sentence for each problem of an answer, in a language.

    `texts` are the catalogue's `problems` by `KIND.CODE`; what has no text of its own kind has one under `any.CODE`.
    In a text `{typed}` stands for the number of characters that were typed.
    """
    codes = answer.problems or (() if answer.valid else ("unknown",))
    found = []
    for code in codes:
        words = texts.get(f"{answer.kind}.{code}") or texts.get(f"any.{code}")
        if words is not None:
            found.append(say(words, language).replace("{typed}", str(len(answer.number))))
    return found
