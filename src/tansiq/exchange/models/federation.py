"""Other platforms: who they are, what went there and what came; see decision 40."""

import uuid
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation
from tansiq.core.editing import Editable
from tansiq.exchange.federation.bundles import GENESIS
from tansiq.exchange.federation.keys import digits
from tansiq.exchange.models.items import Item
from tansiq.exchange.querysets.federation import (
    OfPeerQuerySet,
    PassageQuerySet,
    PeerQuerySet,
    RefusalQuerySet,
)


class PeerState(models.TextChoices):
    NEW = "new", pgettext_lazy("state of another platform", "not trusted yet")
    TRUSTED = "trusted", pgettext_lazy("state of another platform", "connected")
    PAUSED = "paused", pgettext_lazy("state of another platform", "paused")
    ENDED = "ended", pgettext_lazy("state of another platform", "ended")


class Reason(models.TextChoices):
    """Why a bundle, a record in it, or a call was not taken."""

    FORM = "form", _("It is not of the format, or was damaged on the way.")
    SIZE = "size", _("It is larger than this platform takes.")
    DIGEST = "digest", _("A file in it was changed on the way.")
    SIGNATURE = "signature", _("The signature does not fit.")
    STRANGER = "stranger", _("It comes from a platform that nobody here knows.")
    UNTRUSTED = "untrusted", _("Nobody has compared the digits of this platform yet.")
    PAUSED = "paused", _("The connection is paused.")
    ENDED = "ended", _("The connection was ended.")
    ADDRESSEE = "addressee", _("It is for another platform.")
    CLOCK = "clock", _("The clocks of the two platforms differ too much.")
    OLD = "old", _("It was made too long ago.")
    GAP = "gap", _("Something before it is missing. Bring what was made earlier first.")
    FORK = "fork", _("Another bundle with the same number was taken before.")
    SENDER = "sender", _("The body that sends it is not known here as one of that platform.")
    RECIPIENT = "recipient", _("A recipient does not exist here, or takes no part any more.")
    PARTLY = "partly", _("One of its recipients does not exist there, or takes no part any more.")
    MARKING = "marking", _("Nothing of this marking may go between the two platforms.")
    KIND = "kind", _("Nothing of this kind may go between the two platforms.")
    OVER = "over", _("Its last day has passed.")
    UNKNOWN = "unknown", _("What it belongs to is not here.")
    FILE = "file", _("A file is of a kind that is not taken.")
    LANGUAGE = "language", _("It is in a language that this platform does not know.")
    FAULT = "fault", _("It does not fit what is here.")


