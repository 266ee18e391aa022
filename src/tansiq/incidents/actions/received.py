"""Alerts of others: taken in once, refused with a reason, and followed from message to message."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Marking, Organisation
from tansiq.core.editing import save_changes
from tansiq.incidents.cap.errors import CapError
from tansiq.incidents.cap.message import Alert as Message
from tansiq.incidents.cap.reading import read_alert
from tansiq.incidents.cap.signature import certificates_in, read_signed
from tansiq.incidents.cap.values import Kind
from tansiq.incidents.models import (
    AlertSource,
    ReceivedAlert,
    ReceivedReference,
    RefusedAlert,
)

# Clocks of other systems may go a little fast.
_AHEAD = timedelta(minutes=15)
_KEPT = timedelta(days=90)
_REFUSALS_KEPT = timedelta(days=30)
_LONGEST_NAME = 400
_REPLACES = {Kind.UPDATE, Kind.CANCEL}


class SourceError(Exception):
    """The source cannot be kept so; the message says why."""


@dataclass(frozen=True)
class Arrival:
    """What became of one file: taken in, known before, or refused."""

    alert: ReceivedAlert | None = None
    is_new: bool = False
    reason: str = ""


def take_in(
    source: AlertSource, content: bytes, *, came_from: str = "", by: Actor, at: datetime
) -> Arrival:
    """Keep the alert of a file, or write down why it is refused. Never raises for a bad file."""
    try:
        message = _read(source, content, at)
    except CapError as problem:
        return _refuse(source, content, str(problem), came_from=came_from, by=by, at=at)
    return _keep(source, message, content, came_from=came_from, by=by, at=at)


def _read(source: AlertSource, content: bytes, at: datetime) -> Message:
    if source.certificate:
        message = read_signed(content, certificates_in(source.certificate), at=at)
    else:
        message = read_alert(content)
    if message.sent > at + _AHEAD:
        raise CapError(_("The alert says that it was sent later than now."))
    if max(len(message.identifier), len(message.sender)) > _LONGEST_NAME:
        raise CapError(_("The name of the alert or of its sender is too long."))
    return message


@transaction.atomic
def _refuse(
    source: AlertSource, content: bytes, reason: str, *, came_from: str, by: Actor, at: datetime
) -> Arrival:
    refused, is_new = RefusedAlert.objects.get_or_create(
        source=source,
        fingerprint=hashlib.sha256(content).hexdigest(),
        defaults={"reason": reason[:600], "came_from": came_from[:400], "refused_at": at},
    )
    if is_new:
        detail = {"refused": refused.fingerprint}
        record(by, "incidents.alert_bring", source, at=at, detail=detail)
    return Arrival(reason=reason)


@transaction.atomic
def _keep(
    source: AlertSource,
    message: Message,
    content: bytes,
    *,
    came_from: str,
    by: Actor,
    at: datetime,
) -> Arrival:
    if known := _same(source, message):
        return Arrival(known)
    alert = ReceivedAlert.objects.create(
        source=source,
        identifier=message.identifier,
        sender=message.sender,
        sent_at=message.sent,
        came_from=came_from[:400],
        received_at=at,
        is_signed=bool(source.certificate),
        content=content.decode("utf-8-sig"),
        **_told(message),
    )
    ReceivedReference.objects.bulk_create(
        ReceivedReference(
            received=alert,
            identifier=each.identifier[:_LONGEST_NAME],
            sender=each.sender[:_LONGEST_NAME],
            sent_at=each.sent,
        )
        for each in message.references
    )
    _follow(alert, message)
    record(by, "incidents.alert_bring", source, at=at, detail={"alert": alert.pk})
    return Arrival(alert, is_new=True)


def _told(message: Message) -> dict[str, Any]:
    """Return what lists show of a message."""
    first = message.infos[0] if message.infos else None
    ends = [info.expires for info in message.infos if info.expires]
    return {
        "status": message.status,
        "kind": message.kind,
        "scope": message.scope,
        "headline": (first.headline or first.event)[:400] if first else "",
        "languages": [info.language for info in message.infos],
        "severity": first.severity if first else "",
        "expires_at": max(ends) if len(ends) == len(message.infos) and ends else None,
    }


def _of_owner(source: AlertSource) -> Q:
    """Two lists may bring the same alert; an organisation keeps it once."""
    return Q(source__owner=source.owner_id)


def _same(source: AlertSource, message: Message) -> ReceivedAlert | None:
    # Whoever brings the same at the same moment waits here.
    list(AlertSource.objects.select_for_update().filter(owner=source.owner_id).order_by("pk"))
    return ReceivedAlert.objects.filter(
        _of_owner(source),
        identifier=message.identifier,
        sender=message.sender,
        sent_at=message.sent,
    ).first()


def _follow(alert: ReceivedAlert, message: Message) -> None:
    """Let an update or a cancellation end what it names, whichever of the two came first.

    Only a message of the same sender, by way of the same source, and of the same standing does:
    an exercise ends no real warning, and nobody takes back the words of another.
    """
    related = ReceivedAlert.objects.filter(
        source=alert.source, sender=alert.sender, status=alert.status
    )
    if message.kind in _REPLACES:
        for each in message.references:
            related.filter(
                identifier=each.identifier, sent_at=each.sent, replaced_by__isnull=True
            ).exclude(pk=alert.pk).update(replaced_by=alert)
    later = related.filter(
        kind__in=_REPLACES,
        references__identifier=alert.identifier,
        references__sender=alert.sender,
        references__sent_at=alert.sent_at,
    ).exclude(pk=alert.pk)
    if successor := later.order_by("sent_at", "pk").first():
        alert.replaced_by = successor
        alert.save(update_fields=["replaced_by"])


@transaction.atomic
def keep_source(
    organisation: Organisation, facts: dict[str, Any], *, by: Actor, at: datetime
) -> AlertSource:
    """Fetch alerts from an address from now on."""
    _check(organisation, facts)
    source: AlertSource = AlertSource.objects.create(
        owner=organisation,
        marking=Marking.GREEN,
        purpose=_("Alerts of other systems"),
        changed_at=at,
        **facts,
    )
    record(by, "incidents.alert_sources", source, at=at)
    return source


@transaction.atomic
def change_source(
    source: AlertSource, facts: dict[str, Any], *, revision: int, by: Actor, at: datetime
) -> None:
    _check(source.owner, facts, but=source)
    save_changes(source, facts | {"etag": "", "problem": ""}, revision=revision, at=at)
    record(by, "incidents.alert_source_change", source, at=at)


def _check(
    organisation: Organisation, facts: dict[str, Any], *, but: AlertSource | None = None
) -> None:
    same = AlertSource.objects.filter(owner=organisation, address=facts["address"])
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise SourceError(_("You already fetch alerts from this address."))
    if facts.get("certificate"):
        try:
            certificates_in(facts["certificate"])
        except CapError as problem:
            raise SourceError(str(problem)) from problem


def by_hand(organisation: Organisation, *, at: datetime) -> AlertSource:
    """Return where files go that people of this organisation bring."""
    source, _made = AlertSource.objects.get_or_create(
        owner=organisation,
        address="",
        defaults={
            "name": _("Files by hand"),
            "marking": Marking.GREEN,
            "is_active": False,
            "changed_at": at,
        },
    )
    return source


@transaction.atomic
def note_visit(source: AlertSource, *, etag: str, problem: str, at: datetime) -> None:
    """Keep when a source was asked and how that went."""
    AlertSource.objects.filter(pk=source.pk).update(
        fetched_at=at, etag=etag[:200], problem=problem[:300]
    )


@transaction.atomic
def forget_old(*, at: datetime) -> int:
    """Delete what came in and is long over, and old refusals; return how many."""
    over = Q(expires_at__lt=at - _KEPT) | Q(expires_at__isnull=True, sent_at__lt=at - _KEPT)
    gone, _kinds = ReceivedAlert.objects.filter(over).delete()
    refusals, _kinds = RefusedAlert.objects.filter(refused_at__lt=at - _REFUSALS_KEPT).delete()
    return gone + refusals
