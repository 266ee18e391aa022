"""Two people editing one thing: the second is told and loses nothing."""

from typing import Any

from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _


class Editable(models.Model):
    """Base of what people edit: each saved change raises `revision` by one."""

    revision = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True


class ChangedMeanwhileError(Exception):
    """Somebody saved this after the form was opened; `current` is what stands now."""

    def __init__(self, current: Editable) -> None:
        super().__init__(
            _(
                "Somebody else changed this while you were writing. Your text is kept below; "
                "compare the two and save again."
            )
        )
        self.current = current


def save_changes(thing: Editable, changes: dict[str, Any], *, revision: int, at: Any) -> None:
    """Write the changed fields if nobody saved since `revision`.

    Raises ChangedMeanwhileError otherwise; then nothing is written.
    """
    model: Any = type(thing)
    for name, value in changes.items():
        setattr(thing, name, value)
    values = {name: getattr(thing, name) for name in changes}
    updated = model.objects.filter(pk=thing.pk, revision=revision).update(
        **values, revision=F("revision") + 1, changed_at=at
    )
    if not updated:
        raise ChangedMeanwhileError(model.objects.get(pk=thing.pk))
    thing.revision = revision + 1
    thing.changed_at = at
