"""Texts that are nearly the same, found when a picture is made.

Candidates share one of 8 bands of 4 MinHash values (locality-sensitive hashing: Broder 1997; Indyk
and Motwani 1998) and are then compared: 23 of the 32 values must be the same, so that the estimated
similarity is at least 0.7. What hangs together is a cluster. Texts are taken in the order of their
hash, so the answer depends on nothing but the table.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chorus.foldable import Settings
from chorus.kernel.results import SLOTS
from chorus.labels import LABELS
from chorus.sketches import distinct
from chorus.texts import Texts

BANDS: Final = 8
LEAST_SIMILAR: Final = 0.7

# A label is dominant where at least half of a cluster's posts carry it.
_DOMINANT: Final = 0.5
# Pairs compared in one go.
_AT_ONCE: Final = 1 << 15
_LEAST_SHARED: Final = int(np.ceil(LEAST_SIMILAR * SLOTS))

CLUSTERS: Final[dict[str, pl.DataType]] = {
    "cluster": pl.UInt64(),
    "texts": pl.Int64(),
    "posts": pl.Int64(),
    "spread": pl.Int64(),
    "authors": pl.Int64(),
    "first": pl.Int64(),
    "last": pl.Int64(),
    "labels": pl.UInt64(),
    "language": pl.UInt8(),
    "text": pl.String(),
}

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Clusters:
    """The clusters that enough authors are behind, and to which each text belongs.

    `table` has the columns CLUSTERS, most authors first. A cluster goes by the lowest hash of its
    texts. `text` is the most often posted of its texts that k distinct authors posted each, null if
    there is none; `labels` those that half of its posts carry. For inside only: counts are not
    rounded. `exact` are the texts in these clusters and `cluster` where each belongs.
    """

    table: pl.DataFrame
    exact: NDArray[np.uint64]
    cluster: NDArray[np.uint64]


def clusters(texts: Texts, settings: Settings, min_authors: int | None = None) -> Clusters:
    """Group near-duplicates; return the groups of at least `min_authors` (or k) authors."""
    least = settings.k if min_authors is None else min_authors
    exact = texts.index.keys()
    order = np.argsort(exact)
    exact = exact[order]
    columns = {name: values[order] for name, values in texts.columns.items()}
    amounts = columns["posts"].astype(np.int64) + columns["spread"]
    component = _components(columns["signature"])
    # Cheap first: a group of fewer posts than that cannot have that many authors.
    is_large = np.bincount(component, amounts, minlength=len(exact))[component] >= least
    numbers = np.full(len(exact), -1, np.int64)
    firsts, numbers[is_large] = np.unique(component[is_large], return_inverse=True)
    targets = np.full(len(exact), -1, np.int64)
    targets[order] = numbers
    authors = texts.authors.fold(targets, len(firsts)).counts()
    members = np.flatnonzero(is_large)
    members = members[authors[numbers[members]] >= least]
    group = numbers[members]
    frame = pl.DataFrame(
        {
            "cluster": exact[firsts[group]],
            "authors": authors[group],
            "amount": amounts[members],
            **{name: columns[name][members] for name in columns if name != "signature"},
            "text": _shown(texts, order[members]),
        },
        schema_overrides={"text": pl.String()},
    )
    table = _table(frame)
    return Clusters(table, exact[members], exact[firsts[group]])


def _table(frame: pl.DataFrame) -> pl.DataFrame:
    """Return one row a cluster from one row a text."""
    # Texts stand in the order of their hash, which settles ties.
    widest = pl.col("text").sort_by("amount", descending=True, maintain_order=True)
    table = frame.group_by("cluster").agg(
        texts=pl.len(),
        posts=pl.col("posts").cast(pl.Int64).sum(),
        spread=pl.col("spread").cast(pl.Int64).sum(),
        authors=pl.col("authors").first(),
        first=pl.col("first").min(),
        last=pl.col("last").max(),
        language=pl.col("language").sort_by("amount", descending=True, maintain_order=True).first(),
        text=widest.drop_nulls().first(),
        **{
            f"bit_{bit}": pl.col("amount").filter(pl.col("labels") & (1 << bit) != 0).sum()
            / pl.col("amount").sum()
            >= _DOMINANT
            for bit in range(len(LABELS))
        },
    )
    labels = pl.sum_horizontal(
        pl.col(f"bit_{bit}").cast(pl.UInt64) * (1 << bit) for bit in range(len(LABELS))
    )
    return (
        table.with_columns(labels=labels)
        .sort(["authors", "cluster"], descending=[True, False])
        .select(pl.col(name).cast(dtype) for name, dtype in CLUSTERS.items())
    )


def _shown(texts: Texts, rows: Integers) -> list[str | None]:
    return [texts.shown.get(row) for row in rows.tolist()]


def _components(signatures: NDArray[np.uint16]) -> Integers:
    """Return for each text the lowest number of a text that it hangs together with."""
    pairs = distinct(np.concatenate([_candidates(band) for band in _bands(signatures)]))
    pairs = pairs[_are_similar(pairs, signatures)]
    ones, others = (pairs >> np.uint64(32)).astype(np.int64), pairs.astype(np.uint32)
    return _connected(ones, others.astype(np.int64), len(signatures))


def _are_similar(pairs: NDArray[np.uint64], signatures: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Say which pairs are similar; some at a time, since all of them would take much memory."""
    are_similar = np.empty(len(pairs), bool)
    for start in range(0, len(pairs), _AT_ONCE):
        some = pairs[start : start + _AT_ONCE]
        ones, others = (some >> np.uint64(32)).astype(np.int64), some.astype(np.uint32)
        same = signatures[ones] == signatures[others]
        # Eight answers are one word; its bytes are added up by one product.
        words = same.view(np.uint64).reshape(len(some), -1).sum(axis=1)
        shared = words * np.uint64(0x0101010101010101) >> np.uint64(56)
        are_similar[start : start + _AT_ONCE] = shared >= _LEAST_SHARED
    return are_similar


