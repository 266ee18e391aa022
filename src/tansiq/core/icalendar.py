"""Dates as an iCalendar file (RFC 5545) that calendar programs read."""

import datetime as dt
from dataclasses import dataclass

# In octets, as the standard counts; a longer line is folded.
_LINE = 75


@dataclass(frozen=True)
class Event:
    """One thing of a calendar: a moment, or a whole day."""

    key: str
    summary: str
    begins: dt.datetime | dt.date
    url: str


def as_icalendar(events: list[Event], *, host: str, at: dt.datetime) -> str:
    """Write the events as RFC 5545 says: lines of 75 octets, ended by CR and LF."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tansiq//Tansiq//EN"]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.key}@{host}",
            f"DTSTAMP:{_moment(at)}",
            _begins(event.begins),
            f"SUMMARY:{_escaped(event.summary)}",
            f"URL:{event.url}",
            "CLASS:PRIVATE",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _begins(moment: dt.datetime | dt.date) -> str:
    if isinstance(moment, dt.datetime):
        return f"DTSTART:{_moment(moment)}"
    return f"DTSTART;VALUE=DATE:{moment:%Y%m%d}"


def _moment(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    # Whatever begins a new line would begin a new property.
    return "\\n".join(escaped.splitlines())


def _folded(line: str) -> str:
    """Fold a line into pieces of at most 75 octets, never inside a character."""
    pieces: list[str] = []
    piece = ""
    for letter in line:
        limit = _LINE if not pieces else _LINE - 1
        if len((piece + letter).encode()) > limit:
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join([*pieces, piece])
