"""Posts of X: the objects of its first interface, and those of its second, flat or in pages."""

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from chorus.reading.formats.base import Format, Quick, Record
from chorus.reading.rows import Post, first, listed, part, plain

_TEXT: Final = pl.String()
_LONG_TEXT: Final = pl.Struct({"full_text": pl.String()})


def _classic_text(record: Any) -> str | None:
    return first(
        part(record, "extended_tweet", "full_text"), part(record, "full_text"), part(record, "text")
    )


def _classic(record: Record) -> Iterator[Post]:
    # The copy within a repost is whole; the repost's own text is cut short.
    original = record.get("retweeted_status")
    text = first(_classic_text(original), _classic_text(record))
    if text is None:
        return
    yield Post(
        id=first(record.get("id_str"), record.get("id")),
        at=plain(record.get("created_at")),
        author=first(part(record, "user", "id_str"), part(record, "user", "id")),
        text=text,
        lang=plain(record.get("lang")),
        repost=isinstance(original, dict),
    )


def _is_classic(record: Record) -> bool:
    has_text = "text" in record or "full_text" in record
    return has_text and isinstance(record.get("user"), dict) and "created_at" in record


_ORIGINAL: Final = pl.col("retweeted_status").struct

CLASSIC: Final = Format(
    name="x-classic",
    words="posts of X, first interface",
    recognises=_is_classic,
    posts=_classic,
    quick=Quick(
        schema={
            "id_str": _TEXT,
            "id": _TEXT,
            "created_at": _TEXT,
            "user": pl.Struct({"id_str": pl.String(), "id": pl.String()}),
            "text": _TEXT,
            "full_text": _TEXT,
            "extended_tweet": _LONG_TEXT,
            "lang": _TEXT,
            "retweeted_status": pl.Struct(
                {"text": pl.String(), "full_text": pl.String(), "extended_tweet": _LONG_TEXT}
            ),
        },
        columns=(
            pl.coalesce("id_str", "id").alias("id"),
            pl.col("created_at").alias("at"),
            pl.coalesce(
                pl.col("user").struct.field("id_str"), pl.col("user").struct.field("id")
            ).alias("author"),
            pl.coalesce(
                _ORIGINAL.field("extended_tweet").struct.field("full_text"),
                _ORIGINAL.field("full_text"),
                _ORIGINAL.field("text"),
                pl.col("extended_tweet").struct.field("full_text"),
                "full_text",
                "text",
            ).alias("text"),
            pl.col("lang"),
            pl.col("retweeted_status").is_not_null().alias("repost"),
        ),
    ),
)


def _reposted(record: Any) -> str | None:
    """Return the id of the post that this one repeats, "" if unnamed; None if it repeats none."""
    for reference in listed(part(record, "referenced_tweets")):
        if part(reference, "type") == "retweeted":
            return plain(part(reference, "id")) or ""
    return None


def _v2_text(record: Any) -> str | None:
    return first(part(record, "note_tweet", "text"), part(record, "text"))


def _v2(record: Record) -> Iterator[Post]:
    data = record.get("data", record)
    included = {
        plain(part(post, "id")): _v2_text(post)
        for post in listed(part(record, "includes", "tweets"))
    }
    for post in data if isinstance(data, list) else [data]:
        original = _reposted(post)
        text = first(included.get(original), _v2_text(post))
        if text is None:
            continue
        yield Post(
            id=plain(part(post, "id")),
            at=plain(part(post, "created_at")),
            author=plain(part(post, "author_id")),
            text=text,
            lang=plain(part(post, "lang")),
            repost=original is not None,
        )


def _is_v2(record: Record) -> bool:
    data = record.get("data", record)
    posts = data if isinstance(data, list) else [data]
    own = ("author_id", "edit_history_tweet_ids", "referenced_tweets", "conversation_id")
    return bool(posts) and all(
        isinstance(post, dict)
        and "text" in post
        and "id" in post
        and any(key in post for key in own)
        for post in posts[:3]
    )


V2: Final = Format(
    name="x-v2",
    words="posts of X, second interface",
    recognises=_is_v2,
    posts=_v2,
    quick=Quick(
        schema={
            "id": _TEXT,
            "created_at": _TEXT,
            "author_id": _TEXT,
            "text": _TEXT,
            "note_tweet": pl.Struct({"text": pl.String()}),
            "lang": _TEXT,
            "referenced_tweets": pl.List(pl.Struct({"type": pl.String()})),
            # A line of this kind is a page or one post with what belongs to it.
            "data": _TEXT,
        },
        columns=(
            pl.col("id"),
            pl.col("created_at").alias("at"),
            pl.col("author_id").alias("author"),
            pl.when(pl.col("data").is_null())
            .then(pl.coalesce(pl.col("note_tweet").struct.field("text"), "text"))
            .alias("text"),
            pl.col("lang"),
            pl.col("referenced_tweets")
            .list.eval(pl.element().struct.field("type") == "retweeted")
            .list.any()
            .fill_null(value=False)
            .alias("repost"),
        ),
    ),
)
