"""A draft that is open for comment, what was said to it, and what became of each comment."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation, Visible
from tansiq.exchange.models.items import Item, Receipt
from tansiq.exchange.querysets import OfItemQuerySet
from tansiq.exchange.querysets.consultations import CommentQuerySet, ResponseQuerySet


class Consultation(Visible):
    """What the sender says when all is answered. The draft itself is the item."""

    item = models.OneToOneField(Item, models.CASCADE, related_name="consultation")
    conclusion = models.TextField(_("what changes because of the comments"), max_length=10_000)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar = OfItemQuerySet.as_manager()

    def __str__(self) -> str:
        return f"consultation on {self.item_id}"


class Portion(Visible):
    """A numbered passage of the draft that can be commented on by itself."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="portions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()

    objects: ClassVar = OfItemQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["item", "number"], name="portion_number_once"),
        ]

    def __str__(self) -> str:
        return f"§ {self.number}"


class Outcome(models.TextChoices):
    DID = "did", pgettext_lazy("what we did with a comment", "we did it")
    IN_PART = "in_part", pgettext_lazy("what we did with a comment", "we did it in part")
    DID_NOT = "did_not", pgettext_lazy("what we did with a comment", "we did not")


class Response(Visible):
    """One answer of the sender to a comment, or to several like ones: you said, we did."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="responses")
    outcome = models.CharField(_("what you did"), max_length=8, choices=Outcome)
    because = models.TextField(_("because"), max_length=4000)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    # Where the change can be seen: an address of this platform.
    change_url = models.CharField(_("page of the change"), max_length=500, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    objects: ClassVar = ResponseQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.outcome} on {self.item_id}"


class Comment(Visible):
    """What an organisation says to a draft, or to one passage of it."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="comments")
    receipt = models.ForeignKey(Receipt, models.CASCADE, related_name="comments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    portion = models.ForeignKey(
        Portion, models.SET_NULL, null=True, blank=True, related_name="comments"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("comment"), max_length=4000)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    # Whether all who were asked read it, and everybody where the consultation is public.
    is_open = models.BooleanField(_("the others may read this"), default=True)
    at = models.DateTimeField()
    response = models.ForeignKey(
        Response, models.SET_NULL, null=True, blank=True, related_name="comments"
    )
    client_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects: ClassVar = CommentQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["item", "at", "id"], name="comment_in_order"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} on {self.item_id}"
