from typing import ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tansiq.access.models.places import Place
from tansiq.access.querysets import ContactQuerySet, NetworkQuerySet
from tansiq.core.editing import Editable


class OrganisationKind(models.TextChoices):
    NATIONAL_BODY = "national_body", _("national coordination body")
    MINISTRY = "ministry", _("ministry or agency")
    POLICE = "police", _("police")
    SECURITY = "security", _("security service or security office")
    ELECTED = "elected", _("office of an elected leader or council")
    PROVINCE = "province", _("provincial or regional government")
    CITY = "city", _("city or regency government")
    VILLAGE = "village", _("village government")
    CIVIL_SOCIETY = "civil_society", _("civil society organisation")
    WOMEN = "women", _("women's group")
    YOUTH = "youth", _("youth group")
    RELIGIOUS = "religious", _("religious council")
    SCHOOL = "school", _("school or university")
    HEALTH = "health", _("health service")
    MEDIA = "media", _("media")
    PRIVATE = "private", _("private sector")
    HUB = "hub", _("network secretariat or regional hub")
    OVERSIGHT = "oversight", _("oversight body")


class Organisation(Editable):
    """A ministry, municipality, service or association that takes part."""

    slug = models.SlugField(_("short name for addresses"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    names = models.JSONField(_("names in other languages"), default=dict, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    # Of the place; empty for a hub, which has `countries` instead.
    country_code = models.CharField(max_length=2, blank=True, db_index=True)
    countries = models.ManyToManyField(
        Place, blank=True, related_name="hubs", verbose_name=_("countries of a hub")
    )
    # The body this one stands under: it may be handed on what a recipient received.
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="bodies_under"
    )
    # Speaks for its place: reports, adopts plans, is owed answers. One per place.
    is_lead_of_place = models.BooleanField(_("leads its place"), default=False)
    email = models.EmailField(_("e-mail of the office"), blank=True)
    phone = models.CharField(_("telephone of the office"), max_length=40, blank=True)
    is_active = models.BooleanField(_("takes part"), default=True)

    objects: ClassVar = NetworkQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["place"],
                condition=models.Q(is_lead_of_place=True),
                name="one_lead_per_place",
                violation_error_message=_("Another organisation already leads this place."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.names.get(get_language() or "en") or self.name)


class Contact(Editable):
    """Somebody outside the platform who agreed to be listed, and may withdraw that."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=120)
    function = models.CharField(_("function"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    consented_on = models.DateField(
        _("agreed on"),
        help_text=_("The day this person agreed to be listed here. Without it, do not list."),
    )
    consent_note = models.CharField(_("how they agreed"), max_length=200)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar = ContactQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(email="") | ~models.Q(phone=""),
                name="contact_can_be_reached",
                violation_error_message=_("Add an e-mail address or a telephone number."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.function})"
