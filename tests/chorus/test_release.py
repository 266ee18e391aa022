"""What is published carries the noise that it must, adds up, and costs what it says."""

import csv
import json
import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from chorus.capped import CATEGORIES, MOST_OF_A_DAY
from chorus.cli import main
from chorus.foldable import QUARTER_HOUR
from chorus.labels import BIT, LANGUAGES
from chorus.noise import margin, named_with_noise, with_noise
from chorus.release import GRIDS, Plan, ReleaseError, coarse, consistent, grid_for, release
from chorus.state import State
from tests.chorus.observed import SETTINGS, START, Post, observed

DAY = 96
FIRST = Plan(days=(1,))


def state_of(posts) -> State:
    state = State(SETTINGS)
    state.fold(observed(posts))
    return state


def crowd(authors, day=0, tags=(), labels=1 << BIT["information.blood"]):
    start = START + DAY * day
    return [
        Post(id=10_000 * day + n, author=n, bucket=start + n % DAY, labels=labels, tags=tags)
        for n in range(1, authors + 1)
    ]


def test_noise_has_the_scale_it_should():
    # Discrete Laplace of scale s: the mean of |x| is 2q / (1 - q²) with q = e^(-1/s). Of 40,000
    # draws it deviates by 3 % less often than once in a billion runs.
    q = math.exp(-1 / 3)
    noisy = with_noise(np.zeros(40_000, np.int64), epsilon=1.0, sensitivity=3)

    assert np.abs(noisy).mean() == pytest.approx(2 * q / (1 - q * q), rel=0.05)
    assert abs(noisy.mean()) < 0.15
    assert (np.abs(noisy) <= margin(3.0)).mean() == pytest.approx(0.95, abs=0.02)


def test_neighbours_cannot_be_told_apart_better_than_promised():
    # Somebody's three posts in one cell: the worst that a day of one author can do.
    epsilon, draws = 1.0, 60_000
    without = with_noise(np.full(draws, 20), epsilon=epsilon, sensitivity=3)
    with_them = with_noise(np.full(draws, 23), epsilon=epsilon, sensitivity=3)

    for threshold in range(15, 29):
        p, q = (with_them >= threshold).mean(), (without >= threshold).mean()
        assert p <= math.exp(epsilon) * q + 0.02
        assert 1 - q <= math.exp(epsilon) * (1 - p) + 0.02


def test_a_tag_of_one_author_is_not_named():
    found = [
        named_with_noise({7: 1, 8: 400}, epsilon=0.3, delta=1e-7, sensitivity=3) for _ in range(300)
    ]

    assert {frozenset(names.counts) for names in found} == {frozenset({8})}
    assert found[0].threshold > 1 + found[0].scale * math.log(3 / 2e-7)
    assert found[0].scale == pytest.approx(10)


COUNTS = arrays.arrays(np.int64, st.tuples(*[st.integers(1, 4)] * 3), elements=st.integers(-99, 99))


@given(COUNTS, st.integers(0, 2000))
def test_figures_for_readers_are_never_negative_and_add_up(noisy, total):
    posts = consistent(noisy, total)

    assert posts.shape == noisy.shape
    assert posts.min() >= 0
    assert posts.sum() == total


@given(arrays.arrays(np.int64, (2, 3, 2), elements=st.integers(0, 99)))
def test_figures_that_agree_already_stay(counts):
    assert (consistent(counts, int(counts.sum())) == counts).all()


@given(st.sampled_from(GRIDS), st.data())
def test_coarse_cells_hold_the_same_posts(grid, data):
    shape = (24, 64, len(CATEGORIES))
    cells = np.zeros(shape, np.int64)
    for _ in range(5):
        place = (data.draw(st.integers(0, 23)), data.draw(st.integers(0, len(LANGUAGES) - 1)), 3)
        cells[place] += 1

    added = coarse(cells, *grid)

    assert added.sum() == 5
    assert added.shape[0] == 24 // grid[0]


def test_small_incidents_get_coarse_cells():
    assert grid_for(100_000, 5) == (1, True)
    assert grid_for(4_000, 5) == (1, False)
    assert grid_for(40, 5) == (24, False)
    assert grid_for(-3, 5) == (24, False)


def test_a_release_is_near_the_truth_and_adds_up():
    (day,) = release(state_of(crowd(3000)), FIRST)

    assert abs(day.total - 3000) < 500
    assert sum(figure.posts for figure in day.figures) == day.total
    assert {figure.hours for figure in day.figures} == {day.hours}
    blood = sum(figure.noisy for figure in day.figures if figure.category == "blood")
    assert abs(blood - 3000) < 1500


