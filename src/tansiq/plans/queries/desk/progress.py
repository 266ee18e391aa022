"""How the actions of plans stand, in one line each."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.plans.models import Plan
from tansiq.plans.queries.money import Unfunded, unfunded_of
from tansiq.plans.queries.progress import Progress, progress_by_plan

MOST = 50


@dataclass(frozen=True)
class PlanLine:
    """How the actions of one plan stand; the four numbers add up to `total`.

    Late counts what is past its day or said to be delayed; under way, what is neither late
    nor waiting.
    """

    plan: Plan
    done: int
    under_way: int
    late: int
    not_started: int
    # Of what the plan needs, how much is not funded; None while nobody said what it costs.
    money: Unfunded | None = None

    @property
    def total(self) -> int:
        return self.done + self.under_way + self.late + self.not_started

    @property
    def segments(self) -> list[tuple[str, int, str]]:
        """The parts for the bar of the design system: (tone, value, words)."""
        return [
            ("done", self.done, _("done")),
            ("on", self.under_way, _("under way")),
            ("late", self.late, _("late")),
            ("calm", self.not_started, _("not started")),
        ]


@dataclass(frozen=True)
class PlanSummary:
    """All plans of a person's organisations, and what they come to together."""

    plans: list[PlanLine] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(one.done for one in self.plans)

    @property
    def under_way(self) -> int:
        return sum(one.under_way for one in self.plans)

    @property
    def late(self) -> int:
        return sum(one.late for one in self.plans)

    @property
    def not_started(self) -> int:
        return sum(one.not_started for one in self.plans)


def plan_line(actor: Actor, at: dt.datetime) -> PlanSummary:
    """Return how the steps of this person's own plans stand on this day."""
    plans = Plan.objects.visible_to(actor).filter(
        owner__in=actor.organisation_ids, ends_on__gte=at.date()
    )
    return PlanSummary(lines_of(plans, on=at.date()))


def lines_of(plans: QuerySet[Plan], *, on: dt.date) -> list[PlanLine]:
    """Return how the steps of these plans stand; plans without steps are left out."""
    shown = list(
        plans.select_related("country", "place", "owner").order_by(
            "place__level", "-starts_on", "pk"
        )[:MOST]
    )
    found = progress_by_plan([one.pk for one in shown], on)
    money = unfunded_of(shown, on=on)
    return [_line(one, found[one.pk], money.get(one.pk)) for one in shown if one.pk in found]


def _line(plan: Plan, progress: Progress, money: Unfunded | None) -> PlanLine:
    return PlanLine(
        plan=plan,
        done=progress.done,
        under_way=progress.under_way,
        late=progress.late,
        not_started=progress.not_started,
        money=money,
    )
