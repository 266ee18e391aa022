import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation, Visible
from tansiq.core.editing import Editable
from tansiq.incidents.models.base import InRoom
from tansiq.incidents.querysets.support import SupportMessageQuerySet, SupportQuerySet


class SupportKind(models.TextChoices):
    PEOPLE = "people", pgettext_lazy("support", "people and teams")
    MEDICAL = "medical", pgettext_lazy("support", "medical help")
    PSYCHOSOCIAL = "psychosocial", pgettext_lazy("support", "psychosocial help")
    SECURITY = "security", pgettext_lazy("support", "protection and security")
    TRANSPORT = "transport", pgettext_lazy("support", "transport")
    SHELTER = "shelter", pgettext_lazy("support", "shelter and rooms")
    GOODS = "goods", pgettext_lazy("support", "goods and equipment")
    MONEY = "money", pgettext_lazy("support", "money")
    ADVICE = "advice", pgettext_lazy("support", "advice and expertise")
    LANGUAGE = "language", pgettext_lazy("support", "interpreters and translation")
    INFORMATION = "information", pgettext_lazy("support", "information")
    OTHER = "other", pgettext_lazy("support", "something else")


class Urgency(models.TextChoices):
    """How soon an answer is needed; the setting `SUPPORT_MINUTES` says how many minutes that is."""

    NOW = "now", pgettext_lazy("urgency", "now: lives depend on it")
    HOURS = "hours", pgettext_lazy("urgency", "within hours")
    DAYS = "days", pgettext_lazy("urgency", "within days")


class SupportState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("request for support", "asked")
    SEEN = "seen", pgettext_lazy("request for support", "seen")
    OFFERED = "offered", pgettext_lazy("request for support", "something else offered")
    ACCEPTED = "accepted", pgettext_lazy("request for support", "accepted")
    PARTLY = "partly", pgettext_lazy("request for support", "accepted in part")
    REFUSED = "refused", pgettext_lazy("request for support", "refused")
    DELIVERED = "delivered", pgettext_lazy("request for support", "delivered, they say")
    CONFIRMED = "confirmed", pgettext_lazy("request for support", "arrived")
    DISPUTED = "disputed", pgettext_lazy("request for support", "did not arrive as said")
    WITHDRAWN = "withdrawn", pgettext_lazy("request for support", "withdrawn")


UNANSWERED = (SupportState.ASKED, SupportState.SEEN)
PROMISED = (SupportState.ACCEPTED, SupportState.PARTLY, SupportState.DISPUTED)
ENDED = (SupportState.REFUSED, SupportState.CONFIRMED, SupportState.WITHDRAWN)

_TONES = {
    SupportState.ASKED: "risk",
    SupportState.SEEN: "on",
    SupportState.OFFERED: "risk",
    SupportState.ACCEPTED: "on",
    SupportState.PARTLY: "on",
    SupportState.REFUSED: "calm",
    SupportState.DELIVERED: "on",
    SupportState.CONFIRMED: "done",
    SupportState.DISPUTED: "late",
    SupportState.WITHDRAWN: "calm",
}


class SupportRequest(InRoom, Editable):
    """What one organisation of a room asks of another, up or down; with a clock for the answer."""

    from_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    to_organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("asked of")
    )
    kind = models.CharField(_("kind of support"), max_length=12, choices=SupportKind)
    what = models.CharField(_("what is needed"), max_length=200)
    quantity = models.PositiveIntegerField(_("how much"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    why = models.TextField(_("why"), blank=True)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    urgency = models.CharField(_("urgency"), max_length=5, choices=Urgency)
    state = models.CharField(
        _("state"), max_length=10, choices=SupportState, default=SupportState.ASKED
    )
    # Moments of the room's clock, like all that people of the room see.
    needed_by = models.DateTimeField(_("needed by"), null=True, blank=True)
    asked_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    # When it was first answered: accepted, refused, or something else offered.
    answered_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # When those who owe the answer, and those who wait, were told that it is late.
    warned_at = models.DateTimeField(null=True, blank=True)
    # What the other side says to it: why not, or what it offers instead, and how much of it.
    answer = models.TextField(_("answer"), blank=True)
    offered_quantity = models.PositiveIntegerField(_("how much we can give"), null=True, blank=True)
    promised_for = models.DateTimeField(_("will be there at"), null=True, blank=True)

    objects: ClassVar = SupportQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(from_organisation=models.F("to_organisation")),
                name="support_asked_of_another",
                violation_error_message=_("Ask somebody other than yourselves."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["to_organisation", "state", "answer_due_at"], name="support_owed"),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return reverse("incidents:support", args=[self.incident_id, self.pk])

    @property
    def what_and_how_much(self) -> str:
        amount = f"{self.quantity} {self.unit}".strip() if self.quantity else ""
        return f"{self.what} ({amount})" if amount else self.what

    @property
    def waits_for_answer(self) -> bool:
        return self.state in UNANSWERED

    @property
    def is_promised(self) -> bool:
        return self.state in PROMISED

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED

    @property
    def is_offered(self) -> bool:
        return self.state == SupportState.OFFERED

    @property
    def is_delivered(self) -> bool:
        return self.state == SupportState.DELIVERED

    @property
    def tone(self) -> str:
        """Return how the mark of its state looks."""
        return _TONES[SupportState(self.state)]

    @property
    def goes_up(self) -> bool:
        """Whether it is asked of a higher level than that of who asks."""
        return level_of(self.to_organisation) < level_of(self.from_organisation)

    def is_late(self, moment: dt.datetime) -> bool:
        """Return whether the answer is late at this moment of the room's clock."""
        return self.waits_for_answer and self.answer_due_at < moment


def level_of(organisation: Organisation) -> int:
    """Return the level of its place, 0 for the nation; what has no place stands lowest."""
    return organisation.place.level if organisation.place is not None else 9


class SupportMessage(Visible):
    """A line of the short talk about a request, of either side."""

    request = models.ForeignKey(SupportRequest, models.CASCADE, related_name="messages")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("message"))
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    at = models.DateTimeField()

    objects: ClassVar = SupportMessageQuerySet.as_manager()

    def __str__(self) -> str:
        return self.text
