from typing import TYPE_CHECKING, Any, Self

from django.db.models import Case, Count, Exists, OuterRef, Q, When

from tansiq.access.querysets import SharedQuerySet
from tansiq.plans.querysets.changes import AmendmentQuerySet as AmendmentQuerySet
from tansiq.plans.querysets.changes import ConsequenceQuerySet as ConsequenceQuerySet
from tansiq.plans.querysets.changes import ContributionQuerySet as ContributionQuerySet
from tansiq.plans.querysets.changes import ProposalQuerySet as ProposalQuerySet
from tansiq.plans.querysets.changes import SupportQuerySet as SupportQuerySet
from tansiq.plans.querysets.changes import VersionQuerySet as VersionQuerySet

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from tansiq.access.actor import Actor
    from tansiq.access.models import Place
    from tansiq.plans.models import (  # noqa: F401 -- named in the base classes
        Action,
        Activity,
        ActivityTotal,
        Alignment,
        Arrival,
        Asked,
        Attendance,
        BudgetLine,
        Consultation,
        Conversation,
        Cost,
        Datapoint,
        DeclinedMatch,
        Delivery,
        Document,
        Evidence,
        Factor,
        Indicator,
        KeyDate,
        Mechanism,
        Message,
        Milestone,
        Objective,
        Overlap,
        Period,
        Phase,
        Picture,
        Pillar,
        Plan,
        PublicContact,
        Rate,
        Remark,
        Reminder,
        Report,
        RollUp,
        StaffYear,
        Stage,
        Target,
        Training,
        TrainingGoal,
        Workbook,
    )


DONE = ("done", "cancelled")


class PlanQuerySet(SharedQuerySet["Plan"]):
    def national(self) -> Self:
        return self.filter(kind="national")

    def of(self, place: "Place") -> Self:
        return self.filter(place=place)

    def in_force(self, day: "dt.date") -> Self:
        return self.filter(starts_on__lte=day, ends_on__gte=day).exclude(status="draft")

    def with_progress(self) -> Self:
        """Add `steps_done`, `steps_under_way` and `steps_total` to each plan, in the same query."""
        steps = Q(actions__kind="step", actions__dropped_in__isnull=True)
        under_way = Q(actions__status__in=("on_track", "at_risk", "delayed"))
        return self.annotate(
            steps_total=Count("actions", filter=steps),
            steps_done=Count("actions", filter=steps & Q(actions__status="done")),
            steps_under_way=Count("actions", filter=steps & under_way),
        )


class InPlanQuerySet(SharedQuerySet["Pillar"]):
    through = "plan"

    def standing(self) -> Self:
        """Leave out what the version in force no longer has."""
        return self.filter(dropped_in__isnull=True)


class ObjectiveQuerySet(SharedQuerySet["Objective"]):
    through = "plan"

    def standing(self) -> Self:
        """Leave out what the version in force no longer has."""
        return self.filter(dropped_in__isnull=True)


class ActionQuerySet(SharedQuerySet["Action"]):
    through = "plan"

    def standing(self) -> Self:
        """Leave out what the version in force no longer has."""
        return self.filter(dropped_in__isnull=True)

    def steps(self) -> Self:
        return self.standing().filter(kind="step")

    def duties(self) -> Self:
        return self.standing().filter(kind="duty")

    def late_on(self, day: "dt.date") -> Self:
        return self.filter(ends_on__lt=day).exclude(status__in=DONE)


class MilestoneQuerySet(SharedQuerySet["Milestone"]):
    through = "action__plan"


class DeliveryQuerySet(SharedQuerySet["Delivery"]):
    through = "action__plan"

    def open(self) -> Self:
        return self.exclude(status__in=DONE)

    def late_on(self, day: "dt.date") -> Self:
        return self.open().filter(due_on__lt=day)


class AlignmentQuerySet(SharedQuerySet["Alignment"]):
    """As visible as the national action; the local side is read through its own plan."""

    through = "national_action__plan"


class DeclinedMatchQuerySet(SharedQuerySet["DeclinedMatch"]):
    through = "local_action__plan"


class IndicatorQuerySet(SharedQuerySet["Indicator"]):
    through = "plan"

    def standing(self) -> Self:
        """Leave out what the version in force no longer has."""
        return self.filter(dropped_in__isnull=True)


class TargetQuerySet(SharedQuerySet["Target"]):
    through = "indicator__plan"


class PeriodQuerySet(SharedQuerySet["Period"]):
    through = "plan"


class ReminderQuerySet(SharedQuerySet["Reminder"]):
    through = "period__plan"


class StageQuerySet(SharedQuerySet["Stage"]):
    through = "plan"


class RollUpQuerySet(SharedQuerySet["RollUp"]):
    """Figures added up over places are as visible as the plan whose indicator they answer."""

    through = "indicator__plan"


class ReportQuerySet(SharedQuerySet["Report"]):
    def open(self) -> Self:
        return self.exclude(status="accepted")

    def late_on(self, day: "dt.date") -> Self:
        return self.filter(status__in=("draft", "returned"), period__due_on__lt=day)

    def in_order_of_need(self) -> Self:
        """Put those that wait to be accepted first, then those that wait for an answer."""
        unanswered = Q(answered_at__isnull=True, status="accepted")
        need = Case(
            When(status="submitted", then=0),
            When(unanswered, then=1),
            default=2,
        )
        return self.annotate(need=need).order_by("need", "answer_due_on", "-submitted_at", "-pk")


