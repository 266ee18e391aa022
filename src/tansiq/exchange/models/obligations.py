"""What one organisation owes another, and the rhythms from which standing duties come."""

import datetime as dt
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation, Visible
from tansiq.access.zones import zone
from tansiq.core.editing import Editable
from tansiq.exchange.models.items import Item, Receipt
from tansiq.exchange.querysets import (
    ObligationQuerySet,
    OfObligationQuerySet,
    RemindedQuerySet,
    RhythmQuerySet,
)
from tansiq.exchange.states import ACTIVE


class ObligationKind(models.TextChoices):
    ANSWER = "answer", pgettext_lazy("kind of duty", "answer")
    BRIEFING = "briefing", pgettext_lazy("kind of duty", "briefing")
    THREATS = "threats", pgettext_lazy("kind of duty", "threat summary")
    FUNDS = "funds", pgettext_lazy("kind of duty", "funds")
    TRAINING = "training", pgettext_lazy("kind of duty", "training")
    REPORT = "report", pgettext_lazy("kind of duty", "report")
    GUIDANCE = "guidance", pgettext_lazy("kind of duty", "guidance")
    OTHER = "other", pgettext_lazy("kind of duty", "other")


class ObligationState(models.TextChoices):
    OPEN = "open", pgettext_lazy("state of a duty", "open")
    DONE = "done", pgettext_lazy("state of a duty", "given")
    CONFIRMED = "confirmed", pgettext_lazy("state of a duty", "given and confirmed")
    DISPUTED = "disputed", pgettext_lazy("state of a duty", "not received")
    WAIVED = "waived", pgettext_lazy("state of a duty", "waived")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a duty", "withdrawn")


class Every(models.TextChoices):
    ONCE = "once", pgettext_lazy("how often", "once")
    WEEK = "week", pgettext_lazy("how often", "every week")
    MONTH = "month", pgettext_lazy("how often", "every month")
    QUARTER = "quarter", pgettext_lazy("how often", "every quarter")
    HALF_YEAR = "half_year", pgettext_lazy("how often", "every six months")
    YEAR = "year", pgettext_lazy("how often", "every year")


class Way(models.TextChoices):
    WE_OWE = "we_owe", _("We owe it to them")
    THEY_OWE = "they_owe", _("They owe it to us")


class EscalationEnd(models.TextChoices):
    TOP = "top", _("Everybody above was told.")
    CIRCLE = "circle", _("The bodies above stand in a circle.")


# How many days before its day something that falls due again stands on the list.
OPENS_BEFORE: Final = {
    Every.ONCE: 30,
    Every.WEEK: 7,
    Every.MONTH: 14,
    Every.QUARTER: 30,
    Every.HALF_YEAR: 45,
    Every.YEAR: 60,
}


# How a state looks: the tone of its tag, and its icon.
_TONES: Final = {
    ObligationState.OPEN: ("on", "clock"),
    ObligationState.DONE: ("on", "check"),
    ObligationState.CONFIRMED: ("done", "check-circle"),
    ObligationState.DISPUTED: ("late", "return"),
    ObligationState.WAIVED: ("calm", "minus"),
    ObligationState.WITHDRAWN: ("calm", "minus"),
}


