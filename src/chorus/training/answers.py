"""What a head answers when it is asked in the classes of a labelled file.

A file asks for one of its classes (then the likeliest of them is the answer: a closed set), for
all that apply (then thresholds decide), or for yes or no. Classes are sets of our labels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from chorus import labels
from chorus.heads import COARSE, COARSE_PREFIX, LANGUAGE_PREFIX, Scores
from chorus.training.foreign import NO, NONE, YES, Meaning

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIX: Final = ("ar", "en", "fr", "id", "ms", "fil")
# How much the columns of the types are heard beside those of our labels: where a file has just the
# types, just our labels, or something between. On events held out, macro F1 of the six types of
# CrisisLexT26 and of our nineteen labels on our posts: 0.62 and 0.30 by the types' columns alone,
# 0.62 and 0.54 at 0.75, 0.60 and 0.66 at 0.5, 0.51 and 0.70 at 0.2, 0.42 and 0.71 without them.
_TYPES_FOR_TYPES: Final = 0.85
_TYPES_FOR_BOTH: Final = 0.5
_TYPES_FOR_LABELS: Final = 0.2
_NEVER: Final = 1e-5
_SYMPATHY: Final = list(COARSE).index("sympathy_and_support")
_GROUPED: Final = tuple(key for keys in COARSE.values() for key in keys)


@dataclass(frozen=True, eq=False)
class Given:
    """The answers to some posts: class masks, and for yes or no how probable a yes is."""

    masks: "NDArray[np.uint64]"
    probability: "NDArray[np.float32] | None" = None


class Asking(Protocol):
    """One way to ask."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the bits of the answers."""
        ...

    def answers(self, scores: Scores) -> Given:
        """Return the answers to scored posts."""
        ...


@dataclass(frozen=True)
class YesNo:
    """Asks whether it is (any label of) the head, by its thresholds. Class 1 is yes."""

    head: str
    is_open: bool = False
    classes: tuple[str, ...] = (NO, YES)

    def answers(self, scores: Scores) -> Given:
        """Return yes where a label of the head passes the threshold of the post's language."""
        keys = [f"{self.head}.{name}" for name in labels.HEADS[self.head]]
        said = _said(scores, keys, is_open=self.is_open).any(axis=1)
        chance = scores.probabilities(keys).max(axis=1)
        if self.head == labels.SOLIDARITY and not self.is_open:
            # Whether it is solidarity at all is also a type's question.
            about = scores.probabilities(["about.about"])[:, 0]
            type_of = about * _types(scores, ())[:, _SYMPATHY]
            said |= type_of >= 0.5  # noqa: PLR2004 -- more likely than not
            chance = np.maximum(chance, type_of)
        return Given(np.where(said, 2, 1).astype(np.uint64), chance)


@dataclass(frozen=True)
class Several:
    """Asks which classes apply, by the thresholds of their labels."""

    meanings: tuple[Meaning, ...]
    classes: tuple[str, ...]
    is_open: bool = False

    def answers(self, scores: Scores) -> Given:
        """Return every class of which a label passes the threshold of the post's language."""
        masks = np.zeros(len(scores.logits), np.uint64)
        for number, meaning in enumerate(self.meanings):
            said = _said(scores, sorted(meaning), is_open=self.is_open).any(axis=1)
            masks |= said.astype(np.uint64) << np.uint64(number)
        return Given(masks)


@dataclass(frozen=True)
class OneOf:
    """Asks which class is the likeliest."""

    head: str
    meanings: tuple[Meaning, ...]
    classes: tuple[str, ...]
    is_open: bool = False

    def answers(self, scores: Scores) -> Given:
        """Return the likeliest class; with `is_open`, only if a label of it passes, else none."""
        chance = self.probabilities(scores)
        if self.is_open:
            for number, meaning in enumerate(self.meanings):
                if NONE not in meaning:
                    said = _said(scores, sorted(meaning), is_open=True).any(axis=1)
                    chance[:, number] = np.where(said, chance[:, number] + 1, -1)
        return Given(np.uint64(1) << chance.argmax(axis=1).astype(np.uint64))

    def probabilities(self, scores: Scores) -> "NDArray[np.float32]":
        """Return how likely each class is, posts x classes."""
        keys, chance = _distribution(self.head, scores, self.meanings)
        is_in, none = _rest_of(self.head, scores)
        columns = [
            none
            if NONE in meaning
            else is_in * chance[:, [keys.index(key) for key in meaning if key in keys]].sum(axis=1)
            for meaning in self.meanings
        ]
        if not any(NONE in meaning for meaning in self.meanings):
            # Whether it is any of them at all was not asked.
            columns = [column / np.maximum(is_in, 1e-9) for column in columns]
        return np.stack(columns, axis=1).astype(np.float32)


