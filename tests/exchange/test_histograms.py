"""Bands of times: what they lose, and that they add up."""

import math

from hypothesis import given
from hypothesis import strategies as st

from tansiq.exchange.histograms import (
    ERROR,
    FIRST_SECONDS,
    LAST_BAND,
    add,
    as_stored,
    band_of,
    from_stored,
    histogram_of,
    percentile,
)

YEARS = 5 * 365 * 86_400
times = st.lists(st.floats(-3_600, YEARS, allow_nan=False), min_size=1, max_size=200)
shares = st.sampled_from([0.5, 0.9]) | st.floats(0.01, 1)


def _exact(seconds, share):
    return sorted(seconds)[math.ceil(share * len(seconds)) - 1]


@given(seconds=times, share=shares)
def test_a_percentile_is_off_by_no_more_than_it_says(seconds, share):
    exact = _exact(seconds, share)

    read = percentile(histogram_of(seconds), share).total_seconds()

    if exact < FIRST_SECONDS:
        assert 0 < read < FIRST_SECONDS
    else:
        # A timedelta holds microseconds, and the ends of bands are rounded.
        assert abs(read - exact) <= exact * ERROR * (1 + 1e-9) + 1e-5


@given(first=times, second=times)
def test_two_histograms_added_are_that_of_both(first, second):
    both = histogram_of(first)
    add(both, histogram_of(second))

    assert both == histogram_of([*first, *second])


@given(seconds=times)
def test_a_stored_histogram_comes_back(seconds):
    counts = histogram_of(seconds)

    assert from_stored(as_stored(counts)) == counts


def test_what_takes_longer_than_five_years_is_in_the_last_band():
    assert band_of(1e12) == LAST_BAND


def test_of_nothing_there_is_no_percentile():
    assert percentile({}, 0.5) is None
