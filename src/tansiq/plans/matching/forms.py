"""The forms under which a word of one language may be found in the lexicon."""

import re
from functools import lru_cache

from tansiq.core.words import stem

# Letters that stand before an Arabic word as words of their own: and, then, with, for, like, the.
_ARABIC_BEFORE = re.compile(r"^(?:[وف]?[بكل]?ال|[وف]?لل|[وفبلك])")
_SHORTEST = 3
# Affixes of Filipino; none of the stemmers knows them.
_FILIPINO_BEFORE = re.compile(
    r"^(?:ipinag|ipag|pinag|nagpa|magpa|pagpa|napag|mapag|nakaka|makaka|nag|mag|pag|naka|maka|pang|nang|mang"
    r"|naipa|maipa|ipa|nai|mai|ni|na|ma|pa|ka|i)(?=\w{3})"
)
_FILIPINO_AFTER = re.compile(r"(?:han|hin|an|in)$")
# The linker is "ng" after a vowel and "g" after an n; in "kabataang" only a dictionary could tell.
_LINKED = re.compile(r"(?<=[aeiou])ng$")
_INFIX = re.compile(r"^([^aeiou])(?:in|um)(?=[aeiou])")


@lru_cache(maxsize=50_000)
def forms(word: str, language: str) -> frozenset[str]:
    """Return the word itself and what is left of it without endings and beginnings."""
    found = {word, stem(word, language)}
    if language == "ar":
        found |= _arabic(word)
    elif language == "fil":
        found |= _filipino(word)
    return frozenset(one for one in found if len(one) >= _SHORTEST or one == word)


def _arabic(word: str) -> set[str]:
    bare = _ARABIC_BEFORE.sub("", word, count=1)
    if bare == word or len(bare) < _SHORTEST:
        return set()
    return {bare, stem(bare, "ar")}


def _filipino(word: str) -> set[str]:
    """Take off the linker, then a beginning, an infix and an ending; every step is kept."""
    found = {word, _LINKED.sub("", word), word.removesuffix("g") if word.endswith("ng") else word}
    for strip in (_FILIPINO_BEFORE, _INFIX, _FILIPINO_AFTER):
        bare = {
            strip.sub(lambda m: m.group(1) if m.lastindex else "", one, count=1) for one in found
        }
        found |= {one for one in bare if len(one) > _SHORTEST}
    return found
