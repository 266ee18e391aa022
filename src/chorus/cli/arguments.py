"""What several commands take: moments with a zone, lists, and their plain sentences."""

from argparse import ArgumentTypeError
from datetime import datetime
from typing import Final

from chorus.picture import Incident

LANGUAGES: Final = ("ar", "en", "fr", "id", "ms", "fil")
FORMATS: Final = ("html", "json", "csv", "xlsx", "parquet")
# Fewer people than this can be guessed, whatever the reason for asking.
LEAST_K: Final = 5


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


def incident_of(at: datetime, zone: str | None, name: str) -> Incident:
    """Return the incident in the zone that its report speaks in; its own offset without one."""
    return Incident(at, zone or _offset(at), name)


def _offset(at: datetime) -> str:
    offset = at.strftime("%z")
    return f"{offset[:3]}:{offset[3:5]}" if at.utcoffset() else "UTC"


def _chosen(words: str, known: tuple[str, ...], kind: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(word.strip() for word in words.split(",") if word.strip()))
    strange = [word for word in found if word not in known]
    if strange or not found:
        message = (
            f"There is no {kind} {strange[0] if strange else ''!r}; take of {', '.join(known)}."
        )
        raise ArgumentTypeError(message)
    return found
