"""The road of a plan: its phases, the days on which much hangs, and how far places have come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.core import formats
from tansiq.core.marks import stage_name
from tansiq.core.timeline import Lane, Mark, Span, timeline
from tansiq.core.translations import show
from tansiq.plans.models import KeyDate, Milestone, Phase, Plan, Stage, StageName
from tansiq.plans.queries.training import Capacity, capacity_of
from tansiq.plans.queries.wording import written

SOON = timedelta(days=90)
_SHOWN = 12
_STAGES = list(StageName.values)


@dataclass(frozen=True)
class Spread:
    """How many places are at each stage of a national plan."""

    counts: dict[str, int]

    @property
    def places(self) -> int:
        return sum(self.counts.values())

    def at_least(self, stage: str) -> int:
        wanted = _STAGES[_STAGES.index(stage) :]
        return sum(self.counts.get(name, 0) for name in wanted)


@dataclass(frozen=True)
class PhaseLine:
    """One phase as it stands on a day."""

    phase: Phase
    day: date
    spread: Spread

    @property
    def when(self) -> str:
        """Return "past", "now" or "ahead"."""
        if self.phase.ends_on < self.day:
            return "past"
        return "now" if self.phase.starts_on <= self.day else "ahead"

    @property
    def elapsed(self) -> float:
        """Return the share of its time that is over, from 0 to 1."""
        whole = (self.phase.ends_on - self.phase.starts_on).days + 1
        passed = (self.day - self.phase.starts_on).days
        return min(max(passed / whole, 0.0), 1.0)

    @property
    def reached(self) -> int:
        return self.spread.at_least(self.phase.leads_to) if self.phase.leads_to else 0

    @property
    def is_behind(self) -> bool:
        """Whether the phase is over and places are missing at the stage it leads to."""
        return self.when == "past" and self.counts_places and self.reached < self.spread.places

    @property
    def counts_places(self) -> bool:
        return bool(self.phase.leads_to) and self.spread.places > 0

    @property
    def tone(self) -> str:
        if self.is_behind:
            return "risk"
        return {"past": "done", "now": "on", "ahead": "calm"}[self.when]

    @property
    def status(self) -> str:
        return {"risk": "at_risk", "done": "done", "on": "on_track", "calm": "not_started"}[
            self.tone
        ]

    @property
    def said(self) -> str:
        """Say how many places have come as far as the phase leads, or nothing."""
        if not self.counts_places:
            return ""
        return ngettext(
            "%(n)s of %(all)s places has come to “%(stage)s” or further",
            "%(n)s of %(all)s places have come to “%(stage)s” or further",
            self.reached,
        ) % {
            "n": written(self.reached),
            "all": written(self.spread.places),
            "stage": stage_name(self.phase.leads_to),
        }


@dataclass(frozen=True)
class Day:
    """A milestone of an action, or a key date of the plan, on the road."""

    label: str
    on: date
    detail: str
    tone: str
    is_critical: bool
    url: str
    pk: int
    is_key_date: bool

    @property
    def is_open(self) -> bool:
        return self.tone != "done"


@dataclass(frozen=True)
class Road:
    """Everything the road map of a plan shows."""

    phases: list[PhaseLine]
    above: list[PhaseLine]
    days: list[Day]
    capacity: Capacity
    picture: SafeString
    message: str

    @property
    def late(self) -> list[Day]:
        return [one for one in self.days if one.tone == "late"]

    @property
    def next_days(self) -> list[Day]:
        """Return what is late, then what comes next."""
        return [one for one in self.days if one.is_open][:_SHOWN]

    @property
    def is_empty(self) -> bool:
        return not (self.phases or self.days)


def road_of(actor: Actor, plan: Plan, *, day: date) -> Road:
    """Return the road map of a plan as this actor sees it."""
    spread = spread_of(plan) if plan.is_national else Spread({})
    phases = _lines(Phase.objects.filter(plan=plan), plan, day, spread)
    above: list[PhaseLine] = []
    if plan.parent_id is not None:
        seen = Phase.objects.visible_to(actor).filter(plan=plan.parent_id)
        above = _lines(seen, plan.parent or plan, day, Spread({}))
    lanes = _lanes(plan, day)
    days = sorted((one for _name, ones in lanes for one in ones), key=_order)
    title = _message(phases, days, day)
    return Road(
        phases=phases,
        above=above,
        days=days,
        capacity=capacity_of(actor, plan, day=day),
        picture=_drawn(above, phases, lanes, day=day, title=title),
        message=title,
    )


def spread_of(plan: Plan) -> Spread:
    """Count the places below by the stage they have come to with a national plan."""
    rows = Stage.objects.filter(plan=plan, is_latest=True).exclude(place=plan.place_id)
    counted = rows.order_by().values_list("name").annotate(Count("pk"))
    return Spread(dict(counted))


def _lines(rows: Iterable[Phase], plan: Plan, day: date, spread: Spread) -> list[PhaseLine]:
    phases: list[Any] = sorted(rows, key=lambda one: (one.starts_on, one.ends_on, one.pk))
    show(phases, "title", written_in=plan.language)
    return [PhaseLine(phase, day, spread) for phase in phases]


def _order(one: Day) -> tuple[date, bool, str]:
    return one.on, not one.is_critical, one.label


def _lanes(plan: Plan, day: date) -> list[tuple[str, list[Day]]]:
    """Return the key dates, then the milestones of each pillar, each in the order of time."""
    dates: list[Any] = list(KeyDate.objects.filter(plan=plan).order_by("on", "pk"))
    show(dates, "title", "why", written_in=plan.language)
    lanes = [(_("Key dates"), [_key_date(one, plan, day) for one in dates])] if dates else []
    milestones: list[Any] = list(
        Milestone.objects.filter(action__plan=plan)
        .select_related("action__objective__pillar")
        .order_by("action__objective__pillar__position", "due_on", "pk")
    )
    show(milestones, "title", written_in=plan.language)
    pillars = {one.action.objective.pillar_id: one.action.objective.pillar for one in milestones}
    show(list(pillars.values()), "title", written_in=plan.language)
    by_pillar: dict[int, list[Day]] = {}
    for one in milestones:
        rows = by_pillar.setdefault(one.action.objective.pillar_id, [])
        rows.append(_milestone(one, plan, day))
    for pk, rows in by_pillar.items():
        pillar: Any = pillars[pk]
        lanes.append((f"{pillar.code} {pillar.shown['title']}", rows))
    return lanes


def _tone(on: date, day: date, *, is_over: bool) -> str:
    if is_over:
        return "done"
    if on < day:
        return "late"
    return "risk" if on - day <= SOON else "calm"


def _key_date(one: Any, plan: Plan, day: date) -> Day:
    # A key date passes by itself; it is not owed by anybody.
    is_over = one.is_past or one.on < day
    address = f"{reverse('plans:roadmap', args=[plan.country.code, plan.slug])}#d-{one.pk}"
    return Day(
        label=str(one.shown["title"]),
        on=one.on,
        detail=str(one.shown["why"] or ""),
        tone=_tone(one.on, day, is_over=is_over),
        is_critical=True,
        url=address,
        pk=one.pk,
        is_key_date=True,
    )


def _milestone(one: Any, plan: Plan, day: date) -> Day:
    return Day(
        label=str(one.shown["title"]),
        on=one.due_on,
        detail=one.action.code,
        tone=_tone(one.due_on, day, is_over=one.reached_on is not None),
        is_critical=one.is_critical,
        url=reverse("plans:action", args=[plan.country.code, plan.slug, one.action.code]),
        pk=one.pk,
        is_key_date=False,
    )


def _message(phases: list[PhaseLine], days: list[Day], day: date) -> str:
    """Say in one line where the plan stands on its road."""
    here = [one for one in phases if one.when == "now"]
    critical = [one for one in days if one.is_critical and one.is_open and one.on - day <= SOON]
    first = _no_phase(phases)
    if here:
        language = get_language() or "en"
        first = _("Now: %(phase)s, until %(month)s") % {
            "phase": pgettext("between phases", " and ").join(_title(one) for one in here),
            "month": formats.month(min(one.phase.ends_on for one in here), language),
        }
    if not critical:
        return first
    soon = ngettext(
        "%(n)s critical date within ninety days",
        "%(n)s critical dates within ninety days",
        len(critical),
    ) % {"n": written(len(critical))}
    return f"{first} · {soon}"


def _no_phase(phases: list[PhaseLine]) -> str:
    if not phases:
        return _("Milestones and key dates")
    is_over = all(one.when == "past" for one in phases)
    return _("All phases are over") if is_over else _("No phase is under way")


def _drawn(
    above: list[PhaseLine],
    phases: list[PhaseLine],
    lanes: list[tuple[str, list[Day]]],
    *,
    day: date,
    title: str,
) -> SafeString:
    national = [
        _span(one, _("National: %(title)s") % {"title": _title(one)}, "calm") for one in above
    ]
    spans = national + [_span(one, _title(one), one.tone) for one in phases]
    drawn = [
        Lane(name, [Mark(one.label, one.on, one.tone, one.is_critical, one.url) for one in days])
        for name, days in lanes
    ]
    return timeline(spans, drawn, today=day, title=title, language=get_language() or "en")


def _title(one: PhaseLine) -> str:
    return str(one.phase.shown["title"])  # type: ignore[attr-defined]  # -- set by show()


def _span(one: PhaseLine, label: str, tone: str) -> Span:
    return Span(label, one.phase.starts_on, one.phase.ends_on, tone, one.elapsed)
