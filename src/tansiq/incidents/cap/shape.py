"""Which elements a file has, in which order, and what each is called here.

The order is the schema's, and the schema is strict about it. `tests/incidents` holds this table
against the official schema.
"""

from dataclasses import dataclass
from typing import Any

from tansiq.incidents.cap import texts, values
from tansiq.incidents.cap.message import Alert, Area, Info, Named, Resource
from tansiq.incidents.cap.texts import Spelling

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"


@dataclass(frozen=True)
class Shape:
    """An element that holds others, and the class that it becomes."""

    makes: type[Any]
    fields: tuple["Field", ...]


@dataclass(frozen=True)
class Field:
    """One element: its name in a file, its name here, and what it holds."""

    element: str
    name: str
    holds: Spelling | Shape = texts.TEXT
    is_required: bool = False
    is_many: bool = False


def _need(element: str, name: str, holds: Spelling | Shape = texts.TEXT) -> Field:
    return Field(element, name, holds, is_required=True)


def _many(element: str, name: str, holds: Spelling | Shape = texts.TEXT) -> Field:
    return Field(element, name, holds, is_many=True)


NAMED = Shape(Named, (_need("valueName", "name"), _need("value", "value")))
AREA = Shape(
    Area,
    (
        _need("areaDesc", "words"),
        _many("polygon", "polygons", texts.POLYGON),
        _many("circle", "circles", texts.CIRCLE),
        _many("geocode", "geocodes", NAMED),
        Field("altitude", "altitude", texts.NUMBER),
        Field("ceiling", "ceiling", texts.NUMBER),
    ),
)
RESOURCE = Shape(
    Resource,
    (
        _need("resourceDesc", "words"),
        _need("mimeType", "mime_type"),
        Field("size", "size", texts.INTEGER),
        Field("uri", "uri", texts.ADDRESS),
        Field("derefUri", "content"),
        Field("digest", "digest"),
    ),
)
INFO = Shape(
    Info,
    (
        Field("language", "language", texts.LANGUAGE),
        Field(
            "category",
            "categories",
            texts.one_of(values.Category),
            is_required=True,
            is_many=True,
        ),
        _need("event", "event"),
        _many("responseType", "responses", texts.one_of(values.Response)),
        _need("urgency", "urgency", texts.one_of(values.Urgency)),
        _need("severity", "severity", texts.one_of(values.Severity)),
        _need("certainty", "certainty", texts.one_of(values.Certainty)),
        Field("audience", "audience"),
        _many("eventCode", "event_codes", NAMED),
        Field("effective", "effective", texts.MOMENT),
        Field("onset", "onset", texts.MOMENT),
        Field("expires", "expires", texts.MOMENT),
        Field("senderName", "sender_name"),
        Field("headline", "headline"),
        Field("description", "description"),
        Field("instruction", "instruction"),
        Field("web", "web", texts.ADDRESS),
        Field("contact", "contact"),
        _many("parameter", "parameters", NAMED),
        _many("resource", "resources", RESOURCE),
        _many("area", "areas", AREA),
    ),
)
ALERT = Shape(
    Alert,
    (
        _need("identifier", "identifier"),
        _need("sender", "sender"),
        _need("sent", "sent", texts.MOMENT),
        _need("status", "status", texts.one_of(values.Status)),
        _need("msgType", "kind", texts.one_of(values.Kind)),
        Field("source", "source"),
        _need("scope", "scope", texts.one_of(values.Scope)),
        Field("restriction", "restriction"),
        Field("addresses", "addresses", texts.ITEMS),
        _many("code", "codes"),
        Field("note", "note"),
        Field("references", "references", texts.REFERENCES),
        Field("incidents", "incidents", texts.ITEMS),
        _many("info", "infos", INFO),
    ),
)
