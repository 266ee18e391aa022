"""Which columns a labelled file can teach, and what of our own posts is replayed beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from chorus import corpus, labels
from chorus.corpus import Written
from chorus.heads import COARSE, COARSE_PREFIX, LANGUAGE_PREFIX
from chorus.training.answers import Asking, Languages, OneOf, Several, YesNo
from chorus.training.foreign import NONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

# An answer that fewer posts carry says more about these posts than about the answer.
FEWEST: Final = 3


@dataclass(frozen=True)
class Lesson:
    """A column, and the classes (as masks) that say yes and that say no to it."""

    column: str
    yes: int
    no: int

    def known(self, true: "NDArray[np.uint64]") -> "tuple[NDArray[np.bool_], NDArray[np.bool_]]":
        """Return which posts say yes, and which say no, by their true classes."""
        yes = (true & np.uint64(self.yes)) != 0
        return yes, ~yes & (((true & np.uint64(self.no)) != 0) | (self.no == 0))

    def is_taught_by(self, true: "NDArray[np.uint64]") -> bool:
        """Say whether enough posts say yes and enough say no."""
        return all(int(side.sum()) >= FEWEST for side in self.known(true))


def lessons_of(asking: Asking) -> list[Lesson]:
    """Return what a question can teach; nothing where its classes leave every column open."""
    if isinstance(asking, YesNo):
        return _of_yes_no(asking.head)
    if isinstance(asking, Languages):
        count = len(asking.classes)
        return [
            Lesson(LANGUAGE_PREFIX + name, 1 << number, _all_but(count, 1 << number))
            for number, name in enumerate(asking.classes)
        ]
    if isinstance(asking, Several):
        # A class that a post does not carry is a no.
        return [
            Lesson(next(iter(meaning)), 1 << number, 0)
            for number, meaning in enumerate(asking.meanings)
            if len(meaning) == 1
        ]
    if isinstance(asking, OneOf):
        return [*_of_types(asking), *_of_labels(asking)]
    raise AssertionError("every question is of one of four kinds")


def _of_yes_no(head: str) -> list[Lesson]:
    if len(labels.HEADS[head]) == 1:
        return [Lesson(f"{head}.{head}", 2, 1)]
    if head == labels.SOLIDARITY:
        return [Lesson(f"{COARSE_PREFIX}sympathy_and_support", 2, 1)]
    return []


def _of_types(asking: OneOf) -> list[Lesson]:
    found = []
    for name, keys in COARSE.items():
        inside = _mask([meaning <= set(keys) for meaning in asking.meanings])
        touching = _mask([bool(meaning & set(keys)) for meaning in asking.meanings])
        if inside:
            no = _all_but(len(asking.meanings), touching)
            found.append(Lesson(COARSE_PREFIX + name, inside, no))
    return found


def _of_labels(asking: OneOf) -> list[Lesson]:
    found = []
    for key in sorted(set().union(*asking.meanings) - {NONE}):
        alone = _mask([meaning == {key} for meaning in asking.meanings])
        among = _mask([key in meaning for meaning in asking.meanings])
        if alone:
            found.append(Lesson(key, alone, _all_but(len(asking.meanings), among)))
    return found


def _mask(fits: Sequence[bool]) -> int:
    return sum(1 << number for number, is_so in enumerate(fits) if is_so)


def _all_but(count: int, mask: int) -> int:
    return ((1 << count) - 1) & ~mask


# -- Replay ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Replay:
    """Posts of ours: some are taught beside the new ones, others check what was forgotten."""

    taught: tuple[str, ...]
    checked: tuple[str, ...]
    true: "NDArray[np.uint64]"  # the classes of those that check


def replay_of(asking: Asking, head: str, *, taught: int, checked: int, seed: int) -> Replay:
    """Return a sample of our own posts, the same for the same seed."""
    posts = corpus.every_post()
    order = np.random.default_rng(seed).permutation(len(posts))
    known = [
        (posts[number].text, mask)
        for number in order[taught:]
        if (mask := _true(asking, head, posts[number])) is not None
    ][:checked]
    return Replay(
        tuple(posts[number].text for number in order[:taught]),
        tuple(text for text, _ in known),
        np.array([mask for _, mask in known], np.uint64),
    )


def _true(asking: Asking, head: str, post: Written) -> int | None:
    """Return the class mask of a post of ours, None where the question leaves it open."""
    if isinstance(asking, Languages):
        is_asked = post.language in asking.classes and corpus.MIXED not in post.remarks
        return 1 << asking.classes.index(post.language) if is_asked else None
    keys = set(labels.keys_in(post.mask))
    if isinstance(asking, YesNo):
        return 2 if any(key.startswith(f"{head}.") for key in keys) else 1
    if isinstance(asking, OneOf | Several):
        found = _mask([bool(meaning & keys) for meaning in asking.meanings])
        if isinstance(asking, Several):
            return found
        if not found and frozenset({NONE}) in asking.meanings:
            return 1 << asking.meanings.index(frozenset({NONE}))
        return found if found.bit_count() == 1 else None
    return None
