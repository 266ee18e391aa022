"""How long the report of a nation with six hundred places takes, as PDF and as Word file."""

from django.urls import reverse

from benchmarks.bench import figure, stopwatch
from benchmarks.countries import AT, BATCH, SYSTEM, Country, give_leads, make_country
from tansiq.access.models import Place
from tansiq.plans.actions.cascade import carry_down
from tansiq.plans.actions.edition_files import readable_source, written
from tansiq.plans.actions.national import start_national_report, write_text
from tansiq.plans.actions.rollups import add_values
from tansiq.plans.models import Datapoint, Edition, Period, Report
from tansiq.plans.queries.national.editions import latest_edition

PLACES = 600
_AIM_S = 5.0
_WORDS = "What was done in this half-year, in words of the secretariat. " * 20


def national_report() -> None:
    """Time all of it: figures taken, document built, file written; in Arabic, the hardest."""
    country = make_country("pg", [30, PLACES - 30], kinds=["province", "city"])
    provinces, cities = country.levels[1:]
    give_leads(provinces, "province")
    give_leads(cities, "city")
    carry_down(country.plan, provinces + cities, by=SYSTEM, at=AT)
    _reports_of(country, provinces + cities)
    period = Period.objects.get(plan=country.plan)

    # A server that runs has read its addresses long ago.
    reverse("plans:reports")
    with stopwatch() as gathering:
        report = start_national_report(period, by=SYSTEM, at=AT)
    for section in ("summary", "progress", "places", "outlook"):
        write_text(report, section, "en", _WORDS, revision=0, by=SYSTEM, at=AT)
    edition = latest_edition(report)
    with stopwatch() as taken:
        content = _made(edition, "ar", "pdf")
    assert content.startswith(b"%PDF")
    figure(
        "plans.report_pdf_s",
        gathering[0] + taken[0],
        "s",
        _AIM_S,
        places=PLACES,
        figures_s=round(gathering[0], 2),
        kilobytes=len(content) // 1024,
    )
    with stopwatch() as taken:
        content = _made(edition, "en", "docx")
    figure("plans.report_docx_s", taken[0], "s", None, kilobytes=len(content) // 1024)


def _made(edition: Edition, language: str, kind: str) -> bytes:
    return written(readable_source(edition), language=language, kind=kind)


def _reports_of(country: Country, places: list[Place]) -> None:
    """Let every place send its report to the nation, accepted, with a wish to quote."""
    period = Period.objects.get(plan=country.plan)
    reports = Report.objects.bulk_create(
        [
            Report(
                owner=country.body,
                period=period,
                place=place,
                addressee=country.body,
                language="en",
                status="accepted",
                submitted_at=AT,
                accepted_at=AT,
                blockers="Halls are far and money comes late." if place.pk % 4 == 0 else "",
                wishes="A trainer for schools.",
            )
            for place in places
        ],
        batch_size=BATCH,
    )
    values = [
        Datapoint(
            indicator=indicator,
            report=report,
            place_id=report.place_id,
            period=period,
            amount=(n * 31 + report.place_id) % 500,
            as_of=period.ends_on,
            status="accepted",
        )
        for report in reports
        for n, indicator in enumerate(country.indicators)
    ]
    Datapoint.objects.bulk_create(values, batch_size=BATCH)
    for report in reports:
        add_values(report.pk, column="report_id")
