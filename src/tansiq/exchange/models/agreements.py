"""What organisations agreed about sharing: for what, which kinds of data, how, and how long."""

import datetime as dt
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Marking, Organisation, Shared, Visible
from tansiq.core.editing import Editable
from tansiq.exchange.querysets.agreements import AgreementQuerySet, PartyQuerySet

# Nobody promises to keep something for longer than this.
MOST_DAYS: Final = 36_500


class Channel(models.TextChoices):
    DESK = "desk", pgettext_lazy("channel", "on this platform")
    MAIL = "mail", pgettext_lazy("channel", "e-mail")
    SMS = "sms", pgettext_lazy("channel", "text message")
    API = "api", pgettext_lazy("channel", "interface for programs")
    FEDERATION = "federation", pgettext_lazy("channel", "another instance of Tansiq")


class AgreementState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of an agreement", "draft")
    OPEN = "open", pgettext_lazy("state of an agreement", "waits for signatures")
    IN_FORCE = "in_force", pgettext_lazy("state of an agreement", "in force")
    ENDED = "ended", pgettext_lazy("state of an agreement", "ended")


class Agreement(Shared, Editable):
    """An information-sharing protocol. Its parties are `named_organisations`, through `Party`.

    The owner is a party like the others. From the first signature on its words stay as they are; a
    change is a new version, which `previous` leads back from.
    """

    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    legal_basis = models.TextField(_("legal basis"), max_length=5000)
    legal_url = models.URLField(_("where the law can be read"), max_length=500, blank=True)
    data_kinds = models.TextField(_("what may be shared"), max_length=5000)
    # The markings that may go under it.
    markings = models.JSONField(_("markings that may go"), default=list)
    # Whether another marking is refused, not only warned of.
    is_binding = models.BooleanField(_("refuse other markings"), default=False)
    channels = models.JSONField(_("ways on which it may go"), default=list)
    # Functions such as "duty officer of the city"; never persons.
    roles = models.TextField(_("who handles it, by function"), max_length=2000, blank=True)
    retention_days = models.PositiveIntegerField(_("kept for at most, in days"), default=180)
    complaints = models.TextField(_("where to complain"), max_length=2000)
    complaints_url = models.URLField(_("page for complaints"), max_length=500, blank=True)
    review_on = models.DateField(_("to be reviewed on"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    previous = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="later_versions"
    )
    offered_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Since the owner and at least one other have signed.
    in_force_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    end_reason = models.CharField(max_length=300, blank=True)
    # When its parties were last told that the day of the review is near or over.
    reminded_on = models.DateField(null=True, blank=True, editable=False)

    named_organisations = models.ManyToManyField(  # type: ignore[assignment]  # -- the same field, with a table that says more
        Organisation, blank=True, related_name="+", through="exchange.Party"
    )

    has_fixed_readers = True

    objects: ClassVar = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name_plural = pgettext_lazy("menu", "Sharing agreements")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(marking=Marking.RED),
                name="agreement_is_of_organisations",
                violation_error_message=_(
                    "An agreement is of organisations; TLP:RED is for persons."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("review_on")),
                name="agreement_reviewed_before_end",
                violation_error_message=_("The review comes before the last day."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["review_on"], name="agreement_by_review"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("exchange:agreement", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.offered_at is None

    def state(self, day: dt.date) -> AgreementState:
        if self.ended_at is not None or self.is_over(day):
            return AgreementState.ENDED
        if self.offered_at is None:
            return AgreementState.DRAFT
        return AgreementState.IN_FORCE if self.in_force_at else AgreementState.OPEN

    def is_over(self, day: dt.date) -> bool:
        return self.ends_on is not None and self.ends_on < day

    def is_review_late(self, day: dt.date) -> bool:
        return self.review_on < day

    def allows_channel(self, channel: str) -> bool:
        return channel in self.channels

    @property
    def marking_words(self) -> str:
        return ", ".join(f"TLP:{one.upper()}" for one in self.markings)

    @property
    def channel_words(self) -> str:
        labels: dict[Any, Any] = dict(Channel.choices)
        return ", ".join(str(labels[one]) for one in self.channels if one in labels)


class Party(Visible):
    """An organisation that an agreement is offered to, and its signature."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The office in which somebody signed, such as "Secretary General".
    signed_as = models.CharField(_("signed as"), max_length=120, blank=True)

    objects: ClassVar = PartyQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["agreement", "organisation"], name="party_once_an_agreement"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "signed_at"], name="party_signed"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.agreement_id}"

    @property
    def has_signed(self) -> bool:
        return self.signed_at is not None
