"""The map of a national plan, as a page and as files."""

import json

from django.http import Http404, HttpResponse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tansiq.access.gate import can, fetch
from tansiq.access.log import record
from tansiq.access.middleware import Request
from tansiq.access.models import Place
from tansiq.core.exports import csv_file
from tansiq.core.pages import page
from tansiq.core.translations import show as show_words
from tansiq.plans.models import Plan
from tansiq.plans.queries.mapping import drawing, files
from tansiq.plans.queries.mapping.page import MapPage, map_page


def _map(request: Request, country: str, slug: str, *, rule: str) -> MapPage:
    plan = fetch(request.actor, rule, Plan, country__code=country, slug=slug)
    if not plan.is_national:
        raise Http404
    show_words([plan], "title", written_in=plan.language)
    inside = Place.objects.visible_to(request.actor).filter(links_up__ancestor=plan.place_id)
    parent = inside.filter(code=request.GET.get("place") or plan.place.code).first()
    if parent is None:
        raise Http404
    return map_page(request.actor, plan, parent, request.GET.dict(), day=localdate())


@require_GET
def show(request: Request, country: str, slug: str) -> HttpResponse:
    shown = _map(request, country, slug, rule="plans.view")
    context = {
        "plan": shown.plan,
        "shown": shown,
        "picture": drawing.picture_of(shown),
        "table": drawing.table_rows(shown),
        "may_export": can(request.actor, "plans.export", shown.plan),
    }
    return page(request, "plans/map/show.html", context, fragment="plans/map/_map.html")


@require_GET
def geojson(request: Request, country: str, slug: str) -> HttpResponse:
    shown = _map(request, country, slug, rule="plans.export")
    _record(request, shown, "geojson")
    body = json.dumps(files.geojson_of(shown), ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(body, content_type="application/geo+json")
    response["Content-Disposition"] = f'attachment; filename="{_name(shown)}.geojson"'
    return response


@require_GET
def table(request: Request, country: str, slug: str) -> HttpResponse:
    shown = _map(request, country, slug, rule="plans.export")
    _record(request, shown, "csv")
    headings = [
        _("Code of the place"),
        _("Place"),
        _("Value"),
        shown.layer.heading,
        shown.layer.base_heading,
        _("Of"),
        _("As of"),
    ]
    rows = files.table_of(shown)
    return csv_file(_name(shown), headings, rows, tags=files.tags_of(shown))


def _name(shown: MapPage) -> str:
    parts = (shown.plan.slug, shown.topic.key.lower(), shown.moment.key)
    return "-".join(part for part in parts if part)


def _record(request: Request, shown: MapPage, kind: str) -> None:
    detail = {"table": "map", "as": kind, "show": shown.topic.key, "place": shown.parent.code}
    record(request.actor, "export:plans.view", shown.plan, at=now(), detail=detail)
