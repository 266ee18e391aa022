from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chorus.claim_times import KEPT_QUARTERS, ClaimTimes
from chorus.foldable import same_arrays
from chorus.labels import BIT, mask_of
from tests.chorus.observed import SETTINGS, START, Post, observed

CLAIM = mask_of("claim.claim")
POSTS = st.builds(
    Post,
    bucket=st.one_of(st.integers(START, START + 9), st.integers(START - 900, START + 900)),
    author=st.integers(0, 30),
    labels=st.sampled_from([0, CLAIM, CLAIM | 1]),
    repost=st.booleans(),
    exact=st.integers(0, 9),
)


def table_of(*batches, kind=ClaimTimes):
    table = kind(SETTINGS)
    for batch in batches:
        table.fold(observed(batch))
    return table


@settings(max_examples=40)
@given(st.lists(POSTS, max_size=50))
def test_the_last_days_of_claims_are_those_of_plain_counting(posts):
    newest = max((post.bucket for post in posts), default=0)
    expected = defaultdict(lambda: [0, set()])
    for post in posts:
        is_claim = post.exact and post.labels >> BIT["claim.claim"] & 1
        if is_claim and post.bucket > newest - KEPT_QUARTERS:
            expected[post.exact, post.bucket][0] += 1
            expected[post.exact, post.bucket][1] |= {post.author} - {0}

    table = table_of(posts)

    columns = (*table.uses(), table.times.authors.counts())
    found = {
        (exact, bucket): (uses, authors)
        for exact, bucket, uses, authors in zip(*(c.tolist() for c in columns), strict=True)
    }
    assert found == {key: (uses, len(authors)) for key, (uses, authors) in expected.items()}


@settings(max_examples=40)
@given(st.lists(POSTS, max_size=40), st.integers(0, 40))
def test_batches_merging_and_saving_do_not_matter(posts, cut):
    whole = table_of(posts).arrays()

    assert same_arrays(table_of(posts[cut:], posts[:cut]).arrays(), whole)
    merged = table_of(posts[cut:])
    merged.merge(table_of(posts[:cut]))
    assert same_arrays(merged.arrays(), whole)
    resumed = ClaimTimes.from_arrays(table_of(posts[:cut]).arrays(), SETTINGS)
    resumed.fold(observed(posts[cut:]))
    assert same_arrays(resumed.arrays(), whole)


def test_what_is_kept_is_bounded_and_the_latest_stays():
    class Small(ClaimTimes):
        capacity = 20

    table = table_of(
        *[[Post(exact=n, bucket=START + n, labels=CLAIM)] for n in range(1, 101)], kind=Small
    )

    assert len(table.times) <= 24
    assert table.uses()[1].max() == START + 100


def test_a_table_that_is_not_whole_is_refused():
    arrays = table_of([Post(exact=3, labels=CLAIM)]).arrays()
    arrays["times.posts"] = arrays["times.posts"][:-1]

    with pytest.raises(ValueError, match="not whole"):
        ClaimTimes.from_arrays(arrays, SETTINGS)
