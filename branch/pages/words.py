"""The pages' texts: every key in every language, Chinese where a language lacks one."""

from collections.abc import Mapping

LANGUAGES = ("zh", "en")
LANGUAGE_COOKIE = "branch_language"


class Words:
    """Texts by language and dotted key."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        self._texts = texts

    def language(self, asked: str | None) -> str:
        """The language to answer in: the one asked for if it is ours, else Chinese."""
        return asked if asked in LANGUAGES else LANGUAGES[0]

    def of(self, language: str) -> Mapping[str, str]:
        """Every text of a language; a key that it lacks reads in Chinese."""
        return {**self._texts.get("zh", {}), **self._texts.get(language, {})}

    def say(self, language: str, key: str, **values: object) -> str:
        """One text; the key itself where nobody has written it, so that a page shows what is missing."""
        text = self.of(language).get(key, key)
        return text.format(**values) if values else text
