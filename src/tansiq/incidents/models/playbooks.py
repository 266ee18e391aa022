from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Shared, Visible
from tansiq.core.editing import Editable
from tansiq.incidents.playbook.document import Document
from tansiq.incidents.querysets import PlaybookVersionQuerySet


class Playbook(Shared, Editable):
    """How a body means to respond: who does what by when. Its text lives in versions."""

    slug = models.SlugField(_("short name for addresses"), max_length=60)
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        verbose_name_plural = pgettext_lazy("menu", "Playbooks")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["owner", "slug"],
                name="playbook_address_once",
                violation_error_message=_("You already have a playbook with this short name."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("incidents:playbook", args=[self.pk])


class LightManager(models.Manager["PlaybookVersion"]):
    """Leaves the text of a playbook in the database until somebody asks for it."""

    def get_queryset(self) -> models.QuerySet["PlaybookVersion"]:
        return super().get_queryset().defer("document_json")


# Reading and shaping a whole playbook takes longer than a page may; each page of a room needs it.
# A version never changes, and no two of one key are made at one moment.
_documents: dict[tuple[int, datetime], Document] = {}
_MOST_DOCUMENTS = 32


def forget_documents() -> None:
    """Forget what was read, as tests must, whose databases begin anew."""
    _documents.clear()


class PlaybookVersion(Visible):
    """The text of a playbook as it stood; what is published never changes.

    The one that is not published yet is the draft; only its owner's people see it.
    """

    playbook = models.ForeignKey(Playbook, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    document_json = models.JSONField()
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    # Why it is different from the one before, in the words of who published it.
    note = models.CharField(_("what changed"), max_length=400, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects: ClassVar = PlaybookVersionQuerySet.as_manager()
    light: ClassVar = LightManager()

    class Meta:
        base_manager_name = "light"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["playbook", "number"], name="playbook_version_once"),
            models.UniqueConstraint(
                fields=["playbook"],
                condition=models.Q(published_at__isnull=True),
                name="playbook_one_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.playbook_id} v{self.number}"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @cached_property
    def document(self) -> Document:
        """Return the playbook as data: its phases, roles and tasks with their words."""
        if self.published_at is None:
            return Document.from_json(self.document_json)
        key = (self.pk, self.made_at)
        if key not in _documents:
            _documents[key] = Document.from_json(self.document_json)
            while len(_documents) > _MOST_DOCUMENTS:
                del _documents[next(iter(_documents))]
        return _documents[key]
