"""RSS and Atom, read as they stream in. A document type is refused, and with it every entity."""

from collections.abc import Iterator
from typing import Any, Final
from xml.parsers import expat

from chorus.reading.container import SAMPLE, Portion, in_batches, rows_of_records
from chorus.reading.errors import UnknownFormatError
from chorus.reading.faults import Faults, Reason
from chorus.reading.formats.base import Format
from chorus.reading.formats.feed import FEED_ITEM
from chorus.reading.position import Position, identity_of
from chorus.reading.source import Source

_ITEMS: Final = ("item", "entry")
# What is read of an item, by the element's name without its namespace.
_FIELDS: Final = {
    "guid": "id",
    "id": "id",
    "link": "link",
    "title": "title",
    "description": "summary",
    "summary": "summary",
    "content": "content",
    "encoded": "content",
    "pubDate": "published",
    "published": "published",
    "date": "published",
    "updated": "updated",
    "author": "author",
    "creator": "author",
    "language": "lang",
}
_OF_THE_FEED: Final = ("title", "link", "id", "lang")
_LONGEST_FIELD: Final = 1 << 20
_DEEPEST: Final = 256


class _Parser:
    """Collects items while the document is fed in."""

    def __init__(self) -> None:
        self.items: list[dict[str, str]] = []
        self._feed: dict[str, str] = {}
        self._item: dict[str, str] | None = None
        self._path: list[str] = []
        self._text: list[str] = []
        self._size = 0
        self._expat = expat.ParserCreate()
        self._expat.buffer_text = True
        self._expat.StartDoctypeDeclHandler = self._doctype
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._characters

    def feed(self, data: bytes, *, is_last: bool = False) -> list[dict[str, str]]:
        """Return the items that end in this piece. Raises ExpatError."""
        self._expat.Parse(data, is_last)
        items, self.items = self.items, []
        return items

    def _doctype(self, *_: Any) -> None:
        raise UnknownFormatError(
            "The feed brings its own document type, which may hide anything; it is not read."
            " Take RSS 2.0 or Atom without one."
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if len(self._path) > _DEEPEST:
            raise expat.ExpatError("too deep")
        self._path.append(name)
        if name in _ITEMS:
            self._item = {}
        if name == "link" and attributes.get("rel", "alternate") == "alternate":
            self._keep("link", attributes.get("href", ""))
        if len(self._path) == 1 and "xml:lang" in attributes:
            self._keep("lang", attributes["xml:lang"])
        if not self._is_markup():
            self._text, self._size = [], 0

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name in _ITEMS and self._item is not None:
            source = self._feed.get("link") or self._feed.get("id") or self._feed.get("title", "")
            of_the_feed = {"source": source, "lang": self._feed.get("lang", "")}
            known = {key: text for key, text in of_the_feed.items() if text}
            self.items.append({FEED_ITEM: "", **known, **self._item})
            self._item = None
        elif name in _FIELDS and not self._is_markup():
            self._keep(_FIELDS[name], "".join(self._text).strip())
        self._path.pop()

    def _is_markup(self) -> bool:
        """Return whether this element stands within a text, as XHTML does in Atom."""
        inside = self._path[:-1]
        return any(name in ("content", "summary", "description", "title") for name in inside)

    def _keep(self, field: str, text: str) -> None:
        if self._item is not None:
            self._item.setdefault(field, text) if text else None
        elif field in _OF_THE_FEED and text:
            self._feed.setdefault(field, text)

    def _characters(self, text: str) -> None:
        if self._size < _LONGEST_FIELD:
            self._text.append(text)
            self._size += len(text)


class FeedFile:
    """A file of RSS or Atom."""

    words = "XML"
    is_table = False

    def __init__(self, source: Source) -> None:
        # The parser reads the encoding from the document itself.
        source.encoding = "utf-8"
        self._source = source
        self.remarks: list[str] = []

    @property
    def consumed(self) -> int:
        """How many bytes of the file on disk were read so far."""
        return self._source.consumed

    def sample(self) -> list[Any]:
        """Return the first items."""
        found: list[Any] = []
        for _, item in self._items(Faults()):
            found.append(item)
            if len(found) == SAMPLE:
                break
        self.remarks.clear()
        return found

    def portions(self, form: Format, faults: Faults, start: Position) -> Iterator[Portion]:
        """Yield the posts after those that were read before."""
        identity = identity_of(self._source.path)
        numbered = (pair for pair in self._items(faults) if pair[0] > start.line)
        for batch in in_batches(numbered):
            rows = rows_of_records(form, batch, faults)
            yield [rows], Position(line=batch[-1][0], identity=identity)

    def _items(self, faults: Faults) -> Iterator[tuple[int, dict[str, str]]]:
        parser = _Parser()
        number = 0
        try:
            for piece in self._source.pieces():
                for item in parser.feed(piece):
                    number += 1
                    yield number, item
            parser.feed(b"", is_last=True)
        except expat.ExpatError:
            faults.add(Reason.REMAINDER, number + 1)
            self.remarks.append(f"The feed is broken after its item {number}.")