class Rhythm(Visible, Editable):
    """A standing duty between an organisation and others: "a briefing every quarter to each city".

    The same table serves both directions; it brings forth one `Obligation` a period and partner.
    """

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    way = models.CharField(_("who owes whom"), max_length=8, choices=Way)
    kind = models.CharField(_("kind"), max_length=8, choices=ObligationKind)
    what = models.CharField(_("what"), max_length=200)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    # With whom; see exchange.audience.
    audience = models.JSONField(default=list)
    every = models.CharField(_("how often"), max_length=9, choices=Every)
    first_due_on = models.DateField(_("first due on"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    # A day is over when it is over there.
    time_zone = models.CharField(max_length=40, default="UTC")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Every period due up to this day was brought forth.
    opened_until = models.DateField(null=True, blank=True, editable=False)
    client_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects: ClassVar = RhythmQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("first_due_on")),
                name="rhythm_ends_after_it_begins",
                violation_error_message=_("The last day is before the first time it is due."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["owner", "ended_at"], name="rhythm_by_owner"),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return reverse("exchange:rhythm", args=[self.pk])

    @property
    def is_ended(self) -> bool:
        return self.ended_at is not None

    @property
    def is_ours_to_give(self) -> bool:
        return self.way == Way.WE_OWE

    @property
    def zone(self) -> ZoneInfo:
        return zone(self.time_zone)


class Obligation(Visible):
    """One thing that one organisation owes another by a moment, with what became of it.

    Born of an item (then `receipt` says between whom), of a rhythm, or of a decision of somebody.
    Its words are those of the item, shown to whom the item is visible; `what` holds words of its
    own where there is no item.
    """

    debtor = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    creditor = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=ObligationKind)
    what = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, blank=True)
    item = models.ForeignKey(
        Item, models.CASCADE, null=True, blank=True, related_name="obligations"
    )
    receipt = models.ForeignKey(
        Receipt, models.CASCADE, null=True, blank=True, related_name="obligations"
    )
    rhythm = models.ForeignKey(
        Rhythm, models.PROTECT, null=True, blank=True, related_name="obligations"
    )
    # The day of the rhythm for which it stands; a period comes once, however often it is asked.
    period_on = models.DateField(null=True, blank=True)
    # From an item under RED: no colleague learns of it, nothing counts it, nobody above is told.
    is_red = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=ObligationState, default=ObligationState.OPEN)
    done_at = models.DateTimeField(null=True, blank=True)
    # What it was done with; None for what was done outside the platform.
    done_with = models.ForeignKey(
        Item, models.SET_NULL, null=True, blank=True, related_name="fulfils"
    )
    # Words of the latest step: how it was given, what is missing, why it is waived.
    note = models.CharField(max_length=500, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True, blank=True)
    # How many levels above the debtor were told, and when the latest one was.
    escalations_made = models.PositiveSmallIntegerField(default=0)
    escalated_at = models.DateTimeField(null=True, blank=True)
    # Why nobody further is told: everybody above was, or the bodies above stand in a circle.
    escalation_end = models.CharField(max_length=6, choices=EscalationEnd, blank=True)

    objects: ClassVar = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name_plural = pgettext_lazy("menu", "Owed")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(debtor=models.F("creditor")),
                name="obligation_between_two",
                violation_error_message=_("Nobody owes something to itself."),
            ),
            models.UniqueConstraint(fields=["receipt", "debtor"], name="one_answer_a_receipt"),
            models.UniqueConstraint(
                fields=["rhythm", "period_on", "debtor", "creditor"],
                name="a_period_comes_once",
            ),
            models.CheckConstraint(
                condition=models.Q(receipt__isnull=False) | ~models.Q(what=""),
                name="obligation_says_what",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["debtor", "due_at", "id"],
                condition=models.Q(state__in=ACTIVE),
                name="owed_by",
            ),
            models.Index(
                fields=["creditor", "due_at", "id"],
                condition=models.Q(state__in=ACTIVE),
                name="owed_to",
            ),
            models.Index(
                fields=["due_at", "id"], condition=models.Q(state__in=ACTIVE), name="owed_when"
            ),
            # SQLite cannot see that a bound list of states is the condition of an index above.
            models.Index(fields=["debtor", "state", "due_at", "id"], name="owed_by_state"),
            models.Index(fields=["creditor", "state", "due_at", "id"], name="owed_to_state"),
            models.Index(fields=["debtor", "-due_at", "-id"], name="owed_by_ever"),
            models.Index(fields=["creditor", "-due_at", "-id"], name="owed_to_ever"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.debtor_id} to {self.creditor_id}"

    def get_absolute_url(self) -> str:
        return reverse("exchange:obligation", args=[self.pk])

    @property
    def owner(self) -> Organisation:
        """Whose log it stands in."""
        return self.debtor

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    @property
    def is_disputed(self) -> bool:
        return self.state == ObligationState.DISPUTED

    @property
    def waits_for_confirmation(self) -> bool:
        return self.state == ObligationState.DONE and self.kind != ObligationKind.ANSWER

    @property
    def tone(self) -> str:
        return _TONES[ObligationState(self.state)][0]

    @property
    def symbol(self) -> str:
        return _TONES[ObligationState(self.state)][1]

    @property
    def closed_at(self) -> dt.datetime | None:
        return self.done_at or self.settled_at

    @property
    def due_on(self) -> dt.date:
        """The day on the calendar of the rhythm, or of the platform."""
        return self.period_on or self.due_at.date()

    def is_late(self, moment: dt.datetime) -> bool:
        return self.is_active and self.due_at < moment

    @property
    def was_late(self) -> bool:
        return self.done_at is not None and self.done_at > self.due_at


class Reminder(Visible):
    """One time somebody was reminded, by the rule or by hand: of a duty, or of an item."""

    obligation = models.ForeignKey(
        Obligation, models.CASCADE, null=True, blank=True, related_name="reminded"
    )
    receipt = models.ForeignKey(
        Receipt, models.CASCADE, null=True, blank=True, related_name="reminded"
    )
    at = models.DateTimeField()
    # The organisation that reminded by hand; none for the rule.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar = RemindedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(obligation__isnull=False) ^ models.Q(receipt__isnull=False),
                name="reminder_of_one_thing",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["receipt", "-at"], name="reminder_of_receipt"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} at {self.at:%Y-%m-%d}"


class Escalation(Visible):
    """A level above the debtor was told that something is late; each one once."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="escalations")
    told = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    objects: ClassVar = OfObligationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["obligation", "told"], name="told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.told_id} told of {self.obligation_id}"
