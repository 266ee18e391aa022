import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Visible
from tansiq.core.editing import Editable
from tansiq.incidents.models.base import InRoom
from tansiq.incidents.models.knowing import FactVersion
from tansiq.incidents.querysets.statements import (
    OfStatementQuerySet,
    StatementQuerySet,
)


class StatementKind(models.TextChoices):
    """As the playbook calls them."""

    HOLDING = "holding", pgettext_lazy("kind of statement", "first information")
    UPDATE = "update", pgettext_lazy("kind of statement", "update")
    CORRECTION = "correction", pgettext_lazy("kind of statement", "correction")
    UNITY = "unity", pgettext_lazy("kind of statement", "words of unity")
    PRESS = "press", pgettext_lazy("kind of statement", "press line")
    ALL_CLEAR = "all_clear", pgettext_lazy("kind of statement", "all clear")
    REMEMBRANCE = "remembrance", pgettext_lazy("kind of statement", "remembrance")


class Audience(models.TextChoices):
    EVERYBODY = "everybody", pgettext_lazy("audience", "everybody")
    NEAR = "near", pgettext_lazy("audience", "people near the place")
    COMMUNITIES = "communities", pgettext_lazy("audience", "communities that may be blamed")
    MEDIA = "media", pgettext_lazy("audience", "newsrooms")
    STAFF = "staff", pgettext_lazy("audience", "staff at counters and telephones")


class StatementState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("statement", "draft")
    WAITING = "waiting", pgettext_lazy("statement", "waits for approval")
    APPROVED = "approved", pgettext_lazy("statement", "approved")
    RELEASED = "released", pgettext_lazy("statement", "released")
    WITHDRAWN = "withdrawn", pgettext_lazy("statement", "withdrawn")


class Pictures(models.TextChoices):
    NONE = "none", pgettext_lazy("pictures", "none")
    SAFE = "safe", pgettext_lazy("pictures", "yes; nobody who was harmed can be seen")
    VICTIMS = "victims", pgettext_lazy("pictures", "yes; people who were harmed can be seen")


class Outlet(models.TextChoices):
    """Where a statement goes out: the first three by the platform, the others by hand."""

    PAGE = "page", _("public page of the city")
    NEWSROOMS = "newsrooms", _("newsrooms by e-mail")
    WEBHOOK = "webhook", _("another system (webhook)")
    SOCIAL = "social", _("accounts of the city")
    PRESS_ROOM = "press_room", _("press room")
    RADIO = "radio", _("radio or television")
    SMS = "sms", _("text message")
    POSTER = "poster", _("posters and notice boards")
    LOUDSPEAKER = "loudspeaker", _("loudspeakers and houses of worship")
    DESKS = "desks", _("counters and call centre")


BY_PLATFORM = frozenset({Outlet.PAGE, Outlet.NEWSROOMS, Outlet.WEBHOOK})


class Access(models.TextChoices):
    """Forms in which more people can follow it."""

    EASY = "easy", _("easy language")
    SIGN = "sign", _("sign language")
    AUDIO = "audio", _("audio")
    LARGE = "large", _("large print")
    CARD = "card", _("picture card for messengers")


