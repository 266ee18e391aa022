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
            parents: Any = self._parent_model()
            return self.filter(self._has_parent_in(parents.objects.visible_to(actor)))
        return self.filter(self._open_to(actor))

    def known_to(self, actor: Actor) -> Self:
        """Return the rows this actor may know to exist: what it sees, and what it oversees.

        An overseer learns owner, marking, purpose and log of a row from this, never content.
        """
        if actor.is_system or not actor.is_overseer:
            return self.visible_to(actor)
        if self.through:
            parents: Any = self._parent_model()
            return self.filter(self._has_parent_in(parents.objects.known_to(actor)))
        return self.filter(self._open_to(actor) | _overseen_by(actor))

    def _has_parent_in(self, parents: models.QuerySet[Any]) -> Exists:
        # Not `in` a subquery: SQLite would list every visible parent to look up a single row.
        return Exists(parents.filter(pk=OuterRef(f"{self.through}__pk")))

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
        if actor.organisation_ids:
            seen |= self._open_to_member(actor)
        if actor.roles:
            seen |= Q(marking="red") & self._names("named_people", person=actor.person_id)
        model: Any = self.model
        opened = [pk for kind, pk in actor.unsealed if kind == model._meta.label_lower]
        return seen | (Q(pk__in=opened) & _overseen_by(actor)) if opened else seen

    def _open_to_member(self, actor: Actor) -> Q:
        mine = Q(owner__in=actor.organisation_ids)
        named = self._names("named_organisations", organisation__in=actor.organisation_ids)
        handed_on = self._names("handed_on_to", organisation__in=actor.organisation_ids)
        community = Q(owner__country_code__in=actor.countries) | Q(owner__in=actor.hubs)
        community |= Q(is_hub_wide=True, owner__country_code__in=actor.hub_countries)
        return (
            (Q(marking__in=("clear", "green")) & community)
            | (~Q(marking="red") & (mine | named))
            | (Q(marking="amber") & handed_on)
        )

    def _names(self, field: str, **who: object) -> Q:
        """Return the condition that one of these stands in a row's list of this name."""
        model: Any = self.model
        through = model._meta.get_field(field).remote_field.through
        row = {f"{model._meta.model_name}_id": OuterRef("pk")}
        return Q(Exists(through.objects.filter(**row, **who)))


def _overseen_by(actor: Actor) -> Q:
    return Q(owner__country_code__in=actor.overseen) | Q(owner__in=actor.overseen_hubs)


class PersonQuerySet(models.QuerySet[ModelT]):
    """People are seen by those they work with: members of the same country's network or hub."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self
        if not actor.is_signed_in:
            return self.none()
        membership: Any = self.model._meta.get_field("memberships").related_model
        colleagues = membership.objects.visible_to(actor).values("person")
        return self.filter(Q(pk__in=colleagues) | Q(pk=actor.person_id))


class NetworkQuerySet(models.QuerySet[ModelT]):
    """Organisations: seen by members of the same country's network or hub, and by overseers."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system or actor.is_operator:
            return self
        countries = actor.countries | actor.hub_countries | actor.overseen
        hubs = actor.hubs | actor.overseen_hubs | {pk for pk, _role in actor.roles}
        return self.filter(Q(country_code__in=countries) | Q(pk__in=hubs))


class ContactQuerySet(models.QuerySet[ModelT]):
    """Contacts agreed to be found by the network of their country, and by nobody further."""

    def visible_to(self, actor: Actor) -> Self:
        return self if actor.is_system else self.filter(_of_my_network(actor))

    def standing(self) -> Self:
        """Leave out contacts who have withdrawn their consent."""
        return self.filter(withdrawn_at__isnull=True)


class MembershipQuerySet(models.QuerySet[ModelT]):
    """Members are known to their country's network; an invitation only to those it concerns."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self
        overseen = Q(organisation__country_code__in=actor.overseen)
        agreed = Q(consented_at__isnull=False) & (_of_my_network(actor) | overseen)
        own = Q(person=actor.person_id) if actor.is_signed_in else Q(pk__in=())
        administered = Q(organisation__in=actor.organisations_as(Role.ADMINISTRATOR))
        return self.filter(agreed | own | administered)

    def in_force(self, day: "dt.date") -> Self:
        """Leave out memberships whose term has not begun or is over, or without consent."""
        ended = Q(ends_on__lt=day)
        return self.filter(starts_on__lte=day, consented_at__isnull=False).exclude(ended)


def _of_my_network(actor: Actor) -> Q:
    own = actor.hubs | {pk for pk, _role in actor.roles}
    return Q(organisation__country_code__in=actor.countries) | Q(organisation__in=own)


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
    """The log is read by overseers of the country and by administrators of the organisation.

    Operators read the entries that belong to no organisation, such as sign-ins.
    """

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self
        seen = Q(organisation__in=actor.organisations_as(Role.ADMINISTRATOR) | actor.overseen_hubs)
        if actor.is_overseer:
            seen |= Q(country_code__in=actor.overseen)
        if actor.is_operator:
            seen |= Q(organisation__isnull=True, country_code="")
        return self.filter(seen)
