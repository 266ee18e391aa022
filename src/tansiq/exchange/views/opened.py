"""What was sent for everybody, without signing in; and one item as a file for programs."""

from operator import attrgetter

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tansiq.access.gate import fetch, open_to_all
from tansiq.access.middleware import Request
from tansiq.access.queries import passer_by
from tansiq.core.answers import cacheable
from tansiq.core.translations import show_each
from tansiq.exchange.actions.exports import note_export
from tansiq.exchange.models import Item
from tansiq.exchange.queries.opened import MOST, feed_of, items_for_everybody
from tansiq.exchange.stix import MEDIA_TYPE, bundle_of

_WHY = "reads with the rights of a passer-by; what is not public is not in it"
# What was taken back must not stand in caches for long.
_SECONDS = 30
_A_PAGE = 20
_LANGUAGE_OF = attrgetter("language")


@require_safe
@open_to_all(_WHY)
def index(request: Request) -> HttpResponse:
    found = items_for_everybody(passer_by(now()), country=_country(request))
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    show_each(page.object_list, "title", language_of=_LANGUAGE_OF)
    context = {"page": page, "country": _country(request)}
    return _kept_shortly(request, render(request, "exchange/open/index.html", context))


@require_safe
@open_to_all(_WHY)
def item(request: Request, pk: int) -> HttpResponse:
    found = items_for_everybody(passer_by(now())).filter(pk=pk).first()
    if found is None:
        raise Http404
    show_each([found], "title", "text", language_of=_LANGUAGE_OF)
    return _kept_shortly(request, render(request, "exchange/open/item.html", {"item": found}))


@require_safe
@open_to_all(_WHY)
def feed(request: Request) -> HttpResponse:
    found = items_for_everybody(passer_by(now()), country=_country(request))[:MOST]
    content = feed_of(
        found,
        title=_("Exchange: for everybody"),
        address=settings.ORIGIN + request.get_full_path(),
        origin=settings.ORIGIN,
        language=get_language() or "en",
    )
    # Who has not signed in cannot open the page of members.
    for entry, one in zip(content["items"], found, strict=True):
        entry["url"] = settings.ORIGIN + reverse("exchange:open_item", args=[one.pk])
    return _kept_shortly(request, JsonResponse(content, content_type="application/feed+json"))


@require_safe
def stix(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.export", Item, pk=pk)
    content = bundle_of([found], origin=settings.ORIGIN)
    note_export([found], "stix", by=request.actor, at=now())
    answer = JsonResponse(content, content_type=MEDIA_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="tansiq-item-{pk}.json"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _country(request: Request) -> str:
    return request.GET.get("country", "").lower()[:2].replace("\x00", "")


def _kept_shortly(request: Request, response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    answer = cacheable(request, response)
    if "Cache-Control" in answer.headers:
        answer.headers["Cache-Control"] = f"public, max-age={_SECONDS}"
    return answer
