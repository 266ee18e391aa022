"""Tables, and flat objects: which column holds the text, the time, the author."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Final

import polars as pl

from chorus.reading.errors import UnknownFormatError
from chorus.reading.formats.base import Columns, Format, Quick, Record
from chorus.reading.rows import Post, part, plain

# How people and tools head their columns, in six languages; folded by `_folded`. Of several that
# stand in one table the earlier is taken.
_USUAL: Final = {
    "text": (
        "fulltext text body message content post tweet tweettext posttext caption description"
        " texte contenu publication teks isi pesan konten kandungan mesej hantaran"
        " teksto mensahe nilalaman نص النص المحتوى المنشور منشور الرسالة التغريدة"
    ),
    "at": (
        "createdat creationtime publishedat timestamp datetime createdtime postedat date time"
        " published posted dateheure datedepublication horodatage heure tanggal waktu tarikh masa"
        " petsa oras التاريخ تاريخ الوقت وقت"
    ),
    "author": (
        "authorid userid postownerid author user username screenname account from fromid handle"
        " auteur utilisateur compte penulis pengguna pengarang akun akaun mayakda gumagamit"
        " المؤلف الكاتب المستخدم الحساب"
    ),
    "id": "id idstr postid tweetid statusid messageid uri guid معرف المعرف",
    "lang": "lang language langue bahasa wika لغة اللغة",
    "repost": "isretweet isrepost retweet repost",
}
# Whose exports have which columns.
_TOOLS: Final = {
    "4cat": ("an export of 4CAT", {"thread_id", "timestamp", "body"}),
    "meta": ("an export of the Meta content library", {"post_owner.id", "creation_time"}),
}
_YES: Final = ("true", "yes", "1", "y", "t")


def usual_columns(names: Iterable[str]) -> Columns | None:
    """Return the columns with usual names, or None where no column is plainly the text."""
    by_folded: dict[str, str] = {}
    for name in names:
        by_folded.setdefault(_folded(name), name)
    found = {
        role: next((by_folded[usual] for usual in choices.split() if usual in by_folded), None)
        for role, choices in _USUAL.items()
    }
    text = found.pop("text")
    return None if text is None else Columns(text=text, **found)


def table_format(columns: Columns, *, name: str = "table", words: str = "") -> Format:
    """Return the format of a table, or of flat objects, with these columns."""

    def recognises(record: Record) -> bool:
        return columns.text in record

    def posts(record: Record) -> Iterator[Post]:
        text = plain(_at(record, columns.text))
        if text is None:
            return
        flag = plain(_at(record, columns.repost))
        yield Post(
            id=plain(_at(record, columns.id)),
            at=plain(_at(record, columns.at)),
            author=plain(_at(record, columns.author)),
            text=text,
            lang=plain(_at(record, columns.lang)),
            repost=flag is not None and flag.strip().lower() in _YES,
        )

    words = words or _described(columns)
    return Format(name, words, recognises, posts, _quick(columns), columns)


def known_table(columns: Columns, head: Iterable[str]) -> Format:
    """Return the format of a table, called by the tool whose exports have such a head."""
    names = set(head)
    for name, (words, marks) in _TOOLS.items():
        if marks <= names:
            # Both write UTC, and not all versions say so.
            return replace(table_format(columns, name=name, words=words), zone="UTC")
    return table_format(columns)


def _described(columns: Columns) -> str:
    roles = {"text": "text", "at": "time", "author": "author"}
    named = asdict(columns)
    return ", ".join(f"{word} from {named[role] or 'nowhere'}" for role, word in roles.items())


def _quick(columns: Columns) -> Quick | None:
    # A dot is a path, and these signs have a meaning of their own in the parser of columns.
    if any("." in name or name[0] in "^*" for name in columns.names):
        return None
    named = asdict(columns)
    repost = named.pop("repost")
    return Quick(
        schema={name: pl.String() for name in columns.names},
        columns=(
            *(_column(name).alias(role) for role, name in named.items()),
            _yes(_column(repost)).alias("repost"),
        ),
    )


def _column(name: str | None) -> pl.Expr:
    return pl.lit(None, pl.String) if name is None else pl.col(name)


def table_rows(
    values: Mapping[str, Sequence[Any]], lines: Sequence[int], columns: Columns
) -> pl.DataFrame:
    """Return raw rows of the values of named columns; a column that is not there is empty."""
    named = asdict(columns)
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(lines))
    texts = {
        role: pl.Series(role, values[name], dtype=pl.String) if name in values else nothing
        for role, name in named.items()
    }
    frame = pl.DataFrame(texts).with_columns(_yes(pl.col("repost")).alias("repost"))
    return frame.with_columns(pl.Series("line", lines, dtype=pl.Int64))


def columns_of(form: Format) -> Columns:
    """Return a table's columns. Raises UnknownFormatError for a format that no table has."""
    if form.columns is None:
        raise UnknownFormatError(f"A table cannot hold {form.words}; leave `--format` out.")
    return form.columns


def rows_of_table(
    form: Format, head: Sequence[str], rows: Sequence[tuple[int, Sequence[str | None]]]
) -> pl.DataFrame:
    """Return raw rows of the numbered rows of a table under a head."""
    columns = columns_of(form)
    places = {name: head.index(name) for name in columns.names if name in head}
    values = {name: [row[place] for _, row in rows] for name, place in places.items()}
    return table_rows(values, [number for number, _ in rows], columns)


def _yes(column: pl.Expr) -> pl.Expr:
    return column.str.strip_chars().str.to_lowercase().is_in(_YES).fill_null(value=False)


def _at(record: Record, path: str | None) -> object:
    if path is None:
        return None
    return record[path] if path in record else part(record, *path.split("."))


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
