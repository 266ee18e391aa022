"""Hashtags are counted as plain counting counts them, however the stream was cut."""

import csv
import io
from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chorus.foldable import QUARTER_HOUR, same_arrays
from chorus.hashtags import Capacity, HashtagTable, aged_buckets, bins_of, pairs_of
from chorus.labels import LABELS
from chorus.tag_uses import MOST_IN_A_POST
from chorus.tags import fold_tags
from chorus.tallies import NEVER
from tests.chorus.observed import POSTS, SETTINGS, START, Post, observed

WRITTEN = (
    "Kuat",
    "KUAT",
    "Kúat",
    "كلنا",
    "كُلّنا",
    "Bersama",
    "rip",
    "123",
    "\u202bبيروت\u200d",
    "❤",
)
FOLDED = dict(zip(WRITTEN, fold_tags(WRITTEN).to_list(), strict=True))

TAGGED = st.builds(
    lambda post, tags, official: replace(post, tags=tags, official=official),
    POSTS,
    st.lists(st.sampled_from(WRITTEN), max_size=4),
    st.booleans(),
)
STREAMS = st.lists(TAGGED, max_size=40)
few = settings(max_examples=25)


class SmallTable(HashtagTable):
    capacity = Capacity(tags=20, pairs=30, spellings=25, bins=60)


def table_of(*batches, kind=HashtagTable):
    table = kind(SETTINGS)
    for batch in batches:
        table.fold(observed(batch))
    return table


@st.composite
def batched(draw):
    posts = draw(STREAMS)
    shuffled = draw(st.permutations(posts))
    cut = draw(st.integers(0, len(posts)))
    return posts, shuffled[:cut], shuffled[cut:]


def now(posts):
    return [post for post in posts if post.bucket >= START]


def tags_of_post(post):
    return sorted({FOLDED[tag] for tag in post.tags} - {""})


def as_csv(posts):
    """Write the posts as the row-wise tools read them: a line for each, tags between spaces."""
    file = io.StringIO()
    writer = csv.writer(file)
    for post in posts:
        writer.writerow([post.author, int(post.repost), " ".join(tags_of_post(post))])
    return csv.reader(io.StringIO(file.getvalue()))


@few
@given(STREAMS)
def test_tags_and_pairs_are_those_of_a_row_wise_count(posts):
    uses, spread, authors, pairs = Counter(), Counter(), defaultdict(set), Counter()
    for author, repost, written in as_csv(now(posts)):
        tags = written.split()
        (spread if int(repost) else uses).update(tags)
        for tag in tags:
            authors[tag] |= {author} - {"0"}
        pairs.update((one, other) for one in tags for other in tags if one < other)

    table = table_of(posts)

    counts = zip(
        table.tags["posts"], table.tags["spread"], table.tags.authors.counts(), strict=True
    )
    found = {name: tuple(map(int, row)) for name, row in zip(table.folded, counts, strict=True)}
    assert {name: row for name, row in found.items() if any(row[:2])} == {
        name: (uses[name], spread[name], len(authors[name])) for name in uses | spread
    }
    beside = zip(*pairs_of(table), table.pairs["uses"].tolist(), strict=True)
    assert {
        tuple(sorted((table.folded[one], table.folded[other]))): number
        for one, other, number in beside
    } == pairs


@few
@given(STREAMS)
def test_labels_languages_and_times_are_those_of_the_posts_with_the_tag(posts):
    table = table_of(posts)

    for row, name in enumerate(table.folded):
        tagged = [post for post in posts if name in tags_of_post(post)]
        times = [post.bucket * QUARTER_HOUR + post.author % 1000 for post in tagged]
        assert (table.tags["first"][row], table.tags["last"][row]) == (min(times), max(times))
        labels = [sum(post.labels >> bit & 1 for post in now(tagged)) for bit in range(len(LABELS))]
        assert table.tags["labels"][row].tolist() == labels
        languages = Counter(post.language for post in now(tagged))
        assert table.tags["languages"][row].tolist() == [languages[place] for place in range(10)]
        official = [
            post.bucket * QUARTER_HOUR + post.author % 1000 for post in now(tagged) if post.official
        ]
        assert table.tags["official"][row] == len(official)
        assert table.tags["official_first"][row] == min(official, default=NEVER)


@few
@given(STREAMS)
def test_each_quarter_hour_has_the_posts_of_its_time(posts):
    table = table_of(posts)
    table.arrays()  # brings old quarter-hours to hours and days
    newest = max((post.bucket for post in posts), default=0)
    expected = defaultdict(lambda: [0, 0, set()])
    for post in posts:
        aged = int(aged_buckets(np.array([post.bucket]), newest=newest, origin=START)[0])
        for tag in tags_of_post(post):
            expected[tag, aged][post.repost] += 1
            expected[tag, aged][2] |= {post.author} - {0}

    tags, buckets = bins_of(table)
    columns = (table.bins["posts"], table.bins["spread"], table.bins.authors.counts())
    assert {
        (table.folded[tag], bucket): counts
        for tag, bucket, *counts in zip(
            tags.tolist(), buckets.tolist(), *(column.tolist() for column in columns), strict=True
        )
    } == {key: [posts, spread, len(who)] for key, (posts, spread, who) in expected.items()}


@few
@given(batched())
def test_order_batches_and_merging_do_not_matter(stream):
    posts, one, other = stream
    whole = table_of(posts).arrays()

    assert same_arrays(table_of(one, other).arrays(), whole)
    merged = table_of(one)
    merged.merge(table_of(other))
    assert same_arrays(merged.arrays(), whole)


