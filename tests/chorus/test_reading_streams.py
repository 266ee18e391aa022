"""Whole streams: what cannot be opened says why; what is hostile costs neither memory nor posts."""

import gzip
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import chorus
from chorus.reading import Position, ReadingError, errors, open_stream, packed
from chorus.reading.stream import Folder
from tests.chorus.reading import all_of, flat, lines_of, read, written

STREAMS = Path(__file__).parent / "streams"


def run(code, path):
    """Return what a process of its own prints."""
    source = Path(chorus.__file__).parents[1]
    done = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-c", code, path],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(source)},
    )
    return done.stdout


TWO = lines_of(flat(1), flat(2)).encode()


@pytest.mark.parametrize(
    ("content", "kind", "sentence"),
    [
        (b"", errors.EmptyStreamError, "is empty; wait until it is written"),
        (b"\x00\x01\x02\x03" * 50, errors.UnknownFormatError, "export the posts as JSON or CSV"),
        (b"<html><body>Hello", errors.UnknownFormatError, "The file is a web page"),
        (b"hello\nworld\n", errors.UnknownFormatError, "with a mapping file"),
        (b"\n\n\n", errors.UnknownFormatError, "The table has no head"),
        (b"{", errors.UnknownFormatError, "None of the first lines is a record"),
        (b"[]", errors.UnknownFormatError, "None of the first lines is a record"),
        (b'{"a":1}', errors.UnknownFormatError, "like no known format"),
        (b"PK\x03\x04nonsense", errors.UnknownFormatError, "is a damaged workbook"),
        (b"PAR1nonsense", errors.UnknownFormatError, "is a damaged Parquet file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", errors.UnknownFormatError, "is an old workbook; save it"),
        (b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss/>", errors.UnknownFormatError, "document type"),
        (b"\x1f\x8bnonsense", errors.EmptyStreamError, "it is empty or damaged"),
        (gzip.compress(b"", mtime=0), errors.EmptyStreamError, "it is empty or damaged"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(tmp_path, content, kind, sentence):
    with pytest.raises(kind, match=sentence):
        open_stream(written(tmp_path, "posts", content))


def test_what_is_not_there_or_not_a_file_says_so(tmp_path):
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(errors.MissingStreamError, match="check the name and the folder"):
        open_stream(tmp_path / "absent")
    with pytest.raises(ReadingError, match="is not a file"):
        open_stream(tmp_path / "pipe")
    with pytest.raises(errors.MappingError, match="such as Asia/Jakarta"):
        open_stream(tmp_path, zone="Nowhere")


AS_NOBODY = """
import os, sys
from pathlib import Path
from chorus.reading import ReadingError, open_stream
if os.getuid() == 0:
    os.setuid(65534)
try:
    open_stream(Path(sys.argv[1]))
except ReadingError as error:
    print(type(error).__name__, error)
"""


def test_a_file_of_another_owner_says_whom_to_ask():
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        path = written(Path(name), "posts", TWO)
        path.chmod(0)

        said = run(AS_NOBODY, path)

    assert said.startswith(
        "ForbiddenStreamError posts may not be read by this account; ask its owner"
    )


def test_a_truncated_packed_file_gives_what_it_holds_and_says_so(tmp_path):
    content = lines_of(*(flat(number, os.urandom(40).hex()) for number in range(2000))).encode()
    for pack in (gzip.compress, zstandard.compress):
        cut = pack(content)
        posts, stream = read(written(tmp_path, "posts", cut[: len(cut) * 2 // 3]))

        assert posts["id"].to_list() == [str(number) for number in range(len(posts))]
        assert len(posts) > 500
        assert any("ends too early" in remark for remark in stream.remarks)


def test_a_damaged_packed_file_gives_what_stands_before_the_damage(tmp_path):
    content = lines_of(*(flat(number) for number in range(10))).encode()
    path = written(tmp_path, "posts", gzip.compress(content) + b"damage")

    posts, stream = read(path)

    assert len(posts) == 10
    assert any("is damaged" in remark for remark in stream.remarks)


def test_a_stream_whose_first_line_was_cut_off_loses_that_line_only(tmp_path):
    path = written(tmp_path, "posts.ndjson", 'the rest of a text"}\n' + lines_of(flat(1), flat(2)))

    posts, stream = read(path)

    assert posts["text"].to_list() == ["Stay safe", "Stay safe"]
    assert stream.faults.counts.total() == 1


def test_a_file_that_was_replaced_is_not_read_on(tmp_path):
    path = written(tmp_path, "posts", TWO)
    *_, (_, position) = open_stream(path).batches()
    path.rename(tmp_path / "old")
    written(tmp_path, "posts", TWO)

    with pytest.raises(errors.ChangedStreamError, match="start anew"):
        all_of(open_stream(path), position)
    with pytest.raises(errors.ChangedStreamError, match="was cut short"):
        all_of(open_stream(path), Position(offset=10_000))


# -- A file that is still being written --------------------------------------------------------


def followed(path, *steps, start=None):
    """Return the lines read while the steps happen, one at each end of the file."""
    left = list(steps)

    def wait():
        if not left:
            return False
        left.pop(0)()
        return True

    stream = open_stream(path, follow=wait)
    return all_of(stream, start)["id"].to_list(), stream


def append(path, content):
    def step():
        with path.open("ab") as file:
            file.write(content)

    return step


def test_a_growing_file_is_read_as_it_grows_and_half_a_line_waits(tmp_path):
    path = written(tmp_path, "posts", TWO)
    third = lines_of(flat(3)).encode()

    ids, stream = followed(path, append(path, third[:20]), append(path, third[20:] + third[:5]))

    assert ids == ["1", "2", "3"]
    assert stream.faults.total == 0


def test_a_growing_table_is_read_as_it_grows(tmp_path):
    path = written(tmp_path, "posts", "id,text\n1,first\n")

    ids, _ = followed(path, append(path, b'2,"sec'), append(path, b'ond\nline"\n3,th'))

    assert ids == ["1", "2"]


def test_a_replaced_file_is_read_to_its_end_and_the_new_one_from_its_beginning(tmp_path):
    path = written(tmp_path, "posts", TWO)

    def rotate():
        append(path, lines_of(flat(3)).encode())()
        path.rename(tmp_path / "old")
        written(tmp_path, "posts", lines_of(flat(4)))

    ids, stream = followed(path, rotate, append(path, lines_of(flat(5)).encode()))

    assert ids == ["1", "2", "3", "4", "5"]
    assert "The file was replaced or cut short; the new one was read on." in stream.remarks


def test_a_file_that_is_cut_short_is_read_from_its_beginning(tmp_path):
    path = written(tmp_path, "posts", TWO)

    ids, _ = followed(path, lambda: path.write_bytes(lines_of(flat(6)).encode()))

    assert ids == ["1", "2", "6"]


def test_a_followed_file_that_was_replaced_meanwhile_is_read_from_its_beginning(tmp_path):
    path = written(tmp_path, "posts", TWO)
    *_, (_, position) = open_stream(path).batches()
    path.rename(tmp_path / "old")
    written(tmp_path, "posts", lines_of(flat(7)))

    ids, stream = followed(path, start=position)

    assert ids == ["7"]
    assert "The file was replaced or cut short; the new one was read on." in stream.remarks


# -- Folders -----------------------------------------------------------------------------------


def test_a_folder_is_read_in_the_order_of_names_and_from_any_position(tmp_path):
    written(tmp_path, "b.ndjson", lines_of(flat(3), flat(4)) + "wrong\n")
    written(tmp_path, "a.csv", "id,text\n1,first\n2,second\n")
    written(tmp_path, "c.json.gz", gzip.compress(lines_of(flat(5)).encode()))
    written(tmp_path, "README", "nothing to read\n")
    written(tmp_path, ".hidden", TWO)
    (tmp_path / "older").mkdir()

    posts, stream = read(tmp_path)

    assert isinstance(stream, Folder)
    assert posts["id"].to_list() == ["1", "2", "3", "4", "5"]
    assert stream.faults.first_lines == {"not JSON": [3]}
    assert stream.remarks[0].startswith("README was passed over: ")
    assert stream.size == stream.consumed
    seen = 0
    for batch, position in open_stream(tmp_path).batches():
        seen += len(batch)
        assert (
            all_of(open_stream(tmp_path), position)["id"].to_list() == posts["id"][seen:].to_list()
        )


def test_a_folder_without_posts_says_so(tmp_path):
    with pytest.raises(errors.EmptyStreamError, match="is a folder without files; name a file"):
        open_stream(tmp_path)
    written(tmp_path, "empty", b"")
    with pytest.raises(errors.EmptyStreamError, match="empty was passed over"):
        open_stream(tmp_path)
    with pytest.raises(ReadingError, match="name the one file in it to follow"):
        open_stream(tmp_path, follow=lambda: False)


# -- Hostile bytes -----------------------------------------------------------------------------

SEEDS = [file.read_bytes() for file in sorted(STREAMS.iterdir())]


def outcome_of(path):
    """Return the sentence why a stream cannot be read, or that it was, with all in its place."""
    try:
        posts, _ = read(path)
    except ReadingError as error:
        return str(error)
    assert posts["line"].is_sorted()
    return "read"


@st.composite
def mangled(draw):
    """Return one of the fixture streams with some bytes cut out, put in or changed."""
    content = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(content)))
        content[at : at + draw(st.integers(0, 20))] = draw(st.binary(max_size=8))
    return bytes(content)


@given(content=st.binary(max_size=200) | mangled(), pack=st.sampled_from([bytes, gzip.compress]))
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_bytes_raise_anything_but_the_readers_own_errors(tmp_path, content, pack):
    path = written(tmp_path, "posts", pack(content))

    outcome = outcome_of(path)

    assert outcome.endswith(".") or outcome == "read"


@given(content=mangled(), cut=st.integers(1, 200))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_workbook_or_parquet_raises_anything_but_the_readers_own_errors(tmp_path, content, cut):
    whole = tmp_path / "whole.xlsx"
    if not whole.exists():
        with zipfile.ZipFile(whole, "w") as archive:
            archive.writestr("xl/workbook.xml", "<workbook/>")
    for start in (whole.read_bytes()[:cut], b"PAR1", b"PK\x03\x04"):
        assert outcome_of(written(tmp_path, "posts", start + content)).endswith((".", "read"))


def test_a_zip_that_lies_about_its_size_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(packed.MOST_BYTES + 1))
    content = path.read_bytes()
    told = (packed.MOST_BYTES + 1).to_bytes(4, "little")
    lying = written(tmp_path, "lying.xlsx", content.replace(told, (1000).to_bytes(4, "little")))

    for file in (path, lying):
        with pytest.raises(errors.ExpansionError, match="unpacks to more than 256 MB"):
            open_stream(file)


MEASURE = """
import json, resource, sys
from pathlib import Path
from chorus.reading import open_stream
stream = open_stream(Path(sys.argv[1]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
posts = sum(len(batch) for batch, _ in stream.batches())
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([posts, (after - before) // 1024, dict(stream.faults.counts), stream.remarks]))
"""


def measured(path):
    """Return posts, growth of memory in MB, faults and remarks of a stream read by itself."""
    return json.loads(run(MEASURE, path))


@pytest.mark.slow
@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
def test_a_bomb_costs_neither_memory_nor_the_posts_before_it(tmp_path, compress):
    zeros = compress(bytes(1 << 26)) * 160  # ten gigabytes in one line
    path = written(tmp_path, "posts", compress(TWO) + zeros)

    posts, growth, faults, remarks = measured(path)

    assert posts == 2
    assert growth < 300
    assert faults == {"too long": 1}
    assert any("unpacks to more than 400 times its size" in remark for remark in remarks)


@pytest.mark.slow
def test_lines_of_ten_megabytes_are_passed_over_in_bounded_memory(tmp_path):
    long = json.dumps(flat(9, "x" * 10_000_000)) + "\n"
    path = written(tmp_path, "posts", (TWO.decode() + long * 5) * 6)

    posts, growth, faults, _ = measured(path)

    assert (posts, faults) == (12, {"too long": 30})
    assert growth < 200


@pytest.mark.slow
def test_memory_does_not_grow_with_the_stream(tmp_path):
    lines = lines_of(*(flat(number, "word " * 30) for number in range(20_000)))
    short, long = written(tmp_path, "short", lines * 2), written(tmp_path, "long", lines * 20)

    _, first, _, _ = measured(short)
    posts, second, _, _ = measured(long)

    assert posts == 400_000
    assert second < first + 100
