from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation
from tansiq.incidents.models.base import KeptInRoom
from tansiq.incidents.querysets import EntryQuerySet


class EntryKind(models.TextChoices):
    NOTE = "note", pgettext_lazy("entry of a log", "note")
    DECISION = "decision", pgettext_lazy("entry of a log", "decision")
    FACT = "fact", pgettext_lazy("entry of a log", "fact")
    TASK = "task", pgettext_lazy("entry of a log", "task")
    ROLE = "role", pgettext_lazy("entry of a log", "role")
    STATEMENT = "statement", pgettext_lazy("entry of a log", "statement")
    ALERT = "alert", pgettext_lazy("entry of a log", "alert")
    REQUEST = "request", pgettext_lazy("entry of a log", "request for support")
    REPORT = "report", pgettext_lazy("entry of a log", "situation report")
    NEED = "need", pgettext_lazy("entry of a log", "need")
    RUMOUR = "rumour", pgettext_lazy("entry of a log", "rumour")
    TENSION = "tension", pgettext_lazy("entry of a log", "tension")
    RECOVERY = "recovery", pgettext_lazy("entry of a log", "recovery")
    INJECT = "inject", pgettext_lazy("entry of a log", "inject")
    ROOM = "room", pgettext_lazy("entry of a log", "room")


class Entry(KeptInRoom):
    """One line of the room's log. It is never changed; a later line may correct it.

    What the platform writes itself is a `code` with `facts`, worded in the reader's language;
    what people write stands in `text`.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind)
    code = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    text = models.TextField(_("text"), blank=True)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The role in which the person acted, a key of the playbook.
    role = models.CharField(max_length=20, blank=True)
    # On the room's clock; and really.
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    # When it was typed, on the room's clock, if it only arrived later.
    written_at = models.DateTimeField(null=True, blank=True)
    # Made on the device of who writes, so that what is sent twice arrives once.
    client_key = models.UUIDField(null=True, blank=True)
    # What the line is about, such as incidents.task and its key.
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections"
    )

    objects: ClassVar = EntryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["incident", "client_key"],
                condition=models.Q(client_key__isnull=False),
                name="entry_arrives_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["incident", "-at", "-id"], name="entry_latest"),
            models.Index(fields=["subject_kind", "subject_id"], name="entry_of_subject"),
        ]

    def __str__(self) -> str:
        return self.text or self.code
