"""A place on one page: who leads, what was promised both ways, who sits at the table, the money."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.models import Contact, Organisation, OrganisationKind, Place
from tansiq.access.queries import lead_above, lead_of, path_of
from tansiq.plans.models import (
    Action,
    ActionStatus,
    Activity,
    Alignment,
    Delivery,
    Plan,
    Stage,
)
from tansiq.plans.queries.activities import money_by_funding
from tansiq.plans.queries.desk.progress import PlanLine, lines_of
from tansiq.plans.queries.reporting import OwedReport, owed_reports
from tansiq.plans.queries.voice_pages import Line, draw, voices_short
from tansiq.plans.queries.voices import Tally
from tansiq.plans.queries.wording import in_readers_language
from tansiq.plans.querysets import DONE

# As much as stands on one sheet of paper.
_MOST_ACTIONS = 7
_MOST_ROLES = 5
_MOST_OWED = 5
_MOST_CONTACTS = 3
_MOST_BODIES = 24


@dataclass(frozen=True)
class LocalRole:
    """What a national action expects of the place, and how the place answered it."""

    action: Any
    relation: str

    @property
    def is_open(self) -> bool:
        return not self.relation


@dataclass(frozen=True)
class OnePage:
    place: Place
    path: list[Place]
    lead: Organisation | None
    above: Organisation | None
    nation: Organisation | None
    plan: Plan | None
    national: Plan | None
    line: PlanLine | None
    stage: str
    actions: list[Any] = field(default_factory=list)
    roles: list[LocalRole] = field(default_factory=list)
    open_roles: int = 0
    owed_to: list[Delivery] = field(default_factory=list)
    owed_by: list[OwedReport] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    table: list[tuple[str, list[Organisation]]] = field(default_factory=list)
    money: list[dict[str, Any]] = field(default_factory=list)
    activities: int = 0
    # What is known of the last year's inputs; drawn only where there are enough.
    voices: Tally | None = None

    @property
    def drawing_of_voices(self) -> SafeString:
        if self.voices is None or not self.voices.is_enough:
            return SafeString("")
        return draw([Line(_("whose voice, last twelve months"), self.voices)])


def one_page(actor: Actor, place: Place, *, on: dt.date) -> OnePage:
    """Return what this person may see of a place, as much as fits one sheet."""
    path = path_of(place)
    lead, above, nation = lead_of(place), lead_above(place), lead_of(path[0])
    plan = _plan_of(actor, place, on)
    national = _national_of(actor, place, plan, on)
    lines = lines_of(Plan.objects.filter(pk=plan.pk), on=on) if plan else []
    roles = _roles(actor, national, place) if national and national != plan else []
    return OnePage(
        place=place,
        path=path,
        lead=lead,
        above=above,
        nation=nation if nation not in {lead, above} else None,
        plan=plan,
        national=national,
        line=lines[0] if lines else None,
        stage=_stage_of(actor, national, place),
        actions=_actions_of(plan, on) if plan else [],
        roles=sorted(roles, key=lambda one: not one.is_open)[:_MOST_ROLES],
        open_roles=sum(one.is_open for one in roles),
        owed_to=_owed_to(actor, place),
        owed_by=owed_reports(actor, [lead], on=on)[:_MOST_OWED] if lead else [],
        contacts=_contacts(actor, [lead, above, nation]),
        table=_table(actor, place),
        voices=voices_short(actor, place, on=on),
        **_money(actor, place, plan),
    )


def _plan_of(actor: Actor, place: Place, on: dt.date) -> Plan | None:
    plans = Plan.objects.visible_to(actor).of(place).select_related("parent", "country")
    current = plans.filter(ends_on__gte=on).order_by("-parent", "-starts_on", "pk").first()
    return current or plans.order_by("-ends_on", "pk").first()


def _national_of(actor: Actor, place: Place, plan: Plan | None, on: dt.date) -> Plan | None:
    if plan is not None and plan.parent is not None:
        return plan.parent
    if plan is not None and plan.is_national:
        return plan
    national = Plan.objects.visible_to(actor).national().in_force(on)
    return national.filter(country__code=place.country_code).order_by("-starts_on", "pk").first()


def _stage_of(actor: Actor, national: Plan | None, place: Place) -> str:
    if national is None:
        return "none"
    stages = Stage.objects.visible_to(actor).filter(plan=national, place=place, is_latest=True)
    return stages.values_list("name", flat=True).first() or "none"


def _actions_of(plan: Plan, on: dt.date) -> list[Any]:
    """Return the open steps of the plan by their day, what is late first; none is invented."""
    steps = Action.objects.steps().filter(plan=plan).exclude(status__in=DONE)
    found = list(
        steps.order_by(F("ends_on").asc(nulls_last=True), "position", "pk")[:_MOST_ACTIONS]
    )
    for step in found:
        step.plan = plan
    in_readers_language(found, "title")
    return found


def _roles(actor: Actor, national: Plan, place: Place) -> list[LocalRole]:
    actions: list[Any] = list(
        Action.objects.steps()
        .filter(plan=national)
        .exclude(local_role="")
        .order_by("position", "pk")
    )
    for action in actions:
        action.plan = national
    in_readers_language(actions, "local_role", "title")
    answered = dict(
        Alignment.objects.visible_to(actor)
        .filter(place=place, national_action__in=actions)
        .values_list("national_action", "relation")
    )
    return [LocalRole(one, answered.get(one.pk, "")) for one in actions]


def _owed_to(actor: Actor, place: Place) -> list[Delivery]:
    waiting = (
        Delivery.objects.visible_to(actor)
        .filter(place=place, received_on__isnull=True)
        .exclude(status=ActionStatus.CANCELLED)
        .select_related("action__plan__owner")
        .order_by("due_on", "pk")[:_MOST_OWED]
    )
    found = list(waiting)
    in_readers_language([one.action for one in found], "title")
    return found


def _contacts(actor: Actor, organisations: list[Organisation | None]) -> list[Contact]:
    """Return up to three people who agreed to be listed: one of each level, then more of ours."""
    order = {one.pk: rank for rank, one in reversed(list(enumerate(organisations))) if one}
    known = (
        Contact.objects.visible_to(actor)
        .standing()
        .filter(organisation__in=order)
        .select_related("organisation")
        .order_by("pk")
    )
    by_level: dict[int, list[Contact]] = {}
    for contact in known:
        by_level.setdefault(order[contact.organisation_id], []).append(contact)
    ranked = [(turn, rank, one) for rank, ones in by_level.items() for turn, one in enumerate(ones)]
    return [one for _turn, _rank, one in sorted(ranked, key=lambda row: row[:2])][:_MOST_CONTACTS]


def _table(actor: Actor, place: Place) -> list[tuple[str, list[Organisation]]]:
    """Return who takes part in the place, by kind of body."""
    bodies = (
        Organisation.objects.visible_to(actor)
        .filter(place=place, is_active=True)
        .order_by("kind", "name", "pk")[:_MOST_BODIES]
    )
    grouped: dict[str, list[Organisation]] = {}
    for body in bodies:
        grouped.setdefault(body.kind, []).append(body)
    return [
        (str(OrganisationKind(kind).label), grouped[kind])
        for kind in OrganisationKind.values
        if kind in grouped
    ]


def _money(actor: Actor, place: Place, plan: Plan | None) -> dict[str, Any]:
    """Return the money of the activities here, during the plan, by whose it is."""
    rows: QuerySet[Activity] = Activity.objects.visible_to(actor).filter(place=place)
    if plan is not None:
        rows = rows.filter(starts_on__lte=plan.ends_on, ends_on__gte=plan.starts_on)
    count = rows.countable().aggregate(count=Count("pk"))["count"]  # type: ignore[attr-defined]  # -- an ActivityQuerySet
    return {"money": money_by_funding(rows), "activities": count}
