"""The alerts that anybody may fetch: the list as Atom, and what its pages show."""

import datetime as dt
from typing import Final

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from lxml import etree

from tansiq.access.actor import PASSER_BY
from tansiq.incidents.cap.message import Alert as Message
from tansiq.incidents.cap.message import Info
from tansiq.incidents.cap.reading import read_alert
from tansiq.incidents.models import Alert

# What ended or was replaced stays a week, so that whoever was away learns of the end, too.
_KEPT: Final = dt.timedelta(days=7)
MOST: Final = 100
_ATOM: Final = "http://www.w3.org/2005/Atom"
CAP_TYPE: Final = "application/cap+xml"


def alerts_for_everybody(
    *, at: dt.datetime, country: str = "", organisation: str = ""
) -> QuerySet[Alert]:
    """Return what was sent to everybody and still holds, or was sent within a week."""
    recent = Q(sent_at__gt=at - _KEPT) | Q(expires_at__gt=at)
    rows: QuerySet[Alert] = (
        Alert.objects.visible_to(PASSER_BY).for_everybody().filter(recent, sent_at__lte=at)
    )
    if country:
        rows = rows.filter(drafter__country_code=country)
    if organisation:
        rows = rows.filter(drafter__slug=organisation)
    return rows.select_related("drafter").order_by("-sent_at", "-pk")[:MOST]


def atom_of(alerts: list[Alert], *, address: str, title: str) -> bytes:
    """Return the list as Atom (RFC 4287); each entry links to the file by CAP 1.2."""
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={"a": _ATOM})
    _add(feed, "id", address)
    _add(feed, "title", title)
    latest = max((alert.sent_at for alert in alerts if alert.sent_at), default=None)
    _add(feed, "updated", _moment(latest or dt.datetime(2026, 1, 1, tzinfo=dt.UTC)))
    _add(feed, "link", rel="self", href=address, type="application/atom+xml")
    _add(_add(feed, "author"), "name", settings.ORIGIN)
    for alert in alerts:
        _entry(feed, alert)
    etree.cleanup_namespaces(feed)
    return etree.tostring(feed, xml_declaration=True, encoding="utf-8")


def _entry(feed: etree._Element, alert: Alert) -> None:
    message = read_alert(alert.content.encode())
    entry = _add(feed, "entry")
    _add(entry, "id", f"urn:uuid:{alert.public_id}")
    _add(entry, "title", _headline(message))
    _add(entry, "updated", _moment(message.sent))
    _add(entry, "published", _moment(message.sent))
    _add(_add(entry, "author"), "name", message.source or message.sender)
    _add(entry, "link", rel="alternate", type=CAP_TYPE, href=file_url(alert))
    _add(entry, "link", rel="related", type="text/html", href=page_url(alert))
    _add(entry, "category", term=str(message.kind))


def _headline(message: Message) -> str:
    return message.infos[0].headline if message.infos else message.identifier


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = text or None
    return element


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def file_url(alert: Alert) -> str:
    return settings.ORIGIN + reverse("alerts:file", args=[alert.public_id])


def page_url(alert: Alert) -> str:
    return settings.ORIGIN + reverse("alerts:show", args=[alert.public_id])


def infos_for(message: Message, language: str) -> list[Info]:
    """Return what the alert says, the reader's language first."""
    return sorted(
        message.infos, key=lambda info: not info.language.lower().startswith(language.lower())
    )


def feed_title(country: str, organisation: str) -> str:
    narrowed = " · ".join(part for part in (country.upper(), organisation) if part)
    return f"{_('Alerts')} · {narrowed}" if narrowed else _("Alerts")
