"""Items of RSS and entries of Atom, as the reader of feeds hands them over."""

from collections.abc import Iterator
from typing import Final

from chorus.reading.formats.base import Format, Record
from chorus.reading.markup import text_of
from chorus.reading.rows import Post, first, plain

# What marks a record as made by the reader of feeds.
FEED_ITEM: Final = "feed_item"


def _posts(record: Record) -> Iterator[Post]:
    parts = [plain(record.get(name)) for name in ("title", "content", "summary")]
    title, content, summary = (text_of(markup) if markup else "" for markup in parts)
    text = ". ".join(filter(None, (title.rstrip("."), summary or content)))
    if not text:
        return
    yield Post(
        id=first(record.get("id"), record.get("link")),
        at=first(record.get("published"), record.get("updated")),
        # A newsroom speaks with one voice, whoever of it wrote.
        author=first(record.get("source"), record.get("author")),
        text=text,
        lang=plain(record.get("lang")),
    )


FEED: Final = Format("feed", "items of RSS or Atom", lambda record: FEED_ITEM in record, _posts)
