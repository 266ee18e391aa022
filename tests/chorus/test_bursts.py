import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from benchmarks.chorus_bursts import (
    ewma_rings,
    in_quarters,
    kleinberg_rings,
    measure,
    simulate,
)
from chorus.bursts import Thresholds, bursts, course_of, judge, kleinberg
from chorus.picture import ALERT, WATCH

counts = arrays(
    np.int64,
    st.tuples(st.integers(1, 4), st.integers(1, 60)),
    elements={"min_value": 0, "max_value": 10_000},
)


@pytest.fixture(scope="module")
def planted():
    return simulate()


def quiet_then(*posts, quiet=2, buckets=40):
    return np.array([[quiet] * buckets + list(posts)])


def found_in(series, authors=None, least_authors=10):
    thresholds = Thresholds(authors=least_authors)
    authors = series if authors is None else authors
    return list(
        bursts(judge(series, minutes=15), series, authors, minutes=15, thresholds=thresholds)
    )


@pytest.mark.parametrize(
    ("threshold", "recall", "false_alarms"), [(4.0, 0.81, 0.285), (5.0, 0.74, 0.030)]
)
def test_planted_bursts_are_found_as_often_and_missed_as_seldom_as_published(
    planted, threshold, recall, false_alarms
):
    outcome = measure(planted, ewma_rings(planted, threshold))

    assert outcome.recall >= recall
    assert round(outcome.false_alarms, 3) <= false_alarms


def test_the_course_of_the_day_finds_more_and_rings_falsely_less(planted):
    without = measure(planted, ewma_rings(planted, 5.0))
    knowing = measure(planted, ewma_rings(planted, 5.0, by_the_hour=True))

    assert knowing.recall >= without.recall
    assert knowing.false_alarms < without.false_alarms


def test_quarters_of_an_hour_lose_nothing_against_five_minutes(planted):
    quarters = in_quarters(planted)
    outcome = measure(quarters, ewma_rings(quarters, 5.0))

    assert outcome.recall >= 0.8
    assert outcome.false_alarms <= 0.02


@pytest.mark.parametrize(("ratio", "recall", "false_alarms"), [(2.0, 0.93, 1.37), (3.0, 0.95, 2.1)])
def test_kleinberg_is_as_good_a_second_opinion_as_published(planted, ratio, recall, false_alarms):
    outcome = measure(planted, kleinberg(planted.counts, ratio=ratio))

    assert outcome.recall >= recall
    assert round(outcome.false_alarms, 2) <= false_alarms


def test_the_course_of_the_day_takes_most_false_alarms_from_kleinberg(planted):
    without = measure(planted, kleinberg_rings(planted, 2.0))
    knowing = measure(planted, kleinberg_rings(planted, 2.0, by_the_hour=True))

    assert knowing.recall >= without.recall
    assert knowing.false_alarms < without.false_alarms / 2


def test_a_burst_says_when_it_began_and_when_it_was_strongest():
    series = quiet_then(15, 60, 30, 2, 2, 2)

    (burst,) = found_in(series)

    assert (burst.start, burst.peak, burst.posts, burst.level) == (40, 41, 60, ALERT)
    assert burst.expected < 5


def test_a_smaller_rise_is_watched_and_does_not_alarm():
    (burst,) = found_in(quiet_then(12, quiet=3))

    assert burst.level == WATCH


def test_one_account_that_floods_a_tag_rings_no_bell():
    series = quiet_then(500, 500)
    from_one_account = np.ones_like(series)

    assert found_in(series, authors=from_one_account) == []
    assert len(found_in(series)) == 1


def test_a_few_posts_about_what_was_never_written_about_ring_no_bell():
    assert found_in(quiet_then(3, quiet=0), least_authors=0) == []


def test_nothing_rings_before_there_is_something_to_compare_with():
    assert found_in(np.array([[500, 600, 500, 600]])) == []


def test_two_bursts_a_day_apart_are_two():
    series = quiet_then(60, *[2] * 96, 60, 2)

    assert [burst.peak for burst in found_in(series)] == [40, 137]


@given(series=counts, later=st.integers(0, 10_000))
def test_what_comes_later_never_changes_a_judgement(series, later):
    longer = np.concatenate([series, np.full((len(series), 1), later)], axis=1)
    # The warm-up is judged by nobody; after it every bucket is judged by the past alone.
    known = series.shape[1]
    if known >= 24:
        np.testing.assert_array_equal(
            judge(series, minutes=15).z, judge(longer, minutes=15).z[:, :known]
        )


@given(series=counts)
def test_series_do_not_touch_each_other(series):
    together = judge(series, minutes=15)
    for row in range(len(series)):
        alone = judge(series[row : row + 1], minutes=15)
        np.testing.assert_array_equal(together.z[row], alone.z[0])
    np.testing.assert_array_equal(kleinberg(series)[:1], kleinberg(series[:1]))


@given(series=counts)
def test_no_counts_make_a_score_that_is_no_number(series):
    judged = judge(series, minutes=15)

    assert np.isfinite(judged.z).all()
    assert np.isfinite(judged.expected).all()
    assert not any(math.isnan(burst.z) for burst in found_in(series))


@given(
    series=arrays(
        np.int64,
        st.tuples(st.just(1), st.integers(2, 9)),
        elements={"min_value": 0, "max_value": 30},
    )
)
def test_viterbi_finds_the_cheapest_of_all_ways(series):
    states = kleinberg(series)[0]

    cheapest = min(
        cost_of(series[0], [bool(way >> bucket & 1) for bucket in range(series.size)])
        for way in range(2**series.size)
    )
    assert cost_of(series[0], states) == pytest.approx(cheapest)


def cost_of(series, states, ratio=2.0):
    """What a way through the two states costs, written down naively."""
    rate = max(np.median(series), 0.8 * series.mean()) + 0.05
    cost, before = 0.0, False
    for count, state in zip(series, states, strict=True):
        level = rate * (ratio if state else 1.0)
        cost += level - count * math.log(level)
        cost += math.log(series.size) if state and not before else 0.0
        before = state
    return cost


def test_the_course_of_a_day_needs_two_days():
    day = np.tile(np.array([[1] * 48 + [3] * 48]), 2)

    assert course_of(day, minutes=15, known=191) is None
    course = course_of(day, minutes=15, known=192)
    assert course.mean() == pytest.approx(1.0)
    assert course[30] == pytest.approx(0.5)
    assert course[70] == pytest.approx(1.5)
