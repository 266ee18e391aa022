"""Who takes part in a room beside the body that runs it: named, and leaving again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actions.sharing import SharingError, name_organisation, unname_organisation
from tansiq.access.actor import Actor
from tansiq.access.models import Organisation
from tansiq.incidents.actions.log import Line, write_down
from tansiq.incidents.models import EntryKind, Incident, SupportRequest
from tansiq.incidents.wording import register

register("level_joined", gettext_lazy("%(organisation)s takes part from now on."))
register("level_left", gettext_lazy("%(organisation)s does not take part any more."))


class LevelError(Exception):
    """The organisation cannot join or leave so; the message says why and what to do."""


@transaction.atomic
def name_level(incident: Incident, organisation: Organisation, *, by: Actor, at: datetime) -> None:
    """Let one more organisation take part; its coordinators are told. Twice is once."""
    if incident.named_organisations.filter(pk=organisation.pk).exists():
        return
    try:
        name_organisation(incident, organisation, by=by, at=at)
    except SharingError as problem:
        raise LevelError(str(problem)) from problem
    facts = {"organisation": str(organisation)}
    line = Line(EntryKind.ROOM, "level_joined", facts=facts, subject=organisation)
    write_down(incident, line, rule="incidents.level_name", by=by, at=at)


@transaction.atomic
def leave_level(
    incident: Incident, organisation: Organisation, *, reason: str, by: Actor, at: datetime
) -> None:
    """Let an organisation take part no longer; what it said stays in the log.

    Raises LevelError while it owes an answer or help in this room, and without a reason.
    """
    if not reason.strip():
        raise LevelError(_("Say why, so that the others know whom to turn to."))
    if not incident.named_organisations.filter(pk=organisation.pk).exists():
        raise LevelError(_("This organisation does not take part in the room."))
    owed = SupportRequest.objects.filter(incident=incident).going_on()
    if owed.asked_of([organisation.pk]).exists():
        raise LevelError(
            _("It still owes answers or help in this room. Answer or refuse these requests first.")
        )
    # Written first: who leaves must still be seen as taking part in the line.
    line = Line(
        EntryKind.ROOM,
        "level_left",
        facts={"organisation": str(organisation)},
        text=reason.strip(),
        language=incident.language,
        subject=organisation,
    )
    write_down(incident, line, rule="incidents.level_leave", by=by, at=at)
    unname_organisation(incident, organisation, by=by, at=at)
