"""What the standard demands beyond the order of elements, both ways."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from tansiq.incidents.cap.errors import CapError, Fault
from tansiq.incidents.cap.message import Alert, Area, Circle, Info, Point, Polygon, Resource
from tansiq.incidents.cap.shape import ALERT, Field, Shape
from tansiq.incidents.cap.texts import BLANKS, ITEMS, LONGEST, MOMENT, REFERENCES, UNWRITABLE
from tansiq.incidents.cap.values import Kind, Scope

MOST_POINTS = 10_000
MOST_PARTS = 200
# Half the way around the earth, in kilometres.
_FURTHEST = 20_040
_FEWEST_POINTS = 4
_NAME = re.compile(r"[^\s,<&]+")
_MIME_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(\s*;.*)?", re.ASCII | re.DOTALL)
_DIGEST = re.compile(r"[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}")
_POINTS_BACK = {Kind.UPDATE, Kind.CANCEL, Kind.ACK, Kind.ERROR}
_TELLS = {Kind.ALERT, Kind.UPDATE}


def check_alert(alert: Alert) -> None:
    """Raise CapError with everything that forbids to send or to take in this alert."""
    if faults := list(faults_of(alert)):
        raise CapError(faults)


def faults_of(alert: Alert) -> Iterator[Fault]:
    yield from _spelling(alert, ALERT, "")
    yield from _names(alert)
    yield from _audience(alert)
    if alert.kind in _POINTS_BACK and not alert.references:
        yield Fault("references", _("Name the message that this one is about."))
    for number, info in enumerate(alert.infos, start=1):
        yield from _info(info, alert, f"info[{number}]")


def _spelling(thing: object, shape: Shape, path: str) -> Iterator[Fault]:
    """Yield what cannot be written, or is missing, in any field of any depth."""
    for field in shape.fields:
        value = getattr(thing, field.name)
        where = path + field.element
        if field.is_required and _is_blank(value):
            yield Fault(where, _("This is missing."))
        if not field.is_many:
            yield from _one(value, field, where)
            continue
        if len(value) > MOST_PARTS:
            yield Fault(where, _("There are more than %(most)s of these.") % {"most": MOST_PARTS})
        for number, each in enumerate(value, start=1):
            yield from _one(each, field, f"{where}[{number}]")


def _is_blank(value: object) -> bool:
    return not value.strip(BLANKS) if isinstance(value, str) else value in (None, ())


def _one(value: object, field: Field, where: str) -> Iterator[Fault]:
    if isinstance(field.holds, Shape):
        yield from _spelling(value, field.holds, f"{where}/")
    elif field.holds is ITEMS or field.holds is REFERENCES:
        yield from _texts(_words_of(value), where)
    elif isinstance(value, dt.datetime):
        yield from _moment(value, where)
    elif isinstance(value, str):
        yield from _texts([value], where)
        yield from _readable(value, field, where)


def _words_of(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, tuple) else []


def _texts(texts: Iterable[str], where: str) -> Iterator[Fault]:
    for text in texts:
        if UNWRITABLE.search(text):
            yield Fault(where, _("A sign in this text cannot be sent. Write the text anew."))
        if len(text) > LONGEST:
            told = _("This is longer than %(most)s characters.")
            yield Fault(where, told % {"most": LONGEST})


def _readable(value: str, field: Field, where: str) -> Iterator[Fault]:
    if not value or not hasattr(field.holds, "read"):
        return
    try:
        field.holds.read(value)
    except ValueError as problem:
        yield Fault(where, str(problem))


def _moment(moment: dt.datetime, where: str) -> Iterator[Fault]:
    offset = moment.utcoffset()
    if offset is None or offset.total_seconds() % 60 or moment.microsecond:
        yield Fault(where, _("A moment has whole seconds and a time zone."))
        return
    yield from _readable(MOMENT.write(moment), Field("", "", MOMENT), where)


def _names(alert: Alert) -> Iterator[Fault]:
    told = _("Blanks, commas, < and & cannot stand here.")
    named = [("identifier", alert.identifier), ("sender", alert.sender)]
    for number, reference in enumerate(alert.references, start=1):
        where = f"references[{number}]"
        named += [(where, reference.sender), (where, reference.identifier)]
        yield from _moment(reference.sent, where)
    for where, name in named:
        if not _NAME.fullmatch(name) or UNWRITABLE.search(name):
            yield Fault(where, told)


def _audience(alert: Alert) -> Iterator[Fault]:
    if alert.scope == Scope.RESTRICTED and _is_blank(alert.restriction):
        yield Fault("restriction", _("Say for whom this alert is."))
    if alert.scope == Scope.PRIVATE and not alert.addresses:
        yield Fault("addresses", _("Name the addresses to which this alert goes."))
    for where, items in (("addresses", alert.addresses), ("incidents", alert.incidents)):
        if any('"' in item or not item.strip() for item in items):
            yield Fault(where, _("Quotation marks and empty entries cannot stand here."))


def _info(info: Info, alert: Alert, where: str) -> Iterator[Fault]:
    begins = info.effective or alert.sent
    if alert.kind in _TELLS and info.expires and _is_before(info.expires, begins):
        yield Fault(f"{where}/expires", _("The alert ends before it begins."))
    for number, resource in enumerate(info.resources, start=1):
        yield from _resource(resource, f"{where}/resource[{number}]")
    for number, area in enumerate(info.areas, start=1):
        yield from _area(area, f"{where}/area[{number}]")
    if sum(len(ring) for area in info.areas for ring in area.polygons) > MOST_POINTS:
        told = _("The areas have more than %(most)s points. Draw them more simply.")
        yield Fault(where, told % {"most": MOST_POINTS})


def _is_before(one: dt.datetime, other: dt.datetime) -> bool:
    # A moment without a zone is a fault of its own, told above.
    return None not in (one.utcoffset(), other.utcoffset()) and one < other


def _resource(resource: Resource, where: str) -> Iterator[Fault]:
    if not _MIME_TYPE.fullmatch(resource.mime_type.strip(BLANKS)):
        yield Fault(f"{where}/mimeType", _("Write the kind of file as image/png is written."))
    if resource.digest and not _DIGEST.fullmatch(resource.digest.strip(BLANKS)):
        yield Fault(f"{where}/digest", _("A fingerprint has 40 or 64 signs from 0 to 9, a to f."))
    if resource.size is not None and resource.size < 0:
        yield Fault(f"{where}/size", _("A size is not below zero."))


def _area(area: Area, where: str) -> Iterator[Fault]:
    for number, ring in enumerate(area.polygons, start=1):
        yield from _ring(ring, f"{where}/polygon[{number}]")
    for number, circle in enumerate(area.circles, start=1):
        yield from _circle(circle, f"{where}/circle[{number}]")
    if area.ceiling is not None and (area.altitude is None or area.ceiling < area.altitude):
        yield Fault(f"{where}/ceiling", _("A ceiling stands above an altitude."))


def _ring(ring: Polygon, where: str) -> Iterator[Fault]:
    if len(ring) < _FEWEST_POINTS or len(set(ring)) < _FEWEST_POINTS - 1:
        yield Fault(where, _("An area needs three corners at least, and the first once more."))
    elif ring[0] != ring[-1]:
        yield Fault(where, _("The line is not closed. Repeat the first point at its end."))
    yield from _places(ring, where)


def _circle(circle: Circle, where: str) -> Iterator[Fault]:
    if not Decimal(0) <= circle.radius <= _FURTHEST:
        told = _("A radius is between 0 and %(most)s kilometres.")
        yield Fault(where, told % {"most": _FURTHEST})
    yield from _places([circle.centre], where)


def _places(points: Iterable[Point], where: str) -> Iterator[Fault]:
    # A comparison with what is no number raises; such a point lies nowhere.
    if not all(_is_number(a, 90) and _is_number(b, 180) for a, b in points):
        yield Fault(where, _("A latitude is from -90 to 90, a longitude from -180 to 180."))


def _is_number(value: Decimal, most: int) -> bool:
    return value.is_finite() and -most <= value <= most
