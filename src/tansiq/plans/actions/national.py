"""The report of a nation: begun with its figures, written, taken anew, made final, reopened."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Marking
from tansiq.core.editing import ChangedMeanwhileError, save_changes
from tansiq.plans.models import (
    Edition,
    NationalReport,
    NationalReportStatus,
    Period,
    ReportText,
)
from tansiq.plans.queries.national.audience import still_fits
from tansiq.plans.queries.national.canonical import canonical, hash_of
from tansiq.plans.queries.national.editions import figures_of, latest_edition, words_of
from tansiq.plans.queries.national.figures import gather
from tansiq.plans.queries.national.telling import SECTIONS


class NationalReportError(Exception):
    """The step makes no sense now; the message says why and what to do."""


@transaction.atomic
def start_national_report(period: Period, *, by: Actor, at: datetime) -> NationalReport:
    """Begin the report of the nation on a period with the figures of now, or return the one begun.

    It is AMBER at first, or as strict as its plan.
    """
    found = NationalReport.objects.filter(period=period).first()
    if found is not None:
        return found
    plan = period.plan
    is_strict = plan.marking in {Marking.AMBER_STRICT, Marking.RED}
    report = NationalReport.objects.create(
        plan=plan,
        period=period,
        owner=plan.owner,
        marking=plan.marking if is_strict else Marking.AMBER,
        purpose=_("Report of the nation on a plan"),
        changed_at=at,
    )
    record(by, "plans.national_start", report, at=at)
    _freeze(report, 1, at=at)
    return report


def _freeze(report: NationalReport, number: int, *, at: datetime) -> Edition:
    figures = canonical(gather(report, at=at))
    return Edition.objects.create(
        report=report, number=number, made_at=at, figures=figures, sha256=hash_of(figures)
    )


@transaction.atomic
def take_figures(report: NationalReport, *, by: Actor, at: datetime) -> Edition:
    """Freeze the figures of now as a new edition; what was written stays. Raises if final."""
    report = _locked(report)
    _refuse_final(report)
    latest = latest_edition(report)
    _close(latest, at=at)
    edition = _freeze(report, latest.number + 1, at=at)
    record(by, "plans.national_figures", report, at=at, detail={"edition": edition.number})
    return edition


def _close(edition: Edition, *, at: datetime, is_final: bool = False) -> None:
    """Freeze the words beside the figures, so that this edition can be made again later."""
    edition.words = canonical(words_of(edition.report))
    edition.closed_at, edition.is_final = at, is_final
    edition.save(update_fields=["words", "closed_at", "is_final"])


@transaction.atomic
def write_text(
    report: NationalReport,
    section: str,
    language: str,
    text: str,
    *,
    revision: int,
    by: Actor,
    at: datetime,
) -> ReportText:
    """Keep what a person writes for a section in a language.

    Raises ChangedMeanwhileError if somebody saved it since `revision` (0: it was not there).
    """
    report = _locked(report)
    _refuse_final(report)
    if section not in SECTIONS:
        raise NationalReportError(_("The report has no such section."))
    written, is_new = ReportText.objects.get_or_create(
        report=report, section=section, language=language
    )
    if not is_new and revision == 0 and written.text:
        raise ChangedMeanwhileError(written)
    changes = {"text": text.strip(), "written_by_id": by.person_id}
    save_changes(written, changes, revision=written.revision if is_new else revision, at=at)
    detail = {"section": section, "language": language}
    record(by, "plans.national_write", report, at=at, detail=detail)
    return written


@transaction.atomic
def finalise_report(report: NationalReport, *, by: Actor, at: datetime) -> Edition:
    """Close the report with the figures and words it has now, and give it a receipt.

    Raises NationalReportError when it is final already, or when more people may read it than
    its figures were gathered for.
    """
    report = _locked(report)
    _refuse_final(report)
    edition = latest_edition(report)
    if not still_fits(figures_of(edition)["audience"], report):
        raise NationalReportError(too_open())
    _close(edition, at=at, is_final=True)
    report.status = NationalReportStatus.FINAL
    report.finalised_at = at
    country = report.plan.country.code.upper()
    report.receipt = f"{country}-N-{report.period.ends_on.year}-{report.pk:05d}"
    report.save(update_fields=["status", "finalised_at", "receipt"])
    detail = {"edition": edition.number, "sha256": edition.sha256}
    record(by, "plans.national_finalise", report, at=at, detail=detail)
    return edition


def too_open() -> str:
    """Say why an edition cannot be shown to those who may read the report now."""
    return _(
        "More people may read this report now than its figures and quotes were gathered for. "
        "Take the figures anew first."
    )


@transaction.atomic
def reopen_national(report: NationalReport, reason: str, *, by: Actor, at: datetime) -> Edition:
    """Open a final report again with new figures; the final edition stays as it was.

    Raises NationalReportError without a reason, or if it is not final.
    """
    report = _locked(report)
    if not report.is_final:
        raise NationalReportError(_("Only a final report can be opened again."))
    if not reason.strip():
        raise NationalReportError(_("Say why, so that readers of the final one understand it."))
    report.status = NationalReportStatus.DRAFT
    report.save(update_fields=["status"])
    number = latest_edition(report).number + 1
    record(by, "plans.national_reopen", report, at=at, detail={"why": reason.strip()})
    return _freeze(report, number, at=at)


def _refuse_final(report: NationalReport) -> None:
    if report.is_final:
        raise NationalReportError(_("This report is final. Open it again to change it."))


def _locked(report: NationalReport) -> NationalReport:
    """Read the report again for this transaction, so that two people cannot decide at once."""
    return (
        NationalReport.objects.select_for_update(of=("self",))
        .select_related("plan__country", "plan__place", "period", "owner")
        .get(pk=report.pk)
    )
