"""How far plans have come, counted in the database for many plans at once."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Case, CharField, Count, Q, Value, When
from django.utils.translation import get_language, gettext, ngettext

from tansiq.core import formats
from tansiq.core.marks import Segment
from tansiq.plans.models import Action, ActionStatus
from tansiq.plans.querysets import DONE


@dataclass(frozen=True)
class Progress:
    """The actions of a plan by how they stand. A late one counts as late and as nothing else."""

    done: int = 0
    on_track: int = 0
    at_risk: int = 0
    late: int = 0
    not_started: int = 0

    @property
    def total(self) -> int:
        return self.done + self.on_track + self.at_risk + self.late + self.not_started

    @property
    def under_way(self) -> int:
        return self.on_track + self.at_risk

    @property
    def segments(self) -> list[Segment]:
        """Return the parts of a bar, in the order in which things go well."""
        return [
            ("done", self.done),
            ("on", self.on_track),
            ("risk", self.at_risk),
            ("late", self.late),
        ]

    @property
    def words(self) -> str:
        """Return "3 done, 4 under way, 1 late, 2 not started" without what is zero."""
        return _words(self, get_language() or "en")

    @property
    def done_words(self) -> str:
        """Return "4 of 21 done"."""
        return _done_words(self.done, self.total, get_language() or "en")

    @property
    def late_words(self) -> str:
        """Return "2 late", or nothing."""
        return _late_words(self.late, get_language() or "en") if self.late else ""


@lru_cache(maxsize=4096)
def _done_words(done: int, total: int, language: str) -> str:
    numbers = {"done": formats.number(done, language), "all": formats.number(total, language)}
    return gettext("%(done)s of %(all)s done") % numbers


@lru_cache(maxsize=1024)
def _late_words(late: int, language: str) -> str:
    return ngettext("%(n)s late", "%(n)s late", late) % {"n": formats.number(late, language)}


@lru_cache(maxsize=2048)
def _words(progress: Progress, language: str) -> str:
    said = [
        ngettext("%(n)s done", "%(n)s done", progress.done),
        ngettext("%(n)s on track", "%(n)s on track", progress.on_track),
        ngettext("%(n)s at risk", "%(n)s at risk", progress.at_risk),
        ngettext("%(n)s late", "%(n)s late", progress.late),
        ngettext("%(n)s not started", "%(n)s not started", progress.not_started),
    ]
    counts = astuple(progress)
    parts = [
        words % {"n": formats.number(count, language)}
        for words, count in zip(said, counts, strict=True)
        if count
    ]
    return " · ".join(parts) or gettext("no actions yet")


def tone_of(action: Action, day: date) -> str:
    """Return under which count of `Progress` an action falls; "" for a cancelled one."""
    if action.status == ActionStatus.CANCELLED:
        return ""
    if action.status == ActionStatus.DELAYED or action.is_late_on(day):
        return "late"
    return str(action.status)


def progress_of(actions: Iterable[Action], day: date) -> Progress:
    """Count actions that are at hand."""
    counts: dict[str, int] = {}
    for action in actions:
        tone = tone_of(action, day)
        counts[tone] = counts.get(tone, 0) + 1
    counts.pop("", None)
    return Progress(**counts)


def progress_by_plan(plan_ids: Iterable[int], day: date) -> dict[int, Progress]:
    """Count the actions of many plans in one query."""
    overdue = Q(ends_on__lt=day) & ~Q(status__in=DONE)
    tone = Case(
        When(overdue | Q(status=ActionStatus.DELAYED), then=Value("late")),
        default="status",
        output_field=CharField(),
    )
    rows = (
        Action.objects.steps()
        .filter(plan__in=list(plan_ids))
        .exclude(status=ActionStatus.CANCELLED)
        .values("plan", tone=tone)
        .annotate(count=Count("pk"))
        .order_by()
    )
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["plan"], {})[row["tone"]] = row["count"]
    return {plan: Progress(**counts) for plan, counts in found.items()}
