import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Contact
from tansiq.incidents.models.base import InRoom
from tansiq.incidents.models.tasks import Seat


class Answer(models.TextChoices):
    NONE = "", pgettext_lazy("answer to a call", "no answer yet")
    COMING = "coming", pgettext_lazy("answer to a call", "coming")
    CANNOT = "cannot", pgettext_lazy("answer to a call", "cannot come")
    HANDED_ON = "handed_on", pgettext_lazy("answer to a call", "handed on")


class AnsweredBy(models.TextChoices):
    """How the answer came in."""

    LINK = "link", pgettext_lazy("how an answer came", "by the link")
    ROOM = "room", pgettext_lazy("how an answer came", "in the room")
    TELEPHONE = "telephone", pgettext_lazy("how an answer came", "by telephone")


class Activation(InRoom):
    """What was answered in the first minute. `client_key` lets a second tap arrive once."""

    client_key = models.UUIDField(unique=True)
    answers = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["incident"], name="activation_once"),
        ]

    def __str__(self) -> str:
        return f"activation of {self.incident_id}"


class Call(InRoom):
    """Somebody was asked to take a seat: when, by which ways, and what they answered.

    Whoever erases their account, or withdraws as a contact, is gone from here; the times stay.
    """

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="calls")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="calls"
    )
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="calls"
    )
    rank = models.PositiveSmallIntegerField(default=0)
    # On the room's clock: when they were first asked, and when last, if more than once.
    called_at = models.DateTimeField()
    again_at = models.DateTimeField(null=True, blank=True)
    times_called = models.PositiveSmallIntegerField(default=1)
    channels = models.JSONField(default=list)
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.NONE, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=10, choices=AnsweredBy, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) | models.Q(contact__isnull=True),
                name="call_to_one",
            ),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at__isnull=True)
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
                name="call_answered_with_a_moment",
            ),
            models.UniqueConstraint(fields=["seat", "person"], name="call_person_once"),
            models.UniqueConstraint(fields=["seat", "contact"], name="call_contact_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["incident", "seat", "rank"], name="call_of_seat"),
        ]

    def __str__(self) -> str:
        return f"call {self.pk}"

    @property
    def name(self) -> str:
        return self.contact.name if self.contact else str(self.person or "")

    @property
    def last_called_at(self) -> dt.datetime:
        return self.again_at or self.called_at

    @property
    def minutes(self) -> int | None:
        """Return how many minutes passed from the first call to the answer, on the room's clock."""
        if self.answered_at is None:
            return None
        return int((self.answered_at - self.called_at).total_seconds() // 60)

    @property
    def is_answered(self) -> bool:
        return self.answer != Answer.NONE

    @property
    def is_coming(self) -> bool:
        return self.answer == Answer.COMING
