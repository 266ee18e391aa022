"""Which kind of file it is, told from its first bytes."""

from typing import Final

from chorus.reading.container import HEAD, Container
from chorus.reading.errors import UnknownFormatError
from chorus.reading.mapping import Mapping
from chorus.reading.ndjson import LineFile
from chorus.reading.source import Source, Wait
from chorus.reading.tables import TableFile

_BOM: Final = b"\xef\xbb\xbf"
_BINARY: Final = (
    "The file is neither text nor a workbook nor Parquet; export the posts as JSON or CSV."
)


def container_of(source: Source, mapping: Mapping, wait: Wait | None) -> Container:
    """Return the reader for a kind of file. Raises UnknownFormatError for what is not read."""
    head = source.head(HEAD)
    source.encoding = mapping.encoding or _encoding_of(head)
    text = head.decode(source.encoding, "replace").removeprefix("\ufeff").lstrip()
    container: Container
    if text.startswith("{"):
        container = LineFile(source, wait)
    elif "\0" in text:
        raise UnknownFormatError(_BINARY)
    else:
        container = TableFile(source, delimiter=mapping.delimiter, wait=wait)
    if source.encoding != "utf-8" and mapping.encoding is None:
        container.remarks.append(f"The file is not UTF-8; it was read as {source.encoding}.")
    return container


def _encoding_of(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if head[1:2] == b"\0" or head[:1] == b"\0":
        return "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    try:
        head.decode()
    except UnicodeDecodeError as error:
        # A character may be cut by the end of the head; JSON is never anything else.
        if error.start < len(head) - 4 and not head.removeprefix(_BOM).lstrip().startswith(
            (b"{", b"[")
        ):
            return "windows-1252"
    return "utf-8"
