"""Tables for the forms of other bodies: which columns, in which order, is data, not code."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from tansiq.core.documents.columns import Column, Kind, Row, Value, canonical
from tansiq.core.documents.workbooks import Words, WorkbookWriter
from tansiq.core.exports import write_csv
from tansiq.core.money import exponent
from tansiq.plans.models import BudgetLine, Certainty
from tansiq.plans.workbooks.making import Made, marking_words, sha256_of, strictest
from tansiq.plans.workbooks.report_sheets import FigureSheet
from tansiq.plans.workbooks.scope import Part, Scope

_FILE = Path(__file__).parents[1] / "data" / "export_profiles.toml"
_NUMBERS = {"target", "realised", "gap", "share", "year"}
_DAYS = {"starts_on", "ends_on", "sent_on", "accepted_on"}
FIELDS = frozenset(
    _NUMBERS | _DAYS | {"place_code", "place_name", "kind", "code", "title", "unit", "note"}
)
_MOST_DIGITS = 6


class UnknownProfileError(LookupError):
    """No export profile has this name."""


@dataclass(frozen=True)
class Profile:
    """A form of another body: its name, its columns, and how sure we are of it."""

    key: str
    name: str
    language: str
    # The country whose form it is; empty: of use everywhere.
    country: str
    certainty: str
    columns: tuple[dict[str, Any], ...]

    @property
    def is_proposal(self) -> bool:
        return self.certainty == Certainty.PROPOSAL


@lru_cache(maxsize=1)
def profiles() -> dict[str, Profile]:
    """Return all export profiles by their keys."""
    read = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        key: Profile(
            key=key,
            name=one["name"],
            language=one["language"],
            country=one.get("country", ""),
            certainty=one["certainty"],
            columns=tuple(one["columns"]),
        )
        for key, one in read.items()
    }


def profiles_for(country: str) -> list[Profile]:
    """Return the export profiles that a country has a use for."""
    return [one for one in profiles().values() if one.country in {"", country}]


def forms() -> list[str]:
    """Return the forms in which a period can be taken out besides the workbook."""
    return [f"{key}.{ending}" for key in profiles() for ending in ("xlsx", "csv")]


def make_profile(path: Path, scope: Scope, form: str) -> Made:
    """Write the places of a period into a file as the form wants them.

    Raises UnknownProfileError.
    """
    key, _point, ending = form.rpartition(".")
    if form not in forms():
        raise UnknownProfileError(form)
    profile = profiles()[key]
    made = Made(marking=strictest(scope))
    if ending == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write("\ufeff")
            headings = [one["title"] for one in profile.columns]
            tags = [one["tag"] for one in profile.columns]
            rows = ([_cell(one) for one in row.values()] for row in _rows(profile, scope))
            made.rows[key] = write_csv(file, headings, rows, tags=tags)
    else:
        made.rows[key] = _write_sheet(path, profile, scope, made.marking)
    made.sha256, made.size = sha256_of(path), path.stat().st_size
    return made


def _write_sheet(path: Path, profile: Profile, scope: Scope, marking: str) -> int:
    writer = WorkbookWriter(
        str(path),
        scope=scope.token,
        marking=marking_words(marking),
        words=Words("", "", "", ""),
        rtl=False,
        author=str(scope.plan.owner),
    )
    columns = [_column(one) for one in profile.columns]
    counted = 0

    def rows() -> Iterator[Row]:
        nonlocal counted
        for counted, values in enumerate(_rows(profile, scope), start=1):
            yield Row(f"row:{counted}", 1, values)

    writer.table(profile.name, profile.name, columns, rows())
    writer.close("")
    return counted


def _column(told: dict[str, Any]) -> Column:
    field = told["field"]
    kind = Kind.TEXT
    if field in _NUMBERS:
        kind = Kind.NUMBER
    elif field in _DAYS:
        kind = Kind.DAY
    decimals = 0 if field == "year" else _MOST_DIGITS
    return Column(
        field, told["title"], told["tag"], kind, width=told.get("width", 16), decimals=decimals
    )


def _rows(profile: Profile, scope: Scope) -> Iterator[dict[str, Value]]:
    """Yield the rows with the fields of the form, in its order and its words."""
    wanted = [(one["field"], one.get("words", {})) for one in profile.columns]
    for parts in scope.parts():
        for values in (*_performance(scope, parts), *_money(scope, parts)):
            yield {field: _worded(values.get(field), words) for field, words in wanted}


def _cell(value: Value) -> Value:
    """Return a value as a table writes it: a number stays one, a day is 2026-05-14."""
    return Decimal(canonical(value)) if isinstance(value, Decimal) else canonical(value)


def _worded(value: Value, words: dict[str, str]) -> Value:
    return words.get(value, value) if isinstance(value, str) else value


def _period(scope: Scope) -> dict[str, Value]:
    assert scope.period is not None  # noqa: S101 -- a workbook of all places has a period
    period = scope.period
    return {
        "year": Decimal(period.ends_on.year),
        "starts_on": period.starts_on,
        "ends_on": period.ends_on,
    }


def _performance(scope: Scope, parts: list[Part]) -> Iterator[dict[str, Value]]:
    reports = [one.report for one in parts if one.report is not None]
    for live in FigureSheet().live_of(scope, reports):
        report, _indicator = live.thing
        number, target = live.values.get("number"), live.values.get("target")
        yield {
            **_period(scope),
            "place_code": report.place.code,
            "place_name": str(report.place),
            "kind": "performance",
            "code": live.values["code"],
            "title": live.values["title"],
            "unit": live.values["unit"],
            "target": target,
            "realised": number,
            **_gap(target, number),
            "sent_on": report.submitted_at.date() if report.submitted_at else None,
            "accepted_on": report.accepted_at.date() if report.accepted_at else None,
            "note": live.values.get("note"),
        }


def _money(scope: Scope, parts: list[Part]) -> Iterator[dict[str, Value]]:
    year = scope.period.ends_on.year if scope.period else 0
    plans = {one.plan.pk: one.plan for one in parts}
    lines = (
        BudgetLine.objects.visible_to(scope.actor)
        .filter(plan__in=plans, year=year)
        .select_related("action", "place")
        .order_by("plan", "action__code", "pk")
    )
    for line in lines:
        digits = exponent(line.currency)
        planned, spent = (Decimal(one).scaleb(-digits) for one in (line.planned, line.spent))
        yield {
            **_period(scope),
            "place_code": line.place.code,
            "place_name": str(line.place),
            "kind": "budget",
            "code": line.action.code if line.action else "",
            "title": line.title,
            "unit": line.currency,
            "target": planned,
            "realised": spent,
            **_gap(planned, spent),
            "note": line.funder,
        }


def _gap(target: Value, realised: Value) -> dict[str, Value]:
    """Return what is missing to the target and how much of it is reached, in per cent."""
    if not isinstance(target, Decimal) or not isinstance(realised, Decimal):
        return {}
    share = None
    if target:
        share = (100 * realised / target).quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN)
    return {"gap": target - realised, "share": share}


__all__ = [
    "FIELDS",
    "Profile",
    "UnknownProfileError",
    "forms",
    "make_profile",
    "profiles",
    "profiles_for",
]
