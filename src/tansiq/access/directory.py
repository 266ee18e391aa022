"""What the pages of organisations and places show."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import can
from tansiq.access.models import Contact, Membership, Organisation, Place
from tansiq.core.editing import ChangedMeanwhileError


@dataclass(frozen=True)
class Wanted:
    """What a list of organisations or places is narrowed to."""

    text: str = ""
    kind: str = ""
    place: str = ""
    sort: str = "name"

    @classmethod
    def from_query(cls, query: QueryDict) -> "Wanted":
        return cls(
            text=query.get("q", "").strip()[:80],
            kind=query.get("kind", ""),
            place=query.get("place", ""),
            sort=query.get("sort", "name"),
        )


def found(organisations: QuerySet[Organisation], wanted: Wanted) -> QuerySet[Organisation]:
    """Return the organisations that were asked for, in the order asked for."""
    if wanted.text:
        organisations = organisations.filter(named_like(wanted.text))
    if wanted.kind:
        organisations = organisations.filter(kind=wanted.kind)
    if wanted.place:
        organisations = organisations.filter(place__links_up__ancestor__code=wanted.place)
    order = {"name": "name", "-name": "-name", "kind": "kind", "-kind": "-kind"}
    return organisations.select_related("place").order_by(
        order.get(wanted.sort, "name"), "name", "pk"
    )


def named_like(text: str) -> Q:
    """Return the condition that the name in any of our languages holds this text."""
    condition = Q(name__icontains=text)
    for language, _name in settings.LANGUAGES:
        condition |= Q(**{f"names__{language}__icontains": text})
    return condition


def details_of(organisation: Organisation, actor: Actor, *, today: date) -> dict[str, Any]:
    """Return what the page of one organisation shows this actor."""
    members = Membership.objects.visible_to(actor).filter(organisation=organisation)
    members = members.exclude(ends_on__lt=today).select_related("person")
    bodies = Organisation.objects.visible_to(actor).filter(parent=organisation)
    contacts = Contact.objects.visible_to(actor).filter(organisation=organisation).standing()
    return {
        "organisation": organisation,
        "members": members.order_by("person__name", "pk"),
        "contacts": contacts.order_by("name", "pk"),
        "bodies": bodies.order_by("name", "pk"),
        "today": today,
        "administers": actor.is_at_least(Role.ADMINISTRATOR, in_organisation=organisation.pk),
    }


def places_below(place: Place | None) -> QuerySet[Place]:
    """Return the places one step below, or the countries, with what each holds."""
    places = Place.objects.filter(parent=place)
    return places.annotate(
        parts=Count("children", distinct=True), bodies=Count("organisations", distinct=True)
    )


def found_places(places: QuerySet[Place], wanted: Wanted) -> QuerySet[Place]:
    """Return the countries, or with a text the places named like it, in the order asked for."""
    found = places.filter(named_like(wanted.text)) if wanted.text else places.filter(level=0)
    if wanted.place:
        found = found.filter(links_up__ancestor__code=wanted.place)
    order = {"name": "name", "-name": "-name", "level": "level", "-level": "-level"}
    return (
        found.select_related("parent")
        .annotate(parts=Count("children", distinct=True))
        .order_by(order.get(wanted.sort, "name"), "level", "pk")
    )


def place_page(place: Place, actor: Actor) -> dict[str, Any]:
    """Return what the page of one place shows this actor."""
    organisations = Organisation.objects.visible_to(actor).filter(place=place, is_active=True)
    return {
        "place": place,
        "path": list(Place.objects.above(place)),
        "below": places_below(place).order_by("name", "pk"),
        "former_parents": place.former_parents.select_related("parent").order_by("-until"),
        "organisations": organisations.order_by("-is_lead_of_place", "name", "pk"),
        "may_upload": can(actor, "places.upload", place),
        "may_add": can(actor, "organisations.create", place),
    }


def conflicts_of(form: forms.BaseModelForm[Any], problem: ChangedMeanwhileError) -> dict[str, Any]:
    """Return the form with what was typed, over what stands now, and where the two differ."""
    current: Any = problem.current
    differences = []
    for name in form.changed_data:
        if name == "revision":
            continue
        field = form[name]
        theirs, yours = getattr(current, name), form.cleaned_data.get(name)
        if theirs != yours:
            written = {"theirs": str(theirs), "yours": str(yours)}
            differences.append({"label": str(field.label), **written})
    # Saving once more is then a decision against what stands now.
    typed: Any = form.data
    form.data = typed = typed.copy()
    typed["revision"] = str(current.revision)
    return {
        "form": form,
        "problem": problem,
        "differences": differences,
        "changed_at": current.changed_at,
    }
