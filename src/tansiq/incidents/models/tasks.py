from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Contact
from tansiq.core.editing import Editable
from tansiq.incidents.models.base import InRoom
from tansiq.incidents.querysets import TaskQuerySet


class TaskState(models.TextChoices):
    OPEN = "open", pgettext_lazy("task", "open")
    DONE = "done", pgettext_lazy("task", "done")
    NOT_NEEDED = "not_needed", pgettext_lazy("task", "not needed")


class Task(InRoom, Editable):
    """A task of the playbook in a room, with its clock; or one that the room added itself.

    The words of a playbook's task stand in the playbook, in six languages; `title` is only for
    tasks that were added here.
    """

    key = models.CharField(max_length=20, blank=True)
    # Which time, of a task that comes again.
    occurrence = models.PositiveSmallIntegerField(default=1)
    phase = models.CharField(_("phase"), max_length=4)
    title = models.CharField(_("task"), max_length=200, blank=True)
    detail = models.TextField(_("how"), blank=True)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, blank=True)
    role = models.CharField(_("role"), max_length=20)
    deputies = models.JSONField(default=list, blank=True)
    # On the room's clock; empty when it waits for a date that nobody has set yet.
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    after = models.ManyToManyField("self", symmetrical=False, related_name="before", blank=True)
    state = models.CharField(_("state"), max_length=10, choices=TaskState, default=TaskState.OPEN)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    # When it was done, or found not to be needed, by whom; the note says why not.
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.TextField(_("note"), blank=True)
    needs_evidence = models.BooleanField(default=False)
    evidence = models.CharField(_("evidence"), max_length=400, blank=True)
    # Rights checks of the playbook that must be confirmed before it is done, and those confirmed.
    checks = models.JSONField(default=list, blank=True)
    confirmed = models.JSONField(default=list, blank=True)

    objects: ClassVar = TaskQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["incident", "key", "occurrence"],
                condition=~models.Q(key=""),
                name="task_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", ended_at__isnull=True)
                | models.Q(state__in=["done", "not_needed"], ended_at__isnull=False),
                name="task_ended_with_a_moment",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["incident", "state", "due_at"], name="task_most_pressing"),
        ]

    def __str__(self) -> str:
        return self.key or self.title

    @property
    def is_open(self) -> bool:
        return self.state == TaskState.OPEN


class Seat(InRoom, Editable):
    """A role of the playbook in a room, and who holds it; empty seats stand out."""

    role = models.CharField(_("role"), max_length=20)
    is_leading = models.BooleanField(default=False)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="seats",
        verbose_name=_("held by"),
    )
    # Or somebody outside the platform, who agreed to be listed.
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="seats"
    )
    held_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["incident", "role"], name="seat_once"),
            models.CheckConstraint(
                condition=models.Q(holder__isnull=True) | models.Q(contact__isnull=True),
                name="seat_held_by_one",
            ),
        ]

    def __str__(self) -> str:
        return self.role

    @property
    def is_held(self) -> bool:
        return self.holder_id is not None or self.contact_id is not None

    @property
    def holder_name(self) -> str:
        """Return who holds it, member or contact; empty when nobody does."""
        if self.contact is not None:
            return self.contact.name
        return str(self.holder) if self.holder is not None else ""
