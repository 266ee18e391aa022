"""Whatever is sent as a playbook is read or refused with sentences; nothing else ever happens."""

import contextlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.incidents.playbook import Document, PlaybookError, read_playbook, translated
from tansiq.incidents.playbook.shipped import FOLDER
from tests.incidents.playbooks import SMALL

LINES = SMALL.splitlines()
SHIPPED = (FOLDER / "city-led-response" / "playbook.yaml").read_text(encoding="utf-8").splitlines()
ODD = st.sampled_from(
    [
        "",
        " ",
        "\t",
        "-",
        ": ",
        "&a",
        "*a",
        "!x",
        "{",
        "[",
        "'",
        '"',
        "|",
        ">",
        "#",
        "%",
        "@",
        "---",
        "...",
        "key: key",
        "? x",
        "null",
        "~",
        "yes",
        "T0",
        "P1Y",
        "-P1D",
        "\u202e",
        "\u2028",
        "é",
        "{}",
    ]
)
calm = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def reads_or_refuses(text):
    lines = [problem.line for problem in problems_of(text)]

    assert all(1 <= line <= len(text.splitlines()) + 1 for line in lines)


def problems_of(text):
    try:
        read_playbook(text)
    except PlaybookError as refused:
        return refused.problems
    return ()


@given(
    changes=st.lists(
        st.tuples(st.integers(0, len(LINES) - 1), ODD, st.integers(0, 30)), min_size=1, max_size=4
    )
)
@calm
def test_odd_signs_anywhere_are_read_or_refused(changes):
    lines = list(LINES)
    for number, odd, place in changes:
        lines[number] = lines[number][:place] + odd + lines[number][place:]

    reads_or_refuses("\n".join(lines))


@given(cut=st.tuples(st.integers(0, len(LINES)), st.integers(0, len(LINES))), again=st.booleans())
@calm
def test_lines_left_out_or_doubled_are_read_or_refused(cut, again):
    start, end = sorted(cut)
    middle = LINES[start:end] * (2 if again else 0)

    reads_or_refuses("\n".join([*LINES[:start], *middle, *LINES[end:]]))


@given(st.text(max_size=200) | st.binary(max_size=200))
@calm
def test_any_text_or_bytes_are_read_or_refused(content):
    with contextlib.suppress(PlaybookError):
        read_playbook(content)


@given(st.integers(0, len(SHIPPED) - 1), ODD)
@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_the_shipped_file_with_a_fault_is_read_or_refused(number, odd):
    lines = list(SHIPPED)
    lines[number] += odd

    reads_or_refuses("\n".join(lines))


FIELDS = st.sampled_from(["key", "title", "tasks", "phases", "roles", "due", "after", "en"])
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(FIELDS, PLAIN, max_size=5))
@calm
def test_any_data_is_shaped_or_refused(data):
    with contextlib.suppress(PlaybookError):
        Document.from_json(data)


@given(st.text(max_size=200) | st.sampled_from(LINES))
@calm
def test_any_file_of_words_is_read_or_refused(text):
    with contextlib.suppress(PlaybookError):
        translated(read_playbook(SMALL), text, "fr")
