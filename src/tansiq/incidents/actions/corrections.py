"""What is said in public about a rumour: written, cleared by somebody else, sent out."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor
from tansiq.core.editing import ChangedMeanwhileError, save_changes
from tansiq.incidents.actions.log import Line, write_down
from tansiq.incidents.actions.refusing import refuse_persons
from tansiq.incidents.actions.rumours import RumourError
from tansiq.incidents.desks import CLEAR_WITHIN
from tansiq.incidents.models import Correction, EntryKind, Rumour, RumourStatus
from tansiq.incidents.wording import register

register("correction_written", gettext_lazy("An answer to a rumour was written."))
register("correction_cleared", gettext_lazy("An answer to a rumour was cleared."))
register("correction_released", gettext_lazy("A rumour was answered in public."))


@transaction.atomic
def write_correction(
    rumour: Rumour,
    language: str,
    *,
    claim: str,
    text: str,
    revision: int,
    by: Actor,
    at: datetime,
) -> Correction:
    """Write what is said about it in one language. A change takes the clearance away.

    Raises RumourError before the outcome is known, ChangedMeanwhileError, NotAboutPersonsError.
    """
    if not rumour.is_answerable or rumour.is_closed:
        raise RumourError(_("Decide the outcome first; then write what is said about it."))
    refuse_persons([claim, text], names_groups=False)
    found = Correction.objects.filter(rumour=rumour, language=language).first()
    changes = {"claim": claim, "text": text, "written_by_id": by.person_id}
    if found is not None:
        save_changes(found, changes, revision=revision, at=at)
    elif revision:
        raise ChangedMeanwhileError(rumour)
    else:
        found = Correction.objects.create(
            incident=rumour.incident, rumour=rumour, language=language, changed_at=at, **changes
        )
    _unclear(rumour, at=at)
    _say(rumour, "correction_written", text, rule="incidents.rumour_correct", by=by, at=at)
    return found


def _unclear(rumour: Rumour, *, at: datetime) -> None:
    changes = {
        "cleared_at": None,
        "cleared_by_id": None,
        "released_at": None,
        "status": RumourStatus.DECIDED,
        "clear_by": rumour.incident.room_time(at) + CLEAR_WITHIN,
    }
    save_changes(rumour, changes, revision=rumour.revision, at=at)


@transaction.atomic
def clear_correction(rumour: Rumour, *, revision: int, by: Actor, at: datetime) -> None:
    """Clear what was written, in all its languages. Raises RumourError, ChangedMeanwhileError."""
    written = list(rumour.corrections.order_by("pk"))
    if not written:
        raise RumourError(_("There is nothing to clear yet. Write the answer first."))
    if by.person_id in {one.written_by_id for one in written}:
        raise RumourError(_("You wrote this yourself. Somebody else has to clear it."))
    changes = {"cleared_at": rumour.incident.room_time(at), "cleared_by_id": by.person_id}
    save_changes(rumour, changes, revision=revision, at=at)
    text = written[0].text
    _say(rumour, "correction_cleared", text, rule="incidents.rumour_clear", by=by, at=at)


@transaction.atomic
def release_correction(
    rumour: Rumour, *, through: str, revision: int, by: Actor, at: datetime
) -> None:
    """Note that the answer went out, and how. Raises RumourError unless it is cleared."""
    if rumour.cleared_at is None:
        raise RumourError(_("This answer is not cleared yet. It cannot go out."))
    if rumour.released_at is not None:
        raise RumourError(_("This answer went out already."))
    refuse_persons([through])
    changes = {
        "released_at": rumour.incident.room_time(at),
        "released_through": through,
        "status": RumourStatus.CORRECTED,
    }
    save_changes(rumour, changes, revision=revision, at=at)
    _say(rumour, "correction_released", through, rule="incidents.rumour_release", by=by, at=at)


def _say(rumour: Rumour, code: str, text: str, *, rule: str, by: Actor, at: datetime) -> None:
    line = Line(EntryKind.RUMOUR, code, text=text, language=rumour.language, subject=rumour)
    write_down(rumour.incident, line, rule=rule, by=by, at=at)
