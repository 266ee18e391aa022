"""The public page of a plan in six languages, and its feeds; the same for everybody."""

import json
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.timezone import localdate, now
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from tansiq.access.actor import PASSER_BY
from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.core.answers import cacheable
from tansiq.plans.models import Plan
from tansiq.plans.queries.public import feed as feeds
from tansiq.plans.queries.public.page import public_page

_LANGUAGES = dict(settings.LANGUAGES)
Maker = Callable[[Plan, list[feeds.Entry], str, str], tuple[str, str]]


def _published(country: str, slug: str) -> Plan:
    """Return the plan as a passer-by may see it; what is not published is not there."""
    plan = fetch(PASSER_BY, "plans.view", Plan, country__code=country, slug=slug)
    if not plan.is_public:
        raise Http404
    return plan


def _known(language: str) -> str:
    if language not in _LANGUAGES:
        raise Http404
    return language


@require_safe
def choose(request: Request, country: str, slug: str) -> HttpResponse:
    """Lead to the page in the language the reader's browser or choice asks for."""
    _published(country, slug)
    response = redirect("plans:public", country, slug, get_language() or "en")
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@require_safe
def show(request: Request, country: str, slug: str, language: str) -> HttpResponse:
    with override(_known(language)):
        plan = _published(country, slug)
        addresses = _addresses(plan)
        context = {
            "shown": public_page(plan, at=now()),
            "plan": plan,
            "languages": addresses,
            "here": f"{settings.ORIGIN}{dict(addresses)[language]}",
            "origin": settings.ORIGIN,
            "is_member": request.actor.is_signed_in,
            "today": localdate(),
            "complaints": settings.COMPLAINTS,
        }
        response = render(request, "plans/public/show.html", context)
    response.headers["Content-Language"] = language
    return cacheable(request, response)


def _addresses(plan: Plan) -> list[tuple[str, str]]:
    where = (plan.country.code, plan.slug)
    return [(code, reverse("plans:public", args=[*where, code])) for code in _LANGUAGES]


@require_safe
def atom(request: Request, country: str, slug: str, language: str) -> HttpResponse:
    def make(plan: Plan, entries: list[feeds.Entry], page: str, here: str) -> tuple[str, str]:
        body = feeds.atom_of(plan, entries, page_url=page, feed_url=here)
        return body, "application/atom+xml; charset=utf-8"

    return _feed(request, _published(country, slug), _known(language), make)


@require_safe
def json_feed(request: Request, country: str, slug: str, language: str) -> HttpResponse:
    def make(plan: Plan, entries: list[feeds.Entry], page: str, here: str) -> tuple[str, str]:
        body = feeds.json_feed_of(plan, entries, page_url=page, feed_url=here)
        return json.dumps(body, ensure_ascii=False, indent=1), "application/feed+json"

    return _feed(request, _published(country, slug), _known(language), make)


def _feed(request: Request, plan: Plan, language: str, make: Maker) -> HttpResponse:
    with override(language):
        page = f"{settings.ORIGIN}{dict(_addresses(plan))[language]}"
        entries = feeds.entries_of(plan, page, at=now())
        body, kind = make(plan, entries, page, f"{settings.ORIGIN}{request.path}")
    response = HttpResponse(body, content_type=kind)
    response.headers["Content-Language"] = language
    changed = max((one.at for one in entries), default=plan.published_at)
    return cacheable(request, response, changed_at=changed)