def test_which_cells_there_are_does_not_depend_on_who_posted():
    (full,) = release(state_of(crowd(20)), FIRST)
    (empty,) = release(state_of(crowd(20, day=1)), FIRST)

    cells = [{(f.starts_at, f.language, f.category) for f in day.figures} for day in (full, empty)]
    assert cells[0] == cells[1]


def test_only_tags_that_many_used_are_published():
    posts = crowd(2000, tags=["WeStand"]) + [
        Post(id=90_000 + n, author=3000 + n, tags=["bakerymeeting"]) for n in range(30)
    ]
    (day,) = release(state_of(posts), FIRST)

    assert [tag.tag for tag in day.tags] == ["westand"]
    assert abs(day.tags[0].authors - 2000) < 300


def test_hidden_tags_are_not_published():
    plan = Plan(days=(1,), hidden=frozenset({"westand"}))
    (day,) = release(state_of(crowd(2000, tags=["WeStand"])), plan)

    assert day.tags == ()


@pytest.mark.parametrize("hashtags", [True, False])
def test_shares_of_a_day_are_what_it_costs(hashtags):
    assert sum(Plan(days=(1,), hashtags=hashtags).shares) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"epsilon": Decimal(0)}, "more than 0"),
        ({"epsilon": Decimal("nan")}, "more than 0"),
        ({"delta": Decimal("0.1")}, "at most"),
        ({"cap": MOST_OF_A_DAY + 1}, "keeps no more"),
        ({"days": ()}, "each day once"),
        ({"days": (0,)}, "each day once"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(changes, sentence):
    with pytest.raises(ReleaseError, match=sentence):
        Plan(**{"days": (1,)} | changes)


def test_posts_without_authors_cannot_be_published():
    with pytest.raises(ReleaseError, match="known author"):
        release(state_of([Post(author=0)]), FIRST)


def call(tmp_path, *more, out="figures", ledger="book.jsonl"):
    return main(
        ["release", str(tmp_path / "state"), "--out", str(tmp_path / out), "--who", "press office",
         "--ledger", str(tmp_path / ledger), "--why", "bulletin", *more]
    )  # fmt: skip


def test_the_command_publishes_books_and_says_what_is_promised(tmp_path, capsys):
    state_of(crowd(2000, tags=["WeStand"]) + crowd(50, day=1)).save(tmp_path / "state")

    assert call(tmp_path, "--days", "1-2", "--epsilon", "0.5") == 0

    names = {file.name for file in (tmp_path / "figures").iterdir()}
    assert names == {"README.md", "days.csv", "figures.csv", "hashtags.csv", "release.json"}
    page = (tmp_path / "figures" / "README.md").read_text()
    assert "epsilon 0.5 per account and day" in page
    assert "epsilon 1.0 over all of them" in page
    book = (tmp_path / "book.jsonl").read_text()
    data = json.loads((tmp_path / "figures" / "release.json").read_text())
    assert json.loads(book)["hash"] == data["budget_seal"]
    with (tmp_path / "figures" / "figures.csv").open() as file:
        rows = list(csv.DictReader(file))
    of_days = {str(day["number"]): day["total"] for day in data["days"]}
    for number, total in of_days.items():
        assert sum(int(row["posts"]) for row in rows if row["day"] == number) == total
    assert str(tmp_path) not in page + book
    assert "note it elsewhere" in capsys.readouterr().out


def test_a_second_publication_takes_the_days_that_are_left(tmp_path, capsys):
    state_of(crowd(50)).save(tmp_path / "state")
    assert call(tmp_path, "--days", "1") == 0

    assert call(tmp_path, "--days", "1", "--epsilon", "0.1", out="again") == 2
    assert "left" in capsys.readouterr().err
    assert not (tmp_path / "again").exists()
    assert list(tmp_path.glob(".again*")) == []


def test_nothing_is_spent_where_nothing_can_be_written(tmp_path, capsys):
    state_of(crowd(50)).save(tmp_path / "state")
    (tmp_path / "figures").mkdir()

    assert call(tmp_path, "--days", "1") == 2
    assert "name a new one" in capsys.readouterr().err
    assert not (tmp_path / "book.jsonl").exists()


@pytest.mark.parametrize("words", ["0", "3-1", "x", "1-200", ""])
def test_days_that_are_none_are_refused(tmp_path, words):
    with pytest.raises(SystemExit):
        call(tmp_path, "--days", words)


def test_what_was_saved_holds_no_name_of_a_tag_of_few(tmp_path):
    state = state_of([Post(id=n, author=n, tags=["bakerymeeting"]) for n in range(1, 10)])
    assert b"bakerymeeting" not in state.to_bytes()
    assert SETTINGS.incident_bucket * QUARTER_HOUR <= SETTINGS.incident_at