@dataclass(frozen=True)
class Languages:
    """Asks which language it is: the likeliest of ours and of those in the file."""

    classes: tuple[str, ...]
    is_open: bool = False

    @classmethod
    def among(cls, present: Sequence[str], columns: Sequence[str], *, is_open: bool) -> "Languages":
        """Return the question for a file in which some languages are `present`."""
        if is_open:
            return cls(tuple(labels.LANGUAGES), is_open=True)
        known = [name for name in present if LANGUAGE_PREFIX + name in columns]
        return cls(tuple(dict.fromkeys((*_SIX, *known))))

    def answers(self, scores: Scores) -> Given:
        """Return the language of each post; with `is_open`, doubt and mixture included."""
        if self.is_open:
            return Given(np.uint64(1) << scores.languages().astype(np.uint64))
        logits = np.stack([scores.of(LANGUAGE_PREFIX + name) for name in self.classes], axis=1)
        return Given(np.uint64(1) << logits.argmax(axis=1).astype(np.uint64))


def _said(scores: Scores, keys: Sequence[str], *, is_open: bool) -> "NDArray[np.bool_]":
    """Return which labels the head says of each post, posts x keys.

    With `is_open` as `chorus analyse` would: what hangs on another head waits for that head.
    """
    keys = [key for key in keys if key in labels.BIT]
    bits = [labels.BIT[key] for key in keys]
    languages = scores.languages()
    if is_open:
        masks = scores.labels(languages)
        return np.asarray((masks[:, None] >> np.array(bits, np.uint64)) & np.uint64(1) == 1)
    thresholds = scores.heads.tuning.thresholds[languages][:, bits]
    return np.asarray(scores.probabilities(keys) >= thresholds)


def _distribution(
    head: str, scores: Scores, meanings: Sequence[Meaning]
) -> "tuple[tuple[str, ...], NDArray[np.float32]]":
    """Return labels and how a post's one answer is spread over them.

    Labels of information and solidarity are reached by way of their type: a label that no class
    names counts for the classes of the same type that are named.
    """
    named = frozenset[str]().union(*meanings)
    if head not in {labels.INFORMATION, labels.SOLIDARITY} or not named & set(_GROUPED):
        keys = tuple(f"{head}.{name}" for name in labels.HEADS[head])
        return keys, _shares(scores.probabilities(keys))
    parts = [
        chance[:, None] * _within(scores, keys, named)
        for keys, chance in zip(COARSE.values(), _types(scores, meanings).T, strict=True)
    ]
    return _GROUPED, np.concatenate(parts, axis=1)


def _within(scores: Scores, keys: Sequence[str], named: Meaning) -> "NDArray[np.float32]":
    """Return how a type is spread over its labels that are named."""
    said = scores.probabilities(keys)
    if named & set(keys):
        said = said * np.array([key in named for key in keys], np.float32)
    return _shares(said)


def _types(scores: Scores, meanings: Sequence[Meaning]) -> "NDArray[np.float32]":
    """Return how likely each type of CrisisLexT26 is for a post that has exactly one.

    The columns of the types know that scheme, and mostly English; those of our labels know our
    languages. How much each is heard depends on whose classes are asked for.
    """
    types = np.stack([scores.of(COARSE_PREFIX + name) for name in COARSE], axis=1)
    missing = [
        np.prod(1 - scores.probabilities(keys).astype(np.float64), axis=1)
        for keys in COARSE.values()
    ]
    chance = np.clip(1 - np.stack(missing, axis=1), _NEVER, 1 - _NEVER)
    share = _share_of_types(meanings)
    return _softmax(share * types + (1 - share) * np.log(chance / (1 - chance)))


def _share_of_types(meanings: Sequence[Meaning]) -> float:
    asked = [meaning for meaning in meanings if NONE not in meaning]
    types = [frozenset(keys) for keys in COARSE.values()]
    if all(meaning in types for meaning in asked):
        return _TYPES_FOR_TYPES
    return _TYPES_FOR_LABELS if all(len(each) == 1 for each in asked) else _TYPES_FOR_BOTH


def _rest_of(head: str, scores: Scores) -> "tuple[NDArray[np.float32], NDArray[np.float32]]":
    """Return how likely it is that a post has any label of a head, and that it has none."""
    first = labels.DEPENDS_ON.get(head)
    if first is not None:
        any_of = scores.probabilities([f"{first}.{first}"])[:, 0]
    elif head == labels.INFORMATION:
        any_of = scores.probabilities(["about.about"])[:, 0]
    else:
        keys = [f"{head}.{name}" for name in labels.HEADS[head]]
        any_of = scores.probabilities(keys).max(axis=1)
    return any_of, 1 - any_of


def _shares(said: "NDArray[np.float32]") -> "NDArray[np.float32]":
    return np.asarray(said / np.maximum(said.sum(axis=1, keepdims=True), 1e-9))


def _softmax(logits: "NDArray[np.float32]") -> "NDArray[np.float32]":
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
