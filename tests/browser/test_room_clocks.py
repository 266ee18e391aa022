"""Clocks of a room count on in the page with the words the server began with."""

import datetime as dt
from pathlib import Path

import pytest
from django.utils import translation

from tansiq.incidents import spans

CLOCKS = Path(spans.__file__).parent / "static/incidents/clocks.js"
# Both sides of each limit at which the words change.
MINUTES = [0, 1, 14, 89, 90, 91, 359, 360, 2879, 2880, 4320, 14400]


@pytest.mark.parametrize("language", ["en", "ar", "fr", "id", "ms", "fil"])
def test_the_page_counts_on_in_the_words_of_the_server(chromium, language):
    code = CLOCKS.read_text().partition("setInterval")[0].replace("export ", "")
    page = chromium.new_page()
    page.set_content(f'<!doctype html><html lang="{language}"></html>')

    counted = page.evaluate(f"(minutes) => {{ {code}; return minutes.map(span); }}", MINUTES)

    page.close()
    with translation.override(language):
        assert counted == [spans.span(dt.timedelta(minutes=one), language) for one in MINUTES]


def test_an_exercise_that_stands_still_and_one_that_runs_fast(chromium):
    code = CLOCKS.read_text().partition("setInterval")[0].replace("export ", "")
    page = chromium.new_page()
    ask = """(speed) => { CODE;
        const clock = { dataset: { roomNow: "1000000", speed } };
        return roomNow(clock, loaded + 2000);
    }""".replace("CODE", code)

    moments = [page.evaluate(ask, str(speed)) for speed in (0, 1, 60)]

    page.close()
    assert moments == [1_000_000, 1_002_000, 1_120_000]
