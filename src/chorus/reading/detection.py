"""Which format a stream is in, told from its first records, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chorus.reading.errors import UnknownFormatError
from chorus.reading.formats import bluesky, feed, mastodon, telegram, x
from chorus.reading.formats.base import Format, Record
from chorus.reading.formats.table import known_table, usual_columns

# The particular before the general: a format that another one's records would also fit comes later.
FORMATS: Final[tuple[Format, ...]] = (
    feed.FEED,
    bluesky.BLUESKY,
    mastodon.MASTODON,
    telegram.TELEGRAM,
    x.CLASSIC,
    x.V2,
)
NAMES: Final = (*(form.name for form in FORMATS), "table")


@dataclass(frozen=True)
class Detected:
    """A format, and a sentence that says what spoke for it."""

    form: Format
    because: str


def detect(records: Iterable[Any], *, name: str | None = None, is_table: bool = False) -> Detected:
    """Return the format of some records, or the one that `name` names.

    The rows of a table have a table's format, whatever their columns are called.

    Raises UnknownFormatError where they look like nothing known, or the name is not one of NAMES.
    """
    objects = [record for record in records if isinstance(record, dict)]
    if name is not None and name != "table":
        return Detected(_named(name), "it was named")
    if name is None and objects and not is_table:
        found = _most_fitting(objects)
        if found is not None:
            return found
    columns = _columns(objects)
    if columns is None:
        raise UnknownFormatError(_unknown(objects))
    return Detected(known_table(columns, objects[0]), "its columns have usual names")


def _named(name: str) -> Format:
    for form in FORMATS:
        if form.name == name:
            return form
    raise UnknownFormatError(f"There is no format {name}; take one of {', '.join(NAMES)}.")


def _most_fitting(objects: Sequence[Record]) -> Detected | None:
    fitting = [(sum(map(form.recognises, objects)), form) for form in FORMATS]
    most = max(count for count, _ in fitting)
    if not most:
        return None
    form = next(form for count, form in fitting if count == most)
    because = f"{most} of the first {len(objects)} records look like it"
    others = [other.words for count, other in fitting if count and other is not form]
    if others:
        because += f"; others look like {' or '.join(others)}, which `--format` can choose"
    return Detected(form, because)


def _columns(objects: Sequence[Record]) -> Any:
    names = dict.fromkeys(
        key
        for record in objects
        for key, value in record.items()
        if not isinstance(value, dict | list)
    )
    return usual_columns(names)


def _unknown(objects: Sequence[Record]) -> str:
    if not objects:
        return (
            "None of the first lines is a record; check that this is a stream of posts"
            " (docs/reference/listening-formats.md names what is read)."
        )
    return (
        "The first records are like no known format and no column is plainly the text;"
        " say which column is which with a mapping file (docs/reference/listening-formats.md)."
    )
