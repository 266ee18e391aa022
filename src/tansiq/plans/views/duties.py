"""What is owed between the levels: to us, by us, and one duty with all its places."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.plans.actions.duties import (
    DeliveryError,
    confirm_receipt,
    dispute_receipt,
    give_to_places,
    remind,
    update_delivery,
)
from tansiq.plans.forms.duties import DeliveryForm, DisputeForm, GiveForm
from tansiq.plans.models import Action, Delivery
from tansiq.plans.queries.duties import deliveries_of, duties_of, owed_to_us, received_lately
from tansiq.plans.queries.wording import in_readers_language

_PER_PAGE = 50
_STATES = {
    "": gettext_lazy("All places"),
    "open": gettext_lazy("Still open"),
    "late": gettext_lazy("Late"),
    "given": gettext_lazy("Given, not confirmed"),
    "confirmed": gettext_lazy("Confirmed"),
}


@login_required
@require_GET
def owed(request: Request) -> HttpResponse:
    """Show both directions side by side: what is owed to us, and what we owe."""
    today = now().date()
    context = {
        "to_us": owed_to_us(request.actor),
        "by_us": duties_of(request.actor, on=today),
        "received": received_lately(request.actor),
        "may_see_any": Delivery.objects.visible_to(request.actor).exists(),
        "today": today,
    }
    return render(request, "plans/duties/owed.html", context)


@login_required
@require_GET
def duty(request: Request, pk: int) -> HttpResponse:
    action = fetch(request.actor, "plans.view_action", Action, pk=pk, kind="duty")
    return _duty_page(request, action)


def _duty_page(
    request: Request, action: Action, *, form: GiveForm | None = None, status: int = 200
) -> HttpResponse:
    today = now().date()
    asked = {name: request.GET.get(name, "") for name in ("state", "sort")}
    rows = deliveries_of(request.actor, action, on=today, text=request.GET.get("q", ""), **asked)
    in_readers_language([action], "title")
    context = {
        "duty": action,
        "page": Paginator(rows, _PER_PAGE).get_page(request.GET.get("page")),
        "may_give": can(request.actor, "plans.give", action),
        "states": _STATES,
        "form": form or GiveForm(initial={"on": today}, open_pks=[]),
        "today": today,
        "sums": _sums(request, action),
    }
    return render(request, "plans/duties/duty.html", context, status=status)


def _sums(request: Request, action: Action) -> Action | None:
    ours = duties_of(request.actor, on=now().date())
    return next((one for one in ours if one.pk == action.pk), None)


@login_required
@require_POST
def give(request: Request, pk: int) -> HttpResponse:
    """Mark the chosen places as given to on one day."""
    action = fetch(request.actor, "plans.give", Action, pk=pk, kind="duty")
    rows = deliveries_of(request.actor, action, on=now().date(), state="open")
    form = GiveForm(request.POST, open_pks=list(rows.values_list("pk", flat=True)))
    if not form.is_valid():
        return _duty_page(request, action, form=form, status=422)
    chosen = rows.filter(pk__in=form.cleaned_data["deliveries"])
    try:
        day = form.cleaned_data["on"]
        count = give_to_places(action, chosen, on=day, by=request.actor, at=now())
    except DeliveryError as problem:
        form.add_error("on", str(problem))
        return _duty_page(request, action, form=form, status=422)
    said = ngettext(
        "Marked as given to %(count)s place; it can now confirm.",
        "Marked as given to %(count)s places; they can now confirm.",
        count,
    )
    messages.success(request, said % {"count": count})
    return redirect("plans:duty", pk=action.pk)


@login_required
@require_http_methods(["GET", "POST"])
def deliver(request: Request, pk: int) -> HttpResponse:
    """Say how one delivery stands."""
    delivery = fetch(request.actor, "plans.deliver", Delivery, pk=pk)
    form = DeliveryForm(request.POST or None, initial=_stands(delivery))
    conflict: dict[str, Any] = {}
    if form.is_valid():
        try:
            update_delivery(delivery, **form.cleaned_data, by=request.actor, at=now())
            messages.success(request, _("Kept. The place can see it."))
            return redirect("plans:duty", pk=delivery.action_id)
        except DeliveryError as problem:
            form.add_error("on", str(problem))
        except ChangedMeanwhileError as problem:
            conflict = _delivery_conflict(form, problem)
            form = conflict["form"]
    in_readers_language([delivery.action], "title")
    context = {"delivery": delivery, "form": form, "today": now().date()} | conflict
    status = 409 if conflict else 422 if form.is_bound else 200
    return render(request, "plans/duties/deliver.html", context, status=status)


def _stands(delivery: Delivery) -> dict[str, Any]:
    return {
        "status": delivery.status,
        "on": delivery.delivered_on,
        "note": delivery.note,
        "revision": delivery.revision,
    }


def _delivery_conflict(form: DeliveryForm, conflict: ChangedMeanwhileError) -> dict[str, Any]:
    current = conflict.current
    data = {**form.data.dict(), "revision": str(current.revision)}  # type: ignore[attr-defined]  # -- a QueryDict
    theirs = {"status": current.get_status_display(), "note": current.note}  # type: ignore[attr-defined]  # -- a Delivery
    statuses = dict(form.fields["status"].choices)  # type: ignore[attr-defined]  # -- a choice field
    yours = {
        "status": statuses.get(form.cleaned_data["status"]),
        "note": form.cleaned_data["note"],
    }
    differences = [
        {"label": form.fields[name].label, "theirs": theirs[name], "yours": yours[name]}
        for name in theirs
        if str(theirs[name]) != str(yours[name])
    ]
    return {
        "form": DeliveryForm(data),
        "differences": differences,
        "changed_by": _("Somebody"),
        "changed_at": current.changed_at,
    }


@login_required
@require_POST
def confirm(request: Request, pk: int) -> HttpResponse:
    delivery = fetch(request.actor, "plans.confirm", Delivery, pk=pk)
    try:
        confirm_receipt(delivery, by=request.actor, at=now())
        messages.success(request, _("Confirmed. Thank you for telling them."))
    except DeliveryError as problem:
        messages.warning(request, str(problem))
    return redirect("plans:owed")


@login_required
@require_http_methods(["GET", "POST"])
def dispute(request: Request, pk: int) -> HttpResponse:
    delivery = fetch(request.actor, "plans.dispute", Delivery, pk=pk)
    form = DisputeForm(request.POST or None)
    if form.is_valid():
        try:
            note = form.cleaned_data["note"]
            dispute_receipt(delivery, note=note, by=request.actor, at=now())
            messages.success(request, _("It is open again, and they are told."))
            return redirect("plans:owed")
        except DeliveryError as problem:
            form.add_error(None, str(problem))
    in_readers_language([delivery.action], "title")
    context = {"delivery": delivery, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "plans/duties/dispute.html", context, status=status)


@login_required
@require_POST
def remind_of(request: Request, pk: int) -> HttpResponse:
    delivery = fetch(request.actor, "plans.remind", Delivery, pk=pk)
    try:
        remind(delivery, by=request.actor, at=now())
        messages.success(request, _("The reminder is out."))
    except DeliveryError as problem:
        messages.warning(request, str(problem))
    return redirect("plans:owed")
