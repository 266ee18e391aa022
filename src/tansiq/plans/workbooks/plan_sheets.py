"""The sheets of a plan itself: its actions and their milestones."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tansiq.core.documents.columns import Column, Kind, SheetPlan
from tansiq.core.translations import show_each
from tansiq.plans.models import Action, ActionStatus, Milestone, Plan
from tansiq.plans.rules.plans import set_status
from tansiq.plans.rules.versions import edit_parts
from tansiq.plans.workbooks.kinds import Live, SheetKind, choice, pk_of, place_values, places
from tansiq.plans.workbooks.scope import Part, Scope

if TYPE_CHECKING:
    from tansiq.access.verdict import Verdict

_EDITED = ("starts_on", "ends_on", "sustainability_note")


class ActionSheet(SheetKind):
    key, prefix = "actions", "action"

    def sheet(self, scope: Scope) -> SheetPlan:
        columns = (
            *places(scope),
            Column("code", _("Code"), "#activity+code", width=10),
            Column("title", _("Action"), "#activity+name", width=46),
            choice(
                "status",
                _("How does it stand?"),
                "#status",
                ActionStatus.choices,
                help=_("Choose one from the list."),
                width=16,
            ),
            Column(
                "starts_on",
                _("Starts"),
                "#date+start",
                Kind.DAY,
                help=_("The day as 2026-05-14."),
                width=13,
                is_input=True,
            ),
            Column(
                "ends_on",
                _("Due"),
                "#date+end",
                Kind.DAY,
                help=_("The day as 2026-05-14. Not before the start."),
                width=13,
                is_input=True,
            ),
            Column(
                "sustainability_note",
                _("How it goes on when the money ends"),
                "#description+sustainability",
                width=44,
                is_input=True,
                longest=20_000,
                help=_("One or two sentences; no names of private persons."),
            ),
        )
        frozen = 4 if scope.is_national else 2
        return SheetPlan(self.key, pgettext("sheet", "Actions"), columns, frozen=frozen)

    def rows(self, scope: Scope) -> Iterator[Live]:
        for parts in scope.parts():
            yield from self._live(scope, _steps(parts), {one.plan.pk: one.plan for one in parts})

    def live(self, scope: Scope, keys: Collection[str]) -> dict[str, Live]:
        pks = {pk_of(one) for one in keys}
        plans = {one.pk: one for one in scope.plans()}
        rows = Action.objects.steps().filter(pk__in=pks, plan__in=plans)
        return {one.key: one for one in self._live(scope, rows, plans)}

    def _live(self, scope: Scope, actions: Any, plans: dict[int, Plan]) -> Iterator[Live]:
        actions = list(actions)
        for one in actions:
            one.plan = plans[one.plan_id]
        show_each(actions, "title", language_of=lambda one: str(one.plan.language))
        may: dict[int, tuple[Verdict, Verdict]] = {}
        for action in actions:
            plan = action.plan
            if plan.pk not in may:
                may[plan.pk] = (set_status(scope.actor, plan), edit_parts(scope.actor, plan))
            status, change = may[plan.pk]
            closed = {} if status else {"status": status.reason}
            closed |= {} if change else dict.fromkeys(_EDITED, change.reason)
            yield Live(
                f"{self.prefix}:{action.pk}",
                action,
                action.revision,
                f"{action.code} {action.title}",
                {
                    **place_values(scope, plan.place),
                    "code": action.code,
                    "title": str(action.shown["title"]),
                    "status": action.status,
                    "starts_on": action.starts_on,
                    "ends_on": action.ends_on,
                    "sustainability_note": action.sustainability_note,
                },
                frozenset({"status", *_EDITED} - set(closed)),
                closed,
            )


def _steps(parts: list[Part]) -> Any:
    order = {one.plan.pk: n for n, one in enumerate(parts)}
    rows = Action.objects.steps().filter(plan__in=order).order_by("position", "code", "pk")
    return sorted(rows, key=lambda one: order[one.plan_id])


class MilestoneSheet(SheetKind):
    key, prefix = "milestones", "milestone"

    def sheet(self, scope: Scope) -> SheetPlan:
        columns = (
            *places(scope),
            Column("action", _("Code of the action"), "#activity+code", width=12),
            Column("title", _("Milestone"), "#output+name", width=52),
            Column("due_on", _("Due"), "#date+due", Kind.DAY, width=13),
            Column(
                "reached_on",
                _("Reached on"),
                "#date+reached",
                Kind.DAY,
                help=_(
                    "The day on which it was reached. Empty it if it was not reached after all."
                ),
                width=16,
                is_input=True,
            ),
        )
        frozen = 4 if scope.is_national else 2
        return SheetPlan(self.key, pgettext("sheet", "Milestones"), columns, frozen=frozen)

    def rows(self, scope: Scope) -> Iterator[Live]:
        for parts in scope.parts():
            plans = {one.plan.pk: one.plan for one in parts}
            order = {pk: n for n, pk in enumerate(plans)}
            rows = self._of(plans)
            yield from self._live(
                scope, sorted(rows, key=lambda one: order[one.action.plan_id]), plans
            )

    def live(self, scope: Scope, keys: Collection[str]) -> dict[str, Live]:
        plans = {one.pk: one for one in scope.plans()}
        rows = self._of(plans).filter(pk__in={pk_of(one) for one in keys})
        return {one.key: one for one in self._live(scope, rows, plans)}

    def _of(self, plans: dict[int, Plan]) -> Any:
        return (
            Milestone.objects.filter(action__plan__in=plans)
            .select_related("action")
            .order_by("action__position", "due_on", "pk")
        )

    def _live(self, scope: Scope, milestones: Any, plans: dict[int, Plan]) -> Iterator[Live]:
        milestones = list(milestones)
        for one in milestones:
            one.action.plan = plans[one.action.plan_id]
        show_each(milestones, "title", language_of=lambda one: str(one.action.plan.language))
        for milestone in milestones:
            plan = milestone.action.plan
            verdict = set_status(scope.actor, plan)
            yield Live(
                f"{self.prefix}:{milestone.pk}",
                milestone,
                milestone.revision,
                milestone.title,
                {
                    **place_values(scope, plan.place),
                    "action": milestone.action.code,
                    "title": str(milestone.shown["title"]),
                    "due_on": milestone.due_on,
                    "reached_on": milestone.reached_on,
                },
                frozenset({"reached_on"} if verdict else ()),
                {} if verdict else {"reached_on": verdict.reason},
            )
