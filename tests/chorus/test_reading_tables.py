"""Tables as text: any delimiter and encoding; a wrong quote costs its own row."""

import csv
import io
import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chorus.reading import Position, ReadingError, open_stream
from chorus.reading.blocks import Block
from chorus.reading.errors import MappingError
from chorus.reading.faults import Faults
from chorus.reading.tables import _Rows
from tests.chorus.reading import all_of, read, written

HEAD = ["Text", "Date", "Author"]
ROWS = [
    ["Please give blood", "2026-05-13 07:30", "a"],
    ['He said "stay"\nand left', "2026-05-14", "b"],
]


def table(rows, delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([HEAD, *rows])
    return text.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_is_read_whatever_delimiter_and_encoding(tmp_path, delimiter, encoding):
    path = written(tmp_path, "posts", table(ROWS, delimiter).encode(encoding))

    posts, stream = read(path, zone="Asia/Jakarta")

    assert posts.select("text", "author", "line").rows() == [
        ("Please give blood", "a", 2),
        ('He said "stay"\nand left', "b", 3),
    ]
    assert posts["at"][0] == datetime(2026, 5, 13, 0, 30, tzinfo=UTC)
    assert stream.faults.total == 0


@pytest.mark.parametrize(
    "head",
    [
        ("texte", "date de publication", "auteur"),
        ("Isi", "Tanggal", "Penulis"),
        ("Kandungan", "Tarikh", "Pengguna"),
        ("Nilalaman", "Petsa", "May-akda"),
        ("النص", "التاريخ", "الكاتب"),
        ("full_text", "created_at", "user_id"),
    ],
)
def test_columns_are_known_by_usual_names_in_six_languages(tmp_path, head):
    path = written(tmp_path, "posts", ",".join(head) + "\nMercy,2026-05-13,someone\n")

    posts, _ = read(path)

    assert posts.select("text", "at", "author").row(0) == (
        "Mercy",
        datetime(2026, 5, 13, tzinfo=UTC),
        "someone",
    )


def test_an_old_encoding_is_said(tmp_path):
    path = written(tmp_path, "posts", "texte,date\nDéjà là,2026-05-13\n".encode("windows-1252"))

    posts, stream = read(path)

    assert posts["text"].to_list() == ["Déjà là"]
    assert "The file is not UTF-8; it was read as windows-1252." in stream.remarks


def test_a_quote_that_is_never_closed_costs_its_own_row(tmp_path):
    rows = 'text,author\nfirst,a\n"open,b\nsecond,c\nthird,d\n'
    posts, stream = read(written(tmp_path, "posts", rows))

    assert posts["text"].to_list() == ["first", "second", "third"]
    assert stream.faults.first_lines == {"a quote that is never closed": [3]}


def test_a_row_of_another_width_costs_only_itself(tmp_path):
    rows = "text,author\nfirst,a\nwhat,is,this\nalone\nsecond,c\n\n"
    posts, stream = read(written(tmp_path, "posts", rows))

    assert posts["line"].to_list() == [2, 5]
    assert stream.faults.first_lines == {"another number of columns than the head": [3, 4]}


def test_exports_of_known_tools_are_named(tmp_path):
    four_cat = "id,thread_id,timestamp,body,author\n1,1,2026-05-13 00:30:00,Stay home,someone\n"
    meta = (
        "id,post_owner.id,post_owner.name,text,creation_time,lang\n"
        "1,77,A Name,Stay home,2026-05-13T00:30:00+0000,en\n"
    )

    first, first_stream = read(written(tmp_path, "a", four_cat))
    second, second_stream = read(written(tmp_path, "b", meta))

    assert "an export of 4CAT" in first_stream.format
    assert "an export of the Meta content library" in second_stream.format
    assert first.select("id", "at", "author", "text").row(0)[2:] == ("someone", "Stay home")
    assert second.select("id", "at", "author", "text").row(0)[2:] == ("77", "Stay home")
    assert first["at"].equals(second["at"])


MAPPING = """
[columns]
text = "Q7"
at = "When"
[time]
format = "%d/%m/%Y %H:%M"
zone = "Asia/Jakarta"
[table]
delimiter = "#"
"""


def test_a_mapping_file_says_which_column_is_which(tmp_path):
    path = written(tmp_path, "posts", "When#Q7\n13/05/2026 07:30#Help, please\n")

    posts, stream = read(path, mapping=written(tmp_path, "mapping.toml", MAPPING))

    assert posts.select("text", "at").row(0) == (
        "Help, please",
        datetime(2026, 5, 13, 0, 30, tzinfo=UTC),
    )
    assert "as the mapping file says" in stream.format


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ("[columns]\nat='x'", "The mapping file names columns but not `text`; add it."),
        ("[colums]", "it may have columns, time, table"),
        ("[columns]\ntekst='x'", "it may have text, at, author, id, lang, repost"),
        ("[columns]\ntext=5", "must be a text within quotes"),
        ("[time]\nzone='Mars'", "There is no time zone Mars"),
        ("[table]\ndelimiter=';;'", "The delimiter must be one character"),
        ("[table]\nencoding='x'", "There is no encoding x"),
        ("columns=1", "columns must be a section"),
        ("what?", "The mapping file is not TOML"),
    ],
)
def test_a_mapping_file_with_a_fault_says_what_to_put_right(tmp_path, mapping, sentence):
    path = written(tmp_path, "posts", "a,b\n1,2\n")

    with pytest.raises(MappingError, match=sentence):
        open_stream(path, mapping=written(tmp_path, "mapping.toml", mapping))


