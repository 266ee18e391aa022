"""Consultations entered by hand, and bodies asked for their say."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Organisation, Place
from tansiq.core.editing import save_changes
from tansiq.plans.actions.pictures import refuse_names
from tansiq.plans.models import Attendance, Consultation, Plan
from tansiq.plans.notices import tell_that_a_say_is_wanted

_TEXTS = ("about", "said", "changed")


class ConsultationError(Exception):
    """The consultation cannot be entered so; the message says what is missing."""


@transaction.atomic
def put_consultation(
    consultation: Consultation,
    changes: dict[str, Any],
    *,
    present: dict[str, int],
    revision: int,
    by: Actor,
    at: datetime,
) -> Consultation:
    """Enter or change a consultation; `present` counts persons by kind of actor.

    Raises NotAboutPersonsError, ChangedMeanwhileError, and ConsultationError if nobody was there.
    """
    counts = {kind: persons for kind, persons in present.items() if persons}
    if not counts:
        raise ConsultationError(_("Say how many persons of which kind were present."))
    refuse_names((changes.get(name, "") for name in _TEXTS), speaks_of_risk=False)
    rule = "plans.consultation_add" if consultation.pk is None else "plans.consultation_edit"
    if consultation.pk is None:
        for name, value in changes.items():
            setattr(consultation, name, value)
        consultation.changed_at = at
        consultation.save(force_insert=True)
    else:
        save_changes(consultation, changes, revision=revision, at=at)
    consultation.present.all().delete()
    Attendance.objects.bulk_create(
        Attendance(consultation=consultation, voice=kind, persons=persons)
        for kind, persons in counts.items()
    )
    record(by, rule, consultation, at=at, detail={"present": counts})
    return consultation


@transaction.atomic
def remove_consultation(consultation: Consultation, *, by: Actor, at: datetime) -> None:
    """Remove a consultation that was entered by mistake."""
    record(by, "plans.consultation_remove", consultation, at=at)
    consultation.delete()


@transaction.atomic
def ask_for_say(
    organisation: Organisation, place: Place, *, plan: Plan | None, by: Actor, at: datetime
) -> int:
    """Ask a body to say something on a plan or a place; return how many people were told."""
    told = tell_that_a_say_is_wanted(organisation, place, plan=plan, at=at)
    detail = {"place": place.pk, "plan": plan.pk if plan else None, "told": told}
    record(by, "plans.voice_ask", organisation, at=at, detail=detail)
    return told
