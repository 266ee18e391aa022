from typing import ClassVar

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tansiq.access.querysets import PlaceQuerySet


class PlaceKind(models.TextChoices):
    COUNTRY = "country", _("country")
    REGION = "region", _("region")
    PROVINCE = "province", _("province")
    STATE = "state", pgettext_lazy("part of a federation", "state")
    COUNTY = "county", _("county")
    GOVERNORATE = "governorate", _("governorate")
    DISTRICT = "district", _("district")
    REGENCY = "regency", _("regency")
    CITY = "city", _("city")
    MUNICIPALITY = "municipality", _("municipality")
    SUB_MUNICIPALITY = "sub_municipality", _("sub-municipality")
    FEDERAL_TERRITORY = "federal_territory", _("federal territory")
    SPECIAL_REGION = "special_region", _("special region")
    VILLAGE = "village", _("village")
    OTHER = "other", _("other place")


class Place(models.Model):
    """A country, province, city or any other unit of government, to any depth."""

    code = models.SlugField(
        _("code"),
        max_length=40,
        unique=True,
        help_text=_("ISO 3166-2 in lower case where it exists, such as id-ji."),
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    country_code = models.CharField(max_length=2, db_index=True)
    level = models.PositiveSmallIntegerField(_("level"))
    kind = models.CharField(_("kind"), max_length=20, choices=PlaceKind)
    iso = models.CharField(_("ISO 3166-2 code"), max_length=10, blank=True)
    national_code = models.CharField(_("national code"), max_length=20, blank=True)
    name = models.CharField(_("name"), max_length=120)
    # By language; a language that is missing here is shown with `name`.
    names = models.JSONField(_("names in other languages"), default=dict, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    population = models.BigIntegerField(_("population"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects: ClassVar = PlaceQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["country_code", "level", "name"], name="place_by_level"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(level=0, parent__isnull=True)
                | models.Q(level__gt=0, parent__isnull=False),
                name="place_has_parent_below_country",
                violation_error_message=_("Every place below a country needs a parent."),
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="place_valid_in_order",
                violation_error_message=_("The last day of validity is before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name_in(get_language() or "en")

    def name_in(self, language: str) -> str:
        """Return the name in this language, or the official local one."""
        return str(self.names.get(language) or self.name)


class PlaceShape(models.Model):
    """The outline of a place, kept apart because lists of places never need it."""

    place = models.OneToOneField(Place, models.CASCADE, related_name="shape", primary_key=True)
    geometry = models.JSONField()

    def __str__(self) -> str:
        return f"outline of {self.place_id}"


class PlaceLink(models.Model):
    """One row for each pair of a place and a place above it (itself at depth 0).

    Who is above and who is below is asked on every page and at every roll-up; this answers
    both in one indexed look-up, however many places there are.
    """

    ancestor = models.ForeignKey(Place, models.CASCADE, related_name="links_down")
    place = models.ForeignKey(Place, models.CASCADE, related_name="links_up")
    depth = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["place", "ancestor"], name="place_link_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ancestor", "depth", "place"], name="place_link_down"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} is {self.depth} below {self.ancestor_id}"


class FormerParent(models.Model):
    """Where a place belonged before a reform, up to and including the day `until`."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="former_parents")
    parent = models.ForeignKey(Place, models.CASCADE, related_name="+")
    until = models.DateField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["place", "until"], name="former_parent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} was in {self.parent_id} until {self.until}"
