from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tansiq.access.models.organisations import Organisation
from tansiq.access.querysets import SharedQuerySet


class Marking(models.TextChoices):
    """The Traffic Light Protocol 2.0: who may read a thing and pass it on."""

    CLEAR = "clear", _("TLP:CLEAR, for everybody once published")
    GREEN = "green", _("TLP:GREEN, for every member organisation of the network")
    AMBER = "amber", _("TLP:AMBER, for us, the organisations we name and bodies under them")
    AMBER_STRICT = "amber+strict", _("TLP:AMBER+STRICT, for us and the organisations we name")
    RED = "red", _("TLP:RED, for the persons we name only")


class Visible(models.Model):
    """Base of everything the gate guards; a child names its parent in its queryset."""

    objects: ClassVar = SharedQuerySet.as_manager()

    class Meta:
        abstract = True


class Shared(Visible):
    """Base of everything that belongs to an organisation and has a marking."""

    owner = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    marking = models.CharField(_("marking"), max_length=12, choices=Marking, default=Marking.AMBER)
    # Only for CLEAR and GREEN: members in all countries of our hub may read it, too.
    is_hub_wide = models.BooleanField(_("also for the countries of our hub"), default=False)
    purpose = models.CharField(
        _("what it is for"),
        max_length=200,
        blank=True,
        help_text=_("An overseer reads this without seeing the content."),
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    named_organisations = models.ManyToManyField(Organisation, blank=True, related_name="+")
    # Bodies under a named organisation to which it handed the thing on. Counts under AMBER only,
    # so that no change of the marking can leave them with more than the owner means.
    handed_on_to = models.ManyToManyField(Organisation, blank=True, related_name="+")
    named_people = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")

    # Of a kind whose readers follow from what it is: nobody marks it anew or names more.
    has_fixed_readers: ClassVar[bool] = False

    class Meta:
        abstract = True

    @property
    def is_public(self) -> bool:
        return self.marking == Marking.CLEAR and self.published_at is not None

    @property
    def is_red(self) -> bool:
        return self.marking == Marking.RED

    @property
    def may_leave_in_mail(self) -> bool:
        """Whether its words may stand in an e-mail, or only "there is something for you"."""
        return self.marking not in {Marking.AMBER_STRICT, Marking.RED}
