"""What several commands take: moments with a zone, lists, and their plain sentences."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("ar", "en", "fr", "id", "ms", "fil")
FORMATS: Final = ("html", "json", "csv", "xlsx", "parquet")
# Fewer people than this can be guessed, whatever the reason for asking.
LEAST_K: Final = 5

# The exit status of a command that could do its work, but had no posts for it.
NOTHING_CAME_OUT: Final = 1


def moment(words: str) -> datetime:
    """Return a moment such as 2026-05-13T07:30+07:00; it must say its zone."""
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        message = f"{words!r} is not a moment; write it as 2026-05-13T07:30+07:00."
        raise ArgumentTypeError(message) from None
    if at.tzinfo is None:
        message = f"{words!r} does not say its zone; write it as {words}+07:00, or with Z for UTC."
        raise ArgumentTypeError(message)
    return at


def languages(words: str) -> tuple[str, ...]:
    """Return the languages of a report, such as `ar,en` or `all`."""
    return LANGUAGES if words == "all" else _chosen(words, LANGUAGES, "language")


def formats(words: str) -> tuple[str, ...]:
    """Return the formats of a report, such as `html,json`."""
    return FORMATS if words == "all" else _chosen(words, FORMATS, "format")


def people(words: str) -> int:
    """Return the least number of authors behind whatever is shown."""
    if not words.isdecimal() or int(words) < LEAST_K:
        message = f"{words} is not at least {LEAST_K}; fewer people could be recognised."
        raise ArgumentTypeError(message)
    return int(words)


def add_report(parser: ArgumentParser) -> None:
    """Declare the options of every command that writes a report."""
    add = parser.add_argument
    add("--out", required=True, type=Path, metavar="FOLDER", help="where the report is written")
    add("--name", default="", help="what the incident is called in the report")
    add("--language", type=languages, default=("en",), metavar="CODES",
        help="languages of the report, such as ar,en, or all (default: en)")  # fmt: skip
    add("--formats", type=formats, default=FORMATS, metavar="NAMES",
        help="of html,json,csv,xlsx,parquet (default: all)")  # fmt: skip


def offset_of(at: datetime) -> str:
    """Return the offset of a moment as a zone's name, such as +07:00."""
    offset = at.strftime("%z")
    return f"{offset[:3]}:{offset[3:5]}" if at.utcoffset() else "UTC"


def now() -> datetime:
    """Return the moment, for the commands; nothing below them reads the clock."""
    return datetime.now(UTC)  # noqa: TID251 -- read for the commands


def _chosen(words: str, known: tuple[str, ...], kind: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(word.strip() for word in words.split(",") if word.strip()))
    strange = [word for word in found if word not in known]
    if strange or not found:
        message = (
            f"There is no {kind} {strange[0] if strange else ''!r}; take of {', '.join(known)}."
        )
        raise ArgumentTypeError(message)
    return found
