"""Figures for publication: with noise, so that nobody can tell whether somebody posted on a day.

The unit is one author's day: all that an author posted on one day of the incident. At most three
of these posts are counted (see `chorus.capped`), each once, under one category; so adding or
leaving out a day of somebody changes the figures of that day by three at most, and the noise is
made for that. Which cells there are depends on the question and on a noisy total, never on which
cells are full.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chorus.budget import Spending
from chorus.capped import CATEGORIES, HOURS_OF_A_DAY, MOST_OF_A_DAY
from chorus.foldable import QUARTER_HOUR, Settings
from chorus.labels import LANGUAGES
from chorus.noise import margin, named_with_noise, scale_for, with_noise
from chorus.state import State

Integers = NDArray[np.int64]

# What each figure takes of a day's epsilon, in tenths: the total that decides how fine the cells
# are, the hashtags, and the cells, which take the rest.
_OF_TOTAL: Final = Decimal("0.1")
_OF_TAGS: Final = Decimal("0.3")

# Cells of a day are as fine as leaves each of them, on average, this many times the noise.
_CLARITY: Final = 2
ALL_LANGUAGES: Final = "all"

_DAY: Final = timedelta(days=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class ReleaseError(Exception):
    """Nothing can be published as asked; the message says what to do."""


@dataclass(frozen=True)
class Plan:
    """What is asked for, for each day. Days count from 1, the 24 hours after the incident.

    `hidden` are folded tags that are never published.
    """

    days: tuple[int, ...]
    epsilon: Decimal = Decimal("1.0")
    delta: Decimal = Decimal("1e-7")
    cap: int = MOST_OF_A_DAY
    hashtags: bool = True
    hidden: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.epsilon.is_finite() or not self.delta.is_finite() or self.epsilon <= 0:
            raise ReleaseError("Epsilon must be more than 0, such as 1.0; smaller hides more.")
        if not 0 < self.delta <= Decimal("1e-5"):
            message = "Delta must be more than 0 and at most 1e-5; it is the chance of a slip."
            raise ReleaseError(message)
        if not 1 <= self.cap <= MOST_OF_A_DAY:
            message = f"The cap must be 1 to {MOST_OF_A_DAY}: the state keeps no more posts a day."
            raise ReleaseError(message)
        if not self.days or min(self.days) < 1 or len(set(self.days)) < len(self.days):
            raise ReleaseError("Name each day once; the first day of the incident is 1.")

    @property
    def costs_delta(self) -> Decimal:
        return self.delta if self.hashtags else Decimal(0)

    @property
    def shares(self) -> tuple[float, float, float]:
        """The epsilon of total, hashtags and cells; together not more than that of the day."""
        total = self.epsilon * _OF_TOTAL
        tags = self.epsilon * _OF_TAGS if self.hashtags else Decimal(0)
        return float(total), float(tags), float(self.epsilon - total - tags)


@dataclass(frozen=True)
class Figure:
    """One cell: `posts` for readers, `noisy` as drawn, which may be below 0."""

    starts_at: datetime
    hours: int
    language: str
    category: str
    posts: int
    noisy: int


@dataclass(frozen=True)
class TagFigure:
    """A hashtag and its noisy number of distinct authors on a day."""

    tag: str
    authors: int


@dataclass(frozen=True)
class Day:
    """What is published of one day. `margin` and `total_margin` hold for 19 of 20 figures."""

    number: int
    starts_at: datetime
    total: int
    total_margin: int
    hours: int
    by_language: bool
    margin: int
    figures: tuple[Figure, ...]
    tags: tuple[TagFigure, ...] = ()
    tags_margin: int = 0
    tags_threshold: int = 0
    tags_left_out: bool = False


# How fine cells may be, the finest first: hours of a cell, and whether languages stand apart.
GRIDS: Final = ((1, True), (6, True), (1, False), (24, True), (6, False), (24, False))


def starts_at(settings: Settings, day: int) -> datetime:
    """Return the moment at which a day begins: the quarter-hour of the incident, or days later."""
    begun = _EPOCH + timedelta(microseconds=settings.incident_bucket * QUARTER_HOUR)
    return begun + (day - 1) * _DAY


def spendings(settings: Settings, plan: Plan) -> tuple[Spending, ...]:
    """Return what a plan costs each of its days."""
    begun = [starts_at(settings, day) for day in plan.days]
    return tuple(Spending(start, start + _DAY, plan.epsilon, plan.costs_delta) for start in begun)


def require_releasable(state: State, plan: Plan) -> None:
    """Raise ReleaseError where the state does not hold what the plan asks for.

    What is said here is for the room, and is not published.
    """
    capped = state.capped
    who, _ = capped.posts.content()
    if state.ledger.kept and not len(who):
        message = (
            "No post since the incident has a known author, so nobody's part in the figures can be "
            "bounded; name a file with authors."
        )
        raise ReleaseError(message)
    gone = max(capped.posts.first_day, capped.tags.first_day)
    if min(plan.days) <= gone:
        message = f"Days 1 to {gone} are not held any more for publication; ask for later ones."
        raise ReleaseError(message)


def release(state: State, plan: Plan) -> tuple[Day, ...]:
    """Draw the noise and return what is published. Calling it is spending; see `chorus.budget`.

    Raises ReleaseError where the state does not hold what is asked for.
    """
    require_releasable(state, plan)
    return tuple(_day(state, plan, day) for day in plan.days)


def _day(state: State, plan: Plan, number: int) -> Day:
    of_total, _, of_cells = plan.shares
    cells = state.capped.cells(number - 1, plan.cap)
    drawn = with_noise(np.array([cells.sum()]), epsilon=of_total, sensitivity=plan.cap)
    scale = scale_for(of_cells, plan.cap)
    hours, by_language = grid_for(int(drawn[0]), scale)
    noisy = with_noise(coarse(cells, hours, by_language), epsilon=of_cells, sensitivity=plan.cap)
    total_scale = scale_for(of_total, plan.cap)
    total = best_total(int(drawn[0]), total_scale, noisy, scale)
    begun = starts_at(state.settings, number)
    tags = _tags(state, plan, number) if plan.hashtags else _Tags()
    return Day(
        number=number,
        starts_at=begun,
        total=total,
        total_margin=margin(total_scale),
        hours=hours,
        by_language=by_language,
        margin=margin(scale),
        figures=tuple(_figures(begun, hours, noisy, consistent(noisy, total))),
        tags=tags.tags,
        tags_margin=tags.margin,
        tags_threshold=tags.threshold,
        tags_left_out=tags.is_left_out,
    )


def grid_for(total: int, scale: float) -> tuple[int, bool]:
    """Return the finest grid whose cells stand clear of the noise; the coarsest where none does."""
    for hours, by_language in GRIDS:
        languages = len(LANGUAGES) if by_language else 1
        cells = HOURS_OF_A_DAY // hours * languages * len(CATEGORIES)
        if total >= _CLARITY * scale * cells:
            return hours, by_language
    return GRIDS[-1]


def coarse(cells: Integers, hours: int, by_language: bool) -> Integers:  # noqa: FBT001 -- a pair
    """Return cells by time, language and category, added up to a grid."""
    known = cells[:, : len(LANGUAGES)]
    if not by_language:
        known = known.sum(axis=1, keepdims=True)
    times = HOURS_OF_A_DAY // hours
    added: Integers = known.reshape(times, hours, *known.shape[1:]).sum(axis=1)
    return added


def best_total(drawn: int, scale: float, noisy: Integers, cell_scale: float) -> int:
    """Return the best guess of a total from its own noisy count and the sum of noisy cells.

    Each counts the more the less noise is in it; the result is never below 0.
    """
    weight, other = 1 / scale**2, 1 / (noisy.size * cell_scale**2)
    return max(0, round((drawn * weight + int(noisy.sum()) * other) / (weight + other)))


def consistent(noisy: Integers, total: int) -> Integers:
    """Return whole numbers that are not below 0, add up to the total, and lie nearest the noisy.

    Nearest by the sum of squares (projection onto a simplex; Held, Wolfe and Crowder 1974), then
    rounded so that the sum stays. This looks at noisy figures only, so it costs nothing.
    """
    flat = noisy.reshape(-1).astype(np.float64)
    down = np.sort(flat)[::-1]
    excess = (np.cumsum(down) - total) / np.arange(1, len(flat) + 1)
    used = np.flatnonzero(down > excess)
    shift = excess[used[-1]] if len(used) else excess[0]
    exact = np.maximum(flat - shift, 0)
    whole = np.floor(exact).astype(np.int64)
    missing = total - int(whole.sum())
    order = np.argsort(whole - exact, kind="stable")
    whole[order[:missing]] += 1
    result: Integers = whole.reshape(noisy.shape)
    return result


def _figures(begun: datetime, hours: int, noisy: Integers, posts: Integers) -> Iterable[Figure]:
    languages = LANGUAGES if noisy.shape[1] > 1 else (ALL_LANGUAGES,)
    for time, language, category in np.ndindex(*noisy.shape):
        yield Figure(
            starts_at=begun + timedelta(hours=hours * time),
            hours=hours,
            language=languages[language],
            category=CATEGORIES[category].name,
            posts=int(posts[time, language, category]),
            noisy=int(noisy[time, language, category]),
        )


@dataclass(frozen=True)
class _Tags:
    tags: tuple[TagFigure, ...] = ()
    margin: int = 0
    threshold: int = 0
    is_left_out: bool = False


def _tags(state: State, plan: Plan, number: int) -> _Tags:
    """Return the tags that pass the noisy threshold.

    Only tags of at least k authors have a name at all, so a tag begins to count at the k-th: the
    threshold then hides whether somebody was that k-th.
    """
    capped, k = state.capped, state.settings.k
    counts = {
        tag: authors - (k - 1)
        for tag, authors in capped.authors_by_tag(number - 1, plan.cap).items()
        if authors >= k and capped.name_of(tag) not in plan.hidden
    }
    found = named_with_noise(
        counts, epsilon=plan.shares[1], delta=float(plan.delta), sensitivity=plan.cap
    )
    tags = [TagFigure(capped.name_of(tag), count + k - 1) for tag, count in found.counts.items()]
    # Parts that were counted apart may not know a name that the whole would; see decision 23.
    is_left_out = any(not tag.tag for tag in tags)
    return _Tags(
        tags=() if is_left_out else _in_order(tags),
        margin=margin(found.scale),
        threshold=found.threshold + k - 1,
        is_left_out=is_left_out,
    )


def _in_order(tags: Sequence[TagFigure]) -> tuple[TagFigure, ...]:
    return tuple(sorted(tags, key=lambda tag: (-tag.authors, tag.tag)))
