"""How fast a plan is carried down, and values are accepted and rolled up.

Part one is a country like the Philippines: 1 national, 17 regional and 85 city plans with 10
indicators. Part two is one like Indonesia: 90,000 places, 1,000,000 activities, 10 indicators,
5 years of half-year reports of 552 provinces, regencies and cities.

    make bench-plans            both parts, and the workbook of all places
    python -m benchmarks.plans small | large | workbooks
"""

import datetime as dt
import os
import statistics
import subprocess
import sys
import time

from benchmarks.bench import figure, memory_mb, start, stopwatch

start()

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from benchmarks.countries import AT, BATCH, SYSTEM, Country, give_leads, make_country
from benchmarks.duplicates import duplicates
from benchmarks.national_report import national_report
from tansiq.access.models import Person, Place
from tansiq.plans.actions.cascade import carry_down
from tansiq.plans.actions.reports import accept_report
from tansiq.plans.actions.rollups import add_values
from tansiq.plans.actions.values import accept_value, withdraw_value
from tansiq.plans.models import (
    Activity,
    ActivityTotal,
    Datapoint,
    Period,
    Report,
    RollUp,
)
from tansiq.plans.queries.rollups import recomputed, stored


def small() -> None:
    country = make_country("ph", [17, 85], kinds=["region", "city"])
    regions, cities = country.levels[1:]
    give_leads(regions, "province")
    give_leads(cities, "city")

    with stopwatch() as taken:
        made = carry_down(country.plan, regions + cities, by=SYSTEM, at=AT)
    assert len(made.plans) == 102
    figure("plans.cascade_s", taken[0], "s", 0.5, plans=102, actions=made.actions)

    values = send_reports(country, cities)
    with stopwatch() as taken:
        for value in values:
            accept_value(value, by=SYSTEM, at=AT)
    assert stored(country.indicators) == recomputed(country.indicators)
    figure("plans.approve_850_s", taken[0], "s", 1.0, values=len(values), one_transaction_each=True)

    for value in values:
        withdraw_value(value, by=SYSTEM, at=AT)
    Datapoint.objects.update(status="submitted")
    reports = list(Report.objects.all())
    with stopwatch() as taken:
        for report in reports:
            accept_report(report, answer="", by=SYSTEM, at=AT)
    assert stored(country.indicators) == recomputed(country.indicators)
    figure("plans.approve_850_by_report_s", taken[0], "s", None, reports=len(reports))


def send_reports(country: Country, places: list[Place]) -> list[Datapoint]:
    period = Period.objects.get(plan=country.plan)
    reports = Report.objects.bulk_create(
        [
            Report(
                owner=country.body, period=period, place=place, language="en", status="submitted"
            )
            for place in places
        ]
    )
    return Datapoint.objects.bulk_create(
        [
            Datapoint(
                indicator=indicator,
                report=report,
                place_id=report.place_id,
                period=period,
                amount=n + report.place_id % 7,
                weight=1 + n,
                as_of=period.ends_on,
                status="submitted",
            )
            for report in reports
            for n, indicator in enumerate(country.indicators)
        ],
        batch_size=BATCH,
    )


def large() -> None:
    country = make_country(
        "id",
        [38, 514, 7_277, 82_170],
        kinds=["province", "regency", "district", "village"],
        periods=10,
    )
    provinces, regencies = country.levels[1:3]
    give_leads(provinces, "province")
    give_leads(regencies, "city")
    carry_down(country.plan, provinces + regencies, by=SYSTEM, at=AT)
    five_years_of_reports(country, provinces + regencies)
    a_million_activities(country)
    connection.cursor().execute("ANALYZE")
    places = Place.objects.count()
    assert places >= 90_000
    assert Activity.objects.count() == 1_000_000

    figure(
        "plans.rollup_value_ms", *accept_one_at_a_time(country, regencies), aim=10, places=places
    )
    figure("plans.rollup_value_village_ms", *accept_in_villages(country), aim=10, depth=5)
    # In processes of their own, as an operator runs it: this one still holds what it made.
    connection.close()
    again = os.environ | {"BENCHMARK_DATA": os.environ["TANSIQ_DATA_DIR"]}
    for part in ("pages", "duplicates"):
        command = [sys.executable, "-m", "benchmarks.plans", part]
        subprocess.run(command, env=again, check=True)  # noqa: S603 -- a fixed command


def pages() -> None:
    """Ask for the pages of the large country, and how much memory that took."""
    officer = Person.objects.get(email="officer@id.example.org")
    for name, address in {
        "plans.national_page_ms": reverse("plans:detail", args=["id", "nap"]),
        "plans.coverage_page_ms": reverse("plans:coverage", args=["id", "nap"]),
    }.items():
        figure(name, *server_time(officer, address), aim=100)
    # A year of a whole nation, counted at once.
    year = "?since=2025-11-21&until=2026-11-20"
    figure("plans.gaps_page_ms", *server_time(officer, reverse("plans:gaps") + year), aim=500)
    figure("plans.memory_mb", memory_mb(), "MB", 300)


