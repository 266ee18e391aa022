"""What places do of their own, seen from the nation: which objectives it may belong to."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q

from tansiq.access.actor import Actor
from tansiq.core.translations import show_each
from tansiq.plans.models import Alignment, Objective, Plan, Relation
from tansiq.plans.queries.coverage import unlinked
from tansiq.plans.queries.matching import Matcher, OrphanLine, steps_of

# So many are compared for one page; that takes well under a second.
MOST = 600


@dataclass(frozen=True)
class LikelyObjective:
    """A national objective and how many unlinked local actions may belong to it."""

    objective: Objective
    count: int
    answered: bool


@dataclass(frozen=True)
class Unlinked:
    lines: list[OrphanLine]
    objectives: list[LikelyObjective]
    total: int
    read: int

    @property
    def is_cut(self) -> bool:
        return self.total > self.read

    def lines_of(self, objective: str) -> list[OrphanLine]:
        """Return the lines that may belong to this objective, or all; the surest first."""
        kept = [
            line
            for line in self.lines
            if not objective or objective in {one.objective.code for one in line.likely}
        ]
        return sorted(kept, key=lambda line: -line.likely[0].score if line.likely else 0)


def unlinked_under(actor: Actor, national: Plan, *, text: str = "") -> Unlinked:
    """Return the local actions this actor may read that are linked to nothing, with suggestions."""
    rows = unlinked(actor, national)
    for word in text.split():
        rows = rows.filter(
            Q(plan__place__name__icontains=word) | Q(plan__place__code__icontains=word)
        )
    related = "plan__country", "plan__place", "objective", "lead"
    orphans = list(rows.select_related(*related).order_by("plan__place__name", "pk")[:MOST])
    total = len(orphans) if len(orphans) < MOST else rows.order_by().count()
    show_each(orphans, "title", language_of=lambda one: str(one.plan.language))
    steps = steps_of(national)
    lines = Matcher(national, steps).lines(orphans)
    answered = set(
        Alignment.objects.filter(national_action__plan=national)
        .exclude(relation=Relation.NOT_APPLICABLE)
        .values_list("national_action__objective", flat=True)
    )
    named = {one.objective.pk: one.objective for line in lines for one in line.likely}
    counts = Counter(one.objective.pk for line in lines for one in line.likely)
    in_order = dict.fromkeys(step.objective_id for step in steps)
    objectives = [
        LikelyObjective(named[pk], counts[pk], pk in answered) for pk in in_order if pk in named
    ]
    return Unlinked(lines, objectives, total, len(orphans))
