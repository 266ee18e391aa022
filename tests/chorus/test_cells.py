"""Cells count each post where it belongs, however the stream was cut, and old ones grow coarse."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chorus.cells import ALL_POSTS, DAY, HOUR, QUARTER, WHOLE, Cells, Grid
from chorus.foldable import same_arrays
from chorus.keys import ABSENT, KeyIndex
from tests.chorus.observed import SETTINGS, START, STREAMS, Post, batched_streams, observed


def cells_of(*batches) -> Cells:
    cells = Cells(SETTINGS)
    for batch in batches:
        cells.fold(observed(batch))
    return cells


def naive(posts, span):
    """Return what each cell should hold, by the plainest way to count."""
    newest = max((post.bucket for post in posts), default=0)
    counts = defaultdict(lambda: [0, 0, set()])
    for post in posts:
        kept = kept_span(post.bucket, newest)
        start = post.bucket - (post.bucket - START) % max(span, kept)
        for label in [bit for bit in range(63) if post.labels >> bit & 1] + [ALL_POSTS]:
            cell = counts[start, post.language, post.place, label]
            cell[post.repost] += 1
            cell[2] |= {post.author} - {0}
    return {key: (posts, spread, len(authors)) for key, (posts, spread, authors) in counts.items()}


def kept_span(bucket, newest):
    for span, age in ((DAY, 14 * DAY), (HOUR, 3 * DAY)):
        limit = newest - age
        if bucket < limit - (limit - START) % span:
            return span
    return QUARTER


@settings(max_examples=30, deadline=None)
@given(STREAMS, st.sampled_from([QUARTER, HOUR, DAY]))
def test_cells_hold_what_plain_counting_finds(posts, span):
    table = cells_of(posts).table(Grid(span=span))

    found = {row[:1] + row[2:5]: row[5:] for row in table.iter_rows()}
    assert found == naive(posts, span)


@settings(max_examples=30, deadline=None)
@given(batched_streams())
def test_order_and_batches_do_not_matter(stream):
    posts, batches = stream

    assert same_arrays(cells_of(*batches).arrays(), cells_of(posts).arrays())


@settings(max_examples=30, deadline=None)
@given(batched_streams())
def test_parts_merged_equal_the_whole(stream):
    posts, batches = stream
    merged = Cells(SETTINGS)
    for batch in batches:
        merged.merge(cells_of(batch))

    assert same_arrays(merged.arrays(), cells_of(posts).arrays())


@settings(max_examples=30, deadline=None)
@given(STREAMS)
def test_arrays_give_the_cells_back_to_be_counted_on(posts):
    cells = Cells.from_arrays(cells_of(posts).arrays(), SETTINGS)
    cells.fold(observed(posts))

    assert same_arrays(cells.arrays(), cells_of(posts, posts).arrays())


def test_languages_and_places_are_added_up_when_asked():
    cells = cells_of(
        [Post(language=1, place=3, author=1), Post(language=2, place=4, author=2, repost=True)]
    )
    parents = np.array([0, 1, 2, 1, 1], np.uint32)

    table = cells.table(Grid(span=WHOLE, by_language=False, place_of=parents))

    assert table.rows() == [(START, 0, 0, 1, ALL_POSTS, 1, 1, 2)]


def test_what_was_before_the_incident_shares_no_span_with_what_came_after():
    cells = cells_of([Post(bucket=START - 1), Post(bucket=START)])

    for span in (HOUR, DAY):
        assert cells.table(Grid(span=span))["bucket"].to_list() == [START - span, START]
    assert cells.table(since=START)["bucket"].to_list() == [START]
    assert cells.table(before=START)["bucket"].to_list() == [START - 1]


def test_an_endless_stream_keeps_few_cells():
    cells = Cells(SETTINGS)

    for day in range(60):
        cells.fold(observed([Post(bucket=START + day * DAY + i) for i in range(DAY)]))

    assert len(cells.table()) < 46 + 12 * 24 + 4 * DAY


def test_a_key_keeps_its_row_however_many_come():
    index = KeyIndex()
    rng = np.random.default_rng(3)
    keys = rng.permutation(100_000).astype(np.uint64)

    rows = [index.rows_for(part) for part in np.array_split(keys, 37)]

    assert np.array_equal(np.concatenate(rows), np.arange(len(keys)))
    assert np.array_equal(index.find(keys), np.arange(len(keys)))
    assert np.array_equal(index.keys(), keys)
    assert index.find(np.array([10**6], np.uint64)).tolist() == [ABSENT]


def test_cells_that_were_cut_are_refused():
    arrays = cells_of([Post()]).arrays()

    with pytest.raises(ValueError, match="not whole"):
        Cells.from_arrays({**arrays, "posts": arrays["posts"][:0]}, SETTINGS)
