"""How long the workbook of all places takes, out and in again, and how much memory.

600 local plans with their reports: figures, words, actions and milestones. Each half runs in a
process of its own, as the job does.

    python -m benchmarks.workbooks
"""

import datetime as dt
import os
import re
import resource
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from benchmarks.bench import figure, start, stopwatch

start()

from django.db import connection

from benchmarks.countries import AT, BATCH, SYSTEM, Country, give_leads, make_country
from tansiq.access.models import Organisation
from tansiq.core.documents.package import column_letters
from tansiq.core.documents.workbooks import FIRST_COLUMN, MARKER, ROWS_AT
from tansiq.plans.actions.cascade import carry_down
from tansiq.plans.actions.workbooks import take_steps
from tansiq.plans.models import (
    Action,
    Activity,
    Datapoint,
    Milestone,
    Period,
    Plan,
    Report,
)
from tansiq.plans.workbooks.catalogue import kinds_in
from tansiq.plans.workbooks.making import make_workbook
from tansiq.plans.workbooks.reading import parse
from tansiq.plans.workbooks.scope import Scope
from tansiq.plans.workbooks.taking import look_at

PLANS = 600
AIM_S, AIM_MB = 30, 400


def measure() -> None:
    """Make the country here, then time each half in a process of its own."""
    country = make_country("xw", [30, PLANS - 30], kinds=["province", "city"])
    places = country.levels[1] + country.levels[2]
    give_leads(country.levels[1], "province")
    give_leads(country.levels[2], "city")
    carry_down(country.plan, places, by=SYSTEM, at=AT)
    _fill(country)
    connection.close()
    again = os.environ | {"BENCHMARK_DATA": os.environ["TANSIQ_DATA_DIR"]}
    for half in ("out", "edit", "in"):
        command = [sys.executable, "-m", "benchmarks.workbooks", half]
        subprocess.run(command, env=again, check=True)  # noqa: S603 -- a fixed command


def _fill(country: Country) -> None:
    """Give each place a report with all figures and words, milestones and two activities."""
    period = Period.objects.get(plan=country.plan)
    plans = list(Plan.objects.filter(parent=country.plan))
    reports = Report.objects.bulk_create(
        [
            Report(
                owner_id=plan.owner_id,
                period=period,
                place_id=plan.place_id,
                language="en",
                narrative=f"What was done in place {plan.place_id}. " * 12,
                blockers="The budget comes late.",
            )
            for plan in plans
        ],
        batch_size=BATCH,
    )
    Datapoint.objects.bulk_create(
        [
            Datapoint(
                indicator=indicator,
                report=report,
                place_id=report.place_id,
                period=period,
                amount=n + report.place_id % 7,
                weight=1 + n,
                as_of=period.ends_on,
            )
            for report in reports
            for n, indicator in enumerate(country.indicators)
        ],
        batch_size=BATCH,
    )
    actions = Action.objects.filter(plan__in=plans, kind="step", code__endswith=".1")
    Milestone.objects.bulk_create(
        [
            Milestone(action=action, title=f"Step of {action.code}", due_on=period.ends_on)
            for action in actions
        ],
        batch_size=BATCH,
    )
    Activity.objects.bulk_create(
        [
            Activity(
                owner_id=plan.owner_id,
                plan=plan,
                place_id=plan.place_id,
                title=f"Training {n}",
                language="en",
                audience="youth",
                funding="local",
                starts_on=period.starts_on,
                ends_on=period.ends_on,
            )
            for plan in plans
            for n in range(2)
        ],
        batch_size=BATCH,
    )


def _scope() -> Scope:
    plan = Plan.objects.select_related("country", "place", "owner").get(parent=None)
    period = Period.objects.select_related("plan").get(plan=plan)
    lead = Organisation.objects.select_related("place").get(slug="lead-xw")
    return Scope(plan, SYSTEM, AT + dt.timedelta(hours=1), period=period, lead=lead)


def _path() -> Path:
    return Path(os.environ["TANSIQ_DATA_DIR"]) / "all.xlsx"


def out() -> None:
    begun = time.process_time()
    with stopwatch() as taken:
        made = make_workbook(_path(), _scope(), by_name="Benchmark")
    assert made.rows["figures"] == PLANS * 10
    figure(
        "plans.workbook_out_s", taken[0], "s", AIM_S, plans=PLANS, rows=sum(made.rows.values()),
        mb=round(made.size / 1024**2, 1), cpu_s=round(time.process_time() - begun, 1),
    )  # fmt: skip
    figure("plans.workbook_memory_mb", _peak_mb(), "MB", AIM_MB, half="out")


def come_in() -> None:
    """Send in the workbook in which one figure and one status of each place is another."""
    scope = _scope()
    begun = time.process_time()
    with stopwatch() as taken:
        parsed = parse(_path().read_bytes(), scope)
        look = look_at(parsed, scope)
        take_steps(look.steps, by=SYSTEM, at=AT)
    changed = len(look.comparison.changes)
    assert (changed, look.problems_total) == (2 * PLANS, 0)
    assert Action.objects.filter(status="done").count() == PLANS
    cpu = round(time.process_time() - begun, 1)
    figure("plans.workbook_in_s", taken[0], "s", AIM_S, plans=PLANS, cells=changed, cpu_s=cpu)
    figure("plans.workbook_memory_mb", _peak_mb(), "MB", AIM_MB, half="in")


def edit() -> None:
    """Write another figure and another status into one row of each place, as people would."""
    scope = _scope()
    wanted = {}
    for key, column, step in (("figures", "number", 10), ("actions", "status", 18)):
        kind = kinds_in(scope)[key]
        keys = [one.key for one in kind.sheet(scope).columns]
        letter = column_letters(FIRST_COLUMN + keys.index(column) + 1)
        wanted[key] = {f"{letter}{ROWS_AT + 1 + step * n}" for n in range(PLANS)}
    path = _path()
    edited = path.with_suffix(".new")
    with ZipFile(path) as old, ZipFile(edited, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            for key, addresses in wanted.items():
                if f"{MARKER}:{key}:".encode() in text:
                    text = _CELL.sub(partial(_other, addresses), text)
            new.writestr(name, text)
    edited.replace(path)


_CELL = re.compile(rb'(<c r="([A-Z]+[0-9]+)" s="[0-9]+")(?: t="[a-zA-Z]+")?>.*?</c>')


def _other(addresses: set[str], cell: re.Match[bytes]) -> bytes:
    if cell[2].decode() not in addresses:
        return cell[0]
    if b"inlineStr" in cell[0]:
        return cell[1] + b' t="inlineStr"><is><t>Done</t></is></c>'
    return cell[1] + b"><v>4321</v></c>"


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    {"out": out, "edit": edit, "in": come_in}.get(
        sys.argv[1] if len(sys.argv) > 1 else "", measure
    )()
