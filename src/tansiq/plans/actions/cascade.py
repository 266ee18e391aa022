"""Carrying a national plan down to places."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Marking, Organisation, Place, PlaceLink
from tansiq.plans.actions.plans import PlanNotReadyError
from tansiq.plans.models import (
    Action,
    Alignment,
    Delivery,
    Indicator,
    Objective,
    Pillar,
    Plan,
    PlanKind,
    Relation,
    Stage,
    StageName,
    Target,
)
from tansiq.plans.notices import tell_of_begun_plans

_BATCH = 900


@dataclass
class CarriedDown:
    """What one carrying-down made, and which places already had a plan of their own."""

    plans: list[Plan] = field(default_factory=list)
    skipped: list[Place] = field(default_factory=list)
    actions: int = 0
    deliveries: int = 0


@transaction.atomic
def carry_down(national: Plan, places: Iterable[Place], *, by: Actor, at: datetime) -> CarriedDown:
    """Start a local plan from the national one in every place, in one step.

    Each local plan gets the pillars, objectives and those actions in which local government
    has a role, each linked to its national action as adopted; the place can then adapt or
    refuse them. What the national level owes each place becomes a dated delivery, and each
    indicator gets a target to fill in. Places that already have a plan under this one are left
    as they are. Raises PlanNotReadyError if no action names a role for local government.
    """
    made = CarriedDown()
    wanted = list(places)
    taken = set(
        Plan.objects.filter(parent=national, place__in=wanted).values_list("place_id", flat=True)
    )
    made.skipped = [place for place in wanted if place.pk in taken]
    wanted = [place for place in wanted if place.pk not in taken]
    template = _template_of(national)
    if not template.actions:
        raise PlanNotReadyError(
            _("Write the role of local government into at least one action before carrying down.")
        )
    made.plans = _make_plans(national, wanted, at=at)
    made.actions = _copy_parts(template, made.plans)
    made.deliveries = _owe(national, wanted, at=at)
    _set_targets(national, wanted)
    _begin_drafting(national, wanted, on=at.date())
    detail = {"places": [place.pk for place in wanted]}
    record(by, "plans.carry_down", national, at=at, detail=detail)
    tell_of_begun_plans(national, made.plans, by=by, at=at)
    return made


@dataclass(frozen=True)
class Template:
    pillars: list[Pillar]
    objectives: list[Objective]
    actions: list[Action]


def _template_of(national: Plan) -> Template:
    actions = [a for a in national.actions.steps().order_by("position", "pk") if a.local_role]
    objectives = {a.objective_id for a in actions}
    kept = [
        o for o in national.objectives.standing().order_by("position", "pk") if o.pk in objectives
    ]
    pillars = {o.pillar_id for o in kept}
    return Template(
        [p for p in national.pillars.standing().order_by("position", "pk") if p.pk in pillars],
        kept,
        actions,
    )


def _kind_for(place: Place) -> str:
    if place.kind in {"city", "municipality", "regency", "village", "sub_municipality"}:
        return PlanKind.CITY
    return PlanKind.REGIONAL if place.kind == "region" else PlanKind.PROVINCIAL


def _owners_of(places: list[Place], fallback: Organisation) -> dict[int, Organisation]:
    """Return who answers for each place: its lead, else the nearest lead above."""
    leads = {
        lead.place_id: lead
        for lead in Organisation.objects.filter(
            is_lead_of_place=True, is_active=True, place__links_down__place__in=places
        ).distinct()
    }
    owners = {}
    links = PlaceLink.objects.filter(place__in=places).order_by("place_id", "depth")
    for place_id, ancestor_id in links.values_list("place_id", "ancestor_id"):
        if place_id not in owners and ancestor_id in leads:
            owners[place_id] = leads[ancestor_id]
    return {place.pk: owners.get(place.pk, fallback) for place in places}


def _make_plans(national: Plan, places: list[Place], *, at: datetime) -> list[Plan]:
    owners = _owners_of(places, national.owner)
    marking = Marking.GREEN if national.marking == Marking.CLEAR else national.marking
    plans = Plan.objects.bulk_create(
        [
            Plan(
                owner=owners[place.pk],
                marking=marking,
                purpose=national.purpose,
                slug=slugify(f"{national.slug[:18]}-{place.code}"),
                country_id=national.country_id,
                place=place,
                kind=_kind_for(place),
                parent=national,
                title=f"{place.name} · {national.short_title or national.title[:120]}",
                short_title=national.short_title,
                language=national.language,
                starts_on=max(national.starts_on, min(at.date(), national.ends_on)),
                ends_on=national.ends_on,
                report_months=national.report_months,
                report_days=national.report_days,
                answer_days=national.answer_days,
                changed_at=at,
            )
            for place in places
        ],
        batch_size=_BATCH,
    )
    # Who may read the national plan must include those who are to carry it out.
    named = Plan.named_organisations.through
    rows = [
        named(plan_id=national.pk, organisation_id=pk)
        for pk in {o.pk for o in owners.values()} - {national.owner_id}
    ]
    named.objects.bulk_create(rows, ignore_conflicts=True, batch_size=_BATCH)
    mine = [
        named(plan_id=plan.pk, organisation_id=national.owner_id)
        for plan in plans
        if plan.owner_id != national.owner_id
    ]
    named.objects.bulk_create(mine, ignore_conflicts=True, batch_size=_BATCH)
    return plans


def _copy_parts(template: Template, plans: list[Plan]) -> int:
    pillars = copies(Pillar, template.pillars, plans, {})
    objectives = copies(Objective, template.objectives, plans, {"pillar_id": pillars})
    actions = copies(Action, template.actions, plans, {"objective_id": objectives})
    place_of = {plan.pk: plan.place_id for plan in plans}
    Alignment.objects.bulk_create(
        [
            Alignment(
                national_action_id=national_pk,
                local_action_id=local_pk,
                place_id=place_of[plan_pk],
                relation=Relation.ADOPTS,
            )
            for (plan_pk, national_pk), local_pk in actions.items()
        ],
        batch_size=_BATCH,
    )
    return len(actions)


# What a local copy does not take over: who it is, how it stands, and what only the owner knows.
_NOT_COPIED = {
    "id",
    "plan",
    "lead",
    "status",
    "revision",
    "changed_at",
    "certainty",
    "local_role_certainty",
    "source",
}

_Copied = dict[tuple[int, int], int]


def copies(
    model: Any,
    originals: Iterable[Pillar | Objective | Action],
    plans: list[Plan],
    parents: dict[str, _Copied],
) -> _Copied:
    """Copy the parts into every plan; return the new key by (plan, original)."""
    names = [one.attname for one in model._meta.concrete_fields if one.name not in _NOT_COPIED]
    keys: list[tuple[int, int]] = []
    rows = []
    for original in originals:
        values = {name: getattr(original, name) for name in names}
        for plan in plans:
            for name, made in parents.items():
                values[name] = made[plan.pk, getattr(original, name)]
            rows.append(model(plan_id=plan.pk, **values))
            keys.append((plan.pk, original.pk))
    saved = model.objects.bulk_create(rows, batch_size=_BATCH)
    return {key: row.pk for key, row in zip(keys, saved, strict=True)}


def _owe(national: Plan, places: list[Place], *, at: datetime) -> int:
    """Make what the national level owes each place: one dated delivery for each duty."""
    rows = [
        Delivery(action=duty, place=place, due_on=_first_due(duty, national, at), changed_at=at)
        for duty in national.actions.duties()
        for place in places
    ]
    Delivery.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)
    return len(rows)


def _first_due(duty: Action, national: Plan, at: datetime) -> date:
    if duty.ends_on is not None:
        return duty.ends_on
    return max(at.date(), national.starts_on) + timedelta(days=duty.due_days)


def _set_targets(national: Plan, places: list[Place]) -> None:
    rows = [
        Target(indicator=indicator, place=place)
        for indicator in Indicator.objects.standing().filter(plan=national)
        for place in places
    ]
    Target.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)


def _begin_drafting(national: Plan, places: list[Place], *, on: date) -> None:
    known = set(
        Stage.objects.filter(plan=national, is_latest=True)
        .exclude(name=StageName.NONE)
        .values_list("place_id", flat=True)
    )
    fresh = [place for place in places if place.pk not in known]
    Stage.objects.filter(plan=national, place__in=fresh).update(is_latest=False)
    Stage.objects.bulk_create(
        [Stage(plan=national, place=p, name=StageName.DRAFTING, since_on=on) for p in fresh],
        batch_size=_BATCH,
    )


@transaction.atomic
def start_local_plan(national: Plan, place: Place, *, by: Actor, at: datetime) -> CarriedDown:
    """Begin the plan of one place from the national one, as the place itself.

    Raises PlanNotReadyError like `carry_down`.
    """
    made = carry_down(national, [place], by=by, at=at)
    record(by, "plans.start_local", national, at=at, detail={"place": place.pk})
    return made
