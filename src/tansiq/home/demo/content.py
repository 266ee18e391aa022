"""The made-up part of the demo, read from TOML: who there is, what they do and say."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tansiq.core.models import TranslationStatus
from tansiq.core.translations import remember

FOLDER = Path(__file__).parent / "data"

Words = dict[str, str]

# Bodies carry the first word, plans and deeds the second, in the reader's language.
DEMO: Words = {
    "ar": "تجريبي",
    "en": "demo",
    "fil": "demo",
    "fr": "démo",
    "id": "peragaan",
    "ms": "demo",
}
FICTIONAL: Words = {
    "ar": "خيالي",
    "en": "fictional",
    "fil": "kathang-isip",
    "fr": "fictif",
    "id": "fiktif",
    "ms": "rekaan",
}


@dataclass(frozen=True)
class Content:
    """One country's file."""

    country: str
    language: str
    raw: dict[str, Any]
    # What was said already, so that its translations are kept once.
    said: set[str] = field(default_factory=set)

    def __getitem__(self, name: str) -> Any:
        return self.raw[name]

    def rows(self, name: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.raw.get(name, [])
        return rows

    def say(self, words: Words | None, language: str = "") -> str:
        """Return the words in this language or the country's; their translations are kept."""
        if not words:
            return ""
        language = language or self.language
        # A sentence that was not written in this language stands in the country's.
        original = words.get(language) or words[self.language]
        if original not in self.said:
            self.said.add(original)
            remember(
                [(original, one, text) for one, text in words.items() if text != original],
                status=TranslationStatus.TEAM,
            )
        return original

    def phrase(self, name: str, number: int = 0, language: str = "") -> str:
        """Return a stock phrase; of several, the one of this number."""
        found = self.raw["phrases"][name]
        return self.say(found[number % len(found)] if isinstance(found, list) else found, language)


def read_content(name: str) -> Content:
    raw = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return Content(raw.get("country", ""), raw.get("language", "en"), raw)


def marked(words: Words, mark: Words) -> Words:
    """Return the words with a mark behind them in each language: (demo), (fictional)."""
    return {language: f"{text} ({mark[language]})" for language, text in words.items()}
