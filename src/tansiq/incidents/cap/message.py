"""An alert as plain data. What a field may hold is said in `shape` and `checking`."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tansiq.incidents.cap.values import (
    Category,
    Certainty,
    Kind,
    Response,
    Scope,
    Severity,
    Status,
    Urgency,
)

# What the standard assumes where an info names none.
UNSAID_LANGUAGE = "en-US"

Point = tuple[Decimal, Decimal]
Polygon = tuple[Point, ...]


@dataclass(frozen=True)
class Named:
    """A value under the name of the list it is from: an event code, a parameter, a geocode."""

    name: str
    value: str


@dataclass(frozen=True)
class Reference:
    """What points to one message and no other."""

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True)
class Circle:
    """A centre (latitude, longitude) and a radius in kilometres."""

    centre: Point
    radius: Decimal


@dataclass(frozen=True)
class Area:
    """Where it holds: words always, and drawn or coded where known. Heights are in feet."""

    words: str
    polygons: tuple[Polygon, ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[Named, ...] = ()
    altitude: Decimal | None = None
    ceiling: Decimal | None = None


@dataclass(frozen=True)
class Resource:
    """A file that goes with an info."""

    words: str
    mime_type: str
    size: int | None = None
    uri: str = ""
    content: str = ""
    digest: str = ""


@dataclass(frozen=True)
class Info:
    """What is said in one language."""

    categories: tuple[Category, ...]
    event: str
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    language: str = UNSAID_LANGUAGE
    responses: tuple[Response, ...] = ()
    audience: str = ""
    event_codes: tuple[Named, ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[Named, ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True)
class Alert:
    """One message. Updates and cancellations name in `references` what they replace."""

    identifier: str
    sender: str
    sent: datetime
    status: Status
    kind: Kind
    scope: Scope
    source: str = ""
    restriction: str = ""
    addresses: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    note: str = ""
    references: tuple[Reference, ...] = ()
    incidents: tuple[str, ...] = ()
    infos: tuple[Info, ...] = ()

    @property
    def reference(self) -> Reference:
        return Reference(self.sender, self.identifier, self.sent)
