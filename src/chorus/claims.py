"""Candidates for the claims register: checkable statements that spread, and how soon to look.

A candidate is a cluster of nearly equal texts, half of which the heads take for a claim. It is no
verdict: that a statement can be checked does not make it false. Its words are shown only where k
distinct authors posted exactly them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chorus.burst_rows import Series, Told, Window, burst_rows
from chorus.claim_times import ClaimTimes
from chorus.clusters import Clusters, clusters
from chorus.foldable import QUARTER_HOUR
from chorus.hashtags import QUARTERS_AN_HOUR
from chorus.labels import CLAIM, HARM, LANGUAGES, keys_in, mask_of
from chorus.picture import CHECK_CLAIM, CLAIM_CLUSTER, Advice, BurstRow, ClaimRow, Share
from chorus.state import State
from chorus.tag_rows import QUARTER_MINUTES, moment, rounded, shares

# In how many minutes somebody should have looked at a claim, by the harm it may do, from when k
# posts had made it. All are our own proposal (docs/explanation/listening.md): a rumour that blames
# a community or stands in the way of responders does its harm first.
TRIAGE_MINUTES: Final = {
    f"{HARM}.retaliation": 30,
    f"{HARM}.obstructs_responders": 30,
    f"{HARM}.panic": 60,
    f"{HARM}.health": 60,
    f"{HARM}.fraud": 120,
    f"{HARM}.political": 240,
}
OTHERWISE_MINUTES: Final = 240
# So many claims with a clock as short as this are advised to be looked at first.
URGENT_MINUTES: Final = 60
MOST_URGENT: Final = 5
MOST_CLAIMS: Final = 50
LEAST_SHARE: Final = 0.05

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Claims:
    """The candidates, the weightiest first, and where each text of theirs belongs."""

    rows: tuple[ClaimRow, ...]
    exact: NDArray[np.uint64]
    place: Rows


@dataclass(frozen=True)
class _Times:
    """Uses of the candidates in the last three days, by candidate and quarter-hour."""

    place: Rows
    bucket: Rows
    uses: Rows
    rows: Rows


def claims_of(state: State) -> Claims:
    """Return the candidates of a state."""
    found = clusters(state.texts, state.settings)
    claim = pl.lit(mask_of(f"{CLAIM}.claim"), pl.UInt64)
    table = found.table.filter(
        ((pl.col("labels") & claim) != 0)
        & (pl.col("last") // QUARTER_HOUR >= state.settings.incident_bucket)
    )
    harms = [_harm(mask) for mask in table["labels"].to_list()]
    triage = [TRIAGE_MINUTES.get(harm or "", OTHERWISE_MINUTES) for harm in harms]
    table = (
        table.with_columns(
            harm=pl.Series(harms, dtype=pl.String), triage=pl.Series(triage, dtype=pl.Int64)
        )
        # Twice as many people weigh as much as half the time.
        .with_columns(weight=pl.col("authors") / pl.col("triage"))
        .sort(["weight", "cluster"], descending=[True, False])
        .head(MOST_CLAIMS)
    )
    exact, place = _members(found, table["cluster"].to_numpy())
    times = _times(state.claims, exact, place)
    growth = _growth(state.claims, times, len(table), k=state.settings.k)
    languages = _languages(state, exact, place, len(table))
    first = np.maximum(table["first"].to_numpy() // QUARTER_HOUR, state.settings.incident_bucket)
    since = _since(times, first, k=state.settings.k)
    rows = [
        _row(row, number=number, since=since[number], growth=growth[number], said=said)
        for number, (row, said) in enumerate(
            zip(table.iter_rows(named=True), languages, strict=True)
        )
    ]
    return Claims(tuple(rows), exact, place)


def claim_bursts(claims: Claims, state: State, window: Window) -> list[BurstRow]:
    """Return the bursts of the candidates; their names are their numbers."""
    times = _times(state.claims, claims.exact, claims.place)
    inside = np.flatnonzero(times.bucket >= window.first)
    series = Series.empty(len(claims.rows), window)
    at = times.place[inside] * window.buckets + times.bucket[inside] - window.first
    np.add.at(series.uses.reshape(-1), at, times.uses[inside])
    targets = np.full(len(state.claims.times), -1, np.int64)
    targets[times.rows[inside]] = at
    counted = state.claims.times.authors.fold(targets, series.authors.size).counts()
    series.authors[...] = counted.reshape(series.authors.shape)
    names = [str(row.number) for row in claims.rows]

    def told(_place: int, _peak: int) -> Told:
        # The picture has no table of claims over time.
        return Told(None, None, 1)

    return burst_rows(CLAIM_CLUSTER, names, series, window=window, k=state.settings.k, told=told)


def claim_advice(rows: Sequence[ClaimRow]) -> list[Advice]:
    """Return which claims to look at first, and by when."""
    urgent = [row for row in rows if row.triage <= URGENT_MINUTES][:MOST_URGENT]
    return [
        Advice(CHECK_CLAIM, claim=row.number, label=row.harm, due_at=row.due_at) for row in urgent
    ]


def _harm(mask: int) -> str | None:
    """Return the harm with the shortest clock among a cluster's labels; None for none."""
    found = [key for key in keys_in(mask) if key in TRIAGE_MINUTES]
    return min(found, key=lambda key: TRIAGE_MINUTES[key], default=None)


