"""Near-duplicates: found, verified, and the same however the table came about."""

from dataclasses import replace

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chorus.clusters import _connected, clusters
from chorus.kernel.results import SLOTS
from chorus.texts import Texts
from tests.chorus.observed import SETTINGS, START, Post, batched_streams, observed, signature_of


def texts_of(*batches, changed=None) -> Texts:
    """Return a table in which exact 1000 + n has the signature of `1000`, changed in n slots."""
    texts = Texts(SETTINGS)
    for batch in batches:
        table = observed(batch)
        signatures = [
            signature_of(1000, post.exact - 1000)
            if post.exact >= 1000
            else signature_of(post.exact)
            for post in batch
        ]
        column = pa.array(signatures, pa.binary(2 * SLOTS))
        texts.fold(table.set_column(table.schema.get_field_index("signature"), "signature", column))
    return texts


def by(authors, exact, first=0, **more) -> list[Post]:
    return [Post(author=1 + first + i, exact=exact, **more) for i in range(authors)]


def test_edited_copies_are_one_cluster_with_the_authors_of_all():
    posts = by(12, 1000, text="they close the bridge") + by(4, 1003, first=8) + by(3, 5)

    found = clusters(texts_of(posts), SETTINGS)

    assert found.table.select("cluster", "texts", "posts", "authors", "text").rows() == [
        (1000, 2, 16, 12, "they close the bridge")
    ]
    assert dict(zip(found.exact.tolist(), found.cluster.tolist(), strict=True)) == {
        1000: 1000,
        1003: 1000,
    }


def test_a_cluster_of_many_of_whom_fewer_than_k_wrote_the_same_has_no_text():
    posts = by(6, 1000, text="they close the bridge") + by(6, 1001, first=6, text="the bridge!")

    found = clusters(texts_of(posts), SETTINGS)

    assert found.table.select("authors", "text").rows() == [(12, None)]


def test_texts_that_share_a_band_but_too_little_else_stay_apart():
    # Ten of 32 values differ: similarity 0.69.
    posts = by(12, 1000) + by(12, 1010, first=12)

    assert clusters(texts_of(posts), SETTINGS).table["texts"].to_list() == [1, 1]
    assert clusters(texts_of(by(12, 1000) + by(12, 1009)), SETTINGS).table["texts"].to_list() == [2]


def test_labels_are_those_of_half_of_the_posts():
    posts = by(12, 1000, labels=0b11) + by(11, 1001, labels=0b101)

    assert clusters(texts_of(posts), SETTINGS).table["labels"].to_list() == [0b11]


def test_first_and_latest_time_and_language_are_of_the_whole_cluster():
    posts = by(12, 1000, bucket=START, language=2) + by(3, 1001, bucket=START - 4, language=3)

    row = clusters(texts_of(posts), SETTINGS).table.row(0, named=True)

    assert row["first"] // 900_000_000 == START - 4
    assert row["last"] // 900_000_000 == START
    assert row["language"] == 2


@settings(max_examples=30, deadline=None)
@given(batched_streams())
def test_the_order_of_the_stream_does_not_matter(stream):
    posts, batches = stream
    near = [replace(post, exact=1000 + post.exact) for post in posts]
    near_batches = [[replace(post, exact=1000 + post.exact) for post in batch] for batch in batches]

    one = clusters(texts_of(near), SETTINGS, min_authors=2)
    other = clusters(texts_of(*near_batches), SETTINGS, min_authors=2)

    assert one.table.equals(other.table)
    assert np.array_equal(one.cluster, other.cluster)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=30))
def test_components_are_what_a_plain_walk_finds(pairs):
    reached = list(range(21))
    for _ in range(21):
        for one, other in pairs:
            reached[one] = reached[other] = min(reached[one], reached[other])

    ones = np.array([one for one, _ in pairs], np.int64)
    others = np.array([other for _, other in pairs], np.int64)

    assert _connected(ones, others, 21).tolist() == reached


@pytest.mark.parametrize("posts", [[], [Post(exact=0)]])
def test_a_table_without_texts_has_no_clusters(posts):
    found = clusters(texts_of(posts), SETTINGS)

    assert found.table.height == 0
    assert isinstance(found.table, pl.DataFrame)
