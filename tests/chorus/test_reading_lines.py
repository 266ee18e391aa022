"""JSON lines: every line is a post or a counted fault, and never costs its neighbours."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chorus.reading import Position, open_stream
from chorus.reading.blocks import LONGEST_LINE, Block
from chorus.reading.detection import FORMATS
from chorus.reading.faults import Faults
from chorus.reading.formats import x
from chorus.reading.formats.table import table_format, usual_columns
from chorus.reading.lines import LineReader
from chorus.reading.rows import batch_of, rows_of
from tests.chorus.reading import all_of, flat, lines_of, read, written

GOOD = json.dumps(flat(1)).encode()
WRONG = {
    "not JSON": [
        b"hello",
        b'{"id":"1","text":"cut',
        b'{"id":"1"}{"id":"2"}',
        b'{"id":NaN,}',
        b"\0",
    ],
    "JSON, but not an object": [b"[1]", b"5", b"null", b'"text"'],
    "not UTF-8": [b'{"id":"1","text":"\xff\xfe"}'],
    "nested too deeply": [b'{"text":' + b"[" * 5000 + b"]" * 5000 + b"}"],
    "too long": [b'{"text":"' + b"a" * LONGEST_LINE + b'"}'],
    "holds no public post": [b"{}", b'{"delete":{"status":{"id":1}}}', b'{"text":["a"]}'],
}


@pytest.mark.parametrize(("reason", "line"), [(key, line) for key in WRONG for line in WRONG[key]])
def test_a_wrong_line_is_counted_and_its_neighbours_are_read(tmp_path, reason, line):
    path = written(tmp_path, "posts", b"\n".join([GOOD, GOOD, line, GOOD]) + b"\n")

    posts, stream = read(path)

    assert posts["line"].to_list() == [1, 2, 4]
    assert dict(stream.faults.counts) == {reason: 1}
    assert stream.faults.first_lines == {reason: [3]}


def test_a_line_of_another_type_than_usual_is_still_read(tmp_path):
    odd = [
        flat(7) | {"id": 7, "author_id": 70},
        flat(8) | {"referenced_tweets": "none"},
        flat(9) | {"note_tweet": 5},
        flat(10) | {"lang": None},
    ]
    path = written(tmp_path, "posts", lines_of(flat(1), *odd, flat(2)))

    posts, stream = read(path)

    assert posts["id"].to_list() == ["1", "7", "8", "9", "10", "2"]
    assert posts["author"].to_list() == ["10", "70", "80", "90", "100", "20"]
    assert stream.faults.total == 0


def test_half_a_pair_of_surrogates_costs_a_character_and_not_the_post(tmp_path):
    line = b'{"id":"2","author_id":"2","text":"a \\ud83d b\\u0000","created_at":"2026-05-13"}\n'
    path = written(tmp_path, "posts", GOOD + b"\n" + line)

    posts, stream = read(path)

    # What stands instead of the half pair is the parser's choice.
    text = posts["text"][1]
    assert (text[:2], text[3:]) == ("a ", " b\0")
    assert stream.faults.total == 0


def test_blank_lines_and_a_byte_order_mark_are_passed_over(tmp_path):
    path = written(tmp_path, "posts", b"\xef\xbb\xbf" + GOOD + b"\r\n\n  \r\n" + GOOD + b"\n")

    posts, stream = read(path)

    assert posts["line"].to_list() == [1, 4]
    assert stream.faults.total == 0


def test_a_last_line_that_is_not_finished_is_counted_and_left_for_the_next_time(tmp_path):
    path = written(tmp_path, "posts", GOOD + b"\n" + GOOD[:30])
    stream = open_stream(path)
    (first, _), (none, position) = list(stream.batches())
    assert (len(first), len(none)) == (1, 0)
    assert dict(stream.faults.counts) == {"unfinished at the end of the file": 1}

    with path.open("ab") as file:
        file.write(GOOD[30:] + b"\n" + GOOD + b"\n")

    assert all_of(open_stream(path), position)["line"].to_list() == [2, 3]


def test_a_last_line_without_an_end_is_read_when_it_is_whole(tmp_path):
    posts, stream = read(written(tmp_path, "posts", GOOD + b"\n" + GOOD))

    assert len(posts) == 2
    assert stream.faults.total == 0


def blocks_of(data):
    return LineReader(x.V2, Faults()), Block(data, 0, 0)


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = ("id", "id_str", "text", "full_text", "created_at", "author_id", "user", "lang", "data")
MORE = (
    "includes",
    "retweeted_status",
    "extended_tweet",
    "referenced_tweets",
    "note_tweet",
    "reblog",
)
records = st.dictionaries(st.sampled_from(KEYS + MORE), values, max_size=6)
hostile = st.one_of(
    st.binary(max_size=60).map(lambda line: line.replace(b"\n", b" ")),
    records.map(lambda record: json.dumps(record).encode()),
    records.map(lambda record: json.dumps(record, ensure_ascii=False).encode("utf-8", "replace")),
    st.sampled_from(
        [line for lines in WRONG.values() for line in lines if len(line) < 20_000] + [GOOD]
    ),
)
FORMS = [*FORMATS, table_format(usual_columns(["text", "author", "date"]))]


@given(lines=st.lists(hostile, max_size=12), form=st.sampled_from(FORMS))
@settings(max_examples=150, deadline=None)
def test_every_line_is_a_post_a_fault_or_blank(lines, form):
    faults = Faults()

    frames = LineReader(form, faults).rows(Block(b"".join(line + b"\n" for line in lines), 10, 0))
    batch = batch_of(frames, "UTC", None)

    blank = sum(not line.strip(b" \t\r") for line in lines)
    assert batch["line"].n_unique() + faults.total + blank == len(lines)
    assert batch["line"].is_sorted()
    assert batch["line"].is_between(11, 10 + len(lines)).all()


@given(lines=st.lists(hostile, max_size=8), form=st.sampled_from(FORMS))
@settings(max_examples=100, deadline=None)
def test_what_a_line_gives_does_not_depend_on_its_neighbours(lines, form):
    together, alone = Faults(), Faults()

    whole = LineReader(form, together).rows(Block(b"".join(line + b"\n" for line in lines), 0, 0))
    each = [
        frame
        for number, line in enumerate(lines)
        for frame in LineReader(form, alone).rows(Block(line + b"\n", number, 0))
    ]

    assert batch_of(whole, "UTC", None).equals(batch_of(each, "UTC", None))
    assert together == alone


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
posts_of_x = st.fixed_dictionaries(
    {"id": st.integers(0, 2**63).map(str), "author_id": texts, "text": texts, "created_at": texts},
    optional={
        "lang": st.sampled_from(["en", "ar"]),
        "note_tweet": st.fixed_dictionaries({"text": texts}),
        "referenced_tweets": st.lists(
            st.fixed_dictionaries({"type": st.sampled_from(["retweeted", "quoted"])}), max_size=2
        ),
    },
)
classic_posts = st.fixed_dictionaries(
    {"id_str": texts, "id": st.integers(0, 2**63), "text": texts, "created_at": texts},
    optional={
        "user": st.fixed_dictionaries({"id_str": texts}),
        "extended_tweet": st.fixed_dictionaries({"full_text": texts}),
        "retweeted_status": st.fixed_dictionaries({}, optional={"text": texts, "full_text": texts}),
        "lang": st.sampled_from(["in", "tl"]),
    },
)


@given(
    st.one_of(st.tuples(st.just(x.V2), posts_of_x), st.tuples(st.just(x.CLASSIC), classic_posts))
)
@settings(deadline=None)
def test_columns_and_objects_give_the_same_post(pair):
    form, record = pair
    data = json.dumps(record, ensure_ascii=False).encode() + b"\n"

    quick = LineReader(form, Faults()).rows(Block(data, 0, 0))
    slow = rows_of((1, post) for post in form.posts(record))

    assert batch_of(quick, "UTC", None).equals(batch_of([slow], "UTC", None))


def test_reading_goes_on_after_each_saved_position_without_loss_or_doubling(tmp_path):
    path = written(
        tmp_path, "posts", lines_of(*(flat(number, "x" * 2400) for number in range(4000)))
    )
    whole = all_of(open_stream(path))
    positions = [position for _, position in open_stream(path).batches()]

    assert len(positions) > 2
    for position in [Position(), *positions]:
        rest = all_of(open_stream(path), position)
        assert rest.equals(whole.tail(len(rest)))
        assert len(rest) == 4000 - position.line
