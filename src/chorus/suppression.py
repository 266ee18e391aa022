"""From cells to what may leave: nothing from which fewer than k people could be told apart.

What leaves, for each label, is a star of tables around one total: by time, by language, by place,
and by place and time. A cell leaves only if at least k distinct authors are behind it, and rounded
to the nearest 5. Whoever has all of these tables, and subtracts, must not get at fewer than k
people either. So for each hidden cell there is always another hidden one (if need be a cell that
could have been shown, the smallest) with which posts could be exchanged without any published
number changing, up to k posts and more. `docs/decisions/0020-a-state-that-adds-up.md` has the
argument step by step; the tests attack it with linear programming.

Where a fine grid would hide more than half of what there is, a coarser one is taken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chorus.cells import DAY, HOUR, QUARTER, SIX_HOURS, WHOLE, Cells, Grid

SPANS: Final = (QUARTER, HOUR, SIX_HOURS, DAY)
LEAST_K: Final = 5
ROUNDED_TO: Final = 5
MOST_HIDDEN: Final = 0.5

# Why a table is as coarse as it is.
ASKED: Final = "asked"
TOO_FEW: Final = "too_few"

_COUNTS: Final = ("posts", "spread", "authors")
_SPAN_WORDS: Final = {
    QUARTER: "quarter of an hour",
    HOUR: "hour",
    SIX_HOURS: "six hours",
    DAY: "day",
}

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Released:
    """One table that may leave.

    `cells` has the columns of cells.CELLS; posts, spread and authors are null where hidden. Hidden
    does not say that fewer than k are behind a cell, only that it is not told. A cell that is not
    listed has no posts, but for labels in `withheld`, of which this table says nothing at all.
    `span` is in quarter-hours (WHOLE: not by time), `level` the level of places (None: not by
    place); `hidden_share` the share of posts in cells that are hidden, to the nearest 0.05.
    """

    cells: pl.DataFrame
    span: int = WHOLE
    level: str | None = None
    by_language: bool = False
    hidden_share: float = 0.0
    withheld: tuple[int, ...] = ()
    reason: str = ASKED


@dataclass(frozen=True)
class Release:
    """All that may leave at once; what it says, it says together."""

    total: Released
    by_time: Released
    by_language: Released
    by_place: Released
    by_place_and_time: Released
    k: int
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Source:
    """Where tables come from before anything is hidden."""

    cells: Cells
    k: int
    since: int | None
    before: int | None

    def table(self, grid: Grid, labels: Integers | None = None) -> pl.DataFrame:
        table = self.cells.table(grid, since=self.since, before=self.before)
        if labels is None:
            return table
        return table.filter(pl.Series(np.isin(table["label"].to_numpy(), labels)))


@dataclass(frozen=True)
class _Choice:
    """One grid that a table may have, and the level of its places."""

    grid: Grid
    level: str | None = None


class _Margin:
    """A table on its way out: which of its cells are hidden, and of which labels nothing is told.

    `kinds` are posts and reposts (2 x n), `amounts` both together. A cell that is not `listed`
    leaves no trace.
    """

    def __init__(self, choice: _Choice, cells: pl.DataFrame) -> None:
        self.choice = choice
        self.cells = cells
        self.hidden = np.zeros(len(cells), bool)
        self.listed = np.ones(len(cells), bool)
        self.withheld: list[int] = []
        self.labels = cells["label"].to_numpy()
        self.authors = cells["authors"].to_numpy()
        self.kinds = np.stack([cells["posts"].to_numpy(), cells["spread"].to_numpy()])
        self.amounts = self.kinds.sum(axis=0)
        self.buckets = cells["bucket"].to_numpy()
        self.places = cells["place"].to_numpy()

    def of(self, label: int) -> Integers:
        """Return the rows of a label."""
        return np.flatnonzero(self.labels == label)

    def withhold(self, label: int) -> None:
        self.withheld.append(label)
        self.listed[self.of(label)] = False

    @property
    def hidden_share(self) -> float:
        gone = self.amounts[self.hidden | ~self.listed].sum()
        return float(gone / max(int(self.amounts.sum()), 1))


def release_table(
    cells: Cells,
    *,
    k: int = 10,
    since: int | None = None,
    before: int | None = None,
    places: Mapping[str, NDArray[np.uint32]] | None = None,
    spans: Sequence[int] = SPANS,
) -> Release:
    """Return what may leave of the cells in the buckets [since, before).

    `places` gives for each level, finest first, the row that stands for each row of the gazetteer
    (`Gazetteer.coarser`). Raises ValueError for k below 5: so few people know each other.
    """
    if k < LEAST_K:
        raise ValueError(f"Counts of fewer than {LEAST_K} people never leave; ask for {LEAST_K}.")
    source = _Source(cells, k, since, before)
    nowhere = np.zeros(1, np.uint32)
    whole = _Choice(Grid(WHOLE, by_language=False, place_of=nowhere))
    total = _Margin(whole, source.table(whole.grid))
    total.hidden = total.authors < k
    shown = total.labels[~total.hidden]

    times = [_Choice(Grid(span, by_language=False, place_of=nowhere)) for span in spans]
    languages = [_Choice(Grid(WHOLE, place_of=nowhere))]
    levels = [
        _Choice(Grid(WHOLE, by_language=False, place_of=rows), level)
        for level, rows in (places or {}).items()
    ]
    by_time = _finest(source, times, shown)
    by_language = _finest(source, languages, shown)
    by_place = _finest(source, levels, shown)
    by_both = _by_place_and_time(source, by_time, by_place, spans)
    return Release(
        total=_released(total, total, is_finest=True),
        by_time=_released(by_time, total, is_finest=_is_first(by_time, times)),
        by_language=_released(by_language, total, is_finest=by_language is not None),
        by_place=_released(
            by_place, total, is_finest=by_place.choice is levels[0] if by_place else not levels
        ),
        by_place_and_time=_released(by_both, total, is_finest=_is_first(by_both, times)),
        k=k,
        remarks=tuple(
            remark
            for remark in (
                _remark_on_time(by_time, times, k),
                _remark_on_places(by_place, levels, k),
                _remark_on_languages(by_language, k),
            )
            if remark
        ),
    )


def rounded(counts: Integers) -> Integers:
    """Return counts to the nearest 5; the same for the same count, always."""
    return (counts + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO


def _finest(source: _Source, choices: Sequence[_Choice], shown: Integers) -> _Margin | None:
    """Return the finest table that hides at most half of what there is; None if there is none."""
    for choice in choices:
        margin = _Margin(choice, source.table(choice.grid, shown))
        for label in shown.tolist():
            rows = margin.of(label)
            hidden = hidden_in_line(
                margin.authors[rows] < source.k, margin.authors[rows], margin.amounts[rows],
                source.k,
            )  # fmt: skip
            if hidden is None:
                margin.withhold(label)
            else:
                margin.hidden[rows] = hidden
        if margin.hidden_share <= MOST_HIDDEN:
            return margin
    return None


def hidden_in_line(hidden: Mask, authors: Integers, amounts: Integers, k: int) -> Mask | None:
    """Return what to hide of a line of cells whose sum is told; None if it cannot be told at all.

    Where something is hidden, a cell of k authors must be among it, or all: then as many posts
    could be in any of the hidden cells.
    """
    if not hidden.any():
        return hidden
    hidden = hidden.copy()
    if not hidden.all() and not (hidden & (authors >= k)).any():
        candidates = np.flatnonzero(~hidden)
        hidden[candidates[np.argmin(amounts[candidates])]] = True
    # Each hidden cell is listed, so at least one post must stay in each of the others.
    could_be_in_one = amounts[hidden].sum() - (hidden.sum() - 1)
    return hidden if could_be_in_one >= k else None


def _by_place_and_time(
    source: _Source, by_time: _Margin | None, by_place: _Margin | None, spans: Sequence[int]
) -> _Margin | None:
    """Return the finest table of places and times that may stand beside the tables of each."""
    if by_time is None or by_place is None:
        return None
    told = _labels_told(source, by_time, by_place)
    for span in spans:
        if span < by_time.choice.grid.span:
            continue
        grid = Grid(span, by_language=False, place_of=by_place.choice.grid.place_of)
        everywhere = source.table(grid, np.unique(by_time.labels))
        choice = _Choice(grid, by_place.choice.level)
        margin = _Margin(choice, everywhere.filter(pl.col("place") != 0))
        slack = _Margin(choice, everywhere.filter(pl.col("place") == 0))
        for label in np.unique(margin.labels).tolist():
            if label in told:
                _hide_in_rows(margin, slack, by_place, label=label, k=source.k)
            else:
                margin.withhold(label)
        if margin.hidden_share <= MOST_HIDDEN:
            return margin
    return None


def _labels_told(source: _Source, by_time: _Margin, by_place: _Margin) -> list[int]:
    """Return the labels whose hidden times stay open beside a table of places and times.

    Posts that name no place stand in that table nowhere, so they could be of any time: with them,
    posts may be exchanged between hidden times whatever the table tells of places.
    """
    grid = Grid(by_time.choice.grid.span, by_language=False, place_of=by_place.choice.grid.place_of)
    table = source.table(grid).filter(pl.col("place") == 0)
    slack = _Margin(by_time.choice, table)
    told = []
    for label in np.unique(by_time.labels).tolist():
        if label in (*by_time.withheld, *by_place.withheld):
            continue
        rows = by_time.of(label)
        rows = rows[by_time.hidden[rows]]
        amounts = by_time.amounts[rows]
        spare = _looked_up(slack, label, by_time.buckets[rows]).sum(axis=0)
        spare = np.minimum(spare, amounts - 1)
        if (amounts + spare.sum() - spare >= source.k).all():
            told.append(label)
    return told


def _hide_in_rows(
    margin: _Margin, slack: _Margin, by_place: _Margin, *, label: int, k: int
) -> None:
    """Hide in the row of each place; leave out rows of hidden places, and those that would tell."""
    of_label = by_place.of(label)
    shown = by_place.places[of_label[~by_place.hidden[of_label]]]
    rows = margin.of(label)
    margin.listed[rows] = False
    spare = _looked_up(slack, label, margin.buckets[rows])
    for place in np.intersect1d(margin.places[rows], shown).tolist():
        is_here = margin.places[rows] == place
        row = rows[is_here]
        authors, amounts = margin.authors[row], margin.amounts[row]
        hidden = hidden_in_line(authors < k, authors, amounts, k)
        if hidden is not None and _stays_open(hidden, margin.kinds[:, row], spare[:, is_here], k):
            margin.listed[row] = True
            margin.hidden[row] = hidden


def _stays_open(hidden: Mask, kinds: Integers, spare: Integers, k: int) -> bool:
    """Whether each hidden cell of a place could hold k posts, though the sums by time are told.

    Posts come into it from other hidden times of the place, and as many that name no place (the
    spare ones of its time) take the way back; posts for posts and reposts for reposts.
    """
    if not hidden.any():
        return True
    kinds, spare = kinds[:, hidden], spare[:, hidden]
    amounts = kinds.sum(axis=0)
    from_others = kinds.sum(axis=1, keepdims=True) - kinds
    exchanged = np.minimum(from_others, spare).sum(axis=0)
    could_come = np.minimum(exchanged, (amounts - 1).sum() - (amounts - 1))
    return bool((amounts + could_come >= k).all())


def _looked_up(slack: _Margin, label: int, buckets: Integers) -> Integers:
    """Return how many posts and reposts (2 x n) of a label name no place in each bucket."""
    rows = slack.of(label)
    row_of = dict(zip(slack.buckets[rows].tolist(), rows.tolist(), strict=True))
    found = np.zeros((2, len(buckets)), np.int64)
    for i, bucket in enumerate(buckets.tolist()):
        if bucket in row_of:
            found[:, i] = slack.kinds[:, row_of[bucket]]
    return found


def _released(margin: _Margin | None, total: _Margin, *, is_finest: bool) -> Released:
    """Return a table rounded and without what is hidden; an empty one where none may leave."""
    if margin is None:
        return Released(total.cells.clear(), reason=TOO_FEW)
    told = margin.cells.with_columns(
        pl.Series(name, rounded(margin.cells[name].to_numpy())) for name in _COUNTS
    ).with_columns(
        pl.when(pl.Series(~margin.hidden)).then(pl.col(name)).alias(name) for name in _COUNTS
    )
    grid = margin.choice.grid
    return Released(
        cells=told.filter(pl.Series(margin.listed)),
        span=grid.span,
        level=margin.choice.level,
        by_language=grid.by_language,
        hidden_share=round(margin.hidden_share * 20) / 20,
        withheld=tuple(sorted(margin.withheld)),
        reason=ASKED if is_finest else TOO_FEW,
    )


def _is_first(margin: _Margin | None, times: Sequence[_Choice]) -> bool:
    return margin is not None and margin.choice.grid.span == times[0].grid.span


def _remark_on_time(margin: _Margin | None, times: Sequence[_Choice], k: int) -> str:
    if margin is None:
        return (
            f"Times are not told apart: in any span most posts would come from fewer than {k} "
            "people, or could be worked out to."
        )
    span = margin.choice.grid.span
    finest = times[0].grid.span
    if span == finest:
        return ""
    return (
        f"Times are told by the {_SPAN_WORDS[span]}, since by the {_SPAN_WORDS[finest]} more than "
        f"half of the posts would be hidden for coming from fewer than {k} people."
    )


def _remark_on_places(margin: _Margin | None, levels: Sequence[_Choice], k: int) -> str:
    if not levels or (margin is not None and margin.choice is levels[0]):
        return ""
    if margin is None:
        return f"Places are not told apart: most posts of any come from fewer than {k} people."
    return (
        f"Places are told by {margin.choice.level}, since by {levels[0].level} more than half of "
        f"the posts would be hidden for coming from fewer than {k} people."
    )


def _remark_on_languages(margin: _Margin | None, k: int) -> str:
    if margin is not None:
        return ""
    return f"Languages are not told apart: most posts of any come from fewer than {k} people."
