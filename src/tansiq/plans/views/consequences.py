"""What a version means for one place, and that the place has looked at it."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.core.pages import page
from tansiq.core.translations import show
from tansiq.plans.actions.consequences import look_again
from tansiq.plans.models import Consequence
from tansiq.plans.queries.versions import consequences as reading

# Of a number of a row; a longer one names none.
_DIGITS = 18


def _asked(country: str, slug: str, number: int, code: str) -> dict[str, object]:
    return {
        "version__plan__country__code": country,
        "version__plan__slug": slug,
        "version__number": number,
        "place__code": code,
    }


@require_GET
def consequence(
    request: Request, country: str, slug: str, *, number: int, code: str
) -> HttpResponse:
    asked = _asked(country, slug, number, code)
    found = fetch(request.actor, "plans.consequence_view", Consequence, **asked)
    plan = found.version.plan
    show([plan], "title", written_in=plan.language)
    show([found.version], "reason", written_in=plan.language)
    context = {
        "plan": plan,
        "version": found.version,
        "place": found.place,
        "consequence": found,
        "meaning": reading.meaning_for(request.actor, found.version, found.place),
        "local": reading.local_plan_of(request.actor, found.version, found.place),
        "may_look": can(request.actor, "plans.look_again", found),
    }
    return page(request, "plans/versions/consequence.html", context)


@require_POST
def looked(request: Request, country: str, slug: str, *, number: int, code: str) -> HttpResponse:
    """Confirm one answer, named in the form, or all of them."""
    asked = _asked(country, slug, number, code)
    found = fetch(request.actor, "plans.look_again", Consequence, **asked)
    given = request.POST.getlist("answer")
    named = [int(one) for one in given if one.isdecimal() and len(one) <= _DIGITS]
    look_again(found, named if given else None, by=request.actor, at=now())
    return redirect(found)
