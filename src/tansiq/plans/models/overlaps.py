"""Two bodies that do the same at the same place, and how they talk about it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation, Person, Shared, Visible
from tansiq.plans.models.activities import Activity, Audience, Theme
from tansiq.plans.querysets import ConversationQuerySet, MessageQuerySet, OverlapQuerySet


class Outcome(models.TextChoices):
    """How two bodies agreed to go on."""

    JOINED = "joined", pgettext_lazy("outcome of a conversation", "done together from now on")
    DIVIDED = "divided", pgettext_lazy("outcome of a conversation", "divided: who does what")
    BESIDE = "beside", pgettext_lazy("outcome of a conversation", "both go on, side by side")
    DIFFERENT = "different", pgettext_lazy("outcome of a conversation", "not the same after all")


class Conversation(Shared):
    """Two organisations talk about something of theirs; nobody else reads it.

    The owner opened it, the other one is its only named organisation, and its marking is
    AMBER+STRICT: an overseer knows that it exists, and reads it only by opening it.
    """

    other = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    opened_at = models.DateTimeField()
    # The organisation that wrote last, and when: the other one has to answer.
    latest_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    latest_at = models.DateTimeField()
    outcome = models.CharField(
        _("how it goes on"), max_length=9, choices=Outcome, blank=True, default=""
    )
    outcome_words = models.TextField(_("in a sentence"), blank=True)
    closed_by = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    has_fixed_readers = True

    objects: ClassVar = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name_plural = pgettext_lazy("menu", "Conversations")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(owner=models.F("other")),
                name="conversation_between_two",
                violation_error_message=_("A conversation needs two organisations."),
            ),
            models.CheckConstraint(
                condition=models.Q(marking="amber+strict"),
                name="conversation_stays_between_two",
                violation_error_message=_("A conversation stays between its two organisations."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["other", "-latest_at"], name="conversation_by_other"),
            models.Index(fields=["owner", "-latest_at"], name="conversation_by_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.owner} – {self.other}"

    def get_absolute_url(self) -> str:
        return reverse("plans:conversation", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def two(self) -> tuple[int, int]:
        return self.owner_id, self.other_id


class Message(Visible):
    """What one of the two wrote, and who wrote it for them."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    at = models.DateTimeField()
    # Of the message with which somebody wrote down how both go on.
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True, default="")

    objects: ClassVar = MessageQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["conversation", "at", "id"], name="message_in_order"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} in {self.conversation_id}"


class OverlapState(models.TextChoices):
    NEW = "new", pgettext_lazy("two similar activities", "nobody said anything yet")
    TALKING = "talking", pgettext_lazy("two similar activities", "being talked about")
    JOINED = "joined", pgettext_lazy("two similar activities", "done together")
    DIVIDED = "divided", pgettext_lazy("two similar activities", "divided between them")
    BESIDE = "beside", pgettext_lazy("two similar activities", "side by side on purpose")
    DIFFERENT = "different", pgettext_lazy("two similar activities", "not the same")


class Overlap(Visible):
    """Two activities of different bodies with the same audience and theme, near in place and time.

    `second` is the one that was compared: at the lower place or, at the same place, entered
    later. Who may not see both activities does not know of the pair; what is RED is in none.
    """

    # Found by the index of the constraint below.
    first = models.ForeignKey(
        Activity, models.CASCADE, related_name="overlaps_below", db_index=False
    )
    second = models.ForeignKey(Activity, models.CASCADE, related_name="overlaps_above")
    # As both activities have them; kept here so that a page finds its pairs by an index.
    theme = models.CharField(max_length=10, choices=Theme)
    audience = models.CharField(max_length=10, choices=Audience)
    # How many levels the place of the first lies above that of the second.
    levels = models.PositiveSmallIntegerField(default=0)
    # On how many days both run; 0 and less: how many days lie between them.
    days = models.IntegerField()
    # How alike the words of the titles are, of 100. It ranks, and decides nothing.
    likeness = models.PositiveSmallIntegerField(default=0)
    score = models.PositiveSmallIntegerField()
    found_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=OverlapState, default=OverlapState.NEW)
    conversation = models.ForeignKey(
        Conversation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="overlaps",
        db_index=False,
    )
    settled_words = models.CharField(max_length=300, blank=True, db_default="")
    settled_by = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = OverlapQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["first", "second"], name="overlap_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["theme", "audience"], name="overlap_by_theme"),
            models.Index(fields=["-score", "-id"], name="overlap_by_score"),
            models.Index(
                fields=["conversation"],
                name="overlap_talked_about",
                condition=models.Q(conversation__isnull=False),
            ),
            models.Index(
                fields=["settled_by"],
                name="overlap_settled_by",
                condition=models.Q(settled_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}"

    def get_absolute_url(self) -> str:
        return reverse("plans:overlap", args=[self.pk])

    @property
    def is_new(self) -> bool:
        return self.state == OverlapState.NEW

    @property
    def is_settled(self) -> bool:
        return self.state not in {OverlapState.NEW, OverlapState.TALKING}

    @property
    def tone(self) -> str:
        """Return the tone of its mark."""
        return {OverlapState.NEW: "risk", OverlapState.TALKING: "on"}.get(
            OverlapState(self.state), "done"
        )
