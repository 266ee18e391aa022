"""What a hashtag is for, told by the labels of the posts that carry it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chorus.labels import ABOUT, CLAIM, HEADS, HOSTILITY, INFORMATION, NEEDS, SOLIDARITY, mask_of
from chorus.picture import EVENT, HOSTILE, NEEDS_KIND, OTHER, REPORTING, RUMOUR, SOLIDARITY_KIND

# A post belongs to each group of which it has a label; groups overlap.
_MASKS: Final = {
    EVENT: mask_of(f"{ABOUT}.about"),
    REPORTING: mask_of(
        *(
            f"{INFORMATION}.{name}"
            for name in ("affected_people", "infrastructure_services", "caution_advice", "other")
        )
    ),
    NEEDS_KIND: mask_of(
        *(f"{INFORMATION}.{name}" for name in (*NEEDS, "offers_volunteering")),
        f"{SOLIDARITY}.offer_help",
    ),
    SOLIDARITY_KIND: mask_of(
        *(f"{SOLIDARITY}.{name}" for name in HEADS[SOLIDARITY] if name != "offer_help")
    ),
    RUMOUR: mask_of(f"{CLAIM}.claim"),
    HOSTILE: mask_of(f"{HOSTILITY}.hostility"),
}
GROUPS: Final = tuple(_MASKS)

# From this share of hostile posts on, a tag is hostile, whatever else it carries.
HOSTILE_FROM: Final = 0.25
# A kind that fewer of its posts show says nothing about the tag.
KIND_FROM: Final = 0.2
# What nearly every post after an attack is; so it decides only where nothing more telling does.
_TELLING: Final = (SOLIDARITY_KIND, NEEDS_KIND, RUMOUR, REPORTING)


@dataclass(frozen=True)
class Kind:
    """A kind, how sure it is (0 to 1), and the share of the posts that show each kind."""

    name: str
    certainty: float
    shares: dict[str, float]


def groups_of(labels: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (group, post) for each group that each post belongs to."""
    found = [np.flatnonzero(labels & np.uint64(mask)) for mask in _MASKS.values()]
    groups = np.repeat(np.arange(len(found)), [len(posts) for posts in found])
    return groups, np.concatenate(found)


def kind_of(counts: Sequence[int], *, uses: int, authors: int) -> Kind:
    """Return the kind of a tag from how many of its uses belong to each of `GROUPS`.

    The certainty is that of chance alone: how surely the kind leads over the next one among so many
    authors. What the heads get wrong comes on top; their cards say how much that is.
    """
    shares = {
        group: min(1.0, count / uses) if uses else 0.0
        for group, count in zip(GROUPS, counts, strict=True)
    }
    if shares[HOSTILE] >= HOSTILE_FROM:
        return Kind(HOSTILE, _leads(shares[HOSTILE], HOSTILE_FROM, authors), shares)
    ranked = sorted(_TELLING, key=lambda group: -shares[group])
    best, second = ranked[0], ranked[1]
    if shares[best] >= KIND_FROM:
        return Kind(best, _leads(shares[best], shares[second], authors), shares)
    rest = EVENT if shares[EVENT] >= KIND_FROM else OTHER
    return Kind(rest, _leads(KIND_FROM, shares[best], authors), shares)


def _leads(share: float, other: float, authors: int) -> float:
    """Return 0 for a share that may as well be the other one, near 1 for one surely above it."""
    if not authors:
        return 0.0
    # One author more or less is always possible, also where all agree.
    spread = max(share + other - (share - other) ** 2, 1 / authors)
    deviations = (share - other) / math.sqrt(spread / authors)
    return max(0.0, math.erf(deviations / math.sqrt(2)))
