"""What a format is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import polars as pl

from chorus.reading.rows import Post

Record = dict[str, Any]


@dataclass(frozen=True)
class Quick:
    """How to read lines by columns: `columns` make id, at, author, text, lang and repost."""

    schema: Mapping[str, pl.DataType]
    columns: tuple[pl.Expr, ...]

    @cached_property
    def nested(self) -> dict[str, pl.DataType]:
        """The part of the schema in which the parser refuses what is not nested alike."""
        return {name: kind for name, kind in self.schema.items() if kind.is_nested()}


@dataclass(frozen=True)
class Columns:
    """The names of a table's columns that are read; in nested objects a path joined by dots."""

    text: str
    at: str | None = None
    author: str | None = None
    id: str | None = None
    lang: str | None = None
    repost: str | None = None

    @property
    def names(self) -> list[str]:
        """The columns that are read, each once."""
        return list(dict.fromkeys(name for name in asdict(self).values() if name))


@dataclass(frozen=True)
class Format:
    """How posts are written by one platform or tool.

    `name` is what `--format` takes, `words` is what people read. `recognises` says whether a record
    looks like it; `posts` yields the posts of one record, none for what is no public post;
    `columns` is set where records are rows of a table, `zone` where a time without a zone can only
    mean that one.
    """

    name: str
    words: str
    recognises: Callable[[Record], bool]
    posts: Callable[[Record], Iterator[Post]]
    quick: Quick | None = None
    columns: Columns | None = None
    zone: str | None = None
