"""Standing duties: those we keep and those that concern us; who got what when."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.exchange.actions.rhythms import (
    RhythmError,
    change_rhythm,
    end_rhythm,
    make_rhythm,
)
from tansiq.exchange.forms.rhythms import RhythmForm, entered
from tansiq.exchange.models import Rhythm
from tansiq.exchange.queries.rhythm_partners import partners_offered
from tansiq.exchange.queries.rhythms import makers, page_of_rhythm, rhythm_lines

_PER_PAGE = 30


@login_required
@require_GET
def index(request: Request) -> HttpResponse:
    rows = Rhythm.objects.visible_to(request.actor).select_related("owner")
    page = Paginator(rows.order_by("ended_at", "what", "pk"), _PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "lines": rhythm_lines(page.object_list, request.actor, at=now()),
        "makers": makers(request.actor),
        "today": now().date(),
    }
    return render(request, "exchange/duties/rhythms.html", context)


@login_required
@require_GET
def rhythm(request: Request, pk: int) -> HttpResponse:
    """Show one standing duty: its periods, and who got what when in one of them."""
    found = fetch(request.actor, "exchange.see_rhythm", Rhythm, pk=pk)
    at = now()
    asked = request.GET.get("period", "")
    context = {
        "page": page_of_rhythm(found, request.actor, at=at, asked=asked),
        "may_edit": can(request.actor, "exchange.edit_rhythm", found),
        "today": at.date(),
    }
    return render(request, "exchange/duties/rhythm.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: Request, slug: str) -> HttpResponse:
    owner = fetch(request.actor, "exchange.make_rhythm", Organisation, slug=slug)
    partners = partners_offered(owner, request.actor)
    initial = {"way": request.GET.get("way", "we_owe"), "every": "quarter"}
    form = RhythmForm(request.POST or None, partners=partners, initial=initial)
    if form.is_valid():
        try:
            made = make_rhythm(owner, form.beat(request.LANGUAGE_CODE), by=request.actor, at=now())
            messages.success(request, _("Kept. Each side finds it on its list before its day."))
            return redirect(made)
        except RhythmError as problem:
            form.add_error(None, str(problem))
    return _form_page(request, form, {"owner": owner})


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.edit_rhythm", Rhythm, pk=pk)
    partners = partners_offered(found.owner, request.actor, kept=found.audience)
    form = RhythmForm(request.POST or None, partners=partners, initial=entered(found, partners))
    form.fields["way"].disabled = True
    if form.is_valid():
        try:
            beat, revision = form.beat(found.language), form.cleaned_data["revision"] or 0
            change_rhythm(found, beat, revision=revision, by=request.actor, at=now())
            messages.success(request, _("Changed. What is not due yet follows."))
            return redirect(found)
        except (RhythmError, ChangedMeanwhileError) as problem:
            form.add_error(None, str(problem))
    return _form_page(request, form, {"owner": found.owner, "rhythm": found})


def _form_page(request: Request, form: RhythmForm, more: dict[str, Any]) -> HttpResponse:
    status = 422 if form.is_bound else 200
    context = {"form": form, "rhythm": None} | more
    return render(request, "exchange/duties/rhythm_form.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def end(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.end_rhythm", Rhythm, pk=pk)
    if request.method != "POST":
        return render(request, "exchange/duties/rhythm_end.html", {"rhythm": found})
    try:
        end_rhythm(found, by=request.actor, at=now())
        messages.success(request, _("Ended. What was late already stays open."))
    except RhythmError as problem:
        messages.warning(request, str(problem))
    return redirect(found)
