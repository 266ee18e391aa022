"""What the rumour desk shows: what waits, what is alike, the bulletin, the trend."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import pgettext_lazy

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation, Place
from tansiq.core.translations import show_each
from tansiq.incidents.alike import ALIKE, likeness
from tansiq.incidents.desks import day_of
from tansiq.incidents.models import (
    Correction,
    Harm,
    Incident,
    Outcome,
    Rumour,
    RumourCheck,
    RumourStatus,
)
from tansiq.incidents.wording import role_title

MOST_IN_BULLETIN = 10
_MOST_ALIKE = 3
_MOST_AREAS = 300
# In a bulletin what can hurt people comes first.
_WEIGHTS = {Harm.RETALIATION: 4, Harm.OBSTRUCTS: 4, Harm.PANIC: 3, Harm.HEALTH: 3}


def rumours_of(actor: Actor, incident: Incident) -> QuerySet[Rumour]:
    """Return the rumours of a room that this actor sees, what waits for a first look first."""
    rows: QuerySet[Rumour] = (
        Rumour.objects.visible_to(actor).filter(incident=incident).select_related("place")
    ).most_pressing()
    return rows


def counts_of(rumours: QuerySet[Rumour], moment: dt.datetime) -> dict[str, int]:
    """Return how many wait for a first look, are late for it, are checked, wait for an answer."""
    rows = list(rumours.order_by().values_list("status", "triage_due_at", "released_at", "outcome"))
    new = [due for status, due, _out, _found in rows if status == RumourStatus.NEW]
    return {
        "new": len(new),
        "late": sum(due < moment for due in new),
        "checking": sum(
            status in {RumourStatus.TRIAGED, RumourStatus.CHECKING} for status, *_rest in rows
        ),
        "unanswered": sum(status == RumourStatus.DECIDED for status, *_rest in rows),
        "answered": sum(out is not None for _status, _due, out, _found in rows),
    }


def alike(rumours: Iterable[Rumour], claim: str) -> list[Rumour]:
    """Return open rumours whose words are much like these, the most alike first."""
    scored = [(likeness(one.claim, claim), one) for one in rumours if not one.is_closed]
    near = sorted((pair for pair in scored if pair[0] >= ALIKE), key=lambda pair: -pair[0])
    return [one for _score, one in near[:_MOST_ALIKE]]


def areas_of(incident: Incident) -> QuerySet[Place]:
    """Return the areas people choose from: the place of the room, those below and beside it.

    Where there are very many, only the first level below.
    """
    place = incident.place
    below = Place.objects.under(place)
    if below.count() > _MOST_AREAS:
        below = below.filter(level__lte=place.level + 1)
    wanted = below.values("pk")
    rows = Place.objects.filter(pk__in=wanted)
    if place.parent_id is not None:
        rows |= Place.objects.filter(parent=place.parent_id)
    ordered: QuerySet[Place] = rows.order_by("level", "name", "pk")
    return ordered


def organisations_of(incident: Incident) -> QuerySet[Organisation]:
    """Return who runs the room and who takes part in it."""
    named = incident.named_organisations.values("pk")
    rows = Organisation.objects.filter(pk__in=named)
    rows |= Organisation.objects.filter(pk=incident.owner_id)
    ordered: QuerySet[Organisation] = rows.order_by("name", "pk")
    return ordered


def checks_of(rumour: Rumour, language: str) -> list[RumourCheck]:
    """Return whom was asked, each with `who` in the reader's language, the latest first."""
    document = rumour.incident.playbook.document
    checks = list(rumour.checks.select_related("organisation").order_by("-asked_at", "-pk"))
    for one in checks:
        one.rumour = rumour
        who = role_title(document, one.role, language) if one.role else str(one)
        one.who = who  # type: ignore[attr-defined]  # -- a word for the page
    show_each(checks, "says", "source", language_of=lambda one: one.language)
    return checks


# --- the bulletin


@dataclass(frozen=True)
class Answered:
    """One line of the bulletin: what is said and what is so, in one language."""

    rumour: Rumour
    claim: str
    text: str
    language: str
    outcome: str
    is_in_language: bool


def bulletin(actor: Actor, incident: Incident, language: str) -> list[Answered]:
    """Return the ten cleared answers that matter most, in this language where there is one."""
    cleared = Rumour.objects.visible_to(actor).filter(incident=incident).cleared()
    rows = sorted(cleared, key=lambda one: (-_weight(one), one.pk))[:MOST_IN_BULLETIN]
    texts: dict[int, dict[str, Correction]] = {}
    for one in Correction.objects.filter(rumour__in=rows).order_by("pk"):
        texts.setdefault(one.rumour_id, {})[one.language] = one
    return [_line(one, texts[one.pk], language) for one in rows if texts.get(one.pk)]


def _weight(rumour: Rumour) -> int:
    return _WEIGHTS.get(Harm(rumour.harm), 1) * rumour.times_heard


