"""Coverage of a national plan, the list of its places, and one place under it."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.access.actor import Actor
from tansiq.access.gate import can, fetch
from tansiq.access.log import record
from tansiq.access.middleware import Request
from tansiq.access.models import Place
from tansiq.access.verdict import Verdict
from tansiq.core.exports import csv_file
from tansiq.core.pages import page
from tansiq.core.translations import show
from tansiq.plans.actions.plans import set_stage
from tansiq.plans.forms.stages import StageForm
from tansiq.plans.models import Plan, StageName
from tansiq.plans.queries import coverage as covering
from tansiq.plans.queries import places as reading
from tansiq.plans.rules.plans import verdicts

PER_PAGE = 50


def _national(request: Request, country: str, slug: str, rule: str = "plans.view") -> Plan:
    plan = fetch(request.actor, rule, Plan, country__code=country, slug=slug)
    if not plan.is_national:
        raise Http404
    show([plan], "title", written_in=plan.language)
    return plan


def _place_in(actor: Actor, plan: Plan, code: str) -> Place:
    places = Place.objects.visible_to(actor).filter(links_up__ancestor=plan.place_id)
    place = places.filter(code=code).select_related("parent").first()
    if place is None:
        raise Http404
    return place


@require_GET
def coverage(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _national(request, country, slug)
    parent = _place_in(request.actor, plan, request.GET.get("place") or plan.place.code)
    level = covering.level_under(plan, parent, request.GET.get("level", ""))
    levels = covering.levels_under(plan, parent)
    columns = Paginator(covering.columns_of(parent, level), covering.COLUMNS)
    current = columns.get_page(request.GET.get("page"))
    matrix = covering.matrix_of(plan, parent, level, current.object_list)
    context = {
        "plan": plan,
        "parent": parent,
        "level": level,
        "levels": [one for one in reading.level_choices(plan) if one[0] in levels],
        "page": current,
        "matrix": matrix,
        "only": matrix.row_of(request.GET.get("objective", "")),
        "orphans": covering.orphans_of(request.actor, plan),
    }
    return page(request, "plans/coverage.html", context | verdicts(request.actor, plan))


_COVERAGE_TAGS = (
    "#objective+code", "#objective+name", "#adm+code", "#adm+name", "#status+answer",
    "#indicator+asked", "#indicator+adopted", "#indicator+adapted", "#indicator+supports",
    "#indicator+not_applicable", "#description+reasons",
)  # fmt: skip


@require_GET
def coverage_file(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _national(request, country, slug, "plans.export")
    parent = _place_in(request.actor, plan, request.GET.get("place") or plan.place.code)
    level = covering.level_under(plan, parent, request.GET.get("level", ""))
    detail = {"table": "coverage", "place": parent.code, "level": level}
    record(request.actor, "export:plans.view", plan, at=now(), detail=detail)
    headings = [
        _("Objective"),
        _("Title"),
        _("Code of the place"),
        _("Place"),
        _("Answer"),
        _("Actions asked"),
        _("adopted"),
        _("adapted"),
        _("supports"),
        _("not applicable"),
        _("Reasons"),
    ]
    rows = covering.export_rows(plan, parent, level)
    return csv_file(f"{plan.slug}-coverage", headings, rows, tags=_COVERAGE_TAGS)


@require_GET
def places(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _national(request, country, slug)
    wanted = reading.wanted_from(request.GET.dict(), plan)
    rows = Paginator(reading.places_under(plan, wanted), PER_PAGE)
    current = rows.get_page(request.GET.get("page"))
    context = {
        "plan": plan,
        "wanted": wanted,
        "page": current,
        "lines": reading.place_lines(request.actor, plan, current.object_list, localdate()),
        "levels": reading.level_choices(plan),
        "stage_names": StageName.choices,
        "asked": reading.asked_count(plan),
    }
    return page(request, "plans/places.html", context, fragment="plans/_places.html")


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: Request, country: str, slug: str, code: str) -> HttpResponse:
    plan = _national(request, country, slug)
    where = _place_in(request.actor, plan, code)
    shown = reading.place_page(request.actor, plan, where)
    may = _may_set_stage(request.actor, plan, shown.local)
    form = StageForm(request.POST or None, initial={"since_on": localdate()})
    if request.method == "POST":
        if not may:
            fetch(request.actor, "plans.set_stage", Plan, pk=plan.pk)
        if form.is_valid():
            set_stage(plan, where, **form.cleaned_data, by=request.actor, at=now())
            return redirect("plans:place", country, slug, code)
    context = {"plan": plan, "shown": shown, "form": form, "may_set_stage": may}
    status = 422 if form.is_bound else 200
    return page(request, "plans/place.html", context, status=status)


def _may_set_stage(actor: Actor, plan: Plan, local: Plan | None) -> Verdict:
    """Ask for the owner of the national plan, and for who owns the place's plan under it."""
    verdict = can(actor, "plans.set_stage", plan)
    if not verdict and local is not None:
        return can(actor, "plans.set_stage", local)
    return verdict