@few
@given(batched())
def test_a_saved_table_goes_on_where_it_stopped(stream):
    posts, one, other = stream
    table = HashtagTable.from_arrays(table_of(one).arrays(), SETTINGS)
    assert same_arrays(table.arrays(), table_of(one).arrays())

    table.fold(observed(other))

    resumed, whole = table.arrays(), table_of(posts).arrays()
    numbers = [name for name in whole if not name.startswith(("folded.", "written."))]
    assert all(np.array_equal(resumed[name], whole[name]) for name in numbers)


@given(st.integers(-10_000, 10_000), st.integers(0, 5_000), st.integers(0, 5_000))
def test_to_grow_old_in_two_steps_is_to_grow_old_at_once(bucket, one, other):
    bucket, sooner, later = np.array([bucket]), bucket + one, bucket + one + other

    twice = aged_buckets(aged_buckets(bucket, newest=sooner, origin=7), newest=later, origin=7)

    assert twice == aged_buckets(bucket, newest=later, origin=7)


def bytes_of(table):
    return b"".join(array.tobytes() for array in table.arrays().values())


def test_no_tag_of_fewer_than_k_authors_is_in_any_saved_byte():
    nine = [Post(author=author, tags=["NameOfSomebody"]) for author in range(1, 10)]
    many = [Post(author=author, tags=["KitaKuat"]) for author in range(1, 11)]

    saved = bytes_of(table_of(nine + many))

    assert b"NameOfSomebody".lower() not in saved.lower()
    assert b"KitaKuat" in saved
    assert b"kitakuat" in saved
    # The planted fault: had the table no k, the name would be there.
    careless = HashtagTable(replace(SETTINGS, k=1))
    careless.fold(observed(nine))
    assert b"NameOfSomebody" in bytes_of(careless)


def test_one_account_with_many_posts_names_nothing():
    flood = [Post(author=7, tags=["Attack"]) for _ in range(500)]
    unknown = [Post(author=0, tags=["Attack"]) for _ in range(500)]

    assert b"ttack" not in bytes_of(table_of(flood + unknown))


def test_a_spelling_is_saved_only_when_k_authors_wrote_it_so():
    spellings = ["PrayForRiver", "prayforRIVER"]
    posts = [Post(author=author, tags=[spellings[author % 2]]) for author in range(1, 13)]

    saved = bytes_of(table_of(posts))

    assert b"prayforriver" in saved
    assert b"PrayForRiver" not in saved
    assert b"prayforRIVER" not in saved


def test_a_tag_gets_its_name_back_from_the_next_post_that_carries_it():
    first = table_of([Post(author=author, tags=["Kuat"]) for author in range(1, 7)])
    table = HashtagTable.from_arrays(first.arrays(), SETTINGS)
    assert table.folded == [""]

    table.fold(observed([Post(author=author, tags=["Kuat"]) for author in range(7, 13)]))

    assert table.folded == ["kuat"]
    assert table.tags.authors.counts().tolist() == [12]


def test_a_post_with_thousands_of_tags_counts_its_first_ones_and_is_named():
    flood = Post(tags=[f"tag{number}x" for number in range(5_000)])

    table = table_of([flood, Post(author=2, tags=["tag0x"])])

    assert len(table.tags) == MOST_IN_A_POST
    assert len(table.pairs) == MOST_IN_A_POST * (MOST_IN_A_POST - 1) // 2
    assert table.gone["crowded"] == 1


def test_what_is_kept_is_bounded_and_what_many_use_stays():
    used = [Post(author=author, tags=["Kuat", "Bersama"]) for author in range(1, 11)]
    table = table_of(used, kind=SmallTable)
    for start in range(0, 400, 40):
        batch = [
            Post(author=1, bucket=START + number, tags=[f"lone{number}x", f"other{number}x"])
            for number in range(start, start + 40)
        ]
        table.fold(observed(batch))

    capacity = SmallTable.capacity
    assert len(table.tags) <= 1.2 * capacity.tags
    assert len(table.bins) <= 1.2 * capacity.bins
    assert len(table.pairs) <= 1.2 * capacity.pairs
    assert len(table.spellings) <= 1.2 * capacity.spellings
    assert {"kuat", "bersama"} < set(table.folded)
    assert "lone399x" in table.folded
    assert table.gone["tags"] == 802 - len(table.tags)


@few
@given(st.lists(st.lists(st.text(max_size=8), max_size=5), max_size=8))
def test_no_tags_make_the_table_fail(tags):
    table = table_of([Post(author=author, tags=some) for author, some in enumerate(tags)])

    saved = HashtagTable.from_arrays(table.arrays(), SETTINGS)

    assert same_arrays(saved.arrays(), table.arrays())
    assert set(table.folded) == {tag for some in tags for tag in fold_tags(some)} - {""}


def test_times_that_no_post_has_are_counted_at_the_edge():
    table = table_of([Post(bucket=-9_000_000, tags=["Kuat"]), Post(bucket=500_000_000, tags=["a"])])

    assert len(table.bins) == 2


@pytest.mark.parametrize("name", ["bins.posts", "folded.ends", "tags.keys", "pairs.authors.sizes"])
def test_a_table_that_is_not_whole_is_refused(name):
    posts = [Post(author=author, tags=["Kuat", "Bersama"]) for author in range(1, 12)]
    arrays = table_of(posts).arrays()
    arrays[name] = arrays[name][:-1]

    with pytest.raises(ValueError, match="not whole"):
        HashtagTable.from_arrays(arrays, SETTINGS)
