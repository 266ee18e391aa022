"""Tension readings, counts of hate incidents, and the watch for a second wave."""

import datetime as dt
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access import notices
from tansiq.access.actor import Actor
from tansiq.access.models import Place
from tansiq.core import formats
from tansiq.incidents.actions.log import AT_ONCE, Line, Sent, arrived_before, speaks_for, write_down
from tansiq.incidents.actions.raising import raise_task
from tansiq.incidents.actions.refusing import refuse_persons
from tansiq.incidents.actions.telling import holders_of
from tansiq.incidents.desks import COMMUNITY_ROLE, day_of, role_or_lead, room_day
from tansiq.incidents.models import (
    EntryKind,
    HateCount,
    Incident,
    Raised,
    TaskState,
    TensionLevel,
    TensionReading,
    WatchDecision,
    WatchStep,
)
from tansiq.incidents.queries.watch import watch_of
from tansiq.incidents.spikes import is_doubled
from tansiq.incidents.wording import register

register("tension_read", gettext_lazy("Tension in %(place)s was read."))
register("tension_withdrawn", gettext_lazy("A reading of tension was withdrawn."))
# How many stands in the counts only, where small numbers are not shown to everybody.
register("hate_counted", gettext_lazy("Hate incidents in %(place)s were counted."))
register("watch_extended", gettext_lazy("The second-wave watch goes on for longer."))
register("watch_ended", gettext_lazy("The second-wave watch was ended."))
register("watch_reopened", gettext_lazy("The second-wave watch was taken up again."))
notices.register(
    "incidents.tension_high", gettext_lazy("%(room)s: %(place)s is read as close to violence.")
)
notices.register(
    "incidents.hate_doubled",
    gettext_lazy("%(room)s: hate incidents in %(place)s have more than doubled. Call together."),
)
_WITHIN = dt.timedelta(hours=12)


class TensionError(Exception):
    """It cannot be kept so; the message says what to do."""


@dataclass(frozen=True)
class Reading:
    """What somebody saw in an area on a day, at the level of groups."""

    place: Place
    on: dt.date
    level: int
    basis: str
    domain: str
    confidence: str
    seen: str
    language: str
    is_kept: bool = False


@dataclass(frozen=True)
class Counted:
    """How many hate incidents of a kind there were in an area on a day."""

    place: Place
    on: dt.date
    kind: str
    target: str
    source: str
    count: int
    is_kept: bool = False


@transaction.atomic
def read_tension(
    incident: Incident, reading: Reading, *, by: Actor, at: datetime, sent: Sent = AT_ONCE
) -> TensionReading:
    """Keep a reading. Raises TensionError for a day to come, NotAboutPersonsError."""
    before = arrived_before(incident, sent.client_key)
    if before is not None:
        return TensionReading.objects.get(pk=before.subject_id or 0)
    _refuse_later(incident, reading.on, at)
    refuse_persons([reading.seen], names_groups=False)
    own = speaks_for(by, incident)
    made = TensionReading.objects.create(
        incident=incident,
        place=reading.place,
        on=reading.on,
        level=reading.level,
        basis=reading.basis,
        domain=reading.domain,
        confidence=reading.confidence,
        seen=reading.seen,
        language=reading.language,
        organisation_id=own,
        kept_by_id=own if reading.is_kept else None,
        at=incident.room_time(at),
    )
    line = Line(
        EntryKind.TENSION,
        "tension_read",
        facts={"place": str(reading.place)},
        text=reading.seen,
        language=reading.language,
        subject=made,
        kept_by=made.kept_by,
        sent=sent,
    )
    write_down(incident, line, rule="incidents.tension_read", by=by, at=at)
    if reading.level >= TensionLevel.CLOSE and not reading.is_kept:
        _tell(incident, "incidents.tension_high", reading.place, at=at)
    return made


def _refuse_later(incident: Incident, on: dt.date, at: datetime) -> None:
    if on > room_day(incident, at):
        raise TensionError(_("This day is still to come. Correct it."))


def _tell(incident: Incident, code: str, place: Place, *, at: datetime) -> None:
    people = holders_of(incident, [COMMUNITY_ROLE])
    url = reverse("incidents:tension", args=[incident.pk])
    facts = {"room": incident.title, "place": str(place)}
    notices.notify(people, code, incident, url=url, facts=facts, at=at)


@transaction.atomic
def withdraw_reading(reading: TensionReading, *, reason: str, by: Actor, at: datetime) -> None:
    """Take a reading out of the series; it stays in the log. Raises TensionError if it is out."""
    refuse_persons([reason], names_groups=False)
    moment = reading.incident.room_time(at)
    changed = TensionReading.objects.filter(pk=reading.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=moment, withdrawn_because=reason
    )
    if not changed:
        raise TensionError(_("This reading was withdrawn already."))
    line = Line(
        EntryKind.TENSION,
        "tension_withdrawn",
        text=reason,
        language=reading.language,
        subject=reading,
        kept_by=reading.kept_by,
    )
    write_down(reading.incident, line, rule="incidents.tension_withdraw", by=by, at=at)


