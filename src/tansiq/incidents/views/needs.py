"""The needs board of a room: who has nobody, what is open, how families are supported."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.access.pages import page_of
from tansiq.core.translations import show_each
from tansiq.incidents.actions.needs import NeedError, count_families, enter_need
from tansiq.incidents.actions.refusing import NotAboutPersonsError
from tansiq.incidents.desks import room_day
from tansiq.incidents.forms.needs import FamiliesForm, NeedForm
from tansiq.incidents.models import Incident, Need, NeedKind
from tansiq.incidents.queries import needs as reading


@login_required
@require_GET
def index(request: Request, room: int) -> HttpResponse:
    """Show the areas that have nobody, then the needs, narrowed by state and kind."""
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    state, kind = request.GET.get("state", "unmet"), request.GET.get("kind", "")
    rows = reading.narrowed(reading.needs_of(request.actor, incident), state=state, kind=kind)
    page = page_of(request, rows)
    show_each(page.object_list, "note", language_of=lambda one: one.language)
    language = get_language() or "en"
    nobody = reading.nobody_for(request.actor, incident, on=room_day(incident, now()))
    context = {
        "incident": incident,
        "page": page,
        "nobody": [one.sentence(language) for one in nobody],
        "summary": reading.needs_summary(incident),
        "families": reading.families_of(request.actor, incident),
        "state": state,
        "kind": kind,
        "states": reading.states(),
        "kinds": NeedKind.choices,
        "may_enter": can(request.actor, "incidents.need_enter", incident),
    }
    return render(request, "incidents/needs/index.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.need_enter", Incident, pk=room)
    form = NeedForm(request.POST or None, incident=incident)
    if form.is_valid():
        need = _entered(request, incident, form)
        if need is not None:
            return redirect(need)
    context = {"incident": incident, "form": form}
    status = 422 if form.errors else 200
    return render(request, "incidents/needs/enter.html", context, status=status)


def _entered(request: Request, incident: Incident, form: NeedForm) -> Need | None:
    try:
        return enter_need(incident, form.told(), by=request.actor, at=now(), sent=form.sent())
    except NotAboutPersonsError as problem:
        form.add_error("note", str(problem))
        return None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def families(request: Request, room: int) -> HttpResponse:
    """Count how families are supported."""
    incident = fetch(request.actor, "incidents.families_count", Incident, pk=room)
    latest = reading.families_of(request.actor, incident)
    form = FamiliesForm(request.POST or None, initial=vars(latest))
    if form.is_valid():
        try:
            count_families(incident, form.cleaned_data, by=request.actor, at=now())
            messages.success(request, _("The count is kept."))
            return redirect("incidents:needs", room)
        except NeedError as problem:
            form.add_error(None, str(problem))
    context = {"incident": incident, "form": form, "families": latest}
    status = 422 if form.errors else 200
    return render(request, "incidents/needs/families.html", context, status=status)
