"""Labelled files of any make give the same rows; what cannot be read is a sentence."""

import bz2
import gzip
import json
import lzma

import polars as pl
import pytest
import xlsxwriter
import zstandard

from chorus.training.labelled import NOT_JSON, WRONG_WIDTH, Columns, Labelled, LabelledError

ROWS = [
    ("Blood is needed, now", "blood", "mall"),
    ('He said "stay inside"', "caution; other", "mall"),
    ("قلوبنا معكم\nجميعا", "unity", "ferry"),
]
COLUMNS = Columns("text", "label", "event")


def read(path, columns=COLUMNS, **options):
    return [(row.text, row.cell, row.event) for row in Labelled(path, columns, **options).rows()]


def frame():
    return pl.DataFrame(ROWS, schema=["text", "label", "event"], orient="row")


def as_json_lines():
    return "".join(json.dumps(dict(zip(frame().columns, row, strict=True))) + "\n" for row in ROWS)


def write(folder, kind):
    path = folder / f"posts.{kind}"
    writers = {
        "csv": lambda: frame().write_csv(path),
        "tsv": lambda: frame().write_csv(path, separator="\t"),
        "bars": lambda: frame().write_csv(path, separator="|"),
        "semicolons": lambda: frame().write_csv(path, separator=";"),
        "parquet": lambda: frame().write_parquet(path),
        "jsonl": lambda: path.write_text(as_json_lines()),
        "json": lambda: path.write_text(json.dumps(frame().to_dicts(), indent=1)),
        "wrapped": lambda: path.write_text(json.dumps({"n": 3, "data": frame().to_dicts()})),
        "gz": lambda: path.write_bytes(gzip.compress(frame().write_csv().encode())),
        "bz2": lambda: path.write_bytes(bz2.compress(frame().write_csv().encode())),
        "xz": lambda: path.write_bytes(lzma.compress(as_json_lines().encode())),
        "zst": lambda: path.write_bytes(zstandard.compress(frame().write_csv().encode())),
        "utf16": lambda: path.write_bytes(frame().write_csv().encode("utf-16")),
        "xlsx": lambda: write_workbook(path),
    }
    writers[kind]()
    return path


def write_workbook(path):
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([frame().columns, *ROWS]):
            sheet.write_row(number, 0, row)


@pytest.mark.parametrize(
    "kind",
    [
        *("csv", "tsv", "bars", "semicolons", "parquet", "jsonl", "json", "wrapped"),
        *("gz", "bz2", "xz", "zst", "utf16", "xlsx"),
    ],
)
def test_every_kind_of_file_gives_the_same_rows_twice(tmp_path, kind):
    file = Labelled(write(tmp_path, kind), COLUMNS)
    for _ in range(2):
        assert [(row.text, row.cell, row.event) for row in file.rows()] == ROWS
        assert not file.faults


def test_only_the_first_rows_are_read_when_asked(tmp_path):
    assert read(write(tmp_path, "csv"), limit=2) == ROWS[:2]


def test_lists_stay_lists_and_names_with_dots_lead_inside(tmp_path):
    path = tmp_path / "posts.jsonl"
    path.write_text('{"post": {"text": "a"}, "labels": ["x", "y"]}\n')
    assert read(path, Columns("post.text", "labels")) == [("a", ["x", "y"], None)]
    pl.read_ndjson(path).write_parquet(tmp_path / "posts.parquet")
    assert read(tmp_path / "posts.parquet", Columns("post.text", "labels")) == [
        ("a", ["x", "y"], None)
    ]


def test_a_quote_in_a_table_with_tabs_swallows_nothing(tmp_path):
    path = tmp_path / "posts.tsv"
    path.write_text('text\tlabel\n"Help" they cry\tblood\n"open\tother\nlast\tunity\n')
    assert [row[:2] for row in read(path, Columns("text", "label"))] == [
        ('"Help" they cry', "blood"),
        ('"open', "other"),
        ("last", "unity"),
    ]


def test_what_is_not_utf_8_is_read_as_windows_writes_and_said(tmp_path):
    path = tmp_path / "posts.csv"
    path.write_bytes("text,label\nÀ l’aide,blood\n".encode("windows-1252"))
    file = Labelled(path, Columns("text", "label"))
    assert next(file.rows()).text == "À l’aide"
    assert file.remarks == ["The file is not UTF-8; it was read as Windows-1252."]


def test_lines_that_give_no_row_are_counted(tmp_path):
    lines = tmp_path / "posts.jsonl"
    lines.write_text('{"text": "a", "label": "x"}\nnot json\n[1]\n\n')
    table = tmp_path / "posts.csv"
    table.write_text("text,label\na,x\nb\n\n")
    for path, faults in ((lines, {NOT_JSON: 2}), (table, {WRONG_WIDTH: 1})):
        file = Labelled(path, Columns("text", "label"))
        assert len(list(file.rows())) == 1
        assert file.faults == faults


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"a,b\n1,2\n", "has no column 'text'; its columns are: a, b."),
        (b'{"a": 1}\n', "has no column 'text'; its columns are: a."),
        (b"[1, 2", "is not JSON"),
        (b"\x00\x01\x02\x03", "is neither a table nor JSON"),
        (b"PAR1 and no more", "is a damaged Parquet file"),
        (b"PK\x03\x04 and no more", "is not a workbook"),
        (gzip.compress(b"text,label\n" * 99, mtime=0)[:40], "is cut short or damaged"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(tmp_path, content, sentence):
    path = tmp_path / "posts"
    path.write_bytes(content)
    with pytest.raises(LabelledError, match=sentence):
        list(Labelled(path, COLUMNS).rows())


@pytest.mark.parametrize(("name", "sentence"), [("", "is a folder"), ("no", "cannot be read")])
def test_what_is_no_file_is_a_sentence(tmp_path, name, sentence):
    with pytest.raises(LabelledError, match=sentence):
        list(Labelled(tmp_path / name, COLUMNS).rows())
