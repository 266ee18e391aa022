"""Posts of Bluesky: commits of the firehose as JSON, views of posts and feeds, bare records."""

from collections.abc import Iterator
from typing import Any, Final

from chorus.reading.formats.base import Format, Record
from chorus.reading.rows import Post, first, listed, part, plain

_POST: Final = "app.bsky.feed.post"
_REPOST: Final = "app.bsky.feed.defs#reasonRepost"


def _posts(record: Record) -> Iterator[Post]:
    views = listed(record.get("posts")) + listed(record.get("feed"))
    for view in views or [record]:
        post = _commit(view) if part(view, "commit") is not None else _view(view)
        if post is not None:
            yield post


def _commit(record: Any) -> Post | None:
    commit = part(record, "commit")
    written = part(commit, "record")
    if part(commit, "collection") != _POST or part(written, "text") is None:
        return None
    author = plain(part(record, "did"))
    return Post(
        id=f"at://{author}/{_POST}/{plain(part(commit, 'rkey'))}",
        at=first(part(written, "createdAt"), part(record, "time_us")),
        author=author,
        text=plain(part(written, "text")),
        lang=_language(written),
    )


def _view(view: Any) -> Post | None:
    """Read a post as a feed or a search shows it, or the bare record."""
    post = part(view, "post") or view
    written = part(post, "record") or part(post, "value") or post
    text = plain(part(written, "text"))
    if text is None:
        return None
    is_repost = part(view, "reason", "$type") == _REPOST
    shown = part(view, "reason") if is_repost else post
    author = part(shown, "by" if is_repost else "author")
    uri = plain(part(post, "uri"))
    did = plain(part(author, "did"))
    return Post(
        # The same post is seen once from its author and once from each who repeats it.
        id=f"{uri} {did}" if is_repost else uri,
        at=first(part(shown, "indexedAt") if is_repost else None, part(written, "createdAt")),
        author=did,
        text=text,
        lang=_language(written),
        repost=is_repost,
    )


def _language(written: Any) -> str | None:
    languages = listed(part(written, "langs"))
    return plain(languages[0]) if len(languages) == 1 else None


def _recognises(record: Record) -> bool:
    if "did" in record and ("commit" in record or "time_us" in record):
        return True
    views = listed(record.get("posts")) + listed(record.get("feed")) or [record]
    post = part(views[0], "post") or views[0]
    kind = first(part(post, "record", "$type"), part(post, "value", "$type"), part(post, "$type"))
    return kind == _POST


BLUESKY: Final = Format("bluesky", "posts of Bluesky", _recognises, _posts)
