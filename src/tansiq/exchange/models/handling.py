"""What may be done with an item beside reading it: lesser versions, handing on, putting right."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation, Visible
from tansiq.exchange.models.items import Item, Receipt
from tansiq.exchange.querysets.handling import (
    CorrectionQuerySet,
    ForwardRequestQuerySet,
    OfOwnerQuerySet,
)


class Handling(Visible):
    """What the owner decided about an item beside its marking. Nobody but the owner reads it."""

    item = models.OneToOneField(Item, models.CASCADE, related_name="handling")
    # Signs of the passages that stay out of lesser versions (`leaks.passage_key`), never words.
    kept_back = models.JSONField(default=list, blank=True)
    # Recipients may pass it on as their own, without our name.
    may_pass_on = models.BooleanField(_("may be passed on without our name"), default=False)
    # On what was passed on: who told us learns in general words what became of it.
    tells_source = models.BooleanField(_("the source learns what became of it"), default=False)
    review_asked_at = models.DateTimeField(null=True, blank=True)
    review_answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = OfOwnerQuerySet.as_manager()

    def __str__(self) -> str:
        return f"handling of {self.item_id}"


class Release(Visible):
    """The owner's word that a thing a check found may go out all the same, with the reason."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="releases")
    # A sign for what was found, never its words.
    sign = models.CharField(max_length=40)
    reason = models.CharField(_("because"), max_length=200)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    objects: ClassVar = OfOwnerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["item", "sign"], name="release_once"),
        ]

    def __str__(self) -> str:
        return f"release {self.pk} of {self.item_id}"


class Answer(models.TextChoices):
    OPEN = "open", pgettext_lazy("state of a request", "open")
    YES = "yes", pgettext_lazy("state of a request", "agreed")
    NO = "no", pgettext_lazy("state of a request", "refused")
    CLOSED = "closed", pgettext_lazy("state of a request", "closed")


class ForwardRequest(Visible):
    """A recipient asks the owner whether an item may go to others, too."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="forward_requests")
    receipt = models.ForeignKey(Receipt, models.CASCADE, related_name="forward_requests")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    to = models.ManyToManyField(Organisation, related_name="+")
    why = models.CharField(_("why they need it"), max_length=500)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=6, choices=Answer, default=Answer.OPEN)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answer = models.CharField(_("because"), max_length=500, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    client_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects: ClassVar = ForwardRequestQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(state="no") | ~models.Q(answer=""),
                name="forward_refused_because",
                violation_error_message=_("Say why not."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state="open"),
                name="forward_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk} on {self.item_id}: {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state == Answer.OPEN


class Correction(Visible):
    """Somebody says what is wrong in an item; the owner puts it right for all, or says why not."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="corrections")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    wrong = models.CharField(_("what is wrong"), max_length=1000)
    right = models.CharField(_("what is right"), max_length=1000)
    basis = models.CharField(_("how you know"), max_length=500, blank=True)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    at = models.DateTimeField()
    state = models.CharField(max_length=6, choices=Answer, default=Answer.OPEN)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answer = models.CharField(_("because"), max_length=500, blank=True)
    # What all recipients got once it was put right.
    made = models.OneToOneField(
        Item, models.SET_NULL, null=True, blank=True, related_name="corrects"
    )
    client_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects: ClassVar = CorrectionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(state="no") | ~models.Q(answer=""),
                name="correction_refused_because",
                violation_error_message=_("Say why not."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["item", "state", "at"], name="correction_of_item"),
        ]

    def __str__(self) -> str:
        return f"correction {self.pk} of {self.item_id}: {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state == Answer.OPEN
