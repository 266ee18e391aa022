"""HTML becomes what a person reads, in one pass however it is broken."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorus.reading.markup import text_of


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Please give <b>blood</b></p><p>now</p>", "Please give blood now"),
        ("one<br>two<BR/>three", "one two three"),
        ('<span class="invisible">https://</span>example.org', "https://example.org"),
        ("3 &lt; 5 &amp; caf&eacute;", "3 < 5 & café"),
        ("3 < 5 and 6 > 4", "3 < 5 and 6 > 4"),
        ("<!-- unseen -->seen", "seen"),
        ("a\n\n  b", "a b"),
        ("", ""),
    ],
)
def test_markup_becomes_text(markup, text):
    assert text_of(markup) == text


@given(st.text(st.sampled_from("<>/&;apbr !-\n"), max_size=60))
def test_no_markup_makes_it_fail_or_leaves_a_double_space(markup):
    assert "  " not in text_of(markup)


def test_a_text_of_nothing_but_brackets_is_read_in_one_pass():
    for broken in ("<" * 1_000_000, "<a " * 300_000, "</p" * 300_000):
        begun = time.process_time()
        text_of(broken)
        assert time.process_time() - begun < 2
