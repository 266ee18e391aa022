"""The words of a text in the form in which two texts are compared, with where they stand."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tansiq.core.personal.normal import plain
from tansiq.core.words import stem, words_of

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_ARABIC = re.compile(r"[\u0621-\u064a]")
# Written onto an Arabic word: and, so, by, like, to, and the article.
_ONTO = re.compile(r"^(?:[وف](?=..{2}))?(?:(?:لل|[بك]?ال)(?=...))?")
_BEFORE = re.compile(
    r"^(?:nakapag|makapag|nagpa|magpa|ipinag|pinag|naka|maka|napa|nag|mag|pag|na|ma|ka|in|i)(?=\w{4})"
)
_AFTER = re.compile(r"(?<=\w{4})(?:han|hin|an|in|ng)$")
_SHORT_ENOUGH = 2

# Words that carry no matter: with them every two texts would share something.
_STOP = frozenset(words_of((Path(__file__).parent / "small_words.txt").read_text("utf-8")))


@dataclass(frozen=True)
class Token:
    start: int
    end: int
    # As it is written, lower case and without signs, and its stem.
    word: str
    root: str
    is_capital: bool

    @property
    def is_plain(self) -> bool:
        """Whether it carries no matter of its own."""
        return self.word in _STOP or len(self.word) < _SHORT_ENOUGH


def tokens(text: str, language: str) -> list[Token]:
    """Return the words of a text; `start` and `end` count in the text as it was given."""
    seen = plain(text)
    found = []
    for match in _WORD.finditer(seen.text):
        written = match.group()
        word = _word(written)
        if not word:
            continue
        start, end = seen.span(match.start(), match.end())
        root = _root(word, language.partition("-")[0])
        found.append(Token(start, end, word, root, written[:1].isupper()))
    return found


@lru_cache(maxsize=8192)
def _word(written: str) -> str:
    word = "".join(words_of(written))
    if _ARABIC.match(word):
        return _ONTO.sub("", word)
    return word


@lru_cache(maxsize=8192)
def _root(word: str, language: str) -> str:
    if language == "fil":
        return _AFTER.sub("", _BEFORE.sub("", word))
    return stem(word, language)