def five_years_of_reports(country: Country, places: list[Place]) -> None:
    for period in Period.objects.filter(plan=country.plan):
        reports = Report.objects.bulk_create(
            [
                Report(
                    owner=country.body, period=period, place=place, language="en", status="accepted"
                )
                for place in places
            ],
            batch_size=BATCH,
        )
        rows = (
            Datapoint(
                indicator=indicator,
                report=report,
                place_id=report.place_id,
                period=period,
                amount=(n * 31 + report.place_id) % 500,
                weight=1 + n,
                as_of=period.ends_on,
                status="accepted",
            )
            for report in reports
            for n, indicator in enumerate(country.indicators)
        )
        Datapoint.objects.bulk_create(rows, batch_size=BATCH)
        with transaction.atomic():
            for report in reports:
                add_values(report.pk, column="report_id")


def a_million_activities(country: Country) -> None:
    """Enter 1,000,000 activities in one statement, and their totals in another."""
    last = country.levels[4]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999999)
            INSERT INTO plans_activity (owner_id, marking, is_hub_wide, purpose, revision, plan_id,
                place_id, title, language, audience, partners, starts_on, ends_on, status, funding,
                funder, currency, people_reached)
            SELECT %s, 'green', {"false" if connection.vendor == "postgresql" else "0"}, '', 1, %s,
                %s + i %% %s, 'Activity', 'en', 'youth', '', {_day("i")}, {_day("i")}, 'on_track',
                'local', '', '', i %% 90
            FROM n
            """,  # noqa: S608 -- fixed text of our own
            [country.body.pk, country.plan.pk, last[0].pk, len(last)],
        )
        cursor.execute(
            f"""
            INSERT INTO plans_activitytotal (plan_id, place_id, year, activities, people_reached)
            SELECT a.plan_id, l.ancestor_id, {_year("a.starts_on")}, COUNT(*), SUM(a.people_reached)
            FROM plans_activity a JOIN access_placelink l ON l.place_id = a.place_id
            GROUP BY 1, 2, 3
            """  # noqa: S608 -- fixed text of our own
        )
    assert ActivityTotal.objects.filter(place=country.root).count() == 5


def _day(i: str) -> str:
    if connection.vendor == "postgresql":
        return f"(DATE '2022-01-01' + ({i} %% 1800))"
    return f"date('2022-01-01', '+' || ({i} %% 1800) || ' days')"


def _year(day: str) -> str:
    if connection.vendor == "postgresql":
        return f"EXTRACT(YEAR FROM {day})::int"
    return f"CAST(strftime('%%Y', {day}) AS INTEGER)".replace("%%", "%")


def accept_one_at_a_time(country: Country, places: list[Place]) -> tuple[float, str]:
    """Return the median time to accept one value and find every ancestor right."""
    period = Period.objects.filter(plan=country.plan).latest("starts_on")
    chosen = list(
        Datapoint.objects.filter(period=period, place__in=places).select_related("report__owner")[
            ::20
        ]
    )
    for value in chosen:
        withdraw_value(value, by=SYSTEM, at=AT)
    Datapoint.objects.filter(pk__in=[v.pk for v in chosen]).update(status="submitted")
    return _median_of_accepting(chosen), "ms"


def accept_in_villages(country: Country) -> tuple[float, str]:
    """Return the same for values reported five levels down."""
    period = Period.objects.filter(plan=country.plan).latest("starts_on")
    villages = country.levels[4][::820]
    reports = Report.objects.bulk_create(
        [
            Report(owner=country.body, period=period, place=v, language="en", status="submitted")
            for v in villages
        ]
    )
    values = Datapoint.objects.bulk_create(
        [
            Datapoint(
                indicator=country.indicators[n % 10],
                report=report,
                place_id=report.place_id,
                period=period,
                amount=3,
                as_of=dt.date(2026, 12, 1),
                status="submitted",
            )
            for n, report in enumerate(reports)
        ]
    )
    return _median_of_accepting(values), "ms"


def _median_of_accepting(values: list[Datapoint]) -> float:
    times = []
    for value in values:
        above = RollUp.objects.filter(
            indicator=value.indicator_id,
            period=value.period_id,
            part="",
            place__links_down__place=value.place_id,
        )
        before = dict(above.values_list("place_id", "values_count"))
        begun = time.perf_counter()
        accept_value(value, by=SYSTEM, at=AT)
        times.append((time.perf_counter() - begun) * 1000)
        after = dict(above.values_list("place_id", "values_count"))
        expected = {pk: before.get(pk, 0) + 1 for pk in after}
        assert after == expected
    return statistics.median(times)


def server_time(officer: Person, address: str) -> tuple[float, str]:
    """Return the median time of one whole request, from URL to bytes, signed in."""
    client = Client()
    client.force_login(officer)
    times = []
    for _round in range(9):
        begun = time.perf_counter()
        response = client.get(address, headers={"host": "127.0.0.1"})
        times.append((time.perf_counter() - begun) * 1000)
        assert response.status_code == 200, response.status_code
    return statistics.median(times[2:]), "ms"


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["small", "report", "large", "workbooks"]
    if "small" in wanted:
        small()
    if "large" in wanted:
        large()
    if "pages" in wanted:
        pages()
    if "report" in wanted:
        national_report()
    if "duplicates" in wanted:
        duplicates()
    if "workbooks" in wanted:
        # On a database of its own, with nothing but its 600 plans.
        command = [sys.executable, "-m", "benchmarks.workbooks"]
        subprocess.run(command, check=True)  # noqa: S603 -- a fixed command
