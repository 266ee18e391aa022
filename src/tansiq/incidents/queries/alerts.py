"""An alert of a room as a message by CAP 1.2, and what its pages show."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation
from tansiq.access.zones import zone
from tansiq.core.formats import comma
from tansiq.incidents.cap.agreement import Difference, differences
from tansiq.incidents.cap.message import Alert as Message
from tansiq.incidents.cap.message import Area, Circle, Info, Polygon, Reference
from tansiq.incidents.cap.texts import read_circle, read_polygon
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
from tansiq.incidents.cap.writing import write_alert
from tansiq.incidents.channels import stamped
from tansiq.incidents.models import Alert, AlertState, AlertText, Incident

# About 5 km: what a warning about one place usually covers.
_USUAL_RADIUS = Decimal(5)


def message_of(alert: Alert, texts: Iterable[AlertText], *, sent_at: dt.datetime) -> Message:
    """Return the alert as plain data; `sent_at` is a moment of the room's clock."""
    clock = zone(alert.incident.time_zone)
    return Message(
        identifier=identifier_of(alert),
        sender=sender_of(alert.drafter),
        sent=_second(sent_at, clock),
        status=Status(alert.status),
        kind=Kind(alert.kind),
        scope=Scope(alert.scope),
        source=alert.drafter.name,
        restriction=alert.restriction if alert.scope == Scope.RESTRICTED else "",
        note=_note(alert),
        references=tuple(_references(alert, clock)),
        infos=tuple(_info(alert, text, clock) for text in texts),
    )


def identifier_of(alert: Alert) -> str:
    return f"{_host()}-{alert.public_id}"


def sender_of(organisation: Organisation) -> str:
    return f"{organisation.slug}@{_host()}"


def _host() -> str:
    return urlsplit(settings.ORIGIN).hostname or "localhost"


def _second(moment: dt.datetime, clock: dt.tzinfo) -> dt.datetime:
    """Return the moment in whole seconds on the clock of the place, as the standard writes it."""
    return moment.astimezone(clock).replace(microsecond=0)


def _note(alert: Alert) -> str:
    return stamped(alert.note, alert.incident.language) if alert.is_exercise else alert.note


def _references(alert: Alert, clock: dt.tzinfo) -> Iterable[Reference]:
    """Yield the message it replaces and those before that one."""
    earlier = alert.replaces
    while earlier is not None and earlier.sent_at is not None:
        yield Reference(
            sender_of(earlier.drafter), identifier_of(earlier), _second(earlier.sent_at, clock)
        )
        earlier = earlier.replaces


def _info(alert: Alert, text: AlertText, clock: dt.tzinfo) -> Info:
    return Info(
        language=text.language,
        categories=tuple(Category(each) for each in alert.categories),
        event=text.event,
        responses=tuple(Response(each) for each in alert.responses),
        urgency=Urgency(alert.urgency),
        severity=Severity(alert.severity),
        certainty=Certainty(alert.certainty),
        onset=_second(alert.onset_at, clock) if alert.onset_at else None,
        expires=_second(alert.expires_at, clock) if alert.expires_at else None,
        sender_name=_name_in(alert.drafter, text.language),
        headline=_headline(alert, text),
        description=text.description,
        instruction=text.instruction,
        web=alert.web,
        contact=alert.contact,
        areas=(_area(alert, text),),
    )


def _name_in(organisation: Organisation, language: str) -> str:
    with translation.override(language):
        return str(organisation)


def _headline(alert: Alert, text: AlertText) -> str:
    headline = text.headline
    if alert.is_cancellation:
        with translation.override(text.language):
            headline = _("Cancelled: %(headline)s") % {"headline": headline}
    return stamped(headline, text.language) if alert.is_exercise else headline


def _area(alert: Alert, text: AlertText) -> Area:
    return Area(words=text.area, polygons=polygons_of(alert), circles=circles_of(alert))


def polygons_of(alert: Alert) -> tuple[Polygon, ...]:
    return (read_polygon(alert.polygon),) if alert.polygon.strip() else ()


def circles_of(alert: Alert) -> tuple[Circle, ...]:
    return (read_circle(alert.circle),) if alert.circle.strip() else ()


def circle_around(incident: Incident) -> str:
    """Return a circle around the place of the incident; empty where nobody knows where it is."""
    place = incident.place
    if place.latitude is None or place.longitude is None:
        return ""
    return f"{place.latitude:.4f},{place.longitude:.4f} {_USUAL_RADIUS}"


def differences_in(alert: Alert, texts: Iterable[AlertText]) -> list[Difference]:
    """Return where one language says what another does not."""
    clock = zone(alert.incident.time_zone)
    return differences([_info(alert, text, clock) for text in texts])


def bodies_of(incident: Incident) -> QuerySet[Organisation]:
    """Return the organisations of the room: the one that runs it, and those named to it."""
    named = incident.named_organisations.values("pk")
    bodies: QuerySet[Organisation] = Organisation.objects.filter(
        Q(pk=incident.owner_id) | Q(pk__in=named)
    )
    return bodies.order_by("name", "pk")


def usual_cosigner(incident: Incident, drafter_id: int | None) -> Organisation:
    """Return who signs second unless somebody says otherwise: the other level, where it is there.

    What a city drafts the highest body of the room signs; what another body drafts, the city.
    """
    if drafter_id != incident.owner_id:
        return incident.owner
    others = incident.named_organisations.filter(place__isnull=False, is_lead_of_place=True)
    return others.order_by("place__level", "pk").first() or incident.owner


def alerts_of(actor: Actor, incident: Incident) -> list[Alert]:
    """Return the alerts of a room with their texts, what waits first, then the latest."""
    rows = Alert.objects.visible_to(actor).filter(incident=incident)
    rows = rows.exclude(state=AlertState.DROPPED).with_successor()
    known = rows.select_related("drafter", "cosigner", "incident").prefetch_related("texts")
    order = [AlertState.WAITING, AlertState.DRAFT, AlertState.SENT]
    latest = known.order_by("-sent_at", "-pk")
    return sorted(latest, key=lambda alert: order.index(AlertState(alert.state)))


def first_words(incident: Incident) -> list[dict[str, str]]:
    """Return what a new alert starts from: what happened, and where, in the room's language."""
    return [
        {
            "language": incident.language,
            "event": incident.title,
            "area": incident.exact_location or incident.place.name,
        }
    ]


def file_of(alert: Alert, *, at: dt.datetime) -> bytes:
    """Return the file as it was sent; of a draft, as it would be, which says Draft of itself.

    Raises ValueError with what the standard forbids.
    """
    if alert.content:
        return alert.content.encode()
    texts = alert.texts.order_by("pk")
    message = message_of(alert, texts, sent_at=alert.incident.room_time(at))
    status = message.status if alert.is_exercise else Status.DRAFT
    return write_alert(replace(message, status=status))


def words_of(alert: Alert) -> list[tuple[str, str]]:
    """Return the facts of an alert as pairs of a name and words of the reader's language."""
    listed = comma(translation.get_language() or "en")
    return [
        (_("Kind of danger"), listed.join(str(Category(one).label) for one in alert.categories)),
        (_("What people should do"), listed.join(str(Response(o).label) for o in alert.responses)),
        (_("Urgency"), alert.get_urgency_display()),
        (_("Severity"), alert.get_severity_display()),
        (_("Certainty"), alert.get_certainty_display()),
    ]