@transaction.atomic
def count_hate(
    incident: Incident, counted: Counted, *, by: Actor, at: datetime, sent: Sent = AT_ONCE
) -> HateCount:
    """Keep a count; entered again, the later one replaces the earlier.

    More than twice the average of the week before in an area is a call to the community role.
    Raises TensionError for a day to come, or for who speaks for no organisation here.
    """
    before = arrived_before(incident, sent.client_key)
    if before is not None:
        return HateCount.objects.get(pk=before.subject_id or 0)
    _refuse_later(incident, counted.on, at)
    own = speaks_for(by, incident)
    if own is None:
        raise TensionError(_("Counts are kept for an organisation of this room."))
    made, _is_new = HateCount.objects.update_or_create(
        incident=incident,
        place=counted.place,
        on=counted.on,
        kind=counted.kind,
        target=counted.target,
        source=counted.source,
        organisation_id=own,
        defaults={
            "count": counted.count,
            "kept_by_id": own if counted.is_kept else None,
            "at": incident.room_time(at),
        },
    )
    facts = {"place": str(counted.place)}
    line = Line(
        EntryKind.TENSION, "hate_counted", facts=facts, subject=made, kept_by=made.kept_by,
        sent=sent,
    )  # fmt: skip
    write_down(incident, line, rule="incidents.hate_count", by=by, at=at)
    _call_when_doubled(incident, counted.place, counted.on, at=at)
    return made


def _call_when_doubled(incident: Incident, place: Place, day: dt.date, *, at: datetime) -> None:
    """Add a task when the day is far above the week before; one at a time for an area.

    Days before the incident are what it is compared with, never a cause.
    """
    if day < day_of(incident, incident.began_at):
        return
    shared = HateCount.objects.filter(incident=incident, place=place, kept_by__isnull=True)
    counts = dict(shared.values_list("on").annotate(total=Sum("count")).order_by("on"))
    if not is_doubled(counts, day) or _is_called(incident, place):
        return
    with translation.override(incident.language):
        title = _("Call the communities of %(place)s together: hate incidents, %(day)s") % {
            "place": place,
            "day": formats.short_day(day, incident.language),
        }
    task = raise_task(
        incident,
        f"hate:{place.pk}:{day.isoformat()}",
        title=title[:200],
        role=role_or_lead(incident, COMMUNITY_ROLE),
        within=_WITHIN,
        kind=EntryKind.TENSION,
        at=at,
    )
    if task is not None:
        _tell(incident, "incidents.hate_doubled", place, at=at)


def _is_called(incident: Incident, place: Place) -> bool:
    raised = Raised.objects.filter(incident=incident, cause__startswith=f"hate:{place.pk}:")
    return raised.filter(task__state=TaskState.OPEN).exists()


@dataclass(frozen=True)
class WatchChange:
    """A decision about the watch: why, and until when it goes on at least."""

    reason: str
    language: str
    until_on: dt.date | None = None


@transaction.atomic
def extend_watch(incident: Incident, change: WatchChange, *, by: Actor, at: datetime) -> None:
    """Let the watch go on for longer at least. Raises TensionError for an earlier day."""
    watch = watch_of(incident, at)
    if change.until_on is None or change.until_on <= watch.earliest_on:
        raise TensionError(_("Choose a day after the one until which it runs anyway."))
    _decide(incident, WatchStep.EXTENDED, change, by=by, at=at)


@transaction.atomic
def end_watch(incident: Incident, change: WatchChange, *, by: Actor, at: datetime) -> None:
    """End the watch, with the reason. Raises TensionError before its earliest end."""
    watch = watch_of(incident, at)
    if watch.is_ended:
        raise TensionError(_("The watch was ended already."))
    if not watch.may_end:
        raise TensionError(
            _("The watch runs until %(day)s at least: the second wave comes about three weeks on.")
            % {"day": formats.day(watch.earliest_on, translation.get_language() or "en")}
        )
    _decide(incident, WatchStep.ENDED, replace(change, until_on=None), by=by, at=at)


@transaction.atomic
def reopen_watch(incident: Incident, change: WatchChange, *, by: Actor, at: datetime) -> None:
    """Take the watch up again. Raises TensionError while it runs."""
    if not watch_of(incident, at).is_ended:
        raise TensionError(_("The watch is running."))
    _decide(incident, WatchStep.REOPENED, replace(change, until_on=None), by=by, at=at)


_CODES: dict[Any, str] = {
    WatchStep.EXTENDED: "watch_extended",
    WatchStep.ENDED: "watch_ended",
    WatchStep.REOPENED: "watch_reopened",
}


def _decide(
    incident: Incident, step: WatchStep, change: WatchChange, *, by: Actor, at: datetime
) -> None:
    refuse_persons([change.reason], names_groups=False)
    made = WatchDecision.objects.create(
        incident=incident,
        step=step,
        until_on=change.until_on,
        reason=change.reason,
        language=change.language,
        made_by_id=by.person_id,
        at=incident.room_time(at),
    )
    line = Line(
        EntryKind.TENSION,
        _CODES[step],
        text=change.reason,
        language=change.language,
        subject=made,
    )
    write_down(incident, line, rule="incidents.watch_decide", by=by, at=at)
