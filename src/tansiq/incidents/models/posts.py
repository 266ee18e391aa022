from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tansiq.access.models import Contact, Organisation
from tansiq.core.editing import Editable
from tansiq.incidents.querysets.posts import PostQuerySet


class Post(Editable):
    """Who holds a role of the playbook in an organisation all year: the holder, then deputies.

    Only members and contacts can stand here: both agreed to be listed.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="posts")
    # A key of the playbook.
    role = models.CharField(_("role"), max_length=20)
    # 0 holds it, 1 is the first deputy.
    rank = models.PositiveSmallIntegerField(default=0, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="posts"
    )
    contact = models.ForeignKey(
        Contact, models.CASCADE, null=True, blank=True, related_name="posts"
    )
    phone = models.CharField(
        _("telephone at any hour"),
        max_length=40,
        blank=True,
        help_text=_("With the country code, such as +63 912 000 0000."),
    )
    languages = models.JSONField(_("languages"), default=list, blank=True)
    channel_note = models.CharField(
        _("how else to reach them"),
        max_length=120,
        blank=True,
        help_text=_("Such as: radio channel 4, or the messenger the city uses."),
    )

    objects: ClassVar = PostQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True, contact__isnull=False)
                | models.Q(person__isnull=False, contact__isnull=True),
                name="post_held_by_one",
                violation_error_message=_("Choose a member or a contact."),
            ),
            models.UniqueConstraint(fields=["organisation", "role", "rank"], name="post_rank_once"),
            models.UniqueConstraint(
                fields=["organisation", "role", "person"],
                name="post_person_once",
                violation_error_message=_("This person stands in this role already."),
            ),
            models.UniqueConstraint(
                fields=["organisation", "role", "contact"],
                name="post_contact_once",
                violation_error_message=_("This person stands in this role already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.rank}"

    @property
    def held_by(self) -> models.Model | None:
        """Return the member or the contact."""
        return self.person or self.contact

    @property
    def name(self) -> str:
        return self.contact.name if self.contact else str(self.person)

    @property
    def telephone(self) -> str:
        return self.phone or (self.contact.phone if self.contact else "")

    @property
    def email(self) -> str:
        holder = self.contact or self.person
        return holder.email if holder else ""

    @property
    def is_deputy(self) -> bool:
        return self.rank > 0
