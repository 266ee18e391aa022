"""Words of the field, each with one plain sentence, in the reader's language."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import get_language

_FILE = Path(__file__).parents[1] / "data" / "glossary.toml"


@dataclass(frozen=True)
class Term:
    word: str
    short: str
    text: str


@lru_cache(maxsize=1)
def _terms() -> dict[str, dict[str, object]]:
    return {one["code"]: one for one in tomllib.loads(_FILE.read_text("utf-8"))["term"]}


def term(code: str) -> Term:
    """Return a word and what it means. Raises KeyError for a word that is not in the glossary."""
    return _term(code, get_language() or "en")


@lru_cache(maxsize=512)
def _term(code: str, language: str) -> Term:
    found = _terms()[code]

    def in_language(words: object) -> str:
        return words.get(language) or words["en"] if isinstance(words, dict) else ""

    return Term(in_language(found["term"]), str(found["short"]), in_language(found["text"]))
