"""Distinct counts: exact while few, close when many, and the same in whatever order they came."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chorus.foldable import same_arrays
from chorus.sketches import EXACT_UP_TO, STANDARD_ERROR, DistinctCounter

# A seed stands for some hashes; few seeds, so that rows share hashes and pass the exact size.
SEEDS = st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(1, 400))
PARTS = st.lists(SEEDS, max_size=12)


def hashes_of(seed: int, size: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 2**32, size, np.uint32)


def counter_of(parts, rows=4) -> DistinctCounter:
    counter = DistinctCounter(rows)
    for row, seed, size in parts:
        counter.add(np.full(size, row), hashes_of(seed, size))
    return counter


def sets_of(parts, rows=4) -> list[set[int]]:
    sets: list[set[int]] = [set() for _ in range(rows)]
    for row, seed, size in parts:
        sets[row] |= set(hashes_of(seed, size).tolist())
    return sets


@settings(max_examples=30, deadline=None)
@given(PARTS, st.randoms(use_true_random=False))
def test_order_and_batches_do_not_matter(parts, random):
    in_order = counter_of(parts)
    shuffled = list(parts)
    random.shuffle(shuffled)
    at_once = DistinctCounter(4)
    if parts:
        rows = np.concatenate([np.full(size, row) for row, _, size in shuffled])
        at_once.add(rows, np.concatenate([hashes_of(seed, size) for _, seed, size in shuffled]))

    assert same_arrays(in_order.arrays(), counter_of(shuffled).arrays())
    assert same_arrays(in_order.arrays(), at_once.arrays())


@settings(max_examples=30, deadline=None)
@given(PARTS, PARTS)
def test_two_halves_merged_equal_the_whole(first, second):
    merged = counter_of(first)
    merged.counts()
    merged.merge(counter_of(second))

    assert same_arrays(merged.arrays(), counter_of(first + second).arrays())


@settings(max_examples=30, deadline=None)
@given(PARTS)
def test_few_are_counted_exactly_and_arrays_give_the_counter_back(parts):
    counter = counter_of(parts)
    sizes = [len(hashes) for hashes in sets_of(parts)]

    again = DistinctCounter.from_arrays(counter.arrays())

    for row, size in enumerate(sizes):
        if size <= EXACT_UP_TO:
            assert counter.counts()[row] == size
        else:
            assert counter.counts()[row] == pytest.approx(size, rel=5 * STANDARD_ERROR)
    assert same_arrays(again.arrays(), counter.arrays())


@settings(max_examples=30, deadline=None)
@given(PARTS, st.lists(st.integers(-1, 1), min_size=4, max_size=4))
def test_folding_rows_counts_the_union(parts, targets):
    folded = counter_of(parts).fold(np.array(targets), 2)

    moved = [(targets[row], seed, size) for row, seed, size in parts if targets[row] >= 0]
    assert same_arrays(folded.arrays(), counter_of(moved, rows=2).arrays())


@settings(max_examples=30, deadline=None)
@given(PARTS, st.lists(st.integers(0, 3), max_size=4))
def test_counts_of_some_rows_are_the_counts(parts, rows):
    some = counter_of(parts).counts_of(np.array(rows, np.int64))

    assert some.tolist() == counter_of(parts).counts()[rows].tolist()


def test_the_error_of_large_counts_is_what_is_stated():
    rng = np.random.default_rng(7)
    sizes = np.repeat([300, 1_000, 3_000, 10_000, 100_000], 40)
    counter = DistinctCounter(len(sizes))

    for row, size in enumerate(sizes):
        counter.add(np.full(size, row), rng.integers(0, 2**32, size, np.uint32))

    errors = counter.counts() / sizes - 1
    assert np.sqrt(np.mean(errors**2)) < 1.1 * STANDARD_ERROR
    assert abs(errors.mean()) < STANDARD_ERROR / 2


def test_arrays_that_were_cut_are_refused():
    arrays = counter_of([(0, 1, 20), (1, 2, 300)]).arrays()

    with pytest.raises(ValueError, match="not whole"):
        DistinctCounter.from_arrays({**arrays, "hashes": arrays["hashes"][:-1]})
    with pytest.raises(ValueError, match="not whole"):
        DistinctCounter.from_arrays({**arrays, "registers": arrays["registers"][:0]})