class Statement(InRoom, Editable):
    """What the city says: drafted, checked, approved by others than its writers, released.

    Its words stand in `texts`, one row a language. `version` rises with each change of what is
    said; approvals are of a version. Moments are on the room's clock.
    """

    # Counted within the room, for people to speak of.
    number = models.PositiveIntegerField(editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=StatementKind)
    audience = models.CharField(
        _("for whom"), max_length=12, choices=Audience, default=Audience.EVERYBODY
    )
    # Keys of the playbook: the time window it is for, and the holding text it was made of.
    window = models.CharField(_("time window"), max_length=40, blank=True)
    holding = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    # Facts of the board as they stood when it was written.
    facts = models.ManyToManyField(FactVersion, related_name="statements", blank=True)
    # The worksheet, in `language`.
    known = models.TextField(
        _("what is confirmed, and by whom"),
        blank=True,
        help_text=_("With the source and the time. No names, no motive."),
    )
    not_known = models.TextField(_("what is not known yet"), blank=True)
    to_do = models.TextField(_("what people should do"), blank=True)
    support = models.TextField(
        _("where there is help"), blank=True, help_text=_("The helpline and its hours.")
    )
    unity = models.TextField(_("what holds us together"), blank=True)
    next_update_at = models.DateTimeField(_("next update promised for"), null=True, blank=True)
    valid_until = models.DateTimeField(
        _("may be released until"),
        null=True,
        blank=True,
        help_text=_("Empty means: until the next update that it promises."),
    )
    outlets = models.JSONField(_("where it goes out"), default=list, blank=True)
    formats = models.JSONField(_("also as"), default=list, blank=True)
    pictures = models.CharField(
        _("pictures that go with it"), max_length=8, choices=Pictures, default=Pictures.NONE
    )
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("corrects"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=StatementState, default=StatementState.DRAFT
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    # Stops that a leader set aside with a reason; of this version only.
    overridden = models.JSONField(default=list, blank=True, editable=False)
    overridden_version = models.PositiveIntegerField(default=0, editable=False)
    made_at = models.DateTimeField(editable=False)
    released_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_why = models.CharField(_("why it is withdrawn"), max_length=300, blank=True)
    # Really, since when it stands on the public page; never of an exercise.
    page_at = models.DateTimeField(null=True, editable=False)
    reminded_before_at = models.DateTimeField(null=True, editable=False)
    reminded_late_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar = StatementQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["incident", "number"], name="statement_number_once"),
            models.CheckConstraint(
                condition=~models.Q(state="released") | models.Q(released_at__isnull=False),
                name="statement_released_with_a_moment",
            ),
            models.CheckConstraint(
                condition=~models.Q(corrects=models.F("id")), name="statement_corrects_another"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["incident", "-released_at"], name="statement_latest_release"),
            models.Index(fields=["page_at"], name="statement_on_page"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("incidents:statement", args=[self.incident_id, self.number])

    @property
    def is_released(self) -> bool:
        return self.state == StatementState.RELEASED

    @property
    def is_withdrawn(self) -> bool:
        return self.state == StatementState.WITHDRAWN

    @property
    def is_waiting(self) -> bool:
        return self.state == StatementState.WAITING

    @property
    def is_approved(self) -> bool:
        return self.state == StatementState.APPROVED

    @property
    def is_draft(self) -> bool:
        return self.state == StatementState.DRAFT

    @property
    def is_open(self) -> bool:
        """Whether its words can still change: it was neither released nor withdrawn."""
        return self.state not in {StatementState.RELEASED, StatementState.WITHDRAWN}

    @property
    def expires_at(self) -> dt.datetime | None:
        return self.valid_until or self.next_update_at

    def is_expired(self, moment: dt.datetime) -> bool:
        """Return whether it is too old to be released; `moment` is on the room's clock."""
        return self.is_open and self.expires_at is not None and self.expires_at <= moment


class OfStatement(Visible):
    """Base of what belongs to a statement."""

    statement = models.ForeignKey(Statement, models.CASCADE)

    objects: ClassVar = OfStatementQuerySet.as_manager()

    class Meta:
        abstract = True


class StatementText(OfStatement):
    """The words in one language; `short` is for text messages."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    headline = models.CharField(_("headline"), max_length=140, blank=True)
    body = models.TextField(_("text"))
    short = models.CharField(_("for a text message"), max_length=480, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["statement", "language"], name="statement_text_once"),
        ]

    def __str__(self) -> str:
        return self.headline or self.body[:80]


class StatementApproval(OfStatement):
    """Somebody who did not write it stands for one version of it."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="approvals")
    version = models.PositiveIntegerField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["statement", "version", "person"], name="statement_approved_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} v{self.version}"


class StatementRelease(OfStatement):
    """That it went out somewhere: by the platform, or by hand with who, when and a link."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="releases")
    outlet = models.CharField(_("where it went out"), max_length=12, choices=Outlet)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # On the room's clock; and really.
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    link = models.URLField(_("link"), max_length=400, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    # To how many addresses the platform handed it.
    sent_to = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["statement", "outlet"], name="statement_release_outlet"),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} {self.outlet}"
