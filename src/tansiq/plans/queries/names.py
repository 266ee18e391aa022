"""What a freely written text must not hold: persons, accounts, single places of worship."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, TextField, Value
from django.utils.translation import gettext as _

from tansiq.access.models import Contact, Organisation, Person, Place
from tansiq.plans.no_persons import plain, possible_names, problems_of


def problems_in(text: str, *, speaks_of_risk: bool) -> list[str]:
    """Return what must not stand in this text, each as a sentence; members and contacts as well."""
    if not text.strip():
        return []
    found = problems_of(text, speaks_of_risk=speaks_of_risk)
    if not found and _names_somebody_we_know(text):
        found.append(_("This names somebody. Name the office or the kind of body instead."))
    return found


def _names_somebody_we_know(text: str) -> bool:
    written = Value(plain(text), output_field=TextField())
    kinds: tuple[Any, ...] = (Person, Contact)
    return any(
        kind.objects.annotate(written=written)
        .filter(name__contains=" ", written__icontains=F("name"))
        .exists()
        for kind in kinds
    )


def possible_names_in(texts: Iterable[str], *, country_code: str) -> list[str]:
    """Return what might be names: capitalised pairs that are no body and no place we know."""
    written = "\n".join(texts)
    if not possible_names(written, known=()):
        return []
    bodies = Organisation.objects.filter(country_code=country_code).values_list("name", "names")
    known = {name for name, names in bodies for name in (name, *names.values())}
    near = Place.objects.filter(country_code=country_code).annotate(
        written=Value(written, output_field=TextField())
    )
    known |= set(near.filter(written__icontains=F("name")).values_list("name", flat=True))
    return possible_names(written, known=known - {""})
