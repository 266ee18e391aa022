"""What may leave, attacked: all tables together, by linear programming, every hidden cell."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from chorus.cells import ALL_POSTS, DAY, HOUR, QUARTER, Cells
from chorus.suppression import TOO_FEW, Release, release_table, rounded
from tests.chorus.observed import SETTINGS, START, Post, observed

K = 5
CITY = np.arange(4, dtype=np.uint32)
REGION = np.array([0, 1, 1, 3], np.uint32)
TABLES = ("total", "by_time", "by_language", "by_place", "by_place_and_time")


def cells_of(posts) -> Cells:
    cells = Cells(SETTINGS)
    cells.fold(observed(posts))
    return cells


@st.composite
def small_tables(draw: st.DrawFn) -> list[Post]:
    """Return posts of a few times, places and languages: sparse, skewed, with busy authors."""
    groups = draw(
        st.lists(
            st.tuples(
                st.integers(0, 3),  # time
                st.integers(0, 3),  # place
                st.integers(1, 2),  # language
                st.integers(1, 14),  # authors
                st.integers(0, 3),  # posts of the first author on top
                st.booleans(),
            ),
            max_size=14,
        )
    )
    posts = []
    for number, (time, place, language, authors, more, repost) in enumerate(groups):
        plain = Post(
            bucket=START + time * HOUR, place=place, language=language, labels=1, repost=repost
        )
        names = [*range(authors), *([0] * more)]
        posts += [replace(plain, author=1 + name + 7 * (number % 3)) for name in names]
    return posts


def weakest(posts, release: Release, label: int) -> float:
    """Return the least number of posts that an attacker can bound a hidden cell of a label to.

    The attacker is given more than is published: every told number as it was before rounding. He
    knows that a told cell has at least k posts, a hidden one at least one, and one that is not
    listed none. Infinite where nothing is hidden.
    """
    attack = Attack(posts, release, label)
    return min((attack.most_in(cell) for cell in attack.hidden), default=float("inf"))


class Attack:
    """All that was told on one label as linear bounds on posts by time, place and language."""

    def __init__(self, posts, release: Release, label: int) -> None:
        self.places = REGION if release.by_place.level == "region" else CITY
        axes = np.meshgrid(np.arange(0, 16, 4), np.arange(4), np.arange(1, 3), indexing="ij")
        self.time, self.place, self.language = (axis.reshape(-1) for axis in axes)
        self.size = len(self.time)
        self.truth = np.zeros(2 * self.size)
        for post in posts:
            place = (post.bucket - START) // 4 * 8 + post.place * 2 + post.language - 1
            self.truth[place + self.size * post.repost] += 1
        self.hidden: list[np.ndarray] = []
        self.equal: list[np.ndarray] = []
        for name in TABLES:
            self.read(name, getattr(release, name), label)

    def read(self, name, table, label) -> None:
        rows = table.cells.filter(pl.col("label") == label)
        listed = np.zeros(self.size)
        for row in rows.iter_rows(named=True):
            members = self.members(name, table, row)
            listed += members
            self.learn(members, row)
        unlisted = 1.0 - listed
        if name == "by_place_and_time":
            # It says nothing of a place that is not listed at all.
            unlisted *= np.isin(self.places[self.place], rows["place"].to_numpy())
        if len(rows):
            self.equal += [np.concatenate([unlisted, unlisted])]

    def members(self, name, table, row) -> np.ndarray:
        members = np.ones(self.size, bool)
        if table.span:
            start = row["bucket"] - START
            members &= (self.time >= start) & (self.time < start + table.span)
        if name in {"by_place", "by_place_and_time"}:
            members &= self.places[self.place] == row["place"]
        if name == "by_language":
            members &= self.language == row["language"]
        return members.astype(float)

    def learn(self, members, row) -> None:
        nothing = np.zeros(self.size)
        if row["posts"] is None:
            self.hidden.append(np.concatenate([members, members]))
        else:
            self.equal += [np.concatenate([members, nothing]), np.concatenate([nothing, members])]

    def most_in(self, cell) -> float:
        known, hidden = np.array(self.equal), np.array(self.hidden)
        answer = linprog(
            -cell, A_ub=-hidden, b_ub=-np.ones(len(hidden)), A_eq=known, b_eq=known @ self.truth
        )
        if answer.status == 3:  # no bound at all
            return float("inf")
        assert answer.status == 0
        return -answer.fun


def release_of(posts, **options) -> Release:
    options = {"k": K, "spans": (HOUR, DAY), "places": {"city": CITY, "region": REGION}, **options}
    return release_table(cells_of(posts), **options)


@settings(max_examples=50, deadline=None)
@given(small_tables())
def test_no_hidden_cell_can_be_bounded_to_fewer_than_k_authors(posts):
    release = release_of(posts)

    assert weakest([post for post in posts if post.labels], release, 0) >= K - 1e-6
    assert weakest(posts, release, ALL_POSTS) >= K - 1e-6


@settings(max_examples=25, deadline=None)
@given(small_tables())
def test_whatever_is_told_has_k_authors_behind_it_and_is_rounded(posts):
    release = release_of(posts)

    for name in TABLES:
        told = getattr(release, name).cells.drop_nulls("posts")
        assert (told["authors"] >= K).all()
        for count in ("posts", "spread", "authors"):
            assert (told[count] % 5 == 0).all()
        hidden = getattr(release, name).cells.filter(pl.col("posts").is_null())
        assert hidden["spread"].null_count() == hidden["authors"].null_count() == len(hidden)


@settings(max_examples=25, deadline=None)
@given(small_tables())
def test_a_total_of_fewer_than_k_authors_leaves_nothing_at_all(posts):
    few = [replace(post, author=post.author % (K - 1)) for post in posts]

    release = release_of(few)

    for name in TABLES:
        assert getattr(release, name).cells["posts"].null_count() == len(
            getattr(release, name).cells
        )


def hour(number, authors, **more) -> list[Post]:
    plain = Post(bucket=START + number * HOUR, **more)
    return [replace(plain, author=1 + number * 100 + author) for author in range(authors)]


def test_the_smallest_other_cell_is_hidden_so_that_nothing_can_be_subtracted():
    release = release_of(hour(0, 40) + hour(1, 20) + hour(2, 2))

    assert release.by_time.cells["posts"].to_list() == [40, None, None]
    assert release.total.cells["posts"].to_list() == [60]


def test_the_attack_finds_a_cell_that_was_hidden_alone():
    posts = hour(0, 40) + hour(1, 20) + hour(2, 2)
    release = release_of(posts)
    # The planted fault: the second cell is told after all.
    told = release.by_time.cells.with_columns(posts=pl.Series([40, 20, None]))
    careless = replace(release, by_time=replace(release.by_time, cells=told))

    assert weakest(posts, release, ALL_POSTS) == pytest.approx(21)
    assert weakest(posts, careless, ALL_POSTS) == pytest.approx(2)


def test_a_place_whose_times_could_be_worked_out_is_left_out_of_the_table_of_both():
    # Nobody wrote at hour 0 without naming a place: by subtraction the times of place 1 would show.
    posts = hour(0, 1, place=1) + hour(1, 20, place=1) + hour(0, 30, place=2) + hour(2, 40)

    release = release_of(posts)

    assert release.by_place_and_time.cells["place"].unique().to_list() in ([], [2])


def test_a_small_incident_is_told_more_coarsely_and_says_so():
    posts = [post for number in range(8) for post in hour(number, 3)]

    release = release_of(posts, spans=(QUARTER, HOUR, DAY))

    assert release.by_time.span == DAY
    assert release.by_time.reason == TOO_FEW
    assert release.by_time.cells["posts"].to_list() == [25]
    assert release.remarks[0] == (
        "Times are told by the day, since by the quarter of an hour more than half of the posts "
        "would be hidden for coming from fewer than 5 people."
    )


def test_places_of_few_are_told_by_their_region():
    posts = hour(0, 4, place=1) + [replace(post, author=99 + post.author) for post in
                                   hour(0, 4, place=2)] + hour(1, 5, place=3)  # fmt: skip

    release = release_of(posts)

    assert release.by_place.level == "region"
    assert release.by_place.cells["place"].to_list() == [1, 3]
    assert "Places are told by region" in " ".join(release.remarks)


def test_places_and_times_are_told_together_where_posts_without_a_place_keep_them_open():
    posts = [
        post for number in range(3) for place in (0, 1) for post in hour(number, 30, place=place)
    ]
    release = release_of(posts)

    assert release.by_place_and_time.cells["posts"].to_list() == [30, 30, 30]
    assert release.by_place_and_time.level == "city"


def test_nothing_below_five_people_can_be_asked_for():
    with pytest.raises(ValueError, match="fewer than 5 people"):
        release_of([], k=4)


@pytest.mark.parametrize(("count", "told"), [(0, 0), (2, 0), (3, 5), (7, 5), (8, 10), (10, 10)])
def test_counts_are_rounded_to_the_nearest_five(count, told):
    assert rounded(np.array([count])).tolist() == [told]


def test_an_empty_stream_leaves_empty_tables():
    release = release_of([])

    assert [len(getattr(release, name).cells) for name in TABLES] == [0] * 5
