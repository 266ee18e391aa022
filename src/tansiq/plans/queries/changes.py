"""Who changed a thing latest, for the one who came second."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from tansiq.access.models import LogEntry, Person


def latest_editor(thing: models.Model) -> Person | None:
    """Return who is written last in the log about this thing."""
    entries = LogEntry.objects.filter(
        target_kind=thing._meta.label_lower, target_id=thing.pk, person_id__isnull=False
    ).exclude(rule__startswith="refused:")
    person_id = entries.order_by("-pk").values_list("person_id", flat=True).first()
    return Person.objects.filter(pk=person_id).first() if person_id else None


def both_versions(form: Any, fresh: Any) -> dict[str, Any]:
    """Return what a page shows whose writer came second: what was typed beside what stands now.

    `fresh` is the form as it would open now; `form` goes on from there with what was typed.
    """
    current = fresh.instance
    return {
        "differences": form.show_again(fresh),
        "changed_by": latest_editor(current) or _("Somebody"),
        "changed_at": current.changed_at,
        "is_conflict": True,
    }
