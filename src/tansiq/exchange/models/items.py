"""What one organisation sends to others, and what becomes of it at each of them."""

import datetime as dt
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation, Shared, Visible
from tansiq.core.editing import Editable
from tansiq.exchange.querysets import (
    GroupQuerySet,
    ItemQuerySet,
    OfItemQuerySet,
    ReceiptQuerySet,
    ReplyQuerySet,
)


class ItemKind(models.TextChoices):
    BRIEFING = "briefing", pgettext_lazy("kind of item", "briefing")
    INFORMATION = "information", pgettext_lazy("kind of item", "request for information")
    SUPPORT = "support", pgettext_lazy("kind of item", "request for support")
    OFFER = "offer", pgettext_lazy("kind of item", "offer")
    WARNING = "warning", pgettext_lazy("kind of item", "early warning")
    GUIDANCE = "guidance", pgettext_lazy("kind of item", "guidance")
    CONSULTATION = "consultation", pgettext_lazy("kind of item", "consultation")
    FEEDBACK = "feedback", pgettext_lazy("kind of item", "feedback or report")
    NOTICE = "notice", pgettext_lazy("kind of item", "notice")


# Kinds that ask for words in return, not only for a sign that they arrived.
ASKING: Final = frozenset({ItemKind.INFORMATION, ItemKind.SUPPORT, ItemKind.CONSULTATION})


class Direction(models.TextChoices):
    """Which way between the levels, seen from the sender."""

    UP = "up", pgettext_lazy("direction between levels", "up")
    DOWN = "down", pgettext_lazy("direction between levels", "down")
    ACROSS = "across", pgettext_lazy("direction between levels", "sideways")


class ReceiptState(models.TextChoices):
    SENT = "sent", pgettext_lazy("state at a recipient", "sent")
    RECEIVED = "received", pgettext_lazy("state at a recipient", "received")
    READ = "read", pgettext_lazy("state at a recipient", "read")
    UNDERSTOOD = "understood", pgettext_lazy("state at a recipient", "understood")
    WILL_ACT = "will_act", pgettext_lazy("state at a recipient", "will act")
    CANNOT = "cannot", pgettext_lazy("state at a recipient", "cannot")


# States that somebody chose; the ones before come by themselves.
ACKNOWLEDGED: Final = frozenset(
    {ReceiptState.UNDERSTOOD, ReceiptState.WILL_ACT, ReceiptState.CANNOT}
)


