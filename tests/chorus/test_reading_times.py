"""Times: one meaning each, whoever wrote them and whatever stands beside them."""

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chorus.reading.times import is_zone, parse_times

MOMENT = datetime(2018, 5, 13, 0, 30, tzinfo=UTC)


def parsed(*texts, zone="UTC", time_format=None):
    return parse_times(pl.Series("at", texts, dtype=pl.String), zone, time_format).to_list()


@pytest.mark.parametrize(
    "text",
    [
        "2018-05-13T00:30:00.000Z",
        "2018-05-13T07:30:00+07:00",
        "2018-05-13T07:30:00+0700",
        "2018-05-13 00:30:00 UTC",
        "2018-05-13 07:30:00 +07:00",
        "2018-05-12T21:00:00.000000-03:30",
        "2018-05-13T07:30+07:00",
        "Sun May 13 00:30:00 +0000 2018",
        "Sun, 13 May 2018 07:30:00 +0700",
        "Sun, 13 May 2018 00:30:00 GMT",
        "13 May 2018 00:30:00 GMT",
        "1526171400",
        "1526171400.0",
        "1526171400000",
        "1526171400000000",
        "1526171400000000000",
        " 1526171400 ",
    ],
)
def test_a_moment_is_understood_however_it_is_written(text):
    assert parsed(text, zone="Asia/Tokyo") == [MOMENT]


@pytest.mark.parametrize("text", ["2018-05-13 07:30:00", "2018-05-13T07:30", "2018/05/13 07:30:00"])
def test_a_time_without_a_zone_takes_the_zone_that_was_given(text):
    assert parsed(text, zone="Asia/Jakarta") == [MOMENT]


def test_a_day_is_its_first_moment():
    assert parsed("2018-05-13", zone="Asia/Jakarta") == [datetime(2018, 5, 12, 17, tzinfo=UTC)]


@pytest.mark.parametrize(
    "text", ["", "yesterday", "05/06/2018", "2018", "43233.3", "1e300", None, "-5"]
)
def test_what_is_no_moment_stays_empty(text):
    assert parsed(text) == [None]


def test_a_format_that_is_given_comes_before_all_guesses():
    assert parsed("13/05/2018 07:30", zone="Asia/Jakarta", time_format="%d/%m/%Y %H:%M") == [MOMENT]
    assert parsed("13/05/2018", time_format="%d/%m/%Y") == [datetime(2018, 5, 13, tzinfo=UTC)]


def test_an_hour_that_never_was_stays_empty_and_a_doubled_one_is_the_first():
    assert parsed("2026-03-29 02:30:00", zone="Europe/Paris") == [None]
    assert parsed("2026-10-25 02:30:00", zone="Europe/Paris") == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    ]


@given(st.lists(st.text(max_size=30) | st.sampled_from(["2018-05-13", "1526171400"]), max_size=6))
@settings(max_examples=25, deadline=None)
def test_a_time_never_depends_on_its_neighbours(texts):
    assert parsed(*texts) == [moment for text in texts for moment in parsed(text)]


def test_zones_are_known_by_their_names():
    assert is_zone("Asia/Manila")
    assert not is_zone("Mars/Olympus")
    assert not is_zone("../etc")
