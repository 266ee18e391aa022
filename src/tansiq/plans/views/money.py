"""The money of a plan: what is not funded, its single lines, and entering them."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.access.gate import can_each, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Place
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.exports import csv_file
from tansiq.core.money import as_number
from tansiq.core.pages import page
from tansiq.core.translations import show
from tansiq.plans.actions import money as entering
from tansiq.plans.forms.money import BudgetLineForm, CostForm, MoneyForm, StaffForm
from tansiq.plans.models import Afterwards, BudgetLine, Funding, Plan
from tansiq.plans.queries.changes import both_versions
from tansiq.plans.queries.money import (
    costs_of,
    lines_of,
    places_within,
    plan_money,
    say_what_is_odd,
    span_asked,
    staff_of,
    wanted_from,
    years_of,
)
from tansiq.plans.queries.wording import in_readers_language

form_view = require_http_methods(["GET", "HEAD", "POST"])
FORMS: dict[str, type[MoneyForm]] = {"line": BudgetLineForm, "cost": CostForm, "staff": StaffForm}
PER_PAGE = 50
_COLUMNS = (
    "#activity+code",
    "#activity+name",
    "#description",
    "#adm+code",
    "#adm+name",
    "#date+year",
    "#org+funder+type",
    "#org+funder+name",
    "#value+planned",
    "#value+committed",
    "#value+spent",
    "#currency+code",
    "#date+end",
    "#status+afterwards",
    "#org+successor",
)


def _plan(request: Request, country: str, slug: str, rule: str = "plans.money_view") -> Plan:
    plan = fetch(request.actor, rule, Plan, country__code=country, slug=slug)
    show([plan], "title", written_in=plan.language)
    return plan


def _may(request: Request, plan: Plan) -> dict[str, Any]:
    verdicts = can_each(request.actor, ["plans.money_edit", "plans.export"], plan)
    return {"may_edit": verdicts["plans.money_edit"], "may_export": verdicts["plans.export"]}


@require_GET
def index(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _plan(request, country, slug)
    today, parent = localdate(), _parent(request, plan)
    span = span_asked(request.GET.get("year", ""), this_year=today.year)
    found = plan_money(request.actor, plan, on=today, span=span, parent=parent)
    context = {
        "plan": plan,
        "found": found,
        "is_exact": "exact" in request.GET,
        "this_year": today.year,
        "years": sorted({*found.years, *([span.year] if span.year else [])}),
    }
    return page(request, "plans/money/index.html", context | _may(request, plan))


def _parent(request: Request, plan: Plan) -> Place | None:
    code = request.GET.get("place", "")
    if not code:
        return None
    below = Place.objects.visible_to(request.actor).filter(links_up__ancestor=plan.place_id)
    place = below.filter(code=code).first()
    if place is None:
        raise Http404
    return place


@require_GET
def lines(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _plan(request, country, slug)
    wanted = wanted_from(request.GET.dict())
    rows = Paginator(lines_of(plan, wanted, sort=request.GET.get("sort", "")), PER_PAGE)
    current = rows.get_page(request.GET.get("page"))
    say_what_is_odd(current.object_list)
    in_readers_language(current.object_list, "title", "successor", "funder")
    costs = list(costs_of(plan, wanted)[:_MOST_COSTS])
    in_readers_language(costs, "basis")
    context = {
        "plan": plan,
        "wanted": wanted,
        "page": current,
        "costs": costs,
        "staff": staff_of(plan),
        "years": years_of(plan),
        "sources": [one for one in Funding.choices if one[0] != Funding.NONE],
        "afterwards": Afterwards.choices,
    }
    return page(request, "plans/money/lines.html", context | _may(request, plan))


# More costs than this no plan has in the years that are shown; the file holds all lines.
_MOST_COSTS = 500


@require_GET
def lines_file(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _plan(request, country, slug, "plans.export")
    wanted = wanted_from(request.GET.dict())
    entering.note_money_export(plan, by=request.actor, at=now())
    rows = (_cells(one) for one in lines_of(plan, wanted))
    return csv_file(f"{plan.slug}-money", _headings(), rows, tags=_COLUMNS)


def _headings() -> list[str]:
    return [
        _("Code of the action"),
        _("Action"),
        _("What it pays for"),
        _("Code of the place"),
        _("Place"),
        _("Year"),
        _("With whose money"),
        _("Name of the funder"),
        pgettext("money", "Planned"),
        pgettext("money", "Committed"),
        pgettext("money", "Spent so far"),
        _("Currency"),
        _("The last day of this money"),
        _("What happens to the work when it ends?"),
        _("Who takes over"),
    ]


def _cells(line: BudgetLine) -> list[Any]:
    action = line.action
    return [
        action.code if action else "",
        action.title if action else "",
        line.title,
        line.place.code,
        line.place,
        line.year,
        line.source,
        line.funder,
        *(
            f"{as_number(amount, line.currency):f}"
            for amount in (line.planned, line.committed, line.spent)
        ),
        line.currency,
        line.ends_on.isoformat() if line.ends_on else "",
        line.afterwards if line.ends_on else "",
        line.successor,
    ]


@form_view
def add(request: Request, country: str, slug: str, kind: str) -> HttpResponse:
    plan = _plan(request, country, slug, "plans.money_edit")
    form = _form_of(kind)(request.POST or None, plan=plan, initial=_first_values(request, plan))
    if form.is_valid():
        try:
            entering.add_money(form.new_entry(), by=request.actor, at=now())
            return redirect("plans:money_lines", country, slug)
        except entering.MoneyError as problem:
            form.add_error(None, str(problem))
    return _form_page(request, plan, form, _titles()[kind])


def _first_values(request: Request, plan: Plan) -> dict[str, Any]:
    """Begin with this year, and with the action asked for in the address."""
    this_year = localdate().year
    within = min(max(this_year, plan.starts_on.year), plan.ends_on.year)
    code = request.GET.get("action", "").replace("\0", "")
    action = plan.actions.filter(code=code).first() if code else None
    return {"year": within} | ({"action": action.pk} if action else {})


@form_view
def change(request: Request, country: str, slug: str, *, kind: str, pk: int) -> HttpResponse:
    plan = _plan(request, country, slug, "plans.money_edit")
    entry = _entry(request, plan, kind, pk)
    form = _form_of(kind)(request.POST or None, instance=entry, plan=plan)
    more: dict[str, Any] = {
        "remove_url": reverse("plans:money_remove", args=[country, slug, kind, pk])
    }
    if not form.is_valid():
        return _form_page(request, plan, form, str(entry), **more)
    try:
        entering.edit_money(
            entry, form.changes(), revision=form.seen_revision, by=request.actor, at=now()
        )
    except entering.MoneyError as problem:
        form.add_error(None, str(problem))
        return _form_page(request, plan, form, str(entry), **more)
    except ChangedMeanwhileError as problem:
        fresh = _form_of(kind)(instance=problem.current, plan=plan)
        return _conflict(request, plan, form, fresh, **more)
    return redirect(f"{reverse('plans:money_lines', args=[country, slug])}#{kind}-{pk}")


@form_view
def remove(request: Request, country: str, slug: str, *, kind: str, pk: int) -> HttpResponse:
    plan = _plan(request, country, slug, "plans.money_edit")
    entry = _entry(request, plan, kind, pk)
    if request.method == "POST":
        entering.remove_money(entry, by=request.actor, at=now())
        return redirect("plans:money_lines", country, slug)
    context = {
        "plan": plan,
        "question": _("Remove “%(part)s”?") % {"part": entry},
        "consequence": _("Its figures leave all sums. That it was there stays in the log."),
        "label": _("Remove it for good"),
        "is_danger": True,
        "form": forms.Form(),
        "back_url": reverse("plans:money_change", args=[country, slug, kind, pk]),
    }
    return page(request, "plans/confirm.html", context)


def _form_of(kind: str) -> type[MoneyForm]:
    if kind not in FORMS:
        raise Http404
    return FORMS[kind]


def _entry(request: Request, plan: Plan, kind: str, pk: int) -> Any:
    model: Any = _form_of(kind).Meta.model  # type: ignore[attr-defined]  # -- every one of them has it
    entry = model.objects.visible_to(request.actor).filter(plan=plan, pk=pk).first()
    if entry is None:
        raise Http404
    entry.plan = plan
    return entry


def _form_page(
    request: Request, plan: Plan, form: MoneyForm, title: str, *, status: int = 0, **more: Any
) -> HttpResponse:
    context = {
        "plan": plan,
        "form": form,
        "heading": title,
        "back_url": reverse("plans:money_lines", args=[plan.country.code, plan.slug]),
        "keeps_drafts": plan.marking not in {"amber+strict", "red"},
        "places": places_within(plan) if "place" in form.fields else [],
    }
    status = status or (422 if form.errors else 200)
    return page(request, "plans/money/form.html", context | more, status=status)


def _conflict(
    request: Request, plan: Plan, form: MoneyForm, fresh: MoneyForm, **more: Any
) -> HttpResponse:
    current: Any = fresh.instance
    more |= both_versions(form, fresh)
    return _form_page(request, plan, form, str(current), status=409, **more)


def _titles() -> dict[str, str]:
    return {
        "line": _("A new budget line"),
        "cost": _("A new cost"),
        "staff": _("Posts in a year"),
    }
