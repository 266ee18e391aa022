"""Families of hashtags that are used together, and what to think about because of them.

Tags are joined where one post carries both. The strength of a pair is its uses over the geometric
mean of the uses of both, so that the tag of the event, which stands beside everything, does not
draw everything into one family. Families are Louvain's communities of released tags and pairs.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from chorus.hashtags import pairs_of
from chorus.lives import Life, Lives, Rows
from chorus.louvain import communities
from chorus.picture import (
    AMPLIFY,
    CRITICISM,
    OFFICIAL,
    RIVAL,
    SOLIDARITY_KIND,
    Advice,
)
from chorus.released import Released, Releasing, Use

# Weaker pairs do not join a family.
LEAST_STRENGTH: Final = 0.1
_TWO: Final = 2

# From this share of hostile posts on a unity tag is under attack, and is not put forward.
# It must also be so much more than that of all tags together, which holds what the head gets wrong.
CRITICISED_FROM: Final = 0.05
CRITICISED_TIMES: Final = 1.5
CERTAIN_FROM: Final = 0.8


@dataclass(frozen=True)
class Family:
    """One family, its tags with the most authors first."""

    number: int
    tags: tuple[Released, ...]
    use: Use
    life: Life
    origin: str


def families(releasing: Releasing, tags: list[Released]) -> list[Family]:
    """Return the families of two tags and more, the one with the most authors first."""
    groups = _communities(releasing, tags)
    by_row = {tag.row: tag for tag in tags}
    group_of = np.full(len(releasing.table.tags), -1, np.int64)
    for group, rows in enumerate(groups):
        group_of[rows] = group
    lives = Lives(releasing.table, group_of).lives()
    counts = releasing.table.tags.authors.fold(group_of, len(groups)).counts().tolist()
    between = _between(releasing, group_of, len(groups))
    found = []
    for group, rows in enumerate(groups):
        members = sorted(
            (by_row[row] for row in rows), key=lambda tag: (-tag.use.authors, tag.name)
        )
        use = releasing.use_of(rows, authors=counts[group], between=between[group])
        found.append(Family(0, tuple(members), use, lives[group], origin=releasing.origin_of(rows)))
    found.sort(key=lambda family: (-family.use.authors, family.tags[0].name))
    return [
        Family(number, family.tags, family.use, family.life, family.origin)
        for number, family in enumerate(found, start=1)
    ]


def _communities(releasing: Releasing, tags: list[Released]) -> list[list[int]]:
    # Numbers in the order of names, so that the order in which tags came decides nothing.
    in_order = sorted(tags, key=lambda tag: tag.name)
    node_of = {tag.row: node for node, tag in enumerate(in_order)}
    found = communities(len(in_order), _edges(releasing, node_of))
    return [[in_order[node].row for node in some] for some in found if len(some) > 1]


def _edges(releasing: Releasing, node_of: dict[int, int]) -> list[tuple[int, int, float]]:
    table = releasing.table
    uses = table.tags["posts"] + table.tags["spread"]
    enough = table.pairs.authors.counts() >= releasing.k
    one, other = pairs_of(table)
    together = table.pairs["uses"]
    edges = []
    for pair in np.flatnonzero(enough).tolist():
        ends = [node_of[row] for row in (int(one[pair]), int(other[pair])) if row in node_of]
        if len(ends) < _TWO:
            continue
        strength = float(together[pair] / np.sqrt(uses[one[pair]] * uses[other[pair]]))
        if strength >= LEAST_STRENGTH:
            edges.append((min(ends), max(ends), strength))
    return sorted(edges)


def _between(releasing: Releasing, group_of: Rows, size: int) -> list[int]:
    """Return for each group the uses in which two of its tags stood together."""
    one, other = pairs_of(releasing.table)
    inside = (group_of[one] == group_of[other]) & (group_of[one] >= 0)
    weights = releasing.table.pairs["uses"][inside]
    counts = np.bincount(group_of[one][inside], weights=weights, minlength=size)
    return [int(count) for count in counts]


def tag_advice(tags: list[Released], found: list[Family]) -> list[Advice]:
    """Return what there is to think about: unity tags to carry further, rivals, criticism.

    Solidarity stays with its community: an official tag is never advised for it, and one that
    comes later is warned of. A rude tag is as good as any other; only hostility counts against it.
    """
    number_of = {tag.row: family.number for family in found for tag in family.tags}
    usual = sum(tag.use.hostile_share * tag.use.uses for tag in tags)
    usual /= max(1, sum(tag.use.uses for tag in tags))
    criticised_from = max(CRITICISED_FROM, CRITICISED_TIMES * usual)
    seen: set[int | None] = set()
    advice = []
    for tag in tags:
        number = number_of.get(tag.row)
        if not _is_unity(tag) or (number is not None and number in seen):
            continue
        seen.add(number)
        if tag.use.hostile_share >= criticised_from:
            figures = (("hostile_share", round(tag.use.hostile_share, 2)),)
            advice.append(Advice(CRITICISM, (tag.name,), number, figures=figures))
        else:
            figures = (("certainty", round(tag.use.kind.certainty, 2)),)
            advice.append(Advice(AMPLIFY, (tag.name,), number, figures=figures))
        advice += _rivals(tag, tags, number)
    return advice


def _is_unity(tag: Released) -> bool:
    kind = tag.use.kind
    return (
        kind.name == SOLIDARITY_KIND
        and kind.certainty >= CERTAIN_FROM
        and tag.origin != OFFICIAL
        and tag.life.is_alive
        and not tag.use.is_hostile
    )


def _rivals(tag: Released, tags: list[Released], number: int | None) -> list[Advice]:
    """Return a warning for each official tag of the same kind that came after a unity tag."""
    return [
        Advice(RIVAL, (tag.name, other.name), number)
        for other in tags
        if other.origin == OFFICIAL
        and other.use.kind.name == tag.use.kind.name
        and other.life.first > tag.life.first
    ]
