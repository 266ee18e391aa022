"""A text in several languages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from django.utils.translation import get_language

ENGLISH = "en"


@dataclass(frozen=True)
class Words:
    """A text by language; `source` is the language in which it was first written."""

    texts: Mapping[str, str]
    source: str = ENGLISH

    @classmethod
    def of(cls, text: str, source: str = ENGLISH) -> Self:
        return cls({source: text} if text else {}, source)

    def in_language(self, code: str) -> str:
        """Return the text in this language, else in its source, else in English, else any."""
        for language in (code, code.partition("-")[0], self.source, ENGLISH):
            if language in self.texts:
                return self.texts[language]
        return next(iter(self.texts.values()), "")

    def language_for(self, code: str) -> str:
        """Return the language of what `in_language` gives."""
        for language in (code, code.partition("-")[0], self.source, ENGLISH):
            if language in self.texts:
                return language
        return next(iter(self.texts), self.source)

    def with_text(self, language: str, text: str) -> Self:
        """Return the same with one text set, or taken out when it is empty."""
        texts = {code: known for code, known in self.texts.items() if code != language}
        return replace(self, texts=texts | ({language: text} if text else {}))

    def __str__(self) -> str:
        return self.in_language(get_language() or ENGLISH)

    def __bool__(self) -> bool:
        return bool(self.texts)

    def __hash__(self) -> int:
        return hash((self.source, *sorted(self.texts.items())))
