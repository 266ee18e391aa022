"""How each kind of value is spelt in a file, there and back.

A reader raises ValueError with a sentence; a writer expects what `checking` has passed.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from tansiq.incidents.cap.message import Circle, Point, Polygon, Reference

# What XML 1.0 cannot hold, in any spelling.
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONGEST = 20_000
# Blanks as XML knows them; Python's strip() takes many more.
BLANKS = " \t\r\n"

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,15})?", re.ASCII)
_INTEGER = re.compile(r"\d{1,15}", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20\"<>\\^`{|}\x7f\[\]]+")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ITEMS = re.compile(r'"([^"]*)"|([^\s"]+)')
_FURTHEST_ZONE = dt.timedelta(hours=14)


@dataclass(frozen=True)
class Spelling:
    """How a value becomes text and text a value."""

    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _read_text(text: str) -> str:
    if len(text) > LONGEST:
        raise ValueError(_("This is longer than %(most)s characters.") % {"most": LONGEST})
    return text


def read_moment(text: str) -> dt.datetime:
    text = text.strip(BLANKS)
    told = _("“%(text)s” is no date with a time zone, such as 2026-05-14T09:30:00+08:00.")
    if not _MOMENT.fullmatch(text):
        raise ValueError(told % {"text": text[:40]})
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(told % {"text": text[:40]}) from None
    if abs(moment.utcoffset() or dt.timedelta()) > _FURTHEST_ZONE:
        raise ValueError(_("A time zone is at most 14 hours away from UTC."))
    return moment


def write_moment(moment: dt.datetime) -> str:
    """Write UTC as -00:00, which the standard demands; it forbids the letter Z."""
    text = moment.isoformat(timespec="seconds")
    return f"{text[:-6]}-00:00" if text.endswith("+00:00") else text


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError(_("“%(text)s” is no number.") % {"text": text[:40]})
    return Decimal(text)


def _read_number(text: str) -> Decimal:
    return _number(text.strip(BLANKS))


def _write_number(number: Decimal) -> str:
    return format(number, "f")


def _read_integer(text: str) -> int:
    text = text.strip(BLANKS)
    if not _INTEGER.fullmatch(text):
        raise ValueError(_("“%(text)s” is no number.") % {"text": text[:40]})
    return int(text)


def _read_point(text: str) -> Point:
    latitude, comma, longitude = text.partition(",")
    if not comma:
        raise ValueError(_("Write each point as latitude, comma, longitude."))
    return _number(latitude), _number(longitude)


def _write_point(point: Point) -> str:
    return f"{_write_number(point[0])},{_write_number(point[1])}"


def read_polygon(text: str) -> Polygon:
    return tuple(_read_point(each) for each in text.split())


def write_polygon(polygon: Polygon) -> str:
    return " ".join(_write_point(point) for point in polygon)


def read_circle(text: str) -> Circle:
    parts = text.split()
    if len(parts) != 2:  # noqa: PLR2004 -- a centre and a radius
        raise ValueError(_("Write a circle as latitude, comma, longitude, blank, kilometres."))
    return Circle(_read_point(parts[0]), _number(parts[1]))


def write_circle(circle: Circle) -> str:
    return f"{_write_point(circle.centre)} {_write_number(circle.radius)}"


def _read_language(text: str) -> str:
    text = text.strip(BLANKS)
    if not is_language(text):
        raise ValueError(_("“%(text)s” is no code of a language.") % {"text": text[:40]})
    return text


def is_language(text: str) -> bool:
    return _LANGUAGE.fullmatch(text) is not None


def _read_address(text: str) -> str:
    text = text.strip(BLANKS)
    if not is_address(text):
        raise ValueError(
            _("“%(text)s” is no whole address on the web.") % {"text": text[:40]},
        )
    return text


def is_address(text: str) -> bool:
    """Return whether this is a whole address that every reader of the schema accepts."""
    if not text.isascii() or not _ADDRESS.fullmatch(text) or text.count("#") > 1:
        return False
    try:
        parts = urlsplit(text)
        _port = parts.port
    except ValueError:
        return False
    return not _BAD_PERCENT.search(text) and ":" not in (parts.hostname or "")


def _read_items(text: str) -> tuple[str, ...]:
    if _ITEMS.sub("", text).strip():
        raise ValueError(_("A quotation mark is not closed."))
    found = (quoted or plain for quoted, plain in _ITEMS.findall(text))
    return tuple(item for item in found if item.strip())


def _write_items(items: tuple[str, ...]) -> str:
    return " ".join(f'"{item}"' if re.search(r"\s", item) else item for item in items)


def _read_references(text: str) -> tuple[Reference, ...]:
    return tuple(_read_reference(each) for each in text.split())


def _read_reference(text: str) -> Reference:
    parts = text.split(",")
    if len(parts) != 3:  # noqa: PLR2004 -- sender, identifier, moment
        raise ValueError(_("Write each reference as sender, comma, identifier, comma, date."))
    return Reference(parts[0], parts[1], read_moment(parts[2]))


def _write_references(references: tuple[Reference, ...]) -> str:
    return " ".join(
        f"{each.sender},{each.identifier},{write_moment(each.sent)}" for each in references
    )


def one_of(choices: type[TextChoices]) -> Spelling:
    """Return the spelling of a word from a closed list."""

    def read(text: str) -> TextChoices:
        try:
            return choices(text)
        except ValueError:
            told = _("“%(text)s” is not one of: %(words)s.")
            raise ValueError(
                told % {"text": text[:40], "words": ", ".join(choices.values)}
            ) from None

    return Spelling(str, read)


TEXT = Spelling(str, _read_text)
MOMENT = Spelling(write_moment, read_moment)
NUMBER = Spelling(_write_number, _read_number)
INTEGER = Spelling(str, _read_integer)
LANGUAGE = Spelling(str, _read_language)
ADDRESS = Spelling(str, _read_address)
POLYGON = Spelling(write_polygon, read_polygon)
CIRCLE = Spelling(write_circle, read_circle)
ITEMS = Spelling(_write_items, _read_items)
REFERENCES = Spelling(_write_references, _read_references)
