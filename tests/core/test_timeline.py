"""The time line: everything stands on the sheet, runs with the language, and reads in grey."""

import datetime as dt
import re

from hypothesis import given
from hypothesis import strategies as st

from tansiq.core.timeline import WIDTH, Lane, Mark, Span, timeline

DAY = dt.date(2026, 5, 4)
days = st.dates(dt.date(2020, 1, 1), dt.date(2032, 12, 31))
labels = st.text(min_size=1, max_size=60)


@st.composite
def roads(draw):
    spans = [
        Span(label, min(one, two), max(one, two), "on", share)
        for label, one, two, share in draw(
            st.lists(st.tuples(labels, days, days, st.floats(-1, 2)), max_size=4)
        )
    ]
    marks = [
        Mark(label, on, tone, is_critical)
        for label, on, tone, is_critical in draw(
            st.lists(
                st.tuples(labels, days, st.sampled_from(["done", "late", "calm"]), st.booleans()),
                max_size=8,
            )
        )
    ]
    return spans, [Lane("Pillar", marks)] if marks else []


@given(road=roads(), today=days, language=st.sampled_from(["en", "ar"]))
def test_every_bar_stands_on_the_sheet(road, today, language):
    spans, lanes = road

    drawn = timeline(spans, lanes, today=today, title="Road", language=language)

    bars = re.findall(r'<rect [^>]*\bx="(-?[\d.]+)"[^>]*width="(-?[\d.]+)"', drawn)
    assert bool(drawn) == bool(spans or lanes)
    # Coordinates are rounded to two digits.
    assert all(float(x) >= -0.02 and float(w) >= 0 for x, w in bars)
    assert all(float(x) + float(w) <= WIDTH + 4.02 for x, w in bars)


def place_of(drawn, words):
    return float(re.search(rf'x="([\d.]+)"[^>]*>[^<]*{words}', drawn).group(1))


def test_line_runs_from_right_to_left_for_readers_of_arabic():
    spans = [
        Span("first", dt.date(2026, 1, 1), dt.date(2026, 6, 30)),
        Span("second", dt.date(2027, 1, 1), dt.date(2027, 6, 30)),
    ]

    english = timeline(spans, [], today=DAY, title="Road", language="en")
    arabic = timeline(spans, [], today=DAY, title="Road", language="ar")

    assert place_of(english, "first") < place_of(english, "second")
    assert place_of(arabic, "first") > place_of(arabic, "second")


def test_critical_days_are_named_and_never_on_top_of_each_other():
    close = [
        Mark(f"Signing number {n}", DAY + dt.timedelta(days=n), is_critical=True) for n in range(4)
    ]
    quiet = Mark("Nobody waits for it", DAY, "calm")
    spans = [Span("Year", dt.date(2026, 1, 1), dt.date(2026, 12, 31))]

    drawn = timeline(spans, [Lane("Pillar", [*close, quiet])], today=DAY, title="R", language="en")

    heights = re.findall(r'y="([\d.]+)"[^>]*>[^<]*Signing number', drawn)
    assert len(set(heights)) == 4
    assert not re.search(r"<text[^>]*>[^<]*Nobody waits", drawn)
    assert "Nobody waits for it</title>" in drawn


def test_late_reached_and_open_differ_by_shape_not_only_by_colour():
    marks = [Mark(tone, DAY, tone) for tone in ("late", "done", "calm")]

    drawn = timeline([], [Lane("Pillar", marks)], today=DAY, title="R", language="en")

    signs = re.findall(r'<path (class="[^"]*")[^>]* d="M[\d. ]+(l[^"]*)"', drawn)
    filled = {"sign" not in classes for classes, _path in signs}
    outlines = {path for _classes, path in signs}
    assert (len(signs), filled, len(outlines)) == (3, {True, False}, 2)


def test_hostile_words_stay_words():
    mark = Mark("<script>alert(1)</script>", DAY, is_critical=True)

    drawn = timeline([], [Lane('"><b>', [mark])], today=DAY, title="&", language="en")

    assert "<script>" not in drawn
    assert "<b>" not in drawn