class Group(Shared, Editable):
    """A named circle of organisations that share with each other; its members are the named ones.

    A network of places or bodies is a group, too. The owner keeps the list.
    """

    name = models.CharField(_("name"), max_length=120)
    is_network = models.BooleanField(_("this is a network"), default=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar = GroupQuerySet.as_manager()

    class Meta:
        verbose_name_plural = pgettext_lazy("menu", "Sharing groups")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="group_name_once",
                violation_error_message=_("You have a group of this name already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(marking="red"),
                name="group_is_of_organisations",
                violation_error_message=_("A group is of organisations; TLP:RED is for persons."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Item(Shared, Editable):
    """A note of some kind from one organisation (the owner) to others, with a day it ends.

    The recipients are `named_organisations`, through `Receipt`; under RED `named_people` decide who
    reads, and receipts carry their person. `audience` keeps in words of the platform whom the
    sender chose ("all cities of this region"), for showing: see `exchange.audience`.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    audience = models.JSONField(default=list, blank=True)
    # Words in return, not only a sign, are wished for until then; without it nobody waits.
    reply_by = models.DateTimeField(_("answer by"), null=True, blank=True)
    # The last day on which recipients read it; then it is deleted, with proof.
    expires_on = models.DateField(_("holds until"))
    # Whether recipients see each other and how far each has come; the sender always does.
    is_list_open = models.BooleanField(_("recipients see each other"), default=True)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    recalled_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Why it was taken back, in words for those who had received it.
    recall_reason = models.CharField(max_length=300, blank=True)
    # Since then title, text, answers and files are gone; the envelope stays for the figures.
    purged_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The item that this one answers, corrects or builds on.
    answers = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="answered_by"
    )
    # Of a version with less in it: the fullest version of the same note (a tear-line).
    fullest = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="lesser_versions"
    )
    # What somebody else told us and we pass on as our own: who may see that one sees the origin.
    origin = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="passed_on_as"
    )
    # What sender and recipients agreed about sharing, if the sender named it.
    agreement = models.ForeignKey(
        "exchange.Agreement", models.SET_NULL, null=True, blank=True, related_name="items"
    )
    client_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    named_organisations = models.ManyToManyField(  # type: ignore[assignment]  # -- the same field, with a table that says more
        Organisation,
        blank=True,
        related_name="+",
        through="exchange.Receipt",
        through_fields=("item", "organisation"),
    )

    has_fixed_readers = True

    objects: ClassVar = ItemQuerySet.as_manager()

    class Meta:
        verbose_name_plural = pgettext_lazy("menu", "Exchange")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(recalled_at__isnull=True) | models.Q(sent_at__isnull=False),
                name="item_recalled_after_sent",
                violation_error_message=_("Only what was sent can be taken back."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["owner", "-sent_at", "-id"], name="item_by_owner"),
            models.Index(fields=["marking", "-sent_at", "-id"], name="item_by_marking"),
            models.Index(fields=["expires_on"], name="item_by_expiry"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("exchange:item", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.sent_at is None

    @property
    def is_recalled(self) -> bool:
        return self.recalled_at is not None

    @property
    def is_purged(self) -> bool:
        return self.purged_at is not None

    @property
    def asks_for_words(self) -> bool:
        return self.reply_by is not None or self.kind in ASKING

    def is_over(self, day: dt.date) -> bool:
        """Return whether its last day has passed."""
        return self.expires_on < day


class Receipt(Visible):
    """One recipient of an item, and what it made of it. Under RED a row is for one person."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="receipts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ReceiptState, default=ReceiptState.SENT
    )
    sent_at = models.DateTimeField()
    # As on the item; kept here so that "who has not answered" is found by an index.
    reply_by = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    # When somebody chose a state: understood, will act, cannot.
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # "Because …", needed with "cannot"; read by the sender and by who wrote it.
    reason = models.CharField(_("because"), max_length=500, blank=True)
    # When the recipient first answered in words.
    answered_at = models.DateTimeField(null=True, blank=True)
    # What it led to, in words of the recipient, and when that was said.
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(_("what it led to"), max_length=500, blank=True)
    # For the figures, as it was on the day of sending: levels are 0 for the nation, 1 below, …;
    # -1 is a regional hub, 9 a body without a place.
    direction = models.CharField(max_length=6, choices=Direction)
    from_level = models.SmallIntegerField()
    to_level = models.SmallIntegerField()
    # The recipient that forwarded it to this one, if the sender did not choose it.
    forwarded_by = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar = ReceiptQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["item", "organisation"],
                condition=models.Q(person__isnull=True),
                name="one_receipt_a_recipient",
            ),
            models.UniqueConstraint(
                fields=["item", "person"],
                condition=models.Q(person__isnull=False),
                name="one_receipt_a_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="cannot") | ~models.Q(reason=""),
                name="receipt_cannot_because",
                violation_error_message=_("Say why, so that they can help or look elsewhere."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "-sent_at", "-id"], name="receipt_inbox"),
            # The gate asks for each of thousands of receipts whether one of these bodies has one.
            models.Index(fields=["item", "organisation"], name="receipt_by_recipient"),
            models.Index(
                fields=["organisation", "reply_by"],
                condition=models.Q(answered_at__isnull=True, reply_by__isnull=False),
                name="receipt_owes_answer",
            ),
            models.Index(
                fields=["organisation", "sent_at"],
                condition=models.Q(acknowledged_at__isnull=True),
                name="receipt_unacknowledged",
            ),
            models.Index(fields=["sent_at"], name="receipt_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} at {self.organisation_id}: {self.state}"

    @property
    def is_acknowledged(self) -> bool:
        return self.acknowledged_at is not None

    @property
    def owes_answer(self) -> bool:
        """Whether words are wished for and none came; "cannot, because" is an answer."""
        waits = self.reply_by is not None and self.answered_at is None
        return waits and self.state != ReceiptState.CANNOT

    def is_late(self, moment: dt.datetime) -> bool:
        return self.owes_answer and self.reply_by is not None and self.reply_by < moment


class Reply(Visible):
    """Words in answer to an item: of a recipient to the sender, or of the sender back."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="replies")
    # The recipient whose exchange with the sender this is part of; none for words to all.
    receipt = models.ForeignKey(
        Receipt, models.CASCADE, null=True, blank=True, related_name="replies"
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("answer"))
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    at = models.DateTimeField()
    # Whether all who see the item read it.
    is_to_all = models.BooleanField(_("all recipients may read this"), default=False)
    client_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects: ClassVar = ReplyQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(is_to_all=True) | models.Q(receipt__isnull=False),
                name="reply_to_somebody",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["item", "at", "id"], name="reply_in_order"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} on {self.item_id}"


class Attachment(Visible):
    """A file that goes with an item. Served through the gate, never as a public file."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to="exchange/%Y/%m/")
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    objects: ClassVar = OfItemQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


def level_of(organisation: Any) -> int:
    """Return the level of its place, 0 for the nation; -1 for a hub, 9 without a place."""
    if organisation.kind == "hub":
        return -1
    return int(organisation.place.level) if organisation.place is not None else 9


def direction_of(from_level: int, to_level: int) -> Direction:
    """Return which way something goes between two levels."""
    if to_level == from_level:
        return Direction.ACROSS
    return Direction.UP if to_level < from_level else Direction.DOWN
