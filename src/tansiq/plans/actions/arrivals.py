"""Taking in what was written without a connection: the same delivery twice counts once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.plans.actions.reports import ReportError, submit_report
from tansiq.plans.actions.writing import Entries, save_report
from tansiq.plans.models import Arrival, Report

# A device gives up before that; afterwards a key need not be remembered.
REMEMBERED_FOR = timedelta(days=90)


@dataclass(frozen=True)
class Written:
    """What a device kept of a report, upon which state of it, and from which open page."""

    words: Mapping[str, str]
    entries: Entries
    revision: int
    pen: str


@transaction.atomic
def take_in(
    report: Report, written: Written, *, key: str, and_send: bool, by: Actor, at: datetime
) -> Arrival:
    """Save what a device kept, and with `and_send` give it to the level above.

    A key that was taken before changes nothing and gives the same answer. Raises what
    `save_report` and `submit_report` raise; then nothing is saved and the device may try again.
    """
    # The second of two deliveries that come at once waits here for the first.
    Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    before = Arrival.objects.filter(key=key).first()
    if before is not None:
        if (before.report_id, before.person_id) != (report.pk, by.person_id):
            raise ReportError(_("This was put away on another device. Open the report again."))
        return before
    saved = save_report(
        report,
        written.words,
        written.entries,
        revision=written.revision,
        pen=written.pen,
        by=by,
        at=at,
    )
    if and_send:
        submit_report(saved, by=by, at=at)
    arrival = Arrival.objects.create(
        report=report, person_id=by.person_id, key=key, has_sent=and_send, at=at
    )
    record(by, "plans.report_arrive", report, at=at, detail={"sent": and_send})
    return arrival


def forget_arrivals(*, at: datetime) -> int:
    """Remove keys nobody will deliver again; return how many."""
    removed, _each = Arrival.objects.filter(at__lt=at - REMEMBERED_FOR).delete()
    return removed
