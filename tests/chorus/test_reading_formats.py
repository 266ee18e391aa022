"""Every format, plain and packed: the same few fields of the same posts, and nothing else."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
import zstandard

from chorus.reading import Position, open_stream
from chorus.reading.errors import PrivateStreamError, UnknownFormatError
from chorus.reading.rows import RAW_BATCH
from tests.chorus.reading import all_of, flat, lines_of, read, written

STREAMS = Path(__file__).parent / "streams"
MOMENT = datetime(2026, 5, 13, 0, 30, tzinfo=UTC)
BLOOD = "Butuh darah golongan O di rumah sakit kota, tolong sebarkan"
UNITY = "We stand together, do not share the pictures"

# For each file: what it is, who wrote what and whether it is a repost, and what gave no post.
EXPECTED = {
    "x-classic.ndjson": (
        "posts of X, first interface",
        [("7", BLOOD, False), ("8", BLOOD, True), ("9", UNITY, False)],
        {"holds no public post": [3]},
    ),
    "x-v2.ndjson": (
        "posts of X, second interface",
        [("7", BLOOD, False), ("8", BLOOD, True), ("9", UNITY, False)],
        {},
    ),
    "mastodon.ndjson": (
        "statuses of Mastodon",
        [
            ("an_account", BLOOD, False),
            ("other@town.example", BLOOD, True),
            ("third", UNITY, False),
        ],
        {"holds no public post": [3]},
    ),
    "bluesky-jetstream.ndjson": (
        "posts of Bluesky",
        [("did:plc:seven", BLOOD, False), ("did:plc:nine", UNITY, False)],
        {"holds no public post": [2, 3]},
    ),
    "bluesky-feed.json": (
        "posts of Bluesky",
        [
            ("did:plc:seven", BLOOD, False),
            ("did:plc:eight", BLOOD, True),
            ("did:plc:nine", UNITY, False),
        ],
        {},
    ),
    "bluesky-posts.ndjson": (
        "posts of Bluesky",
        [("did:plc:seven", BLOOD, False), ("did:plc:nine", UNITY, False)],
        {},
    ),
    "telegram.json": (
        "an export of Telegram",
        [("user7", BLOOD, False), ("channel8", BLOOD, True), ("user9", UNITY, False)],
        {"holds no public post": [1]},
    ),
    "rss.xml": (
        "items of RSS or Atom",
        [
            (
                "https://news.example",
                "Butuh darah golongan O. Di rumah sakit kota, tolong sebarkan",
                False,
            ),
            (
                "https://news.example",
                "We stand together. Do not share the pictures & stay home",
                False,
            ),
        ],
        {"holds no public post": [3]},
    ),
    "atom.xml": (
        "items of RSS or Atom",
        [
            (
                "https://news.example/atom",
                "We stand together. Do not share the pictures",
                False,
            )
        ],
        {},
    ),
    "4cat.csv": (
        "an export of 4CAT",
        [("an_account", BLOOD, False), ("third", UNITY.replace(", ", ",\n"), False)],
        {},
    ),
    "meta.csv": (
        "an export of the Meta content library",
        [("7", BLOOD, False), ("9", UNITY, False)],
        {},
    ),
    "table.tsv": (
        "text from Kandungan, time from Tarikh, author from Pengguna",
        [
            ("an_account", "Perlukan darah di hospital bandar", False),
            ("other", "Tolong, jalan ke hospital ditutup", False),
        ],
        {},
    ),
    "array.json": (
        "text from text, time from date, author from author",
        [
            ("an_account", BLOOD, False),
            ("other", f"RT @an_account: {BLOOD}", True),
            ("third", UNITY, False),
        ],
        {"JSON, but not an object": [3]},
    ),
}
PACKINGS = {"plain": bytes, "gzip": gzip.compress, "zstd": zstandard.compress}


def test_every_stream_has_its_expectation():
    assert {file.name for file in STREAMS.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("packing", PACKINGS)
def test_a_stream_is_told_and_read(tmp_path, name, packing):
    words, expected, faults = EXPECTED[name]
    path = written(tmp_path, "anything", PACKINGS[packing]((STREAMS / name).read_bytes()))

    posts, stream = read(path, zone="Asia/Kuala_Lumpur")

    assert words in stream.format
    assert posts.schema == RAW_BATCH
    assert posts.select("author", "text", "repost").rows() == expected
    assert set(posts["at"]) == {MOMENT}
    assert stream.faults.first_lines == faults


@pytest.mark.parametrize("name", EXPECTED)
def test_two_packed_members_are_one_stream(tmp_path, name):
    content = (STREAMS / name).read_bytes()
    halves = content[: len(content) // 2], content[len(content) // 2 :]
    whole = all_of(open_stream(STREAMS / name))

    for pack in (gzip.compress, zstandard.compress):
        path = written(tmp_path, "posts", b"".join(map(pack, halves)))
        assert all_of(open_stream(path)).equals(whole)


@pytest.mark.parametrize("name", EXPECTED)
def test_reading_goes_on_after_any_post(name):
    whole = all_of(open_stream(STREAMS / name))
    *_, (_, end) = open_stream(STREAMS / name).batches()

    assert all_of(open_stream(STREAMS / name), end).is_empty()
    if not end.offset:
        for line in range(end.line):
            rest = all_of(open_stream(STREAMS / name), Position(line=line))
            assert rest.equals(whole.filter(pl.col("line") > line))


def workbook(path, sheets):
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        style = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
                        sheet.write_datetime(number, column, cell, style)
                    else:
                        sheet.write(number, column, cell)
    return path


def test_a_workbook_is_read_from_the_sheet_that_has_posts(tmp_path):
    at = datetime(2026, 5, 13, 7, 30)  # noqa: DTZ001 -- cells of a workbook have no zone
    sheets = {
        "Notes": [["made by hand"]],
        "Posts": [["Text", "Date", "Author", "ID"], [BLOOD, at, "a", 5], [], [UNITY, at, "b", 6]],
    }
    path = workbook(tmp_path / "posts.xlsx", sheets)
    packed = written(tmp_path, "packed", gzip.compress(path.read_bytes()))

    posts, stream = read(path, zone="Asia/Jakarta")

    assert posts.select("id", "author", "text", "line").rows() == [
        ("5", "a", BLOOD, 2),
        ("6", "b", UNITY, 4),
    ]
    assert set(posts["at"]) == {MOMENT}
    assert "Of the workbook's sheets only “Posts” was read." in stream.remarks
    assert all_of(open_stream(packed, zone="Asia/Jakarta")).equals(posts)
    assert all_of(open_stream(path), Position(line=2))["id"].to_list() == ["6"]


def test_parquet_is_read_by_row_groups_from_any_row(tmp_path):
    naive = datetime(2026, 5, 13, 7, 30)  # noqa: DTZ001 -- such a column has no zone
    table = pl.DataFrame(
        {
            "text": [BLOOD, UNITY, None] * 4,
            "created_at": [naive] * 12,
            "author_id": list(range(12)),
            "places": [["here"]] * 12,
        }
    )
    path = tmp_path / "posts.parquet"
    table.write_parquet(path, row_group_size=5)
    packed = written(tmp_path, "packed", zstandard.compress(path.read_bytes()))

    posts, _ = read(path, zone="Asia/Jakarta")

    assert posts["author"].to_list() == [str(number) for number in range(12)]
    assert posts["line"].to_list() == list(range(1, 13))
    assert set(posts["at"]) == {MOMENT}
    assert all_of(open_stream(packed, zone="Asia/Jakarta")).equals(posts)
    for line in range(12):
        rest = all_of(open_stream(path, zone="Asia/Jakarta"), Position(line=line))
        assert rest.equals(posts[line:])


def test_a_minified_document_is_read_like_a_spread_one(tmp_path):
    for name in ("telegram.json", "array.json", "bluesky-feed.json"):
        small = json.dumps(json.loads((STREAMS / name).read_text()))
        path = written(tmp_path, name, small)

        assert (
            all_of(open_stream(path))
            .drop("line")
            .equals(all_of(open_stream(STREAMS / name)).drop("line"))
        )


@pytest.mark.parametrize("kind", ["personal_chat", "private_group", "private_supergroup"])
def test_a_private_conversation_is_refused(tmp_path, kind):
    export = json.loads((STREAMS / "telegram.json").read_text()) | {"type": kind}
    path = written(tmp_path, "posts", json.dumps({"type": kind} | export, indent=1))

    with pytest.raises(PrivateStreamError, match="not public"):
        open_stream(path)


def test_the_export_of_a_whole_account_is_refused(tmp_path):
    path = written(tmp_path, "posts", json.dumps({"about": "x", "chats": {"list": []}}, indent=1))

    with pytest.raises(PrivateStreamError, match="export one public channel"):
        open_stream(path)


def test_a_format_can_be_named_and_an_unknown_one_lists_the_known(tmp_path):
    path = written(tmp_path, "posts", lines_of(flat(1), flat(2)))

    assert "X, second interface" in open_stream(path).format
    assert "text from text" in open_stream(path, format_name="table").format
    with pytest.raises(UnknownFormatError, match="take one of feed, bluesky, mastodon"):
        open_stream(path, format_name="myspace")


def test_a_mixed_stream_says_what_else_its_records_look_like(tmp_path):
    mixed = (STREAMS / "x-v2.ndjson").read_text() + (STREAMS / "bluesky-posts.ndjson").read_text()

    stream = open_stream(written(tmp_path, "posts", mixed))

    assert stream.format == (
        "JSON lines: posts of X, second interface (3 of the first 4 records look like it;"
        " others look like posts of Bluesky, which `--format` can choose)"
    )


def test_what_no_format_reads_is_never_in_a_batch():
    for name in EXPECTED:
        left = all_of(open_stream(STREAMS / name)).write_json()
        for secret in ("A Name", "screen_name", "eight.example", "City news", "followers"):
            assert secret not in left, name
