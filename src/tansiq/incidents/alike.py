"""How alike two short texts are by their letters, in any script: to find what was entered twice."""

from functools import lru_cache

from tansiq.core.words import words_of

# From here on people are shown the other text and asked; see tests for pairs on both sides.
ALIKE = 45


@lru_cache(maxsize=8192)
def trigrams_of(text: str) -> frozenset[str]:
    """Return the pieces of three letters of a text, in one spelling."""
    words = [f"  {word} " for word in words_of(text)]
    return frozenset(word[at : at + 3] for word in words for at in range(len(word) - 2))


def likeness(one: str, other: str) -> int:
    """Return how much two texts have in common, of 100."""
    ours, theirs = trigrams_of(one), trigrams_of(other)
    shared = len(ours & theirs)
    return 200 * shared // (len(ours) + len(theirs)) if shared else 0
