"""Statuses of Mastodon and of what speaks as it does."""

from collections.abc import Iterator
from typing import Any, Final

from chorus.reading.formats.base import Format, Record
from chorus.reading.markup import text_of
from chorus.reading.rows import Post, first, part, plain

# What people wrote to followers or to somebody is not ours to read, whoever exported it.
_NOT_PUBLIC: Final = ("private", "direct", "limited")


def _posts(record: Record) -> Iterator[Post]:
    original = record.get("reblog")
    source: Any = original if isinstance(original, dict) else record
    markup = plain(source.get("content"))
    if markup is None or record.get("visibility") in _NOT_PUBLIC:
        return
    warning = plain(source.get("spoiler_text"))
    yield Post(
        id=first(record.get("uri"), record.get("id")),
        at=plain(record.get("created_at")),
        author=first(part(record, "account", "acct"), part(record, "account", "id")),
        text=" ".join(filter(None, (warning, text_of(markup)))),
        lang=plain(source.get("language")),
        repost=isinstance(original, dict),
    )


def _recognises(record: Record) -> bool:
    return "content" in record and isinstance(record.get("account"), dict)


MASTODON: Final = Format("mastodon", "statuses of Mastodon", _recognises, _posts)
