from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.incidents.models.base import InRoom


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("text message")
    WEBHOOK = "webhook", _("another system (webhook)")
    FEED = "feed", _("alert feed")
    PAGE = "page", _("public page of the city")


class OutgoingState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("message that leaves", "waiting")
    SENT = "sent", pgettext_lazy("message that leaves", "sent")
    FAILED = "failed", pgettext_lazy("message that leaves", "failed")
    SHOWN = "shown", pgettext_lazy("message that leaves", "shown in the exercise only")


class Outgoing(InRoom):
    """One message on its way out of the platform. Of an exercise none ever leaves."""

    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    # Whom it goes to: an address or a number of a member or contact, or the name of a feed.
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    language = models.CharField(max_length=8, blank=True)
    is_exercise = models.BooleanField()
    state = models.CharField(max_length=8, choices=OutgoingState, default=OutgoingState.WAITING)
    problem = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Really, not on the room's clock.
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(is_exercise=False) | models.Q(state=OutgoingState.SHOWN),
                name="exercise_never_leaves",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "id"], name="outgoing_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"
