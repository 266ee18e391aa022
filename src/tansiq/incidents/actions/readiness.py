"""Looking at a standing task again: when, and where one sees it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Organisation
from tansiq.incidents.models import ReadinessReview


class ReviewError(Exception):
    """The review cannot be kept so; the message says why."""


@dataclass(frozen=True)
class Review:
    reviewed_on: date
    evidence: str = ""
    note: str = ""


@transaction.atomic
def keep_review(
    organisation: Organisation, task: str, review: Review, *, by: Actor, at: datetime
) -> ReadinessReview:
    """Keep that a standing task was done; earlier reviews stay as its history.

    Raises ReviewError for a day that is still to come.
    """
    if review.reviewed_on > at.date():
        raise ReviewError(_("This day is still to come. Write the day on which it was done."))
    kept = ReadinessReview.objects.create(
        organisation=organisation,
        task=task,
        reviewed_on=review.reviewed_on,
        evidence=review.evidence,
        note=review.note,
        person_id=by.person_id,
        made_at=at,
    )
    record(by, "incidents.review", organisation, at=at, detail={"task": task, "review": kept.pk})
    return kept
