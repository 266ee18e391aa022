from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from tansiq.access.actor import Actor, Role

if TYPE_CHECKING:
    import datetime as dt

ModelT = TypeVar("ModelT", bound=models.Model)


class SharedQuerySet(models.QuerySet[ModelT]):
    """Rows with a marking of their own, or, with `through`, rows as visible as their parent."""

    through: ClassVar[str] = ""

    def visible_to(self, actor: Actor) -> Self:
        """Return the rows whose content this actor may see. The only place that decides it."""
        if actor.is_system:
            return self
        if self.through:
            parent: Any = self._parent_model()
            seen = parent.objects.visible_to(actor)
            return self.filter(**{f"{self.through}__in": seen.values("pk")})
        return self.filter(self._open_to(actor))

    def known_to(self, actor: Actor) -> Self:
        """Return the rows this actor may know to exist: what it sees, and what it oversees.

        An overseer learns owner, marking, purpose and log of a row from this, never content.
        """
        if actor.is_system or not actor.is_overseer:
            return self.visible_to(actor)
        prefix = f"{self.through}__" if self.through else ""
        overseen = Q(**{f"{prefix}owner__country_code__in": actor.overseen})
        return self.filter(Q(pk__in=self.visible_to(actor).values("pk")) | overseen)

    def _parent_model(self) -> type[models.Model]:
        model: type[models.Model] = self.model
        for name in self.through.split("__"):
            related = model._meta.get_field(name).related_model
            if not isinstance(related, type):
                message = f"{self.model.__name__}.{self.through} does not lead to a model."
                raise TypeError(message)
            model = related
        return model

    def _open_to(self, actor: Actor) -> Q:
        """TLP 2.0 as this platform reads it; see docs/explanation/markings.md."""
        seen = Q(marking="clear", published_at__isnull=False)
        if not actor.is_signed_in:
            return seen
        mine = Q(owner__in=actor.organisation_ids)
        model: Any = self.model
        this = {f"{model._meta.model_name}_id": OuterRef("pk")}
        organisations = model.named_organisations.through.objects.filter(
            **this, organisation__in=actor.organisation_ids
        )
        people = model.named_people.through.objects.filter(**this, person=actor.person_id)
        named, person = Exists(organisations), Exists(people)
        seen |= Q(marking__in=("clear", "green"), owner__country_code__in=actor.countries)
        seen |= Q(
            marking__in=("clear", "green"),
            is_hub_wide=True,
            owner__country_code__in=actor.hub_countries,
        )
        seen |= ~Q(marking="red") & (mine | Q(named))
        seen |= Q(marking="red") & Q(person)
        opened = [pk for kind, pk in actor.unsealed if kind == model._meta.label_lower]
        return seen | Q(pk__in=opened) if opened else seen


class PersonQuerySet(models.QuerySet[ModelT]):
    """People are seen by those they work with: members of the same country's network."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self
        if not actor.is_signed_in:
            return self.none()
        countries = actor.countries | actor.overseen
        here = Q(memberships__organisation__country_code__in=countries)
        return self.filter(here | Q(pk=actor.person_id)).distinct()


class NetworkQuerySet(models.QuerySet[ModelT]):
    """Organisations and contacts: seen by members of the same country's network or hub."""

    country_path: ClassVar[str] = "country_code"

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self
        countries = actor.countries | actor.hub_countries | actor.overseen
        return self.filter(**{f"{self.country_path}__in": countries})


class ContactQuerySet(NetworkQuerySet[ModelT]):
    country_path = "organisation__country_code"

    def standing(self) -> Self:
        """Leave out contacts who have withdrawn their consent."""
        return self.filter(withdrawn_at__isnull=True)


class MembershipQuerySet(NetworkQuerySet[ModelT]):
    country_path = "organisation__country_code"

    def in_force(self, day: "dt.date") -> Self:
        """Leave out memberships whose term has not begun or is over, or without consent."""
        ended = Q(ends_on__lt=day)
        return self.filter(starts_on__lte=day, consented_at__isnull=False).exclude(ended)


class PlaceQuerySet(models.QuerySet[ModelT]):
    """Places are public facts: everybody may see them."""

    def visible_to(self, actor: Actor) -> Self:
        return self

    def valid_on(self, day: "dt.date") -> Self:
        begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
        return self.filter(begun & (Q(valid_to__isnull=True) | Q(valid_to__gte=day)))

    def under(self, place: models.Model) -> Self:
        """Return the place itself and everything below it."""
        return self.filter(links_up__ancestor=place)

    def above(self, place: models.Model) -> Self:
        """Return the place itself and everything above it, the country first."""
        return self.filter(links_down__place=place).order_by("level")


class OwnQuerySet(models.QuerySet[ModelT]):
    """Rows that concern one person only: their notices, their tokens."""

    def visible_to(self, actor: Actor) -> Self:
        return self if actor.is_system else self.filter(person=actor.person_id)


class LogQuerySet(models.QuerySet[ModelT]):
    """The log is read by overseers of the country and by administrators of the organisation."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self
        seen = Q(organisation__in=actor.organisations_as(Role.ADMINISTRATOR))
        if actor.is_overseer:
            seen |= Q(country_code__in=actor.overseen)
        return self.filter(seen)
