"""How people and offices hear of items; addresses are read when something leaves."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation
from tansiq.access.querysets import OwnQuerySet
from tansiq.core.editing import Editable
from tansiq.exchange.models.items import Receipt
from tansiq.exchange.querysets.delivery import DispatchQuerySet, RouteQuerySet


class MailRhythm(models.TextChoices):
    AT_ONCE = "at_once", pgettext_lazy("how often mails come", "each at once")
    DAILY = "daily", pgettext_lazy("how often mails come", "one a day")
    WEEKLY = "weekly", pgettext_lazy("how often mails come", "one a week")


class MailChoice(models.Model):
    """How often a person gets mails about items; without a row, each at once.

    Whether mails come at all is `Person.mails`. Early warnings never wait for a digest.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_choice"
    )
    rhythm = models.CharField(
        _("mails about the exchange"),
        max_length=7,
        choices=MailRhythm,
        default=MailRhythm.AT_ONCE,
    )
    # The day for which a digest was made last, sent or not needed.
    last_on = models.DateField(null=True, blank=True, editable=False)

    objects: ClassVar = OwnQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.rhythm} for {self.person_id}"


class RouteChannel(models.TextChoices):
    EMAIL = "email", pgettext_lazy("channel", "e-mail of the office")
    SMS = "sms", pgettext_lazy("channel", "text message")
    WEBHOOK = "webhook", pgettext_lazy("channel", "program (webhook)")


class Route(Editable):
    """An office's own way to be reached: a mailbox, a duty telephone, a program."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="routes")
    channel = models.CharField(_("how"), max_length=7, choices=RouteChannel)
    address = models.CharField(_("address"), max_length=300)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    only_warnings = models.BooleanField(_("only early warnings"), default=False)
    is_paused = models.BooleanField(_("paused"), default=False)
    made_at = models.DateTimeField(editable=False)
    # Why the last message did not arrive; empty when it did.
    problem = models.CharField(max_length=200, blank=True, editable=False)

    objects: ClassVar = RouteQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation", "channel", "address"],
                name="route_once",
                violation_error_message=_("This address is there already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} of {self.organisation_id}"


class DispatchState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("state of a message", "waiting")
    SENT = "sent", pgettext_lazy("state of a message", "sent")
    FAILED = "failed", pgettext_lazy("state of a message", "failed")
    # It may not be read any more by whom it was for, or they want none.
    DROPPED = "dropped", pgettext_lazy("state of a message", "not sent")


class Dispatch(models.Model):
    """One message about one receipt to one person or over one route; holds no words."""

    receipt = models.ForeignKey(Receipt, models.CASCADE, related_name="dispatches")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    route = models.ForeignKey(
        Route, models.CASCADE, null=True, blank=True, related_name="dispatches"
    )
    state = models.CharField(max_length=7, choices=DispatchState, default=DispatchState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # Of the secret in the address to which an answer by mail goes; empty where none is taken.
    reply_digest = models.CharField(max_length=64, blank=True, db_index=True)

    objects: ClassVar = DispatchQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) ^ models.Q(route__isnull=True),
                name="dispatch_to_one",
            ),
            models.UniqueConstraint(
                fields=["receipt", "person"],
                condition=models.Q(person__isnull=False),
                name="dispatch_once_a_person",
            ),
            models.UniqueConstraint(
                fields=["receipt", "route"],
                condition=models.Q(route__isnull=False),
                name="dispatch_once_a_route",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["id"],
                condition=models.Q(state="waiting"),
                name="dispatch_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id}: {self.state}"
