"""Taking over a public plan that ships with the platform, as if somebody had typed it in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Marking, Organisation, Place
from tansiq.core.models import TranslationStatus
from tansiq.core.translations import remember
from tansiq.plans.actions.freezing import keep_version
from tansiq.plans.actions.plans import create_plan, enter_part, publish_plan, set_stage
from tansiq.plans.actions.values import amount_of
from tansiq.plans.models import (
    Action,
    ActionKind,
    ActionStatus,
    Certainty,
    Fact,
    Indicator,
    Milestone,
    Objective,
    Pillar,
    Plan,
    PlanKind,
    PlanStatus,
    Stage,
)
from tansiq.plans.seeds import ActionSeed, PlanSeed, Words


@dataclass(frozen=True)
class LoadedSeed:
    """The plan of a seed, and how many parts this loading added to it."""

    plan: Plan
    added: int


@transaction.atomic
def load_plan_seed(seed: PlanSeed, *, owner: Organisation, by: Actor, at: datetime) -> LoadedSeed:
    """Take a public plan over, and keep it as version 1 if it is adopted.

    When a newer seed adds parts to a plan that is kept already, that is the next version.
    """
    loaded = take_over(seed, owner=owner, by=by, at=at)
    if not loaded.plan.is_draft:
        freeze_seed(loaded.plan, by=by, at=at)
    return loaded


def freeze_seed(plan: Plan, *, by: Actor, at: datetime) -> None:
    """Keep a plan that was taken over; the public sources may name no day or instrument."""
    keep_version(plan, legal_instrument=plan.legal_instrument, on=plan.adopted_on, by=by, at=at)


@transaction.atomic
def take_over(seed: PlanSeed, *, owner: Organisation, by: Actor, at: datetime) -> LoadedSeed:
    """Write a public plan with its parts, facts, stages and translations, and publish it.

    What is there already stays as people made it; what is missing is added. So loading the
    same seed again changes nothing.
    """
    country = Place.objects.get(code=seed.country)
    plan = Plan.objects.filter(country=country, slug=seed.slug).first()
    added = 0
    if plan is None:
        plan, added = _create(seed, country, owner=owner, by=by, at=at), 1
    added += _Loading(seed, plan, by=by, at=at).run()
    remember(_translations(seed), status=TranslationStatus.TEAM)
    return LoadedSeed(plan, added)


def _create(
    seed: PlanSeed, country: Place, *, owner: Organisation, by: Actor, at: datetime
) -> Plan:
    plan = Plan(
        owner=owner,
        marking=Marking.CLEAR,
        purpose=seed.title["en"][:200],
        slug=seed.slug,
        place=country,
        kind=PlanKind.NATIONAL,
        title=seed.title[seed.language],
        short_title=seed.short_title,
        summary=seed.summary[seed.language],
        language=seed.language,
        languages=list(seed.languages),
        legal_instrument=seed.legal_instrument.get(seed.language, ""),
        starts_on=seed.starts_on,
        ends_on=seed.ends_on,
        # As the public sources say, even where they name no legal instrument.
        status=seed.status,
        certainty=seed.certainty,
        period_certainty=seed.period_certainty,
        source=seed.source,
    )
    create_plan(plan, by=by, at=at)
    if not plan.is_draft:
        publish_plan(plan, by=by, at=at)
    return plan


class _Loading:
    """One pass over the parts of a seed; what the plan has under the same code is left alone."""

    def __init__(self, seed: PlanSeed, plan: Plan, *, by: Actor, at: datetime) -> None:
        self.seed, self.plan, self.by, self.at = seed, plan, by, at
        self.added = 0

    def run(self) -> int:
        # What the country amended itself is its own; only what is known about it is added.
        if not self.plan.versions.filter(number__gt=1).exists():
            self._pillars_and_objectives()
            self._actions()
            self._duties()
            self._indicators()
        self._facts()
        self._stages()
        return self.added

    def _in(self, words: Words) -> str:
        return words.get(self.plan.language, "")

    def _known(self, model: Any) -> dict[str, Any]:
        return {one.code: one for one in model.objects.filter(plan=self.plan)}

    def _add(self, part: Any) -> None:
        enter_part(part, by=self.by, at=self.at)
        self.added += 1

    def _marked(self, entry: Any, position: int) -> dict[str, Any]:
        return {
            "plan": self.plan,
            "code": entry.code,
            "position": position,
            "certainty": entry.certainty,
            "source": entry.source,
        }

    def _pillars_and_objectives(self) -> None:
        pillars, objectives = self._known(Pillar), self._known(Objective)
        for position, entry in enumerate(self.seed.pillars):
            if entry.code not in pillars:
                pillar = Pillar(title=self._in(entry.title), **self._marked(entry, position))
                self._add(pillar)
                pillars[entry.code] = pillar
        for position, one in enumerate(self.seed.objectives):
            if one.code not in objectives and one.pillar in pillars:
                self._add(
                    Objective(
                        title=self._in(one.title),
                        pillar=pillars[one.pillar],
                        **self._marked(one, position),
                    )
                )

    def _actions(self) -> None:
        known, objectives = self._known(Action), self._known(Objective)
        for position, entry in enumerate(self.seed.actions):
            if entry.code in known or entry.objective not in objectives:
                continue
            action = self._action(entry, objectives[entry.objective], position)
            self._add(action)
            self._milestones(action)

    def _action(self, entry: ActionSeed, objective: Objective, position: int) -> Action:
        # An end we only assume must not make anybody late.
        is_sure = entry.period_certainty in {"", Certainty.VERIFIED}
        return Action(
            objective=objective,
            title=self._in(entry.title),
            lead_kind=entry.lead,
            supporting_kinds=list(entry.supporting),
            local_role=self._in(entry.local_role),
            local_role_certainty=entry.local_role_certainty,
            starts_on=entry.starts_on,
            ends_on=entry.ends_on if is_sure else None,
            status=self._status_of(entry),
            gender_note=self._in(entry.gender_note),
            rights_note=self._in(entry.rights_note),
            sustainability_note=self._in(entry.sustainability_note),
            **self._marked(entry, position),
        )

    def _status_of(self, entry: ActionSeed) -> str:
        """Return what follows from the sources: what they report on is under way until the end."""
        if entry.certainty != Certainty.VERIFIED:
            return ActionStatus.NOT_STARTED
        is_over = self.seed.status == PlanStatus.EXPIRED
        return ActionStatus.DONE if is_over else ActionStatus.ON_TRACK

    def _milestones(self, action: Action) -> None:
        for entry in self.seed.milestones:
            if entry.action == action.code:
                self._add(
                    Milestone(
                        action=action,
                        title=self._in(entry.title),
                        due_on=entry.due_on,
                        reached_on=entry.reached_on,
                        certainty=entry.certainty,
                        source=entry.source,
                    )
                )

    def _duties(self) -> None:
        known, objectives = self._known(Action), self._known(Objective)
        for position, entry in enumerate(self.seed.duties, start=len(self.seed.actions)):
            if entry.code not in known and entry.objective in objectives:
                self._add(
                    Action(
                        kind=ActionKind.DUTY,
                        objective=objectives[entry.objective],
                        title=self._in(entry.title),
                        every_months=entry.every_months,
                        due_days=entry.due_days,
                        **self._marked(entry, position),
                    )
                )

    def _indicators(self) -> None:
        known = self._known(Indicator)
        for position, entry in enumerate(self.seed.indicators):
            if entry.code in known:
                continue
            indicator = Indicator(
                title=self._in(entry.title),
                definition=self._in(entry.definition),
                unit=self._in(entry.unit),
                decimals=entry.decimals,
                frequency=entry.frequency,
                rule=entry.rule,
                level=entry.level,
                dimensions=list(entry.dimensions),
                falling_is_good=entry.falling_is_good,
                **self._marked(entry, position),
            )
            indicator.baseline = _amount(indicator, entry.baseline)
            indicator.target = _amount(indicator, entry.target)
            self._add(indicator)

    def _facts(self) -> None:
        known = self._known(Fact)
        for position, entry in enumerate(self.seed.facts):
            if entry.code not in known:
                fact = Fact(title=self._in(entry.text), **self._marked(entry, position))
                fact.save(force_insert=True)
                record(self.by, "plans.add_fact", fact, at=self.at)
                self.added += 1

    def _stages(self) -> None:
        """Say how far the country had come and when, unless somebody has said so already."""
        if Stage.objects.filter(plan=self.plan, place=self.plan.place).exists():
            return
        for entry in sorted(self.seed.stages, key=lambda one: one.since_on):
            stage = set_stage(
                self.plan,
                self.plan.place,
                entry.name,
                since_on=entry.since_on,
                by=self.by,
                at=self.at,
                note=self._in(entry.note),
            )
            stage.certainty, stage.source = entry.certainty, entry.source
            stage.save(update_fields=["certainty", "source"])
            self.added += 1


def _amount(indicator: Indicator, number: float | None) -> int | None:
    return None if number is None else amount_of(indicator, Decimal(str(number)))


def _translations(seed: PlanSeed) -> Iterable[tuple[str, str, str]]:
    for words in seed.texts():
        original = words[seed.language]
        for language, text in words.items():
            if text != original:
                yield original, language, text
