"""Who changed a thing latest, for the one who came second."""

from django.db import models

from tansiq.access.models import LogEntry, Person


def latest_editor(thing: models.Model) -> Person | None:
    """Return who is written last in the log about this thing."""
    entries = LogEntry.objects.filter(
        target_kind=thing._meta.label_lower, target_id=thing.pk, person_id__isnull=False
    ).exclude(rule__startswith="refused:")
    person_id = entries.order_by("-pk").values_list("person_id", flat=True).first()
    return Person.objects.filter(pk=person_id).first() if person_id else None
