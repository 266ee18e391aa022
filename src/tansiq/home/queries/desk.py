"""What stands on a person's desk, put together from the parts."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation
from tansiq.access.queries import organisations_of
from tansiq.core.translations import show
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
    first = [*_rooms(actor, at), *now(actor, at)]
    urgent = {item.url for item in first}
    return Desk(
        organisation=next(iter(organisations_of(actor)), None),
        now=first,
        owed_to=owed_to(actor, at),
        # What is already above need not stand twice.
        owed_by=[item for item in owed_by(actor, at) if item.url not in urgent],
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
