"""Which kind of file it is, told from its first bytes."""

from typing import Final

import orjson

from chorus.reading.container import HEAD, SAMPLE, Container
from chorus.reading.documents import LISTS, DocumentFile
from chorus.reading.errors import UnknownFormatError
from chorus.reading.feeds import FeedFile
from chorus.reading.mapping import Mapping
from chorus.reading.ndjson import LineFile
from chorus.reading.parquet import ParquetFile
from chorus.reading.source import Source, Wait
from chorus.reading.tables import TableFile
from chorus.reading.workbooks import WorkbookFile

_ZIP: Final = b"PK\x03\x04"
_PARQUET: Final = b"PAR1"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
# Lists of posts that formats read from one object.
_PAGES: Final = {"data", "posts", "feed"}
_MARKS_WITHIN: Final = 1_000
_BOM: Final = b"\xef\xbb\xbf"
_BINARY: Final = (
    "The file is neither text nor a workbook nor Parquet; export the posts as JSON or CSV."
)


def container_of(source: Source, mapping: Mapping, wait: Wait | None) -> Container:
    """Return the reader for a kind of file. Raises UnknownFormatError for what is not read."""
    head = source.head(HEAD)
    if head.startswith(_ZIP):
        return WorkbookFile(source, mapping.columns)
    if head.startswith(_PARQUET):
        return ParquetFile(source)
    if head.startswith(_OLD_OFFICE):
        message = "The file is an old workbook; save it as XLSX or CSV."
        raise UnknownFormatError(message)
    return _text_container(source, head, mapping, wait)


def _text_container(source: Source, head: bytes, mapping: Mapping, wait: Wait | None) -> Container:
    source.encoding = mapping.encoding or _encoding_of(head)
    text = head.decode(source.encoding, "replace").removeprefix("\ufeff").lstrip()
    if text.startswith("<"):
        return _feed(source, text)
    container: Container
    if text.startswith(("{", "[")):
        container = LineFile(source, wait) if _is_lines(text) else DocumentFile(source)
    elif "\0" in text:
        raise UnknownFormatError(_BINARY)
    elif _is_mostly_objects(text):
        container = LineFile(source, wait)
    else:
        container = TableFile(source, delimiter=mapping.delimiter, wait=wait)
    if source.encoding != "utf-8" and mapping.encoding is None:
        container.remarks.append(f"The file is not UTF-8; it was read as {source.encoding}.")
    return container


def _feed(source: Source, text: str) -> Container:
    if any(mark in text[:_MARKS_WITHIN].lower() for mark in ("<html", "<!doctype html")):
        message = "The file is a web page; save the feed (RSS or Atom) or an export instead."
        raise UnknownFormatError(message)
    return FeedFile(source)


def _is_lines(text: str) -> bool:
    """Return whether objects stand one a line; otherwise it is one document over many lines."""
    lines = text.split("\n", SAMPLE)[:SAMPLE]
    objects = [found for line in lines if isinstance(found := _decoded(line), dict)]
    if len(objects) != 1 or any(line.strip() for line in lines[1:]):
        return bool(objects)
    # One line: a document if it holds a list that no format knows as a page.
    return not any(isinstance(objects[0].get(name), list) for name in set(LISTS) - _PAGES)


def _is_mostly_objects(text: str) -> bool:
    """Return whether objects stand one a line, though the first line is none: it was cut there."""
    lines = [line for line in text.split("\n", SAMPLE)[:SAMPLE] if line.strip()]
    objects = sum(isinstance(_decoded(line), dict) for line in lines)
    return objects > 0 and 2 * objects >= len(lines)


def _decoded(line: str) -> object:
    try:
        return orjson.loads(line)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return None


def _encoding_of(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # Letters of which every other byte is nothing are UTF-16 that lost its mark.
    first, second = (head[start:_MARKS_WITHIN:2] for start in (0, 1))
    if _is_mostly_nothing(second) and not _is_mostly_nothing(first):
        return "utf-16-le"
    if _is_mostly_nothing(first) and not _is_mostly_nothing(second):
        return "utf-16-be"
    try:
        head.decode()
    except UnicodeDecodeError as error:
        # A character may be cut by the end of the head; JSON is never anything else.
        if error.start < len(head) - 4 and not head.removeprefix(_BOM).lstrip().startswith(
            (b"{", b"[")
        ):
            return "windows-1252"
    return "utf-8"


def _is_mostly_nothing(data: bytes) -> bool:
    return 2 * data.count(0) > len(data)
