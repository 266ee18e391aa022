"""What may be published holds at most three posts and three tags of an author and day."""

from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chorus.capped import CATEGORIES, MOST_OF_A_DAY, Bounded, Capped
from chorus.foldable import same_arrays
from chorus.labels import BIT, LANGUAGES
from tests.chorus.observed import SETTINGS, START, STREAMS, Post, batched_streams, observed

DAY = 96
IDS = st.integers(1, 2**64 - 1)


def capped(*batches, settings=SETTINGS) -> Capped:
    table = Capped(settings)
    for batch in batches:
        table.fold(observed(batch))
    return table


def numbered(posts):
    return [replace(post, id=number + 1) for number, post in enumerate(posts)]


@given(batched_streams())
def test_order_batches_and_merging_do_not_matter(stream):
    posts, batches = stream
    merged = Capped(SETTINGS)
    for batch in batches:
        merged.merge(capped(batch))

    assert same_arrays(capped(*batches).arrays(), capped(posts).arrays())
    assert same_arrays(merged.arrays(), capped(posts).arrays())


@given(STREAMS)
def test_arrays_give_the_table_back_to_be_counted_on(posts):
    table = Capped.from_arrays(capped(posts).arrays(), SETTINGS)
    table.fold(observed(posts))

    assert same_arrays(table.arrays(), capped(posts).arrays())


@given(STREAMS, st.integers(1, MOST_OF_A_DAY))
def test_each_author_counts_at_most_the_cap_on_each_day(posts, cap):
    posts = numbered(posts)
    table = capped(posts)

    expected = defaultdict(Counter)
    for post in posts:
        if post.author and not post.repost and post.bucket >= START:
            expected[(post.bucket - START) // DAY][post.author] += 1
    for day in range(31):
        counts = [min(posts, cap) for posts in expected[day].values()]
        assert table.cells(day, cap).sum() == sum(counts)


@given(STREAMS, st.data())
def test_all_posts_of_an_author_on_a_day_change_the_figures_by_three_at_most(posts, data):
    posts = numbered(posts)
    author, day = data.draw(st.integers(1, 40)), data.draw(st.integers(0, 30))
    more = [
        Post(bucket=START + DAY * day, author=author, labels=labels, id=1000 + number, tags=tags)
        for number, (labels, tags) in enumerate(
            data.draw(st.lists(st.tuples(st.integers(0, 2**34), st.lists(st.text("abc")))))
        )
    ]
    others = [p for p in posts if (p.author, (p.bucket - START) // DAY) != (author, day)]

    with_them, without = capped(others + more), capped(others)

    for of_day in range(31):
        difference = with_them.cells(of_day) - without.cells(of_day)
        assert (difference >= 0).all()
        assert difference.sum() <= MOST_OF_A_DAY * (of_day == day)
        tags, before = with_them.authors_by_tag(of_day), without.authors_by_tag(of_day)
        changed = {tag: tags.get(tag, 0) - before.get(tag, 0) for tag in {*tags, *before}}
        assert sum(changed.values()) <= MOST_OF_A_DAY * (of_day == day)
        assert set(changed.values()) <= {0, 1}


def test_a_post_counts_once_under_what_people_need_most():
    labels = 1 << BIT["information.blood"] | 1 << BIT["solidarity.unity"] | 1
    cells = capped([Post(labels=labels, language=2, bucket=START + 9)]).cells(0)

    (place,) = np.argwhere(cells)
    assert tuple(place) == (2, 2, [category.name for category in CATEGORIES].index("blood"))


def test_a_post_that_says_nothing_of_it_counts_as_other():
    assert capped([Post()]).cells(0)[0, LANGUAGES.index("ar"), -1] == 1


def test_reposts_unknown_authors_and_what_was_before_do_not_count():
    table = capped([Post(repost=True), Post(author=0, id=2), Post(bucket=START - 1, id=3)])

    assert len(table.posts.content()[0]) == 0


def test_a_post_that_two_parts_hold_counts_once():
    part = [Post(id=7, tags=["unity"]), Post(id=8)]
    merged = capped(part)
    merged.merge(capped(part))

    assert merged.cells(0).sum() == 2
    assert list(merged.authors_by_tag(0).values()) == [1]


def test_a_tag_is_named_in_what_is_saved_only_by_k_authors_of_one_day():
    few = [Post(author=1 + n, id=n, tags=["bakerymeeting"]) for n in range(1, 10)]
    few += [Post(author=50, id=50, bucket=START + DAY, tags=["bakerymeeting"])]
    many = [Post(author=1 + n, id=100 + n, tags=["WeStand"]) for n in range(1, 11)]

    arrays = capped(few + many).arrays()

    assert arrays["names.bytes"].tobytes() == b"westand"
    table = Capped.from_arrays(arrays, SETTINGS)
    names = {table.name_of(tag): count for tag, count in table.authors_by_tag(0).items()}
    assert names == {"": 9, "westand": 10}


def test_no_author_has_two_rows_that_can_be_linked_by_their_hashes():
    who, _ = capped([Post(author=9), Post(author=9, bucket=START + DAY)]).posts.content()

    hashes = {int(key) & (1 << 50) - 1 for key in who}
    assert len(hashes) == 2
    assert 9 not in hashes


def test_the_oldest_days_go_whole_when_there_is_no_room(monkeypatch):
    monkeypatch.setattr(Bounded, "room", 20)
    days = [
        [Post(author=n, bucket=START + DAY * day, id=100 * day + n) for n in range(1, 16)]
        for day in range(3)
    ]
    table = capped(*days)
    table.posts.content()

    assert table.posts.first_day == 2
    assert [int(table.cells(day).sum()) for day in range(3)] == [0, 0, 15]
    table.fold(observed([Post(author=99, id=999)]))
    assert table.cells(0).sum() == 0
