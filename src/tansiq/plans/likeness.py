"""How alike the words of two titles are, also when they are in two languages.

Many words of this field are nearly the same in several languages: dialog, dialogue, diyalogo;
literasi, literacy, littératie. Their roots are compared: the stem in the title's own language,
in one spelling, cut to its first letters. This ranks what was found otherwise; alone it says
nothing.
"""

from functools import lru_cache

from tansiq.core.words import indexed

_SPELLINGS = str.maketrans("cqyvz", "kkifs")
_SHORTEST, _ROOT = 4, 5


@lru_cache(maxsize=65_536)
def roots_of(title: str, language: str) -> frozenset[str]:
    """Return the roots of the words that carry meaning; short ones do not."""
    return frozenset[str]().union(*(_roots(word, language) for word in title.split()))


# Titles differ, their words come again and again.
@lru_cache(maxsize=65_536)
def _roots(word: str, language: str) -> frozenset[str]:
    return frozenset(
        _root(form) for form in indexed(word, language).split() if len(form) >= _SHORTEST
    )


def _root(word: str) -> str:
    if not word.isascii():
        return word[:_ROOT]
    return word.replace("ph", "f").translate(_SPELLINGS)[:_ROOT]


def likeness(one: frozenset[str], other: frozenset[str]) -> int:
    """Return how much two sets of roots have in common, of 100."""
    shared = len(one & other)
    return 100 * shared // len(one | other) if shared else 0