def _line(rumour: Rumour, texts: dict[str, Correction], language: str) -> Answered:
    chosen = texts.get(language) or next(iter(texts.values()))
    return Answered(
        rumour,
        chosen.claim,
        chosen.text,
        chosen.language,
        str(Outcome(rumour.outcome).label),
        chosen.language == language,
    )


def languages_of(incident: Incident) -> list[str]:
    """Return the languages in which this room answers rumours, its own first."""
    written = Correction.objects.filter(incident=incident).order_by("language")
    found = list(written.values_list("language", flat=True).distinct())
    return [incident.language, *(one for one in found if one != incident.language)]


# --- how quick the desk is


@dataclass(frozen=True)
class Latency:
    """How long one step took over all rumours of a kind, in minutes; None where none is done."""

    count: int
    median: float | None
    longest: float | None


@dataclass
class RumourLatencies:
    """From hearing to looking, to knowing, to answering; and how many were looked at in time."""

    total: int = 0
    triage: Latency = field(default_factory=lambda: Latency(0, None, None))
    outcome: Latency = field(default_factory=lambda: Latency(0, None, None))
    release: Latency = field(default_factory=lambda: Latency(0, None, None))
    in_time: int = 0
    looked_at: int = 0


def rumour_latencies(incident: Incident, *, harm: str = "") -> RumourLatencies:
    """Return how quick the desk was, on the room's clock; with `harm`, for that kind alone."""
    rows = Rumour.objects.filter(incident=incident)
    return latencies_of(rows.filter(harm=harm) if harm else rows)


def latencies_of(rumours: Iterable[Rumour]) -> RumourLatencies:
    """Return the same over rumours that are given."""
    rows = list(rumours)
    looked = [one for one in rows if one.triaged_at is not None]
    return RumourLatencies(
        total=len(rows),
        triage=_latency((one.entered_at, one.triaged_at) for one in rows),
        outcome=_latency((one.entered_at, one.decided_at) for one in rows),
        release=_latency((one.entered_at, one.released_at) for one in rows),
        in_time=sum(one.triaged_at <= one.triage_due_at for one in looked if one.triaged_at),
        looked_at=len(looked),
    )


def _latency(spans: Iterable[tuple[dt.datetime, dt.datetime | None]]) -> Latency:
    minutes = [(end - start).total_seconds() / 60 for start, end in spans if end is not None]
    if not minutes:
        return Latency(0, None, None)
    return Latency(len(minutes), median(minutes), max(minutes))


# --- the trend


@dataclass
class Trend:
    """What is on the desk by status, outcome and harm, and how many came in each day."""

    by_status: list[tuple[Any, int]]
    by_outcome: list[tuple[Any, int]]
    by_harm: list[tuple[Any, int, RumourLatencies]]
    by_day: list[tuple[dt.date, int]]
    latencies: RumourLatencies


def trend(actor: Actor, incident: Incident) -> Trend:
    rows = list(Rumour.objects.visible_to(actor).filter(incident=incident).order_by("pk"))
    statuses, outcomes = Counter(one.status for one in rows), Counter(one.outcome for one in rows)
    days = Counter(day_of(incident, one.entered_at) for one in rows)
    return Trend(
        by_status=[(one.label, statuses[one]) for one in RumourStatus if statuses[one]],
        by_outcome=[(one.label, outcomes[one]) for one in Outcome if outcomes[one]],
        by_harm=[
            (one.label, len(of_kind), latencies_of(of_kind))
            for one in Harm
            if (of_kind := [row for row in rows if row.harm == one])
        ],
        by_day=_every_day(days),
        latencies=latencies_of(rows),
    )


def _every_day(days: Counter[dt.date]) -> list[tuple[dt.date, int]]:
    if not days:
        return []
    first, latest = min(days), max(days)
    span = [first + dt.timedelta(days=n) for n in range((latest - first).days + 1)]
    return [(day, days[day]) for day in span]


# --- filters of the desk


def filters() -> list[tuple[str, Any]]:
    """Return the ways in which the desk can be narrowed, each with its words."""
    return [
        ("open", pgettext_lazy("rumours", "on the desk")),
        ("new", pgettext_lazy("rumours", "not looked at")),
        *((one.value, one.label) for one in Outcome),
        ("corrected", RumourStatus.CORRECTED.label),
        ("closed", RumourStatus.CLOSED.label),
    ]


def shown(rows: QuerySet[Rumour], wanted: str) -> QuerySet[Rumour]:
    """Return what a filter leaves; an unknown one leaves what is on the desk."""
    if wanted in Outcome.values:
        return rows.filter(outcome=wanted)
    if wanted in {RumourStatus.NEW, RumourStatus.CORRECTED, RumourStatus.CLOSED}:
        return rows.filter(status=wanted)
    return rows.exclude(status=RumourStatus.CLOSED)