def _bands(signatures: NDArray[np.uint16]) -> list[NDArray[np.uint64]]:
    # Four values of 16 bits are one number of 64.
    columns = np.ascontiguousarray(signatures).view(np.uint64).reshape(-1, BANDS)
    return [np.ascontiguousarray(columns[:, band]) for band in range(BANDS)]


def _candidates(band: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return pairs (lower number << 32 | higher) of texts that share the band.

    Each text is paired with the first and with the one before it among those that share it: all
    pairs would be too many where thousands do.
    """
    order = np.argsort(band)
    ordered = band[order]
    same = ordered[1:] == ordered[:-1]
    begins, ends = np.ones(len(band), bool), np.ones(len(band), bool)
    begins[1:] = ends[:-1] = ~same
    is_shared = ~(begins & ends)
    texts = order[is_shared].astype(np.uint64)
    is_first = begins[is_shared]
    runs = np.cumsum(is_first).astype(np.uint64)
    # Sorting leaves those that share a band in any order; this puts them in that of their numbers.
    in_order = np.sort(runs << np.uint64(32) | texts)
    texts = in_order & np.uint64(0xFFFFFFFF)
    starts = np.flatnonzero(is_first)
    firsts = texts[starts][np.cumsum(is_first) - 1]
    later = np.flatnonzero(~is_first)
    return np.concatenate(
        [
            firsts[later] << np.uint64(32) | texts[later],
            texts[later - 1] << np.uint64(32) | texts[later],
        ]
    )


def _connected(ones: Integers, others: Integers, size: int) -> Integers:
    """Return the lowest member of each one's component: hooking and pointer jumping."""
    lowest = np.arange(size)
    while len(ones):
        roots, other_roots = lowest[ones], lowest[others]
        is_open = roots != other_roots
        ones, others = ones[is_open], others[is_open]
        roots, other_roots = roots[is_open], other_roots[is_open]
        np.minimum.at(lowest, np.maximum(roots, other_roots), np.minimum(roots, other_roots))
        while not np.array_equal(lowest[lowest], lowest):
            lowest = lowest[lowest]
    return lowest
