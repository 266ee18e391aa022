"""Activities from a file: a template to fill in, a look at what it holds, then all or nothing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.access.gate import fetch, open_to_all
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.access.place_files.problems import UnreadableFileError
from tansiq.core.exports import csv_file
from tansiq.plans.actions.activities import register_activities
from tansiq.plans.forms.activity_table import (
    COLUMNS,
    TAGS,
    ActivityTable,
    UploadForm,
    read_activities,
)
from tansiq.plans.models import Action
from tansiq.plans.queries.activities import organisations_registering, plans_to_work_on

_SHOWN = 20
_EXAMPLE = (
    "Training of village heads", "id-ji", "2026-05-14", "2026-05-15", "community", "local",
    "dialogue", "on_track", "", "1500000", "IDR", "40", "22", "Council of mosques", "", "green",
    "en",
)  # fmt: skip


@open_to_all("an empty table with one made-up row; nothing of anybody is in it")
@require_GET
def template(request: Request) -> HttpResponse:
    tags = [TAGS[one] for one in COLUMNS]
    return csv_file("activities-template", COLUMNS, [_EXAMPLE], tags=tags)


@login_required
@require_http_methods(["GET", "POST"])
def upload(request: Request) -> HttpResponse:
    """Take a file, show what would be registered, and register it once that is confirmed."""
    form = _form(request)
    if not form.is_valid():
        return _page(request, form, status=422 if form.is_bound else 200)
    owner = fetch(request.actor, "plans.activity_register", Organisation, pk=form.chosen_owner.pk)
    actions = Action.objects.visible_to(request.actor).steps().filter(plan=form.chosen_plan)
    text = form.cleaned_data["table"]
    try:
        table = read_activities(text, owner=owner, plan=form.chosen_plan, actions=actions)
    except UnreadableFileError as problem:
        form.add_error("file", str(problem))
        return _page(request, form, status=422)
    if "confirmed" not in request.POST or not table.is_right:
        return _page(request, form, table=table, status=200 if table.is_right else 422)
    count = register_activities(table.activities, by=request.actor, at=now())
    said = ngettext(
        "%(count)s activity is in the register.", "%(count)s activities are in the register.", count
    )
    messages.success(request, said % {"count": count})
    return redirect("plans:activities")


def _form(request: Request) -> UploadForm:
    organisations = organisations_registering(request.actor)
    if not organisations:
        raise PermissionDenied(
            _("Only a contributor of the organisation can register its activities.")
        )
    return UploadForm(
        request.POST or None,
        request.FILES or None,
        organisations=organisations,
        plans=plans_to_work_on(request.actor, organisations),
    )


def _page(
    request: Request, form: UploadForm, *, table: ActivityTable | None = None, status: int
) -> HttpResponse:
    context = {
        "form": form,
        "table": table,
        "text": form.cleaned_data.get("table", "") if form.is_bound else "",
        "first": table.activities[:_SHOWN] if table else [],
        "columns": COLUMNS,
    }
    return render(request, "plans/activities/import.html", context, status=status)
