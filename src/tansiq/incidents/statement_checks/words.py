"""The lists of words, by language, as patterns."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).parents[1] / "data" / "statement_words.toml"
# Arabic writes "and", "by", "for" and the article in front of a word.
_JOINED: Final = r"(?:[وفبلك]|)(?:ال|لل|)"
NEVER: Final = re.compile(r"(?!)")


@lru_cache(maxsize=1)
def all_words() -> dict[str, dict[str, list[str]]]:
    """Return every list, by language and name."""
    return tomllib.loads(_FILE.read_text("utf-8"))


def languages() -> list[str]:
    return sorted(all_words())


@lru_cache(maxsize=256)
def pattern(language: str, name: str) -> re.Pattern[str]:
    """Return what finds any word of a list; nothing for a language without one."""
    words = all_words().get(language, {}).get(name, [])
    if not words:
        return NEVER
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(
        rf"(?<!\w){_JOINED if language == 'ar' else ''}"
        rf"(?:{'|'.join(_one(word) for word in longest_first)})(?!\w)",
        re.IGNORECASE,
    )


def _one(word: str) -> str:
    """Return the pattern of one entry; in Arabic each of its words may carry the article."""
    parts = [re.escape(part).replace(r"\*", r"\w*") for part in word.split()]
    is_arabic = any("\u0600" <= one <= "\u06ff" for one in word)
    return (rf"\s+{_JOINED}" if is_arabic else r"\s+").join(parts)


def plain_letters(text: str) -> str:
    """Return the text with one form of apostrophes and Arabic letters, without vowel signs."""
    text = text.translate(_PLAIN)
    return re.sub(r"[\u064b-\u0652\u0640]", "", text)


_PLAIN: Final = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "\u00a0": " ", "\u202f": " "})


def sentences_of(text: str) -> list[str]:
    """Return the sentences; a full stop inside a number ends none."""
    found = re.split(r"(?<=[.!?؟])\s+|\n+", text)
    return [one.strip() for one in found if one.strip()]
