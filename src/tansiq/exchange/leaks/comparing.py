"""Which words of a text came from passages that stay behind, and from nowhere else."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from tansiq.core.personal import Kind as Personal
from tansiq.core.personal import find
from tansiq.exchange.leaks.figures import figures
from tansiq.exchange.leaks.tokens import Token, tokens


class Nature(StrEnum):
    """What kind of thing is shared."""

    NAME = "name"
    PLACE = "place"
    BODY = "body"
    NUMBER = "number"
    DAY = "day"
    CONTACT = "contact"
    PHRASE = "phrase"
    FILE = "file"


@dataclass(frozen=True)
class Known:
    """Names in all their languages by what they mean: {"place 7": ["Marawi", "مراوي"]}."""

    places: dict[str, list[str]] = field(default_factory=dict)
    bodies: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, order=True)
class Leak:
    """Words of the text that goes out; `key` names what is shared, whatever it is called."""

    start: int
    end: int
    nature: Nature
    key: str
    words: str


# Words of matter in a row that two texts share before it is a wording, and not chance.
_ROW = 3
# A part of a name shorter than this is found in any text.
_SHORTEST = 3
_ALL = frozenset(Nature)


def leaks(
    kept: Sequence[str],
    freed: Sequence[str],
    text: str,
    *,
    languages: tuple[str, str],
    known: Known | None = None,
    natures: Iterable[Nature] = _ALL,
    named: Sequence[str] = (),
) -> list[Leak]:
    """Return what `text` shares with the passages that are `kept`, and not with those `freed`.

    `languages` are those of the passages and of the text. What stands in a freed passage, too, is
    no leak: it is known anyway. Each word of the names in `named` stays, too. Overlaps are told
    once, the more telling first.
    """
    known = known or Known()
    written_in, goes_out_in = languages
    away = _Reading("\n".join(kept), written_in, known, named=named)
    free = _Reading("\n".join(freed), written_in, known)
    out = _Reading(text, goes_out_in, known)
    asked = frozenset(natures)
    found = [one for one in _shared(away, free, out) if one.nature in asked]
    return _whole_names(_apart(found), text)


class _Reading:
    """What one text holds, by the key under which it is compared."""

    def __init__(
        self, text: str, language: str, known: Known, *, named: Sequence[str] = ()
    ) -> None:
        self.text, self.language, self.known, self.named_ones = text, language, known, named
        self.tokens = tokens(text, language)

    @cached_property
    def named(self) -> list[tuple[int, int, Nature, str]]:
        """Places and bodies that stand in the lists."""
        places = _listed(self.tokens, self.known.places, Nature.PLACE)
        return [*_listed(self.tokens, self.known.bodies, Nature.BODY), *places]

    @cached_property
    def personal(self) -> list[tuple[int, int, Nature, str]]:
        found = []
        for one in find(self.text, language=self.language):
            if one.kind != Personal.NAME:
                key = "".join(sign for sign in one.words.casefold() if sign.isalnum())
                found.append((one.start, one.end, Nature.CONTACT, key))
        return found

    @cached_property
    def figures(self) -> list[tuple[int, int, Nature, str]]:
        return [
            (one.start, one.end, Nature.DAY if one.is_day else Nature.NUMBER, one.key)
            for one in figures(self.text, self.tokens)
        ]

    @cached_property
    def names(self) -> frozenset[str]:
        """The words of names: of persons, and whatever else is written with a capital."""
        spans = [
            (one.start, one.end)
            for one in find(self.text, language=self.language)
            if one.kind == Personal.NAME
        ]
        persons = {
            one.word
            for one in self.tokens
            if any(start <= one.start and one.end <= end for start, end in spans)
        }
        given = {
            one.word for name in self.named_ones for one in tokens(name, "") if not one.is_plain
        }
        return frozenset(
            word
            for word in persons | given | set(_capitals(self.text, self.tokens))
            if len(word) >= _SHORTEST
        )

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(one.word for one in self.tokens)

    @cached_property
    def matter(self) -> list[Token]:
        return [one for one in self.tokens if not one.is_plain]

    @cached_property
    def rows(self) -> frozenset[tuple[str, ...]]:
        return frozenset(key for _start, _end, key in self.runs)

    @cached_property
    def runs(self) -> list[tuple[int, int, tuple[str, ...]]]:
        runs = []
        for index in range(len(self.matter) - _ROW + 1):
            row = self.matter[index : index + _ROW]
            runs.append((row[0].start, row[-1].end, tuple(one.root for one in row)))
        return runs


def _shared(away: _Reading, free: _Reading, out: _Reading) -> Iterator[Leak]:
    for name in ("named", "personal", "figures"):
        kept = {(nature, key) for _s, _e, nature, key in getattr(away, name)}
        freed = {(nature, key) for _s, _e, nature, key in getattr(free, name)}
        for start, end, nature, key in getattr(out, name):
            if (nature, key) in kept - freed:
                yield Leak(start, end, nature, key, out.text[start:end])
    secret = away.names - free.words
    for token in out.tokens:
        if token.word in secret and (
            token.is_capital or not token.word.isascii() or len(token.word) > _SHORTEST
        ):
            words = out.text[token.start : token.end]
            yield Leak(token.start, token.end, Nature.NAME, token.word, words)
    yield from _wordings(away, free, out)


def _wordings(away: _Reading, free: _Reading, out: _Reading) -> Iterator[Leak]:
    """Yield the wordings that are shared, each as long as it goes."""
    secret = away.rows - free.rows
    held: tuple[int, int, tuple[str, ...]] | None = None
    for start, end, key in out.runs:
        if key not in secret:
            continue
        if held is not None and start <= held[1]:
            held = (held[0], end, (*held[2], key[-1]))
            continue
        if held is not None:
            yield _wording(held, out.text)
        held = (start, end, key)
    if held is not None:
        yield _wording(held, out.text)


def _wording(held: tuple[int, int, tuple[str, ...]], text: str) -> Leak:
    start, end, key = held
    return Leak(start, end, Nature.PHRASE, " ".join(key), text[start:end])


def _capitals(text: str, found: Sequence[Token]) -> Iterator[str]:
    """Yield words with a capital that a sentence does not explain; small words of none."""
    for index, token in enumerate(found):
        if not token.is_capital or token.is_plain:
            continue
        follows = (
            index + 1 < len(found)
            and found[index + 1].is_capital
            and (text[token.end : found[index + 1].start].isspace())
        )
        if not _begins(text, token.start) or (follows and not found[index + 1].is_plain):
            yield token.word


def _begins(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \t\"'“‘«([-•*")
    return not before or before[-1] in ".!?:\n؟…"


def _listed(
    found: Sequence[Token], names: dict[str, list[str]], nature: Nature
) -> list[tuple[int, int, Nature, str]]:
    """Return where names of the list stand, the longest first."""
    by_words: dict[tuple[str, ...], str] = {}
    for key, written in names.items():
        for name in written:
            words = tuple(one.word for one in tokens(name, ""))
            if words and sum(len(one) for one in words) >= _SHORTEST:
                by_words.setdefault(words, key)
    starts = {words[0]: 0 for words in by_words}
    for words in by_words:
        starts[words[0]] = max(starts[words[0]], len(words))
    placed, index = [], 0
    while index < len(found):
        for length in range(starts.get(found[index].word, 0), 0, -1):
            row = found[index : index + length]
            key = by_words.get(tuple(one.word for one in row), "")
            if key and (row[0].is_capital or not row[0].word.isascii()):
                placed.append((row[0].start, row[-1].end, nature, key))
                index += length - 1
                break
        index += 1
    return placed


# What says more comes first; a number within a wording is told with the wording.
_TELLING = (
    Nature.CONTACT,
    Nature.BODY,
    Nature.PLACE,
    Nature.DAY,
    Nature.NAME,
    Nature.PHRASE,
    Nature.NUMBER,
)


def _apart(found: list[Leak]) -> list[Leak]:
    """Leave out what more telling findings cover; a wording may hold others within it."""
    kept: list[Leak] = []
    taken: set[int] = set()
    for one in sorted(found, key=lambda one: (_TELLING.index(one.nature), one.start)):
        places = set(range(one.start, one.end))
        if not places <= taken:
            taken |= places
            kept.append(one)
    return sorted(kept)


def _whole_names(found: list[Leak], text: str) -> list[Leak]:
    """Join the words of one name that stand side by side."""
    joined: list[Leak] = []
    for one in found:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.nature == one.nature == Nature.NAME
            and text[before.end : one.start].isspace()
        ):
            words = text[before.start : one.end]
            key = f"{before.key} {one.key}"
            joined[-1] = Leak(before.start, one.end, Nature.NAME, key, words)
        else:
            joined.append(one)
    return joined
