from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.incidents.playbook.times import (
    ANCHORS,
    Duration,
    NotADurationError,
    NotAnOffsetError,
    Offset,
)

SMALL = st.integers(0, 40)
durations = st.builds(
    Duration,
    years=st.integers(0, 20),
    months=SMALL,
    days=SMALL,
    hours=SMALL,
    minutes=SMALL,
    seconds=SMALL,
)
exact = st.builds(Duration, hours=SMALL, minutes=SMALL, seconds=SMALL)
moments = st.integers(0, 3_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("PT30M", datetime(2026, 1, 31, 22, 30, tzinfo=UTC)),
        ("PT72H", datetime(2026, 2, 3, 22, 0, tzinfo=UTC)),
        ("P1M", datetime(2026, 2, 28, 22, 0, tzinfo=UTC)),
        ("P1Y1M", datetime(2027, 2, 28, 22, 0, tzinfo=UTC)),
        ("P2Y1M", datetime(2028, 2, 29, 22, 0, tzinfo=UTC)),
        ("-P1M", datetime(2025, 12, 31, 22, 0, tzinfo=UTC)),
        ("-P14D", datetime(2026, 1, 17, 22, 0, tzinfo=UTC)),
        ("P2W", datetime(2026, 2, 14, 22, 0, tzinfo=UTC)),
        ("P1DT2H", datetime(2026, 2, 2, 0, 0, tzinfo=UTC)),
    ],
)
def test_duration_follows_the_calendar(text, later):
    start = datetime(2026, 1, 31, 22, 0, tzinfo=UTC)

    assert Duration.read(text).after(start) == later


def test_days_keep_the_hour_of_the_clock_and_hours_are_hours():
    """Paris goes to summer time in the night to 29 March 2026."""
    evening = datetime(2026, 3, 28, 20, 0, tzinfo=ZoneInfo("Europe/Paris"))

    assert Duration.read("P1D").after(evening).hour == 20
    assert Duration.read("PT24H").after(evening).hour == 21


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "30M",
        "P1H",
        "PT1D",
        "P1DT",
        "P1.5D",
        "P-1D",
        "PT1M1H",
        "P1W2D",
        "p1d",
        "P101Y",
        "P1Y ",
        "P٣D",
        "--P1D",
        "P99999D",
    ],
)
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(NotADurationError):
        Duration.read(text)


@given(durations)
def test_duration_reads_what_it_writes(duration):
    assert Duration.read(str(duration)) == duration


@given(exact, moments)
def test_exact_durations_undo_themselves(duration, moment):
    back = Duration.read(f"-{duration}")

    assert back.after(duration.after(moment)) == moment


@given(durations, moments)
def test_duration_never_goes_back(duration, moment):
    later = duration.after(moment)

    assert later >= moment
    assert later - moment <= timedelta(days=duration.nominal_days + 4)


@given(durations, durations)
def test_of_two_durations_one_may_exceed_unless_they_are_equal(first, second):
    ends = [
        [one.after(datetime(2023, month, 1, tzinfo=UTC)) for month in range(1, 13)]
        for one in (first, second)
    ]

    if any(one > other for one, other in zip(*ends, strict=True)):
        assert first.may_exceed(second)
    assert not first.may_exceed(first)


def test_month_may_be_shorter_than_thirty_days():
    month, days = Duration.read("P1M"), Duration.read("P30D")

    assert days.may_exceed(month)
    assert month.may_exceed(days)
    assert not Duration.read("P28D").may_exceed(month)


@pytest.mark.parametrize(
    ("text", "offset", "written"),
    [
        ("T0", Offset("T0"), "T0"),
        ("PT30M", Offset("T0", Duration(minutes=30)), "T0+PT30M"),
        ("T0+P21D", Offset("T0", Duration(days=21)), "T0+P21D"),
        ("-PT5M", Offset("T0", Duration(minutes=5, is_negative=True)), "T0-PT5M"),
        (
            "milestone-P14D",
            Offset("milestone", Duration(days=14, is_negative=True)),
            "milestone-P14D",
        ),
        ("close", Offset("close"), "close"),
        ("close+P0D", Offset("close"), "close"),
        (
            "anniversary-P2M",
            Offset("anniversary", Duration(months=2, is_negative=True)),
            "anniversary-P2M",
        ),
    ],
)
def test_offset_reads_an_anchor_and_a_span(text, offset, written):
    assert Offset.read(text) == offset
    assert str(offset) == written


@pytest.mark.parametrize(
    "text", ["", "T1", "T0P1D", "T0+", "T0+1", "birthday-P1D", "T0 + P1D", "+", "closeP1D"]
)
def test_what_is_no_offset_is_refused(text):
    with pytest.raises(NotAnOffsetError):
        Offset.read(text)


@given(st.sampled_from(ANCHORS), durations, st.booleans())
def test_offset_reads_what_it_writes(anchor, duration, is_negative):
    span = Duration.read(f"-{duration}") if is_negative else duration
    offset = Offset(anchor, span)

    assert Offset.read(str(offset)).after(datetime(2026, 1, 1, tzinfo=UTC)) == offset.after(
        datetime(2026, 1, 1, tzinfo=UTC)
    )
