"""The brief that the nation owes for a situation report."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.incidents.actions.briefs import BriefError, give_brief, remind_of_brief
from tansiq.incidents.forms.reports import BriefForm
from tansiq.incidents.models import Brief


@login_required
@require_http_methods(["GET", "POST"])
def give(request: Request, room: int, pk: int) -> HttpResponse:
    brief = fetch(request.actor, "incidents.brief_give", Brief, pk=pk, incident=room)
    stands = {"marking": brief.marking, "revision": brief.revision}
    form = BriefForm(request.POST or None, initial=stands)
    if form.is_valid():
        try:
            revision = form.cleaned_data["revision"]
            said = form.said(request.LANGUAGE_CODE)
            give_brief(brief, said, revision=revision, by=request.actor, at=now())
        except (BriefError, ChangedMeanwhileError) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Given. They are told."))
            return redirect(brief.report)
    context = {
        "incident": brief.incident,
        "brief": brief,
        "form": form,
        "left": brief.due_at - brief.incident.room_time(now()),
    }
    status = 422 if form.is_bound else 200
    return render(request, "incidents/reports/brief.html", context, status=status)


@login_required
@require_POST
def remind(request: Request, room: int, pk: int) -> HttpResponse:
    brief = fetch(request.actor, "incidents.brief_remind", Brief, pk=pk, incident=room)
    try:
        remind_of_brief(brief, by=request.actor, at=now())
        messages.success(request, _("The reminder is out."))
    except BriefError as problem:
        messages.warning(request, str(problem))
    return redirect(brief.report)
