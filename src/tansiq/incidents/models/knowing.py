from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation
from tansiq.core.editing import Editable
from tansiq.incidents.models.base import InRoom
from tansiq.incidents.querysets import FactQuerySet


class FactState(models.TextChoices):
    CONFIRMED = "confirmed", pgettext_lazy("fact", "confirmed")
    UNCONFIRMED = "unconfirmed", pgettext_lazy("fact", "not confirmed")
    WITHDRAWN = "withdrawn", pgettext_lazy("fact", "withdrawn")


class Known(InRoom):
    """Base of a fact and of each of its versions: what is said, by whom it is known, since when."""

    text = models.CharField(
        _("what is known"),
        max_length=400,
        help_text=_("One fact a line. Numbers of people, never names."),
    )
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    state = models.CharField(
        _("how sure"), max_length=11, choices=FactState, default=FactState.UNCONFIRMED
    )
    source = models.CharField(
        _("source"),
        max_length=200,
        blank=True,
        help_text=_("An office, not a person: police duty desk, hospital A."),
    )
    # When it was so, and when it was written here; both on the room's clock.
    observed_at = models.DateTimeField(_("seen at"))
    stated_at = models.DateTimeField()
    # Why it was withdrawn or changed.
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=20, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text

    @property
    def is_withdrawn(self) -> bool:
        return self.state == FactState.WITHDRAWN

    @property
    def is_confirmed(self) -> bool:
        return self.state == FactState.CONFIRMED


class Fact(Known, Editable):
    """What the room knows of one thing, as it stands now; a withdrawn one stays in sight."""

    objects: ClassVar = FactQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(state="confirmed") | ~models.Q(source=""),
                name="fact_confirmed_by_a_source",
                violation_error_message=_("Say who confirms it, or leave it unconfirmed."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state="withdrawn") | ~models.Q(reason=""),
                name="fact_withdrawn_with_a_reason",
                violation_error_message=_("Say why it is withdrawn."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["incident", "state", "-observed_at"], name="fact_on_the_board"),
        ]


class FactVersion(Known):
    """A fact as it stood at a moment. Decisions and statements point here; it never changes."""

    fact = models.ForeignKey(Fact, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["fact", "number"], name="fact_version_once"),
        ]


class Decision(InRoom):
    """What was decided, by whom in which role, on what information, and why. It never changes.

    A later decision may take its place.
    """

    text = models.TextField(
        _("what is decided"), max_length=2000, help_text=_("Who does what, from when.")
    )
    why = models.TextField(_("why"), max_length=2000)
    information = models.TextField(
        _("what else you know"),
        max_length=2000,
        blank=True,
        help_text=_("What the decision rests on besides the facts chosen."),
    )
    alternatives = models.TextField(_("what else was considered"), max_length=2000, blank=True)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    # The facts as they stood when it was decided.
    facts = models.ManyToManyField(FactVersion, related_name="decisions", blank=True)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=20, blank=True)
    # On the room's clock.
    decided_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["incident", "-decided_at"], name="decision_latest"),
        ]

    def __str__(self) -> str:
        return self.text
