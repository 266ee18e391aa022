"""Writing a report: its words and its figures are saved together, under one revision."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.plans.actions.reports import ReportError
from tansiq.plans.actions.values import Value, erase_value, write_value
from tansiq.plans.models import Datapoint, Indicator, Report

# The whole ("") or one part of an indicator, and what stands there now; None empties it.
Entries = Mapping[tuple[Indicator, str], Value | None]


@transaction.atomic
def save_report(
    report: Report,
    words: Mapping[str, str],
    entries: Entries,
    *,
    revision: int,
    pen: str,
    by: Actor,
    at: datetime,
) -> Report:
    """Save words and figures of a report that is not locked, and return it as it now stands.

    `pen` names the open page: what a page saved by itself a moment ago is no conflict when the
    same page saves again. Raises ReportError if locked, ChangedMeanwhileError if another page
    saved since, and BadValueError for a value that cannot be right; then nothing is saved.
    """
    current = (
        Report.objects.select_for_update(of=("self",))
        .select_related("period__plan__country", "place", "owner", "addressee")
        .get(pk=report.pk)
    )
    if current.is_locked:
        raise ReportError(_("This report is locked. Ask the level above to reopen it."))
    if current.revision != revision and (not pen or current.pen != pen):
        raise ChangedMeanwhileError(current)
    is_first_of_this_page = current.pen != pen
    for name, text in words.items():
        setattr(current, name, text)
    current.pen, current.changed_at, current.changed_by_id = pen, at, by.person_id
    current.revision += 1
    current.save(update_fields=[*words, "pen", "changed_at", "changed_by", "revision"])
    _save_figures(current, entries, by=by, at=at)
    if is_first_of_this_page:
        # Once for each sitting: a page that saves itself every few seconds would flood the log.
        record(by, "plans.report_edit", current, at=at)
    return current


def _save_figures(report: Report, entries: Entries, *, by: Actor, at: datetime) -> None:
    kept = {(one.indicator_id, one.part): one for one in report.datapoints.all()}
    for (indicator, part), value in entries.items():
        found = kept.get((indicator.pk, part))
        if value is None and found is not None:
            erase_value(report, indicator, part)
        elif value is not None and not _stands(indicator, found, value):
            write_value(report, indicator, value, by=by, at=at)


def _stands(indicator: Indicator, found: Datapoint | None, value: Value) -> bool:
    return found is not None and (
        indicator.as_number(found.amount) == value.number
        and (found.weight, found.as_of, found.note) == (value.base, value.as_of, value.note)
    )
