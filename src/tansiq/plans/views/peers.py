"""Places like ours, and how they solved an objective."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Place
from tansiq.core.pages import page
from tansiq.core.translations import show
from tansiq.plans.models import Objective, Plan
from tansiq.plans.queries import peer_answers as answers
from tansiq.plans.queries import peers as reading

PER_PAGE = 20


@require_GET
def of_place(request: Request, code: str) -> HttpResponse:
    place = fetch(request.actor, "plans.place_view", Place, code=code)
    return _peers(request, place, reading.plan_of(request.actor, place))


@require_GET
def of_plan(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _plan(request, country, slug)
    if plan.parent_id is None:
        raise Http404
    return _peers(request, plan.place, plan)


def _peers(request: Request, place: Place, plan: Plan | None) -> HttpResponse:
    wanted = reading.wanted_from(request.GET.getlist("like"))
    peers = reading.peers_of(request.actor, place, wanted)
    current = Paginator(peers, PER_PAGE).get_page(request.GET.get("page"))
    national = _national(request, plan) if plan is not None else None
    if plan is not None:
        show([plan], "title", written_in=plan.language)
    context = _choices(wanted) | {
        "place": place,
        "plan": plan,
        "page": current,
        "lines": reading.peer_lines(request.actor, current.object_list),
        "objectives": answers.objectives_of(request.actor, national, peers) if national else [],
    }
    return page(request, "plans/peers/index.html", context)


@require_GET
def objective(request: Request, country: str, slug: str, code: str) -> HttpResponse:
    plan = _plan(request, country, slug)
    national = _national(request, plan)
    if national is None:
        raise Http404
    seen = Objective.objects.visible_to(request.actor).filter(plan=national, code=code)
    found = seen.select_related("plan__country").first()
    if found is None:
        raise Http404
    show([found], "title", written_in=national.language)
    mine = _mine(request, plan)
    wanted = reading.wanted_from(request.GET.getlist("like"))
    peers = reading.peers_of(request.actor, mine, wanted, country=plan.place.country_code)
    # What each place did is looked up for all at once; the page shows those that did something.
    answering = answers.answers_to(request.actor, found, peers[: reading.MOST_ANSWERS])
    current = Paginator(answering, PER_PAGE).get_page(request.GET.get("page"))
    context = _choices(wanted) | {
        "plan": plan,
        "place": mine,
        "national": national,
        "objective": found,
        "page": current,
        "looked_at": len(peers),
    }
    return page(request, "plans/peers/objective.html", context)


def _plan(request: Request, country: str, slug: str) -> Plan:
    plan = fetch(request.actor, "plans.view", Plan, country__code=country, slug=slug)
    show([plan], "title", written_in=plan.language)
    return plan


def _national(request: Request, plan: Plan) -> Plan | None:
    """Return the national plan above, or the plan itself, if the reader may see it."""
    above = Q(pk=plan.pk) if plan.is_national else Q(local_plans=plan)
    seen = Plan.objects.visible_to(request.actor).filter(above)
    return seen.select_related("country", "place").first()


def _mine(request: Request, plan: Plan) -> Place | None:
    """Return the place of a local plan; on a national one, the place asked for or none."""
    if not plan.is_national:
        return plan.place
    under = Place.objects.visible_to(request.actor).filter(links_up__ancestor=plan.place_id)
    return under.filter(code=request.GET.get("place", "")).select_related("parent").first()


def _choices(wanted: tuple[str, ...]) -> dict[str, Any]:
    return {
        "likenesses": [(name, words, name in wanted) for name, words in reading.LIKENESSES.items()]
    }
