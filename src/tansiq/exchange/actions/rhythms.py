"""Standing duties: made, changed and ended; and the periods they bring forth, each once."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor, Role
from tansiq.access.log import record
from tansiq.access.models import Organisation
from tansiq.access.notices import notify, register
from tansiq.access.queries import people_of
from tansiq.access.zones import zone, zone_of
from tansiq.core.editing import save_changes
from tansiq.exchange.audience import Choice
from tansiq.exchange.models import (
    OPENS_BEFORE,
    Every,
    Obligation,
    ObligationKind,
    ObligationState,
    Rhythm,
    Way,
)
from tansiq.exchange.periods import due_days
from tansiq.exchange.queries.rhythms import partners_for, partners_of_rhythm
from tansiq.exchange.states import ACTIVE

register("exchange.owe", gettext_lazy("By %(due_on)s, %(to)s expects of you: %(what)s."))
register("exchange.owe_many", gettext_lazy("By %(due_on)s you owe %(count)s others: %(what)s."))
_CLOCK = Actor.system("a day came")


class RhythmError(Exception):
    """The rhythm makes no sense so; the message says why, and nothing was changed."""


@dataclass(frozen=True)
class Beat:
    """What is owed how often, and with whom."""

    way: Way
    kind: ObligationKind
    what: str
    language: str
    audience: Sequence[Choice]
    every: Every
    first_due_on: dt.date
    ends_on: dt.date | None = None
    client_key: uuid.UUID | None = field(default=None, compare=False)


@transaction.atomic
def make_rhythm(owner: Organisation, beat: Beat, *, by: Actor, at: dt.datetime) -> Rhythm:
    """Begin a standing duty, and bring forth what is due soon.

    Raises RhythmError for a first day that is over, and where it would be with nobody.
    """
    if beat.client_key is not None:
        before = Rhythm.objects.filter(client_key=beat.client_key).first()
        if before is not None:
            return before
    there = zone_of(owner.place) if owner.place is not None else "UTC"
    if beat.first_due_on < at.astimezone(zone(there)).date():
        raise RhythmError(_("The first day is over already. Choose a later one."))
    _refuse_nobody(owner, beat, by)
    rhythm = Rhythm.objects.create(
        owner=owner,
        time_zone=there,
        made_at=at,
        changed_at=at,
        way=beat.way,
        client_key=beat.client_key,
        **_fields(beat),
    )
    record(by, "exchange.make_rhythm", rhythm, at=at, detail={"way": beat.way, "every": beat.every})
    open_periods(rhythm, at=at)
    return rhythm


@transaction.atomic
def change_rhythm(rhythm: Rhythm, beat: Beat, *, revision: int, by: Actor, at: dt.datetime) -> None:
    """Change what comes from now on; what is owed already keeps its day and takes the new words.

    Who owes whom stays. Raises RhythmError, and ChangedMeanwhileError.
    """
    if rhythm.is_ended:
        raise RhythmError(_("This has ended."))
    if beat.way != rhythm.way:
        raise RhythmError(_("Who owes whom stays as it is. End this and begin another."))
    _refuse_nobody(rhythm.owner, beat, by)
    save_changes(rhythm, _fields(beat), revision=revision, at=at)
    waiting = Obligation.objects.filter(rhythm=rhythm, state__in=ACTIVE)
    waiting.update(what=rhythm.what, language=beat.language, kind=beat.kind)
    _withdraw_what_comes_no_more(rhythm, at=at)
    record(by, "exchange.edit_rhythm", rhythm, at=at)
    open_periods(rhythm, at=at)


def _withdraw_what_comes_no_more(rhythm: Rhythm, *, at: dt.datetime) -> None:
    """Withdraw what was to come on days, or with partners, that the rhythm no longer has."""
    coming = Obligation.objects.filter(rhythm=rhythm, state__in=ACTIVE, due_at__gte=at)
    latest = coming.order_by("-period_on").values_list("period_on", flat=True).first()
    if latest is None:
        return
    until = min(latest, rhythm.ends_on) if rhythm.ends_on else latest
    days = due_days(rhythm.every, rhythm.first_due_on, until=until)
    there = "creditor" if rhythm.is_ours_to_give else "debtor"
    partners = {f"{there}__in": partners_of_rhythm(rhythm).values("pk")}
    gone = coming.exclude(period_on__in=days, **partners)
    gone.update(state=ObligationState.WITHDRAWN, settled_at=at)


def _fields(beat: Beat) -> dict[str, Any]:
    return {
        "kind": beat.kind,
        "what": beat.what.strip(),
        "language": beat.language,
        "audience": list(beat.audience),
        "every": beat.every,
        "first_due_on": beat.first_due_on,
        "ends_on": beat.ends_on,
    }


def _refuse_nobody(owner: Organisation, beat: Beat, by: Actor) -> None:
    if not partners_for(owner, beat.way, beat.audience, by=by).exists():
        if beat.way == Way.THEY_OWE:
            raise RhythmError(
                _("This reaches nobody who stands under you. Only they can be asked for it.")
            )
        raise RhythmError(_("This reaches nobody. Choose whom it is for."))


@transaction.atomic
def end_rhythm(rhythm: Rhythm, *, by: Actor, at: dt.datetime) -> int:
    """End it: nothing new falls due, and what is not due yet is withdrawn; return how many."""
    ended = Rhythm.objects.filter(pk=rhythm.pk, ended_at__isnull=True).update(ended_at=at)
    if not ended:
        raise RhythmError(_("This has ended."))
    rhythm.ended_at = at
    coming = Obligation.objects.filter(rhythm=rhythm, state__in=ACTIVE, due_at__gte=at)
    withdrawn = coming.update(state=ObligationState.WITHDRAWN, settled_at=at)
    record(by, "exchange.end_rhythm", rhythm, at=at, detail={"withdrawn": withdrawn})
    return int(withdrawn)


def open_due_periods(*, at: dt.datetime) -> int:
    """Bring forth what every rhythm owes by now; return how many were new."""
    return sum(
        open_periods(rhythm, at=at)
        for rhythm in Rhythm.objects.running()
        .filter(owner__is_active=True)
        .select_related("owner__place")
        .order_by("pk")
    )


@transaction.atomic
def open_periods(rhythm: Rhythm, *, at: dt.datetime) -> int:
    """Owe each period that stands before us, to each partner once; return how many were new.

    Also what fell due while nothing ran. Whoever joined meanwhile gets the periods still to come.
    """
    # Two that open at once wait for each other; the constraint would stop them all the same.
    current = Rhythm.objects.select_for_update(of=("self",)).get(pk=rhythm.pk)
    today = at.astimezone(current.zone).date()
    until = today + dt.timedelta(days=OPENS_BEFORE[Every(current.every)])
    until = min(until, current.ends_on) if current.ends_on else until
    # What is due today or later is looked at again: somebody may have joined.
    after = min(current.opened_until or dt.date.min, today - dt.timedelta(days=1))
    days = due_days(current.every, current.first_due_on, until=until, after=after)
    partners = list(partners_of_rhythm(current)) if days else []
    made = sum(_open_period(current, day, partners, at=at) for day in days)
    if days and days[-1] != current.opened_until:
        Rhythm.objects.filter(pk=current.pk).update(opened_until=days[-1])
    return made


def _open_period(
    rhythm: Rhythm, day: dt.date, partners: Iterable[Organisation], *, at: dt.datetime
) -> int:
    here = "creditor" if rhythm.is_ours_to_give else "debtor"
    before = Obligation.objects.filter(rhythm=rhythm, period_on=day)
    known = set(before.values_list(here, flat=True))
    new = [one for one in partners if one.pk not in known]
    owed = [_owed(rhythm, one, day, at=at) for one in new]
    Obligation.objects.bulk_create(owed, batch_size=500, ignore_conflicts=True)
    if owed:
        detail = {"period": day.isoformat(), "count": len(owed)}
        record(_CLOCK, "exchange.owe", rhythm, at=at, detail=detail)
        _tell(rhythm, day, new, at=at)
    return len(owed)


def _owed(rhythm: Rhythm, other: Organisation, day: dt.date, *, at: dt.datetime) -> Obligation:
    is_ours = rhythm.is_ours_to_give
    return Obligation(
        debtor_id=rhythm.owner_id if is_ours else other.pk,
        creditor_id=other.pk if is_ours else rhythm.owner_id,
        kind=rhythm.kind,
        what=rhythm.what,
        language=rhythm.language,
        rhythm=rhythm,
        period_on=day,
        made_at=at,
        due_at=end_of(day, rhythm.zone),
    )


def end_of(day: dt.date, there: dt.tzinfo) -> dt.datetime:
    """Return the moment at which this day is over there."""
    after = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=there)
    return after.astimezone(dt.UTC)


def _tell(rhythm: Rhythm, day: dt.date, others: Sequence[Organisation], *, at: dt.datetime) -> None:
    """Tell whoever has to give it: the owner once for all, or each of those who owe the owner."""
    facts = {"what": rhythm.what, "due_on": day.isoformat(), "count": len(others)}
    url = rhythm.get_absolute_url()
    if rhythm.is_ours_to_give:
        people = people_of([rhythm.owner_id], at=at, least=Role.CONTRIBUTOR)
        notify(people, "exchange.owe_many", rhythm, url=url, facts=facts, at=at)
        return
    people = people_of([one.pk for one in others], at=at, least=Role.CONTRIBUTOR)
    notify(people, "exchange.owe", rhythm, url=url, facts=facts | {"to": str(rhythm.owner)}, at=at)
