"""Raw rows: the few fields that are read of a post, before their times are understood."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import polars as pl

from chorus.reading.times import parse_times


class Post(NamedTuple):
    """What is read of one post. `at` is still as the file says it; epoch numbers as digits."""

    id: str | None
    at: str | None
    author: str | None
    text: str | None
    lang: str | None = None
    repost: bool = False


_ROWS: Final = pl.Schema(
    {
        "id": pl.String(),
        "at": pl.String(),
        "author": pl.String(),
        "text": pl.String(),
        "lang": pl.String(),
        "repost": pl.Boolean(),
        "line": pl.Int64(),
    }
)
RAW_BATCH: Final = pl.Schema({**_ROWS, "at": pl.Datetime("us", "UTC")})

# How hand-made copies of a post begin, on every platform.
REPOST_START: Final = "RT @"


def rows_of(posts: Iterable[tuple[int, Post]]) -> pl.DataFrame:
    """Return posts with their line numbers as rows; `at` is still text."""
    rows = [(*post, line) for line, post in posts]
    try:
        return pl.DataFrame(rows, schema=_ROWS, orient="row")
    except UnicodeEncodeError:
        # Half a pair of surrogates is a fault of the exporter; it costs a character.
        mended = [[_mended(value) for value in row] for row in rows]
        return pl.DataFrame(mended, schema=_ROWS, orient="row")


def batch_of(rows: Iterable[pl.DataFrame], zone: str, time_format: str | None) -> pl.DataFrame:
    """Return a raw batch in the order of the lines, with times in UTC.

    A time without a zone is taken to be in `zone`; `time_format` is tried first where given.
    """
    parts = [part.select(_ROWS.names()) for part in rows]
    if not parts:
        return RAW_BATCH.to_frame()
    whole = pl.concat(parts)
    if len(parts) > 1:
        whole = whole.sort("line", maintain_order=True)
    return whole.with_columns(
        parse_times(whole["at"], zone, time_format),
        pl.col("repost").fill_null(value=False)
        | pl.col("text").str.starts_with(REPOST_START).fill_null(value=False),
    )


def _mended(value: Any) -> Any:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def plain(value: Any) -> str | None:
    """Return a scalar of a JSON document as text; None for lists, objects and nothing."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case _:
            return None


def part(value: Any, *names: str) -> Any:
    """Return what stands at a path of names in nested objects; None where the path ends early."""
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def first(*values: Any) -> str | None:
    """Return the first scalar of some values as text."""
    return next((found for value in values if (found := plain(value)) is not None), None)


def listed(value: Any) -> list[Any]:
    """Return the value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []
