"""Reading plans: the list, a country, one plan, its places."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET

from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Place
from tansiq.core.pages import page
from tansiq.plans.models import Plan, PlanKind, PlanStatus
from tansiq.plans.queries import detail as reading
from tansiq.plans.queries import listing
from tansiq.plans.queries.tree import filter_from
from tansiq.plans.rules.plans import verdicts

PER_PAGE = 50


def _page_of(request: Request, rows: QuerySet[Any], size: int = PER_PAGE) -> Page[Any]:
    return Paginator(rows, size).get_page(request.GET.get("page"))


@require_GET
def index(request: Request) -> HttpResponse:
    seen = Plan.objects.visible_to(request.actor)
    wanted = listing.wanted_from(request.GET.dict())
    plans = listing.narrowed(seen, wanted, actor=request.actor)
    current = _page_of(request, listing.with_what_is_shown(plans))
    starting = listing.may_start_for(request.actor)
    context = {
        "page": current,
        "lines": listing.lines_of(current.object_list, localdate()),
        "wanted": wanted,
        "countries": listing.countries_of(seen),
        "kinds": PlanKind.choices,
        "statuses": PlanStatus.choices,
        "starting": starting,
        "unplanned": listing.places_without_a_plan(starting),
    }
    return page(request, "plans/index.html", context, fragment="plans/_list.html")


@require_GET
def country(request: Request, country: str) -> HttpResponse:
    place = Place.objects.visible_to(request.actor).filter(code=country, level=0).first()
    if place is None:
        raise Http404
    seen = Plan.objects.visible_to(request.actor).filter(country=place)
    context = listing.country_page(seen, place, actor=request.actor, at=now())
    return page(request, "plans/country.html", context)


@require_GET
def detail(request: Request, country: str, slug: str) -> HttpResponse:
    plan = fetch(request.actor, "plans.view", Plan, country__code=country, slug=slug)
    wanted = filter_from(request.GET.dict())
    context = reading.detail_page(request.actor, plan, wanted, at=now())
    context |= verdicts(request.actor, plan)
    return page(request, "plans/detail.html", context, fragment="plans/_actions.html")
