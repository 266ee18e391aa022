"""The desk, search and the first page of a passer-by."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime, now
from django.views.decorators.http import require_GET

from tansiq.access.gate import open_to_all
from tansiq.access.middleware import Request
from tansiq.home.queries.desk import desk_of
from tansiq.home.queries.oversight import watch_of
from tansiq.home.queries.owed import everything_owed
from tansiq.home.queries.public import published_plans
from tansiq.home.queries.search import search as search_for
from tansiq.home.searchables import SEARCHABLES


@require_GET
@open_to_all("the first page; each line of it has passed visible_to in the queries")
def desk(request: Request) -> HttpResponse:
    at = now()
    actor = request.actor
    if not actor.is_signed_in:
        return render(request, "home/welcome.html", {"countries": published_plans(actor)})
    context = {"today": at.date(), "hour": localtime(at).hour}
    if actor.is_overseer and not actor.organisation_ids:
        watch = watch_of(actor, at=at)
        countries = published_plans(actor)
        return render(
            request,
            "home/desk_overseer.html",
            context | {"watch": watch, "countries": countries},
        )
    return render(request, "home/desk.html", context | {"desk": desk_of(actor, at)})


@login_required
@require_GET
@open_to_all("a member's own list; each line of it has passed visible_to in the queries")
def owed(request: Request) -> HttpResponse:
    """Show all that is owed both ways, of plans and of the exchange, in two lists."""
    at = now()
    context = {"owed": everything_owed(request.actor, at), "today": at.date()}
    return render(request, "home/owed.html", context)


@require_GET
@open_to_all("the index proposes; what is shown has passed visible_to in the query")
def search(request: Request) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:200]
    kind = request.GET.get("kind", "")
    context = {
        "query": query,
        "kind": kind,
        "searchables": SEARCHABLES,
        "finds": search_for(request.actor, query, kind=kind) if query else [],
    }
    return render(request, "home/search.html", context)
