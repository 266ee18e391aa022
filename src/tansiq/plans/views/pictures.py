"""Reading threat and resilience pictures: one, on paper, over time, beside the neighbours'."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation, Place
from tansiq.core.pages import page
from tansiq.plans.models import Picture
from tansiq.plans.queries import picture_compare as comparing
from tansiq.plans.queries import pictures as reading
from tansiq.plans.rules.pictures import verdicts


def _place(request: Request, code: str) -> Place:
    return fetch(request.actor, "plans.place_view", Place, code=code)


def _start(request: Request, place: Place) -> dict[str, Any]:
    """Say whether this person may begin a picture of the place, and why not."""
    lead = Organisation.objects.visible_to(request.actor).filter(
        place=place, is_lead_of_place=True, is_active=True
    )
    found = lead.first()
    may = can(request.actor, "plans.picture_start", found) if found else False
    return {"may_start": may}


@login_required
@require_GET
def index(request: Request, code: str) -> HttpResponse:
    """Show the picture of the place that counts, or how to begin one."""
    place = _place(request, code)
    pictures = reading.pictures_of(request.actor, place)
    picture = reading.first_to_show(pictures)
    context = {"place": place, "draft": reading.draft_among(pictures)} | _start(request, place)
    if picture is None:
        return page(request, "plans/pictures/none.html", context)
    return _page(request, picture, context)


@login_required
@require_GET
def show(request: Request, code: str, pk: int) -> HttpResponse:
    picture = fetch(request.actor, "plans.picture_view", Picture, pk=pk, place__code=code)
    context = {"place": picture.place} | _start(request, picture.place)
    return _page(request, picture, context)


def _page(request: Request, picture: Picture, context: dict[str, Any]) -> HttpResponse:
    moment = now()
    more = {
        "shown": reading.picture_page(request.actor, picture, on=moment.date()),
        "picture": picture,
        "limits": reading.what_it_cannot_tell(),
        "moment": moment,
    }
    more |= verdicts(request.actor, picture)
    return page(request, "plans/pictures/detail.html", context | more)


@login_required
@require_GET
def paper(request: Request, code: str, pk: int) -> HttpResponse:
    """Show a picture on one sheet."""
    picture = fetch(request.actor, "plans.picture_view", Picture, pk=pk, place__code=code)
    moment = now()
    context = {
        "picture": picture,
        "shown": reading.picture_page(request.actor, picture, on=moment.date()),
        "limits": reading.what_it_cannot_tell(),
        "moment": moment,
    }
    return render(request, "plans/pictures/paper.html", context)


@login_required
@require_GET
def over_time(request: Request, code: str) -> HttpResponse:
    place = _place(request, code)
    compared = comparing.over_time(request.actor, place)
    return _compare(request, place, compared, is_over_time=True)


@login_required
@require_GET
def neighbours(request: Request, code: str) -> HttpResponse:
    place = _place(request, code)
    compared = comparing.beside_neighbours(request.actor, place)
    return _compare(request, place, compared, is_over_time=False)


def _compare(
    request: Request, place: Place, compared: comparing.Comparison, *, is_over_time: bool
) -> HttpResponse:
    context = {
        "place": place,
        "compared": compared,
        "is_over_time": is_over_time,
        "limits": reading.what_it_cannot_tell(),
    }
    return page(request, "plans/pictures/compare.html", context)
