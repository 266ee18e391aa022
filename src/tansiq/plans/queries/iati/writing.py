"""The exchange file as XML, its elements in the order the schema demands."""

import datetime as dt
import re
from typing import Any
from xml.etree import ElementTree as ET

from django.conf import settings

from tansiq.core.money import as_number
from tansiq.core.uploads import CONTENT_TYPES
from tansiq.plans.models import Document, PublicContact
from tansiq.plans.queries.iati import codes
from tansiq.plans.queries.iati.content import Body, Entry, Exchange, Money

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# What XML 1.0 cannot hold, in any spelling.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_of(exchange: Exchange, *, at: dt.datetime) -> bytes:
    """Return the file. Money is written exactly, in units of its currency."""
    root = ET.Element(
        "iati-activities", {"version": codes.VERSION, "generated-datetime": _moment(at)}
    )
    for entry in exchange.entries:
        _activity(root, entry, exchange, at.date())
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(words: str) -> str:
    return _UNWRITABLE.sub("", words)


def _add(parent: ET.Element, tag: str, text: str = "", /, **attributes: str) -> ET.Element:
    named = {name.replace("_", "-"): _text(value) for name, value in attributes.items()}
    element = ET.SubElement(parent, tag, named)
    if text:
        element.text = _text(text)
    return element


def _told(parent: ET.Element, text: str, language: str, english: dict[str, str]) -> None:
    """Write a text in its own language, and in English where a translation is known."""
    own = _add(parent, "narrative", text)
    own.set(_LANGUAGE, language)
    if text in english:
        _add(parent, "narrative", english[text]).set(_LANGUAGE, "en")


def _activity(root: ET.Element, entry: Entry, exchange: Exchange, day: dt.date) -> None:
    one = _add(root, "iati-activity", hierarchy=str(entry.hierarchy))
    one.set(_LANGUAGE, entry.language)
    if entry.changed_at is not None:
        one.set("last-updated-datetime", _moment(entry.changed_at))
    _add(one, "iati-identifier", entry.identifier)
    _organisation(one, "reporting-org", exchange.reporter)
    _told(_add(one, "title"), entry.title, entry.language, exchange.english)
    description = _add(one, "description", type="1")
    _told(description, entry.description, entry.language, exchange.english)
    for body in entry.bodies:
        _organisation(one, "participating-org", body)
    _add(one, "activity-status", code=entry.status)
    _dates(one, entry, day)
    if entry.contact is not None:
        _contact(one, entry.contact)
    _add(one, "recipient-country", code=exchange.country, percentage="100")
    _location(one, entry)
    _add(one, "sector", vocabulary=codes.SECTOR_VOCABULARY, code=codes.SECTOR, percentage="100")
    tag = _add(one, "tag", vocabulary=codes.TAG_VOCABULARY, code=codes.TAG)
    _add(tag, "narrative", codes.TAG_WORDS).set(_LANGUAGE, "en")
    _money(one, entry.money, day)
    for document in entry.documents:
        _document(one, document)
    for kind, refs in ((codes.PARENT, [entry.parent]), (codes.CHILD, entry.children)):
        for ref in filter(None, refs):
            _add(one, "related-activity", ref=ref, type=kind)


def _organisation(parent: ET.Element, tag: str, body: Body) -> None:
    kind = codes.ORGANISATION_TYPES.get(body.kind, "")
    said = {"ref": body.ref, "type": kind, "role": body.role}
    organisation = _add(parent, tag, **{name: value for name, value in said.items() if value})
    _add(organisation, "narrative", body.name)


def _dates(parent: ET.Element, entry: Entry, day: dt.date) -> None:
    """Write the planned days; an actual one only where its day has come."""
    _day(parent, codes.PLANNED_START, entry.starts_on)
    if entry.status in codes.BEGUN and entry.starts_on <= day:
        _day(parent, codes.ACTUAL_START, entry.starts_on)
    _day(parent, codes.PLANNED_END, entry.ends_on)
    if entry.status in codes.OVER and entry.ends_on <= day:
        _day(parent, codes.ACTUAL_END, entry.ends_on)


def _day(parent: ET.Element, kind: str, day: dt.date) -> None:
    _add(parent, "activity-date", iso_date=day.isoformat(), type=kind)


def _contact(parent: ET.Element, contact: PublicContact) -> None:
    """Write how the office is reached; the schema's fields for persons stay out."""
    info = _add(parent, "contact-info", type=codes.GENERAL_ENQUIRIES)
    _add(_add(info, "organisation"), "narrative", contact.office)
    if contact.phone:
        _add(info, "telephone", contact.phone)
    if contact.email:
        _add(info, "email", contact.email)
    if contact.address:
        _add(_add(info, "mailing-address"), "narrative", contact.address)


def _location(parent: ET.Element, entry: Entry) -> None:
    place = entry.place
    if not place.level:
        return
    location = _add(parent, "location", ref=place.code)
    _add(_add(location, "name"), "narrative", place.name)
    if place.latitude is not None and place.longitude is not None:
        point = _add(location, "point", srsName="http://www.opengis.net/def/crs/EPSG/0/4326")
        _add(point, "pos", f"{place.latitude} {place.longitude}")
        _add(location, "exactness", code=codes.APPROXIMATE)


def _money(parent: ET.Element, lines: list[Money], day: dt.date) -> None:
    """Write one budget a year and currency, then what was committed and spent, by funder."""
    planned: dict[tuple[int, str], int] = {}
    for one in lines:
        key = (one.year, one.currency)
        planned[key] = planned.get(key, 0) + one.planned
    for (year, currency), amount in sorted(planned.items()):
        budget = _add(parent, "budget", type=codes.ORIGINAL, status=codes.INDICATIVE)
        _add(budget, "period-start", iso_date=f"{year}-01-01")
        _add(budget, "period-end", iso_date=f"{year}-12-31")
        _value(budget, amount, currency, dt.date(year, 1, 1))
    for one in lines:
        for kind, amount in ((codes.COMMITMENT, one.committed), (codes.EXPENDITURE, one.spent)):
            if amount:
                _transaction(parent, one, kind, amount=amount, day=day)


def _transaction(parent: ET.Element, one: Money, kind: str, *, amount: int, day: dt.date) -> None:
    """Write a year's sum as of its last day, or as of today while the year runs."""
    on = max(min(dt.date(one.year, 12, 31), day), dt.date(one.year, 1, 1))
    transaction = _add(parent, "transaction")
    _add(transaction, "transaction-type", code=kind)
    _add(transaction, "transaction-date", iso_date=on.isoformat())
    _value(transaction, amount, one.currency, on)
    _add(_add(transaction, "provider-org"), "narrative", one.funder)


def _value(parent: ET.Element, amount: int, currency: str, on: dt.date) -> None:
    said: dict[str, Any] = {"currency": currency, "value_date": on.isoformat()}
    _add(parent, "value", f"{as_number(amount, currency):f}", **said)


def _document(parent: ET.Element, document: Document) -> None:
    kind = CONTENT_TYPES.get(document.name.rpartition(".")[2], "application/octet-stream")
    link = _add(
        parent,
        "document-link",
        url=f"{settings.ORIGIN}/documents/{document.pk}/",
        format=kind.partition(";")[0],
    )
    title = _add(_add(link, "title"), "narrative", document.title)
    title.set(_LANGUAGE, document.language)
    _add(link, "category", code=codes.DOCUMENT_CATEGORIES[document.kind])
    _add(link, "language", code=document.language)
    _add(link, "document-date", iso_date=document.dated_on.isoformat())
