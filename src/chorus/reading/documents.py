"""Files that are one JSON document: an array of posts, or an object with such an array in it.

Elements are decoded one by one as the file is read, so that a document may be larger than memory.
What stands after a fault cannot be told apart any more; it is left out, and the report says so.
"""

import codecs
import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, Final

from chorus.reading.container import SAMPLE, Portion, in_batches, rows_of_records
from chorus.reading.errors import PrivateStreamError
from chorus.reading.faults import Faults, Reason
from chorus.reading.formats.base import Format
from chorus.reading.formats.telegram import CHANNEL, PUBLIC_CHANNELS
from chorus.reading.position import Position, identity_of
from chorus.reading.source import Source

# Under which names tools put their posts.
LISTS: Final = (
    "messages",
    "data",
    "statuses",
    "posts",
    "feed",
    "items",
    "orderedItems",
    "results",
    "tweets",
)
_LONGEST_ELEMENT: Final = 1 << 22
# No word or escape of JSON is longer.
_TOKEN: Final = 12
_SPACES: Final = " \t\r\n"


class _BrokenError(Exception):
    """The document cannot be read on; says whether it merely ends too early."""

    def __init__(self, *, is_cut: bool) -> None:
        super().__init__()
        self.is_cut = is_cut


class _Text:
    """The characters of a document, kept only from the element that is being decoded on."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
        self._json = json.JSONDecoder(strict=False)
        self._text = ""
        self._at = 0
        self._is_all = False

    def peek(self) -> str:
        """Return the next character that is no space, "" at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACES:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, wanted: str) -> None:
        """Pass over one character."""
        found = self.peek()
        if found != wanted:
            raise _BrokenError(is_cut=not found)
        self._at += 1

    def value(self) -> Any:
        """Decode the value that begins here."""
        self.peek()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                if not self._may_go_on(error):
                    raise _BrokenError(is_cut=False) from None
                end = -1
            # A number at the end may go on.
            if 0 <= end < len(self._text) or (end >= 0 and self._is_all):
                self._at = end
                return value
            tried = len(self._text) - self._at
            if tried > _LONGEST_ELEMENT:
                raise _BrokenError(is_cut=False)
            # Twice as much each time, so that a long element is not decoded over and over.
            while len(self._text) - self._at < 2 * tried and self._more():
                pass
            if self._is_all and len(self._text) - self._at == tried:
                raise _BrokenError(is_cut=True)

    def _may_go_on(self, error: ValueError | RecursionError) -> bool:
        """Return whether the decoder only came to the end of what was read so far."""
        if not isinstance(error, json.JSONDecodeError):
            return False
        return error.msg.startswith("Unterminated") or error.pos >= len(self._text) - _TOKEN

    def _more(self) -> bool:
        piece = next(self._pieces, None)
        if piece is None:
            grown = "" if self._is_all else self._decoder.decode(b"", final=True)
            self._is_all = True
        else:
            grown = self._decoder.decode(piece)
        self._text = self._text[self._at :] + grown
        self._at = 0
        return piece is not None or bool(grown)


def elements(pieces: Iterator[bytes]) -> Iterator[Any]:
    """Yield the posts of a document, or the document itself where it holds no list of them."""
    text = _Text(pieces)
    if text.peek() == "[":
        yield from _array(text)
    elif text.peek() == "{":
        yield from _object(text)
    else:
        raise _BrokenError(is_cut=False)


def _array(text: _Text) -> Iterator[Any]:
    text.take("[")
    while text.peek() != "]":
        yield text.value()
        if text.peek() != "]":
            text.take(",")
    text.take("]")


def _object(text: _Text) -> Iterator[Any]:
    text.take("{")
    before: dict[str, Any] = {}
    has_list = False
    while text.peek() != "}":
        name = text.value()
        text.take(":")
        if name in LISTS and text.peek() == "[":
            has_list = True
            yield from _posts(name, _array(text), before)
        elif name == "chats":
            raise PrivateStreamError(
                "This is the export of a whole account, with private conversations; export one"
                " public channel or group instead."
            )
        else:
            before[name] = text.value()
        if text.peek() != "}":
            text.take(",")
    text.take("}")
    if not has_list:
        yield before


def _posts(name: str, posts: Iterator[Any], before: dict[str, Any]) -> Iterator[Any]:
    if name != "messages":
        yield from posts
        return
    kind = before.get("type")
    if kind is not None and kind not in PUBLIC_CHANNELS:
        raise PrivateStreamError(
            "This is the export of a conversation that is not public; listen to public channels"
            " and groups only."
        )
    for post in posts:
        yield post | {CHANNEL: before.get("id")} if isinstance(post, dict) else post


class DocumentFile:
    """A file that is one JSON document."""

    words = "a JSON document"
    is_table = False

    def __init__(self, source: Source) -> None:
        self._source = source
        self.remarks: list[str] = []

    @property
    def consumed(self) -> int:
        """How many bytes of the file on disk were read so far."""
        return self._source.consumed

    def sample(self) -> list[Any]:
        """Return the first posts."""
        found: list[Any] = []
        # Where it breaks is counted when it is read.
        with suppress(_BrokenError):
            found.extend(islice(elements(self._source.pieces()), SAMPLE))
        return found

    def portions(self, form: Format, faults: Faults, start: Position) -> Iterator[Portion]:
        """Yield the posts after those that were read before."""
        identity = identity_of(self._source.path)
        numbered = self._whole(faults)
        line = start.line
        for batch in in_batches(islice(numbered, start.line, None)):
            line = batch[-1][0]
            yield [rows_of_records(form, batch, faults)], Position(line=line, identity=identity)

    def _whole(self, faults: Faults) -> Iterator[tuple[int, Any]]:
        number = 0
        try:
            for number, element in enumerate(elements(self._source.pieces()), start=1):
                yield number, element
        except _BrokenError as broken:
            faults.add(Reason.UNFINISHED if broken.is_cut else Reason.REMAINDER, number + 1)
            self.remarks.append(f"The document could be read up to its post {number} only.")
