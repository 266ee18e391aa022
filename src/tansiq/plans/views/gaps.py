"""Where nobody does anything: a table of places, and a sentence for each empty cell."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from tansiq.access.middleware import Request
from tansiq.access.models import Organisation, Place
from tansiq.core.exports import csv_file
from tansiq.plans.actions.activities import note_export
from tansiq.plans.forms.gaps import GapForm
from tansiq.plans.queries.activities import organisations_registering, plans_to_work_on
from tansiq.plans.queries.gaps import matrix_of, places_under

_PLACES, _SENTENCES = 40, 12


@login_required
@require_GET
def index(request: Request) -> HttpResponse:
    form = _form(request)
    asked = form.asked()
    context: dict[str, Any] = {"form": form, "asked": asked}
    if asked is not None:
        places = Paginator(places_under(asked.under, asked.level), _PLACES)
        page = places.get_page(request.GET.get("page"))
        matrix = matrix_of(asked, list(page))
        shown = request.GET.get("all") or len(matrix.gaps) <= _SENTENCES
        gaps = matrix.gaps if shown else matrix.gaps[:_SENTENCES]
        context |= {"page": page, "matrix": matrix, "gaps": gaps, "is_cut": not shown}
    context["may_register"] = bool(organisations_registering(request.actor))
    return render(request, "plans/gaps/index.html", context)


def _form(request: Request) -> GapForm:
    ours = (
        Organisation.objects.visible_to(request.actor)
        .filter(pk__in=request.actor.organisation_ids)
        .select_related("place__parent")
        .order_by("-is_lead_of_place", "pk")
    )
    home = next((one.place for one in ours if one.place is not None), None)
    if home is None:
        countries = Place.objects.visible_to(request.actor).filter(
            level=0, country_code__in=request.actor.countries | request.actor.overseen
        )
        home = countries.order_by("name").first()
    plans = plans_to_work_on(request.actor, ours)
    return GapForm(request.GET, home=home, plans=plans, today=now().date())


@login_required
@require_GET
def export(request: Request) -> HttpResponse:
    """Give the whole table as a file, one row a place; that it left is written down."""
    asked = _form(request).asked()
    if asked is None:
        return csv_file("gaps", ["place"], [])
    matrix = matrix_of(asked, list(places_under(asked.under, asked.level)[:_MOST]))
    note_export(sum(row.total for row in matrix.rows), by=request.actor, at=now())
    headings = ["place", "name", "population", *(value for value, _label in matrix.columns)]
    counted = [f"#activity+num+{asked.across}_{value}" for value, _label in matrix.columns]
    tags = ["#loc+code", "#loc+name", "#population", *counted]
    return csv_file("gaps", headings, (_row(row) for row in matrix.rows), tags=tags)


# More places of one level than any country has cities.
_MOST = 2_000


def _row(row: Any) -> list[Any]:
    place = row.place
    return [place.code, str(place), place.population or "", *(one.count for one in row.cells)]