def _row(
    row: dict[str, Any], *, number: int, since: int, growth: float | None, said: tuple[Share, ...]
) -> ClaimRow:
    due = since + -(-row["triage"] // QUARTER_MINUTES)
    return ClaimRow(
        number=number + 1,
        posts=rounded(row["posts"]),
        spread=rounded(row["spread"]),
        authors=rounded(row["authors"]),
        first_at=moment(row["first"] // QUARTER_HOUR),
        last_at=moment(row["last"] // QUARTER_HOUR),
        triage=row["triage"],
        due_at=moment(due),
        harm=row["harm"],
        text=row["text"],
        variants=rounded(row["texts"]),
        growth=growth,
        languages=said,
    )


def _members(found: Clusters, wanted: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], Rows]:
    """Return the texts of some clusters, and the place of each one's cluster among these."""
    order = np.argsort(wanted)
    at = np.minimum(np.searchsorted(wanted[order], found.cluster), max(len(wanted) - 1, 0))
    if not len(wanted):
        return found.exact[:0], at[:0]
    is_in = wanted[order][at] == found.cluster
    return found.exact[is_in], order[at[is_in]]


def _times(table: ClaimTimes, exact: NDArray[np.uint64], place: Rows) -> _Times:
    texts, buckets, uses = table.uses()
    order = np.argsort(exact)
    if not len(exact):
        return _Times(*(np.empty(0, np.int64) for _ in range(4)))
    at = np.minimum(np.searchsorted(exact[order], texts), len(exact) - 1)
    rows = np.flatnonzero(exact[order][at] == texts)
    return _Times(place[order][at[rows]], buckets[rows], uses[rows], rows)


def _growth(table: ClaimTimes, times: _Times, size: int, *, k: int) -> list[float | None]:
    """Return the uses of the last hour over those of the hour before, where k wrote in each."""
    ago = (table.newest - times.bucket) // QUARTERS_AN_HOUR
    recent = np.flatnonzero(ago < 2)  # noqa: PLR2004 -- this hour and the one before
    at = times.place[recent] * 2 + ago[recent]
    uses = np.bincount(at, weights=times.uses[recent], minlength=2 * size).reshape(size, 2)
    targets = np.full(len(table.times), -1, np.int64)
    targets[times.rows[recent]] = at
    authors = table.times.authors.fold(targets, 2 * size).counts().reshape(size, 2)
    return [
        round(float(now / before), 1) if (who >= k).all() else None
        for (now, before), who in zip(uses, authors, strict=True)
    ]


def _since(times: _Times, first: Rows, *, k: int) -> list[int]:
    """Return the end of the quarter-hour of each claim's k-th post, from `first` on."""
    since = []
    for place, earliest in enumerate(first.tolist()):
        mine = np.flatnonzero((times.place == place) & (times.bucket >= earliest))
        mine = mine[np.argsort(times.bucket[mine], kind="stable")]
        reached = int(np.searchsorted(np.cumsum(times.uses[mine]), k))
        bucket = int(times.bucket[mine[reached]]) if reached < len(mine) else earliest
        since.append(bucket + 1)
    return since


def _languages(
    state: State, exact: NDArray[np.uint64], place: Rows, size: int
) -> list[tuple[Share, ...]]:
    rows = state.texts.index.find(exact)
    columns = state.texts.columns
    amounts = columns["posts"][rows].astype(np.int64) + columns["spread"][rows]
    at = place * len(LANGUAGES) + np.minimum(columns["language"][rows], len(LANGUAGES) - 1)
    counts = np.bincount(at, weights=amounts, minlength=size * len(LANGUAGES))
    return [
        shares(
            {
                name: number / max(row.sum(), 1)
                for name, number in zip(LANGUAGES, row, strict=True)
                if number >= LEAST_SHARE * row.sum()
            }
        )
        for row in counts.reshape(size, len(LANGUAGES))
    ]
