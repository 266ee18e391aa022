"""What a plan gives to everybody: its documents, and where its owner can be reached."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Shared, Visible
from tansiq.core.editing import Editable
from tansiq.plans.models.plans import Plan
from tansiq.plans.querysets import DocumentQuerySet, PublicContactQuerySet


class DocumentKind(models.TextChoices):
    LEGAL = "legal", pgettext_lazy("document", "legal instrument")
    PLAN = "plan", pgettext_lazy("document", "text of the plan")
    REPORT = "report", pgettext_lazy("document", "report")
    EVALUATION = "evaluation", pgettext_lazy("document", "evaluation")
    OTHER = "other", pgettext_lazy("document", "other document")


class Document(Shared):
    """A file that belongs to a plan, with a marking of its own.

    Passers-by read it once the plan is published and the document is CLEAR and published, too.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="documents")
    kind = models.CharField(_("kind"), max_length=10, choices=DocumentKind)
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    dated_on = models.DateField(_("date of the document"))
    file = models.FileField(upload_to="documents/%Y/%m/")
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    objects: ClassVar = DocumentQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["plan", "-dated_on"], name="document_by_plan"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("plans:documents", args=[self.plan.country.code, self.plan.slug])

    @property
    def ending(self) -> str:
        """Return what the file is, as people call it: PDF, DOCX."""
        return self.name.rpartition(".")[2].upper()


class PublicContact(Visible, Editable):
    """How everybody reaches the office that answers for a plan; never a person."""

    plan = models.OneToOneField(Plan, models.CASCADE, related_name="public_contact")
    office = models.CharField(
        _("office"), max_length=200, help_text=_("A body or a desk of it, never a person's name.")
    )
    email = models.EmailField(_("e-mail of the office"), blank=True)
    phone = models.CharField(_("telephone of the office"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    registration = models.CharField(
        _("registered identifier"),
        max_length=80,
        blank=True,
        validators=[
            RegexValidator(
                r"^[A-Z]{2}-[A-Z0-9]+-[^/&|?\s]+$",
                _("Write it as the register does, such as ID-KLN-10234."),
            )
        ],
        help_text=_(
            "Under which number a public register lists the organisation, as org-id.guide writes "
            "it. Without one, exchange files name it by its address here."
        ),
    )
    # When the organisation agreed that everybody may read this.
    agreed_at = models.DateTimeField(editable=False)

    objects: ClassVar = PublicContactQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(email="", phone="", address=""),
                name="public_contact_can_be_reached",
                violation_error_message=_(
                    "Add an e-mail address, a telephone number or an address."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.office