class DatapointQuerySet(SharedQuerySet["Datapoint"]):
    through = "report"


class ArrivalQuerySet(SharedQuerySet["Arrival"]):
    through = "report"


class RemarkQuerySet(SharedQuerySet["Remark"]):
    through = "report"


class EvidenceQuerySet(SharedQuerySet["Evidence"]):
    through = "report"


class ActivityQuerySet(SharedQuerySet["Activity"]):
    def countable(self) -> Self:
        """Leave out RED: it never stands in statistics."""
        return self.exclude(marking="red")


class ActivityTotalQuerySet(SharedQuerySet["ActivityTotal"]):
    through = "plan"


class BudgetLineQuerySet(SharedQuerySet["BudgetLine"]):
    through = "plan"

    def ending_within(self, day: "dt.date", *, until: "dt.date") -> Self:
        """Keep money that ends from this day on, up to and including the other."""
        return self.filter(ends_on__gte=day, ends_on__lte=until)


class CostQuerySet(SharedQuerySet["Cost"]):
    through = "plan"


class StaffYearQuerySet(SharedQuerySet["StaffYear"]):
    through = "plan"


class RateQuerySet(SharedQuerySet["Rate"]):
    """Rates of exchange are public facts: everybody may see them."""

    def visible_to(self, actor: "Actor") -> Self:
        return self

    def known_to(self, actor: "Actor") -> Self:
        return self

    def newest_of(self, country: "Place", *, day: "dt.date") -> Self:
        """Order the rates of a country that hold on a day, the newest first."""
        return self.filter(country=country, on__lte=day).order_by("-on", "-pk")


class OverlapQuerySet(SharedQuerySet["Overlap"]):
    """A pair is seen by who sees both of its activities, and RED is in no pair."""

    def visible_to(self, actor: "Actor") -> Self:
        return self._of_both("visible_to", actor)

    def known_to(self, actor: "Actor") -> Self:
        return self._of_both("known_to", actor)

    def _of_both(self, way: str, actor: "Actor") -> Self:
        if actor.is_system:
            return self
        activity: Any = self.model._meta.get_field("first").related_model
        seen = getattr(activity.objects.countable(), way)(actor)
        return self.filter(
            Exists(seen.filter(pk=OuterRef("first"))), Exists(seen.filter(pk=OuterRef("second")))
        )


class ConversationQuerySet(SharedQuerySet["Conversation"]):
    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def waiting_for(self, organisations: "Iterable[int]") -> Self:
        """Return those in which the other side wrote last."""
        mine = Q(owner__in=organisations) | Q(other__in=organisations)
        return self.open().filter(mine).exclude(latest_by__in=organisations)


class MessageQuerySet(SharedQuerySet["Message"]):
    through = "conversation"


class PhaseQuerySet(SharedQuerySet["Phase"]):
    through = "plan"


class KeyDateQuerySet(SharedQuerySet["KeyDate"]):
    through = "plan"


class TrainingQuerySet(SharedQuerySet["Training"]):
    through = "plan"


class TrainingGoalQuerySet(SharedQuerySet["TrainingGoal"]):
    through = "plan"


class DocumentQuerySet(SharedQuerySet["Document"]):
    """A document needs both: its own marking, and a plan that may be seen."""

    def visible_to(self, actor: "Actor") -> Self:
        seen = super().visible_to(actor)
        if actor.is_system:
            return seen
        plan: Any = self.model._meta.get_field("plan").related_model
        return seen.filter(Exists(plan.objects.visible_to(actor).filter(pk=OuterRef("plan"))))


class PublicContactQuerySet(SharedQuerySet["PublicContact"]):
    through = "plan"


class WorkbookQuerySet(SharedQuerySet["Workbook"]):
    """Seen by nobody but the person it was made for or sent by."""

    def visible_to(self, actor: "Actor") -> Self:
        if actor.is_system:
            return self
        return self.filter(person=actor.person_id) if actor.is_signed_in else self.none()

    def known_to(self, actor: "Actor") -> Self:
        return self.visible_to(actor)


class PictureQuerySet(SharedQuerySet["Picture"]):
    def agreed(self) -> Self:
        """Leave out drafts; what a later picture replaced was agreed, too."""
        return self.exclude(status="draft")

    def countable(self) -> Self:
        """Leave out RED: it never stands in statistics."""
        return self.exclude(marking="red")


class FactorQuerySet(SharedQuerySet["Factor"]):
    through = "picture"


class AskedQuerySet(SharedQuerySet["Asked"]):
    through = "factor__picture"


class MechanismQuerySet(SharedQuerySet["Mechanism"]):
    through = "factor__picture"


class ConsultationQuerySet(SharedQuerySet["Consultation"]):
    def countable(self) -> Self:
        """Leave out RED: it never stands in statistics."""
        return self.exclude(marking="red")


class AttendanceQuerySet(SharedQuerySet["Attendance"]):
    through = "consultation"