class Peer(Editable):
    """Another platform. Its fingerprint is compared by two people before anything goes there."""

    name = models.CharField(_("name"), max_length=120)
    # Whose leads keep the connection and answer for it.
    keeper = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("kept by")
    )
    address = models.CharField(
        _("address"),
        max_length=300,
        blank=True,
        help_text=_("Empty: bundles are carried as files, or the other side fetches them."),
    )
    # Whether we ask there for what waits for us, because they cannot reach us.
    is_fetched = models.BooleanField(_("fetch what waits for us there"), default=False)
    public_key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64, unique=True)
    # The key before: what was signed by it and taken already is still answered.
    former_key = models.CharField(max_length=64, blank=True)
    former_fingerprint = models.CharField(max_length=64, blank=True, db_index=True)
    state = models.CharField(max_length=8, choices=PeerState, default=PeerState.NEW)
    markings = models.JSONField(_("markings that may go"), default=list, blank=True)
    # Empty means every kind.
    kinds = models.JSONField(_("kinds that may go"), default=list, blank=True)
    is_hub_wide_shared = models.BooleanField(
        _("also what is open to all countries of the hub"), default=False
    )
    is_sending = models.BooleanField(_("items go there"), default=True)
    is_taking = models.BooleanField(_("items come from there"), default=True)
    # The key of ours that this peer knows.
    our_fingerprint = models.CharField(max_length=64)
    # Of the bundles that we make for it.
    chain = models.UUIDField(default=uuid.uuid4, editable=False)
    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default=GENESIS)
    # Of the bundles that we took from it.
    in_chain = models.UUIDField(null=True, blank=True, editable=False)
    in_sequence = models.PositiveBigIntegerField(default=0)
    in_digest = models.CharField(max_length=64, default=GENESIS)
    in_made_at = models.DateTimeField(null=True, blank=True)
    introduced_at = models.DateTimeField()
    trusted_at = models.DateTimeField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    # What went wrong at the last attempt, for the keeper; empty when it went well.
    problem = models.CharField(max_length=300, blank=True)

    objects: ClassVar = PeerQuerySet.as_manager()

    class Meta:
        verbose_name_plural = pgettext_lazy("menu", "Other platforms")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("exchange:peer", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == PeerState.TRUSTED

    @property
    def is_new(self) -> bool:
        return self.state == PeerState.NEW

    @property
    def is_paused(self) -> bool:
        return self.state == PeerState.PAUSED

    @property
    def is_ended(self) -> bool:
        return self.state == PeerState.ENDED

    @property
    def tone(self) -> str:
        """How its state is shown: a tone of the tag of the design system."""
        return {"trusted": "done", "new": "risk", "paused": "risk"}.get(self.state, "calm")

    @property
    def digits(self) -> str:
        return digits(self.fingerprint)

    @property
    def our_digits(self) -> str:
        return digits(self.our_fingerprint)


class PeerBody(models.Model):
    """An organisation that lives on another platform, and what it is called there."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="bodies")
    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="lives_at")
    slug = models.SlugField(_("its short name there"), max_length=60)
    country = models.CharField(_("its country there"), max_length=2, blank=True)

    objects: ClassVar = OfPeerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["peer", "slug", "country"],
                name="peer_body_once",
                violation_error_message=_("Another organisation stands for this body already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} is {self.slug} at {self.peer_id}"


class Passage(models.Model):
    """One item on its way to or from one peer, under a number that only these two know."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="passages")
    item = models.ForeignKey(Item, models.CASCADE, related_name="passages")
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    is_incoming = models.BooleanField(default=False)
    # Something about it may have changed since the last bundle.
    is_dirty = models.BooleanField(default=True)
    # Why it does not go there, or was not taken there.
    kept_back = models.CharField(max_length=12, choices=Reason, blank=True)
    # When the words went, and when the other side said that it deleted them.
    carried_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = PassageQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["peer", "item"], name="passage_once"),
            models.UniqueConstraint(fields=["peer", "uuid"], name="passage_number_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["peer", "id"],
                condition=models.Q(is_dirty=True),
                name="passage_dirty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {'from' if self.is_incoming else 'to'} {self.peer_id}"


class Carried(models.Model):
    """The last state of one thing of a passage that was packed or taken."""

    passage = models.ForeignKey(Passage, models.CASCADE, related_name="carried")
    # As in the bundle: item, receipt, reply, recall, purge, purged.
    kind = models.CharField(max_length=8)
    # Of the receipt or the answer here; 0 for what is said of the item as a whole.
    local = models.BigIntegerField(default=0)
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, blank=True)
    is_incoming = models.BooleanField(default=False)

    objects: ClassVar = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["passage", "kind", "local"], name="carried_state_once"),
            models.UniqueConstraint(fields=["passage", "uuid"], name="carried_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.local} of {self.passage_id}"


class OutboundState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("state of a bundle", "waiting")
    TAKEN = "taken", pgettext_lazy("state of a bundle", "taken")
    DROPPED = "dropped", pgettext_lazy("state of a bundle", "left out")


class Outbound(models.Model):
    """A bundle for a peer. Its content is deleted as soon as the other side has taken it."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="outbound")
    chain = models.UUIDField()
    sequence = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    content = models.BinaryField(default=b"")
    size = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=OutboundState, default=OutboundState.WAITING)
    taken_at = models.DateTimeField(null=True, blank=True)
    records = models.PositiveIntegerField()
    # The passages of its records, in their order; null for the record of a new key.
    passages = models.JSONField(default=list)
    # The bundles of the other direction whose receipts are in it.
    receipts = models.JSONField(default=list)
    # What the other side did not take: place and reason.
    refused = models.JSONField(default=list)
    # The key that signs what comes after it, if it announces one.
    new_key = models.CharField(max_length=64, blank=True)

    objects: ClassVar = OfPeerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["peer", "chain", "sequence"], name="outbound_number_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["peer", "state", "sequence"], name="outbound_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} for {self.peer_id}"


class Inbound(models.Model):
    """A bundle that was taken, and the receipt that is given to whoever brings it again."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="inbound")
    chain = models.UUIDField()
    sequence = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    taken_at = models.DateTimeField()
    records = models.PositiveIntegerField()
    refused = models.JSONField(default=list)
    # Whether the other side still has to be told by a bundle that this one was taken.
    is_told = models.BooleanField(default=False)

    objects: ClassVar = OfPeerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["peer", "chain", "sequence"], name="inbound_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} of {self.peer_id}"


class Refusal(models.Model):
    """What was not taken, a row for each reason and day, so that strangers cannot fill a disk."""

    peer = models.ForeignKey(Peer, models.CASCADE, null=True, blank=True, related_name="refusals")
    on = models.DateField()
    reason = models.CharField(max_length=12, choices=Reason)
    detail = models.CharField(max_length=300, blank=True)
    times = models.PositiveIntegerField(default=1)
    latest_at = models.DateTimeField()

    objects: ClassVar = RefusalQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["peer", "on", "reason"],
                condition=models.Q(peer__isnull=False),
                name="refusal_a_day",
            ),
            models.UniqueConstraint(
                fields=["on", "reason"],
                condition=models.Q(peer__isnull=True),
                name="refusal_of_strangers_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} on {self.on}"
