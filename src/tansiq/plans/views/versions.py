"""Reading the versions of a plan: the list, one as it stood, two beside each other."""

from django.http import Http404, HttpResponse
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.core.pages import page
from tansiq.core.translations import show
from tansiq.plans.models import Amendment, Plan, Version
from tansiq.plans.queries.versions import pages
from tansiq.plans.queries.versions.content import is_intact, read
from tansiq.plans.queries.versions.reading import as_it_stood


def plan_at(request: Request, country: str, slug: str, rule: str = "plans.view") -> Plan:
    plan = fetch(request.actor, rule, Plan, country__code=country, slug=slug)
    show([plan], "title", written_in=plan.language)
    return plan


def version_of(request: Request, plan: Plan, number: int) -> Version:
    version = Version.objects.visible_to(request.actor).filter(plan=plan, number=number).first()
    if version is None:
        raise Http404
    version.plan = plan
    return version


@require_GET
def index(request: Request, country: str, slug: str) -> HttpResponse:
    plan = plan_at(request, country, slug)
    lines = pages.lines_of(request.actor, plan)
    show([one.version for one in lines], "legal_instrument", written_in=plan.language)
    context = {
        "plan": plan,
        "lines": lines,
        "amendment": Amendment.objects.visible_to(request.actor).open().filter(plan=plan).first(),
        "may_amend": can(request.actor, "plans.amend", plan),
        "oldest": lines[-1].version.number if lines else 0,
        "newest": lines[0].version.number if lines else 0,
    }
    return page(request, "plans/versions/index.html", context)


@require_GET
def version(request: Request, country: str, slug: str, number: int) -> HttpResponse:
    plan = plan_at(request, country, slug)
    kept = version_of(request, plan, number)
    show([kept], "reason", "legal_instrument", written_in=plan.language)
    content = read(kept.content)
    newest = pages.latest_of(request.actor, plan)
    context = {
        "plan": plan,
        "version": kept,
        "kept_plan": content["plan"],
        "parts": as_it_stood(content),
        "is_intact": is_intact(kept),
        "is_newest": newest is not None and newest.number == number,
    }
    return page(request, "plans/versions/version.html", context)


@require_GET
def compare(request: Request, country: str, slug: str) -> HttpResponse:
    plan = plan_at(request, country, slug)
    first, second = sorted(_number(request, name) for name in ("from", "to"))
    before, after = (version_of(request, plan, number) for number in (first, second))
    show([before, after], "reason", "legal_instrument", written_in=plan.language)
    numbers = Version.objects.visible_to(request.actor).filter(plan=plan).order_by("number")
    context = {
        "plan": plan,
        "before": before,
        "after": after,
        "comparison": pages.comparison_of(request.actor, before, after),
        "numbers": numbers.values_list("number", flat=True),
        "today": localdate(),
    }
    return page(request, "plans/versions/compare.html", context)


def _number(request: Request, name: str) -> int:
    text = request.GET.get(name, "")
    if not text.isdecimal() or len(text) > len("32767"):
        raise Http404
    return int(text)
