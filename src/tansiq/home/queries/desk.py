"""What stands on a person's desk, put together from the parts."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation
from tansiq.access.queries import organisations_of
from tansiq.core.formats import isolate
from tansiq.core.translations import show
from tansiq.exchange.queries.duty_pages import Side, side_of, waiting_for_us
from tansiq.exchange.queries.matters import Matter, matters_of
from tansiq.exchange.queries.obligations import Line
from tansiq.exchange.queries.obligations import owed_by as duties_by
from tansiq.exchange.queries.obligations import owed_to as duties_to
from tansiq.home.queries.frame import tasks_words
from tansiq.incidents.queries.rooms import Alarm, alarms_for
from tansiq.plans.models import Plan, Stage, StageName
from tansiq.plans.queries.desk import (
    Change,
    Item,
    PlanSummary,
    changes_since,
    now,
    owed_by,
    owed_to,
    plan_line,
    urgency,
)

_LOOK_BACK = timedelta(days=7)
_ADOPTED = (StageName.ADOPTED, StageName.FUNDED, StageName.UNDER_WAY, StageName.REVIEWED)
_TONES = {
    StageName.REVIEWED: "done",
    StageName.UNDER_WAY: "on",
    StageName.FUNDED: "s2",
    StageName.ADOPTED: "s3",
    StageName.DRAFTING: "risk",
    StageName.NONE: "calm",
}


@dataclass(frozen=True)
class Spread:
    """How many places have come how far with a national plan."""

    plan: Plan
    counts: list[tuple[StageName, int]]

    @property
    def places(self) -> int:
        return sum(count for _name, count in self.counts)

    @property
    def adopted(self) -> int:
        return sum(count for name, count in self.counts if name in _ADOPTED)

    @property
    def segments(self) -> list[tuple[str, int, str]]:
        return [(_TONES[name], count, str(name.label)) for name, count in self.counts if count]


@dataclass(frozen=True)
class Desk:
    """Everything on the desk, the most urgent first in each list."""

    organisation: Organisation | None
    now: list[Item]
    owed_to: list[Item]
    owed_by: list[Item]
    # All that is open, also what does not stand here; "999+" where counting ended.
    owed_to_count: str
    owed_by_count: str
    matters: list[Matter]
    plans: PlanSummary
    spreads: list[Spread]
    changes: list[Change]
    since: datetime


def desk_of(actor: Actor, at: datetime) -> Desk:
    since = at - _LOOK_BACK
    plans = plan_line(actor, at)
    everything = [line.plan for line in plans.plans]
    for plan in everything:
        show([plan], "title", written_in=plan.language)
    organisation = next(iter(organisations_of(actor)), None)
    to_us = side_of("to_us", duties_to(actor), actor, at=at)
    by_us = side_of("by_us", duties_by(actor), actor, at=at)
    first = [*_rooms(actor, at), *_now(actor, by_us, at)]
    urgent = {item.url for item in first}
    of_plans = owed_to(actor, at)
    # What is already above need not stand twice.
    still = [item for item in owed_by(actor, at) if item.url not in urgent]
    by_us_too = [duty_item(line) for line in by_us.lines if line.address not in urgent]
    above = sum(line.count for line in by_us.lines if line.address in urgent)
    return Desk(
        organisation=organisation,
        now=first,
        owed_to=sorted([*of_plans, *map(duty_item, to_us.lines)], key=urgency),
        owed_by=sorted([*still, *by_us_too], key=urgency),
        owed_to_count=to_us.counted_with(len(of_plans)),
        owed_by_count=by_us.counted_with(len(still) - above),
        matters=matters_of(actor, organisation, to_us, by_us, at=at) if organisation else [],
        plans=plans,
        spreads=_spreads([plan for plan in everything if plan.is_national]),
        changes=changes_since(actor, since),
        since=since,
    )


def _rooms(actor: Actor, at: datetime) -> list[Item]:
    """Return the running incidents this person takes part in; nothing is more urgent."""
    return [
        Item(
            "incident",
            alarm.incident.title,
            " · ".join(filter(None, (_word(alarm), alarm.phase, tasks_words(alarm)))),
            alarm.incident.get_absolute_url(),
            _("Enter the room"),
        )
        for alarm in alarms_for(actor, at)
    ]


def _now(actor: Actor, by_us: Side, at: datetime) -> list[Item]:
    """Return what needs this person today, of plans and of the exchange."""
    soon = at.date() + _LOOK_BACK
    duties = [duty_item(line) for line in by_us.lines if line.obligation.due_on <= soon]
    given = [_confirm(line) for line in waiting_for_us(actor, at=at)]
    return sorted([*now(actor, at), *duties, *given], key=urgency)


def duty_item(line: Line) -> Item:
    one = line.obligation
    is_answer = bool(line.answer_url)
    detail = f"{one.get_kind_display()} · {line.partners}" if line.words else line.partners
    remind = reverse("exchange:obligation_remind", args=[one.pk]) if line.may_be_reminded else ""
    return Item(
        "exchange_owed",
        line.title,
        detail,
        line.address,
        _("Answer") if is_answer else _("Open"),
        due_on=one.due_on,
        remind_url=remind,
        reminded_at=one.reminded_at,
    )


def _confirm(line: Line) -> Item:
    return Item(
        "exchange_confirm",
        _("Did you receive this? %(what)s") % {"what": isolate(line.title)},
        str(line.other),
        line.url,
        _("Confirm or object"),
    )


def _word(alarm: Alarm) -> str:
    return _("Exercise") if alarm.incident.is_exercise else ""


def _spreads(plans: list[Plan]) -> list[Spread]:
    counted: dict[int, Counter[str]] = {plan.pk: Counter() for plan in plans}
    rows = Stage.objects.filter(plan__in=plans, is_latest=True, place__level__gt=0)
    for plan_id, name, count in rows.values_list("plan", "name").annotate(Count("pk")):
        counted[plan_id][name] = count
    return [
        Spread(plan, [(name, counted[plan.pk][name]) for name in reversed(StageName)])
        for plan in plans
        if counted[plan.pk]
    ]
