"""Which activities overlap: a comparison on plain data that costs little for a million of them.

Given are activities with one audience and one theme. Each looks among those at its own place
that were entered before it, and among those at the places above it; never at another body's
whole-country programme, which stands above everything. In the order in which activities start it
looks at the `NEAR` before it and the `NEAR` after it at each of these places, so that a crowded
place cannot make the work explode. Of what reaches `ENOUGH` points it keeps one for each other
body, and of those the `MOST` that are most alike.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from tansiq.plans.likeness import likeness, roots_of

# Two that follow each other within a month could still be planned together.
ADJACENT_DAYS = 30
NEAR = 40
MOST = 5
# The same place is always enough; the farther apart the places, the more the rest must fit.
ENOUGH = 50


class Entry(NamedTuple):
    """What the comparison needs of an activity; days are counted, as `date.toordinal` does."""

    starts: int
    pk: int
    ends: int
    owner: int
    place: int
    title: str
    language: str


class Pair(NamedTuple):
    """Two that overlap: how many levels lie between their places, and how many days they share.

    `days` of 0 and less say how many days lie between the two.
    """

    first: int
    second: int
    levels: int
    days: int
    likeness: int
    score: int


# The places in which an activity of this place looks: its own, then those above it in order.
Above = Callable[[int], Sequence[int]]
_BY_START = itemgetter(0, 1)
_SAME_PLACE, _ONE_LEVEL = 50, 12
_FOR_DAYS, _FOR_LIKENESS = 30, 20


def pairs_among(entries: Iterable[Entry], above: Above) -> Iterator[Pair]:
    """Yield the pairs that each activity keeps."""
    blocks: dict[int, list[Entry]] = {}
    for entry in entries:
        blocks.setdefault(entry.place, []).append(entry)
    for block in blocks.values():
        block.sort()
    for place, block in blocks.items():
        where = [(levels, blocks[one]) for levels, one in enumerate(above(place)) if one in blocks]
        if len(where) == 1 and len(block) == 1:
            continue
        for entry in block:
            yield from _kept_by(entry, where)


def _kept_by(entry: Entry, where: Sequence[tuple[int, list[Entry]]]) -> list[Pair]:
    best: dict[int, Pair] = {}
    starts, pk, ends, owner = entry[:4]
    earliest, latest = starts - ADJACENT_DAYS, ends + ADJACENT_DAYS
    for levels, block in where:
        for other in block if len(block) <= NEAR else near(entry, block):
            # By number: this is asked ten million times.
            if other[2] < earliest or other[0] > latest or other[3] == owner:
                continue
            if levels == 0 and other[1] > pk:
                continue
            pair = compare(other, entry, levels=levels)
            if pair is not None:
                known = best.get(other[3])
                if known is None or rank(pair) < rank(known):
                    best[other[3]] = pair
    return sorted(best.values(), key=rank)[:MOST] if best else []


def near(entry: Entry, block: list[Entry]) -> list[Entry]:
    """Return those that start around the same time, by their order and not by days."""
    at = bisect_left(block, _BY_START(entry), key=_BY_START)
    return block[max(at - NEAR, 0) : at + NEAR + 1]


def compare(first: Entry, second: Entry, *, levels: int) -> Pair | None:
    """Return how much two have in common, place before period before words; None if too little."""
    begins = first.starts if first.starts > second.starts else second.starts
    finishes = first.ends if first.ends < second.ends else second.ends
    days = finishes - begins + 1
    shorter = min(first.ends - first.starts, second.ends - second.starts) + 1
    score = _SAME_PLACE - _ONE_LEVEL * levels + _score_of_days(days, shorter)
    if score + _FOR_LIKENESS < ENOUGH:
        return None
    alike = likeness(roots_of(first.title, first.language), roots_of(second.title, second.language))
    score += alike * _FOR_LIKENESS // 100
    return Pair(first.pk, second.pk, levels, days, alike, score) if score >= ENOUGH else None


def _score_of_days(days: int, shorter: int) -> int:
    if days > 0:
        return _FOR_DAYS // 2 + days * _FOR_DAYS // (2 * shorter)
    return _FOR_DAYS // 3 + days // 3


def rank(pair: Pair) -> tuple[int, int]:
    return -pair.score, pair.first
