"""All figures of a report of the nation at one moment, as plain data without a language."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Max

from tansiq.access.models import Organisation
from tansiq.core.models import Translation
from tansiq.core.translations import hash_of
from tansiq.plans.models import Action, ActionKind, Indicator, NationalReport, Period, Plan
from tansiq.plans.queries.coverage import columns_of, levels_under, matrix_of
from tansiq.plans.queries.figures import (
    NOTHING_EXPECTED,
    Expected,
    digits_of,
    expected_places,
    figures_at,
    periods_of,
)
from tansiq.plans.queries.national.audience import audience_of, reader_for
from tansiq.plans.queries.national.canonical import Data
from tansiq.plans.queries.national.money import money_of
from tansiq.plans.queries.national.places import answers_owed, places_of, reporting_of, voices_of
from tansiq.plans.queries.owed import duty_lines
from tansiq.plans.queries.progress import tone_of
from tansiq.plans.queries.rollups import NOTHING, Figure

FORMAT = 2
TONES = ("done", "on_track", "at_risk", "late", "not_started")
# How many periods a trend shows.
_DRAWN = 8


def gather(report: NationalReport, *, at: dt.datetime) -> Data:
    """Return the figures of a report as they stand; the same state gives the same data."""
    plan, period, owner = report.plan, report.period, report.owner
    audience = audience_of(report)
    reader, day = reader_for(owner), at.date()
    places = places_of(reader, plan, period, day=day)
    data = {
        "format": FORMAT,
        "audience": audience,
        "as_of": at.isoformat(),
        "plan": _plan(plan, owner),
        "period": _period(period),
        "progress": _progress(plan, day),
        "coverage": _coverage(plan),
        "indicators": _indicators(plan, period),
        "reporting": reporting_of(places, period, day=day),
        "answers": answers_owed(reader, owner, period, day=day),
        "duties": _duties(plan, day),
        "money": money_of(reader, plan, audience, on=day),
        "places": places,
        "voices": voices_of(reader, period, owner, audience),
    }
    data["translations"] = _translations(data)
    return data


def _plan(plan: Plan, owner: Organisation) -> Data:
    return {
        "country": plan.country.code,
        "country_name": plan.country.name,
        "country_names": plan.country.names,
        "slug": plan.slug,
        "title": plan.title,
        "short": plan.short_title,
        "version": plan.versions.aggregate(latest=Max("number"))["latest"] or 0,
        "legal": plan.legal_instrument,
        "language": plan.language,
        "starts": plan.starts_on.isoformat(),
        "ends": plan.ends_on.isoformat(),
        "owner": owner.name,
        "owner_names": owner.names,
    }


def _period(period: Period) -> Data:
    return {
        "id": period.pk,
        "starts": period.starts_on.isoformat(),
        "ends": period.ends_on.isoformat(),
        "due": period.due_on.isoformat(),
    }


def _progress(plan: Plan, day: dt.date) -> Data:
    steps = (
        Action.objects.filter(plan=plan, kind=ActionKind.STEP)
        .select_related("objective__pillar")
        .order_by("objective__pillar__position", "objective__position", "objective__code", "pk")
    )
    total: Counter[str] = Counter()
    rows: dict[int, Data] = {}
    late = []
    for step in steps:
        tone = tone_of(step, day)
        if not tone:
            continue
        total[tone] += 1
        objective = step.objective
        row = rows.setdefault(
            objective.pk,
            {
                "code": objective.code,
                "title": objective.title,
                "pillar": f"{objective.pillar.code} {objective.pillar.title}",
                "counts": dict.fromkeys(TONES, 0),
            },
        )
        row["counts"][tone] += 1
        if tone == "late":
            late.append({"code": step.code, "title": step.title, "due": _iso(step.ends_on)})
    return {
        "total": {tone: total[tone] for tone in TONES},
        "objectives": list(rows.values()),
        "late": late,
    }


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _coverage(plan: Plan) -> list[Data]:
    """Return for each level with local plans how its places answer each objective."""
    found = []
    for level in levels_under(plan, plan.place):
        places = list(columns_of(plan.place, level))
        if not places:
            continue
        matrix = matrix_of(plan, plan.place, level, places)
        found.append(
            {
                "level": level,
                "kinds": sorted({place.kind for place in places}),
                "places": matrix.places,
                "complete": matrix.complete,
                "rows": [
                    {
                        "code": row.objective.code,
                        "title": row.objective.title,
                        "whole": row.whole,
                        "states": {state: n for state, _word, n in row.tally},
                    }
                    for row in matrix.rows
                ],
            }
        )
    return found


def _indicators(plan: Plan, period: Period) -> list[Data]:
    indicators = list(
        Indicator.objects.filter(plan=plan)
        .select_related("plan")
        .order_by("position", "code", "pk")
    )
    figures = figures_at(indicators, plan.place)
    expected = expected_places(indicators, None)
    until = [one for one in periods_of(plan.pk) if one.starts_on <= period.starts_on]
    return [
        _indicator(one, figures[one.pk], until, expected.get(one.pk, NOTHING_EXPECTED))
        for one in indicators
    ]


def _indicator(
    indicator: Indicator, figures: dict[int, Figure], periods: list[Period], expected: Expected
) -> Data:
    figure = figures.get(periods[-1].pk, NOTHING) if periods else NOTHING
    known = [(period, figures.get(period.pk, NOTHING)) for period in periods[-_DRAWN:]]
    return {
        "code": indicator.code,
        "title": indicator.title,
        "unit": indicator.unit,
        "digits": digits_of(indicator),
        "falling_is_good": indicator.falling_is_good,
        "baseline": _number(indicator.baseline_number),
        "target": _number(expected.target_of(indicator)),
        "number": _number(figure.number),
        "places": figure.places,
        "expected": expected.places,
        "series": [
            [one.starts_on.isoformat(), one.ends_on.isoformat(), _number(each.number), each.places]
            for one, each in known
            if each.is_known
        ],
    }


def _number(value: Any) -> str:
    return "" if value is None else f"{value:f}"


def _duties(plan: Plan, day: dt.date) -> list[Data]:
    duties = list(
        Action.objects.filter(plan=plan, kind=ActionKind.DUTY).order_by("position", "code", "pk")
    )
    return [
        {
            "id": line.action.pk,
            "code": line.action.code,
            "title": line.action.title,
            "places": line.places,
            "given": line.given,
            "received": line.received,
            "late": line.late,
        }
        for line in duty_lines(duties, day)
    ]


def _translations(data: Data) -> Data:
    """Keep the translations of all texts that people wrote as they are now, by the original."""
    texts = {hash_of(text): text for text in _texts_of(data) if text.strip()}
    found: Data = {}
    rows = Translation.objects.filter(source_hash__in=list(texts)).order_by("pk")
    for row in rows:
        found.setdefault(texts[row.source_hash], {})[row.language] = row.text
    return found


def _texts_of(data: Data) -> Iterable[str]:
    yield data["plan"]["title"]
    for row in data["progress"]["objectives"]:
        yield row["title"]
        yield row["pillar"].partition(" ")[2]
    for row in [*data["progress"]["late"], *data["duties"]]:
        yield row["title"]
    for row in data["indicators"]:
        yield from (row["title"], row["unit"])
    for row in data["money"]["rates"]:
        yield row["source"]
    for row in data["voices"]["quotes"]:
        yield from (row["blockers"], row["wishes"])
