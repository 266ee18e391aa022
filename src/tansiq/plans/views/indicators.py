"""One indicator: its figures over the periods, by place, and as a file."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tansiq.access.gate import can, fetch
from tansiq.access.log import record
from tansiq.access.middleware import Request
from tansiq.access.models import Place
from tansiq.core.exports import csv_file
from tansiq.core.pages import page
from tansiq.core.translations import show
from tansiq.plans.forms.indicators import RULE_WORDS
from tansiq.plans.models import Indicator, Plan, Rule
from tansiq.plans.queries import indicators as reading

PER_PAGE = 50


def _indicator(
    request: Request, country: str, slug: str, code: str, *, rule: str
) -> tuple[Indicator, Place]:
    """Return the indicator and the place the reader asked for: the plan's own, or one below."""
    plan = fetch(request.actor, rule, Plan, country__code=country, slug=slug)
    seen = Indicator.objects.visible_to(request.actor).filter(plan=plan, code=code)
    indicator = seen.select_related("plan__country", "plan__place", "objective").first()
    places = Place.objects.visible_to(request.actor).filter(links_up__ancestor=plan.place_id)
    place = places.filter(code=request.GET.get("place") or plan.place.code).first()
    if indicator is None or place is None:
        raise Http404
    show([indicator.plan], "title", written_in=plan.language)
    return indicator, place


@require_GET
def indicator(request: Request, country: str, slug: str, code: str) -> HttpResponse:
    one, place = _indicator(request, country, slug, code, rule="plans.view")
    shown = reading.indicator_page(one, place, request.GET.get("period", ""))
    current = Paginator(reading.places_below(place), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "plan": one.plan,
        "shown": shown,
        "rule_words": RULE_WORDS[Rule(one.rule)],
        "page": current,
        "lines": reading.figures_below(one, list(current.object_list), shown.period),
        "may_export": can(request.actor, "plans.export", one.plan),
        "may_edit": can(request.actor, "plans.edit_parts", one.plan),
    }
    return page(request, "plans/indicator.html", context)


@require_GET
def figures_file(request: Request, country: str, slug: str, code: str) -> HttpResponse:
    one, place = _indicator(request, country, slug, code, rule="plans.export")
    detail = {"table": "figures", "indicator": one.code, "place": place.code}
    record(request.actor, "export:plans.view", one.plan, at=now(), detail=detail)
    headings = [
        _("From"),
        _("Until"),
        _("Code of the place"),
        _("Place"),
        _("Figure"),
        _("Places it rests on"),
    ]
    rows = reading.export_rows(one, place)
    tags = (
        "#date+start", "#date+end", "#adm+code", "#adm+name", "#indicator+value", "#meta+count"
    )  # fmt: skip
    return csv_file(f"{one.plan.slug}-{one.code}", headings, rows, tags=tags)