def test_a_table_without_a_plain_text_column_asks_for_a_mapping_file(tmp_path):
    with pytest.raises(ReadingError, match="say which column is which with a mapping file"):
        open_stream(written(tmp_path, "posts", "a,b\n1,2\n"))


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), max_size=8)


@given(rows=st.lists(st.lists(cells, min_size=3, max_size=3), max_size=6), data=st.data())
@settings(deadline=None)
def test_how_a_table_is_cut_into_blocks_does_not_matter(rows, data):
    text = table(rows).replace("\r\n", "\n")
    lines = text.encode().split(b"\n")[:-1]
    cuts = data.draw(st.lists(st.integers(0, len(lines)), max_size=3).map(sorted))
    bounds = [0, *cuts, len(lines)]

    reader = _Rows(",", 3, Faults(), line=0)
    found, offset = [], 0
    for start, end in itertools.pairwise(bounds):
        block = Block(b"".join(line + b"\n" for line in lines[start:end]), start, offset)
        offset = block.end
        if block.data:
            found += reader.of(block)
    found += reader.last(None)

    assert [row for _, row in found] == rows


@given(st.lists(st.text(st.sampled_from('a",;\n\r\x00é'), max_size=12), min_size=1, max_size=6))
@settings(deadline=None)
def test_no_table_makes_the_reader_fail(rows):
    text = "text,author\n" + "\n".join(rows)
    faults = Faults()
    reader = _Rows(",", 2, faults, line=0)

    found = reader.of(Block(text.encode() + b"\n", 0, 0)) + reader.last(None)

    assert all(len(row) == 2 for _, row in found)
    assert len(found) + faults.total <= text.count("\n") + 1


def test_reading_goes_on_after_each_saved_position_without_loss_or_doubling(tmp_path):
    rows = [[f"{'x' * 1500}\nof {number}", "2026-05-13", "a"] for number in range(7000)]
    path = written(tmp_path, "posts", table(rows))
    whole = all_of(open_stream(path))
    positions = [position for _, position in open_stream(path).batches()]

    assert len(whole) == 7000
    assert len(positions) > 2
    for position in [Position(), *positions]:
        rest = all_of(open_stream(path), position)
        assert rest.equals(whole.tail(len(rest)))
        assert len(rest) == sum(line > position.line for line in whole["line"])


def test_a_record_that_is_held_back_counts_as_bytes_even_where_it_is_not_utf8():
    reader = _Rows(",", 2, Faults(), line=0)
    first = b'text,author\nfirst,a\n"second\xff\xfe\n'
    second = b'goes on",b\n'

    rows = reader.of(Block(first, 0, 0))
    held = reader.held_bytes
    rows += reader.of(Block(second, 3, len(first)))

    assert held == len(b'"second\xff\xfe\n')
    assert [row for _, row in rows] == [["first", "a"], ["second��\ngoes on", "b"]]
    assert reader.held_bytes == 0
