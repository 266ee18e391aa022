"""Changing an adopted plan: open an amendment, write in it, put it into force."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.pages import page
from tansiq.core.translations import show
from tansiq.plans.actions import amendments as writing
from tansiq.plans.actions.applying import AmendmentError
from tansiq.plans.forms.amendments import (
    FORMS,
    KINDS,
    InForceForm,
    ReasonAgainForm,
    ReasonForm,
    empty_part,
)
from tansiq.plans.models import Amendment, Plan
from tansiq.plans.passing_on import pass_on_version
from tansiq.plans.queries.changes import latest_editor
from tansiq.plans.queries.versions.content import BY_NAME, Part, find, read
from tansiq.plans.queries.versions.pages import draft_comparison
from tansiq.plans.queries.versions.reading import as_it_stood

form_view = require_http_methods(["GET", "HEAD", "POST"])


def _plan(request: Request, country: str, slug: str) -> Plan:
    plan = fetch(request.actor, "plans.amend", Plan, country__code=country, slug=slug)
    show([plan], "title", written_in=plan.language)
    return plan


def _open(request: Request, plan: Plan) -> Amendment | None:
    seen = Amendment.objects.visible_to(request.actor).open().filter(plan=plan)
    return seen.select_related("base", "plan__country").first()


def _draft(request: Request, plan: Plan) -> Amendment:
    amendment = _open(request, plan)
    if amendment is None:
        raise Http404
    return amendment


@form_view
def amendment(request: Request, country: str, slug: str) -> HttpResponse:
    """Show the draft with all it changes; while none is open, offer to open one."""
    plan = _plan(request, country, slug)
    draft = _open(request, plan)
    if draft is None:
        return _begin(request, plan)
    content = read(draft.content)
    comparison = draft_comparison(request.actor, draft)
    changed = {line.change.key: line for section in comparison.sections for line in section.lines}
    context = {
        "plan": plan,
        "amendment": draft,
        "comparison": comparison,
        "parts": as_it_stood(content),
        "changed": changed,
        "may_put_into_force": can(request.actor, "plans.put_into_force", draft),
    }
    return page(request, "plans/versions/amendment.html", context)


def _begin(request: Request, plan: Plan) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    problem = None
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            writing.open_amendment(plan, reason=reason, by=request.actor, at=now())
            return redirect("plans:amendment", plan.country.code, plan.slug)
        except AmendmentError as error:
            problem = error
    context = {"plan": plan, "form": form, "problem": problem, "back_url": _versions(plan)}
    status = 409 if problem else 422 if form.errors else 200
    return page(request, "plans/versions/begin.html", context, status=status)


@form_view
def reason(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _plan(request, country, slug)
    draft = _draft(request, plan)
    initial = {"reason": draft.reason, "revision": draft.revision}
    form = ReasonAgainForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            given = form.cleaned_data
            writing.edit_reason(
                draft, given["reason"], revision=given["revision"], by=request.actor, at=now()
            )
            return redirect("plans:amendment", country, slug)
        except ChangedMeanwhileError as problem:
            form.add_error("reason", str(problem))
    return _form_page(request, plan, form, _("Why the plan is changed"))


@form_view
def add(request: Request, country: str, slug: str, kind: str) -> HttpResponse:
    plan = _plan(request, country, slug)
    if kind not in KINDS or kind == "plan":
        raise Http404
    return _write(request, plan, kind, empty_part(kind, _above(request, plan, kind)))


@form_view
def change(request: Request, country: str, slug: str, *, kind: str, key: str) -> HttpResponse:
    plan = _plan(request, country, slug)
    part = _part(request, plan, kind, key)
    return _write(request, plan, kind, part)


def _above(request: Request, plan: Plan, kind: str) -> str:
    """Return the part of the draft that a new one is to stand below, if there is such a one."""
    wanted, upper = request.GET.get("under", "")[:20], BY_NAME[KINDS[kind]].above_kind
    content = read(_draft(request, plan).content)
    is_there = bool(upper) and find(content, upper, wanted) is not None
    if not is_there and kind == "milestone":
        raise Http404
    return wanted if is_there else ""


def _part(request: Request, plan: Plan, kind: str, key: str) -> Part:
    if kind not in KINDS:
        raise Http404
    part = find(read(_draft(request, plan).content), KINDS[kind], key)
    if part is None or part.get("kind", kind) not in {"step", kind}:
        raise Http404
    return part


def _write(request: Request, plan: Plan, kind: str, part: Part) -> HttpResponse:
    """Show the form of a part, or write it into the draft."""
    draft = _draft(request, plan)
    form = _form(request, draft, kind, part)
    key = str(part.get("key", "plan"))
    title = f"{part.get('code', '')} {part.get('title', '')}".strip() or _titles()[kind]
    more: dict[str, Any] = {}
    if key and kind != "plan":
        more["remove_url"] = reverse(
            "plans:amendment_drop", args=[plan.country.code, plan.slug, kind, key]
        )
    if not form.is_valid():
        return _form_page(request, plan, form, title, **more)
    revision = form.seen_revision
    try:
        written = form.part()
        writing.write_part(
            draft, KINDS[kind], written, revision=revision, by=request.actor, at=now()
        )
    except writing.PartChangedError:
        fresh = _form(
            request, _draft(request, plan), kind, _part(request, plan, kind, key), data=None
        )
        more |= {
            "differences": form.show_again(fresh),
            "changed_by": latest_editor(draft) or _("Somebody"),
            "changed_at": _draft(request, plan).changed_at,
            "is_conflict": True,
        }
        return _form_page(request, plan, form, title, status=409, **more)
    except AmendmentError as problem:
        form.add_error(None, str(problem))
        return _form_page(request, plan, form, title, status=409, **more)
    return redirect("plans:amendment", plan.country.code, plan.slug)


def _form(request: Request, draft: Amendment, kind: str, part: Part, **options: Any) -> Any:
    data = options.get("data", request.POST or None)
    saved = writing.revision_of(draft, KINDS[kind], str(part.get("key", "plan")))
    content = read(draft.content)
    return FORMS[kind](data, slug=kind, plan=draft.plan, content=content, part=part, saved=saved)


@form_view
def drop(request: Request, country: str, slug: str, *, kind: str, key: str) -> HttpResponse:
    plan = _plan(request, country, slug)
    part = _part(request, plan, kind, key)
    if request.method == "POST":
        draft = _draft(request, plan)
        writing.drop_part(draft, KINDS[kind], key, by=request.actor, at=now())
        return redirect("plans:amendment", country, slug)
    context = {
        "plan": plan,
        "question": _("Leave “%(part)s” out of the next version?")
        % {"part": f"{part.get('code', '')} {part['title']}".strip()},
        "consequence": _(
            "All that stands below it goes as well. The plan in force stays as it is until the "
            "amendment comes into force, and you can take this back until then."
        ),
        "label": _("Leave it out"),
        "form": forms.Form(),
        "back_url": reverse("plans:amendment", args=[country, slug]),
    }
    return page(request, "plans/confirm.html", context)


@require_POST
def restore(request: Request, country: str, slug: str, *, kind: str, key: str) -> HttpResponse:
    """Take back what the draft changed of one part. `kind` is that of the content here."""
    plan = _plan(request, country, slug)
    if kind not in BY_NAME:
        raise Http404
    draft = _draft(request, plan)
    writing.restore_part(draft, kind, key, by=request.actor, at=now())
    return redirect("plans:amendment", country, slug)


@form_view
def discard(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _plan(request, country, slug)
    draft = fetch(request.actor, "plans.discard_amendment", Amendment, pk=_draft(request, plan).pk)
    if request.method == "POST":
        writing.discard_amendment(draft, by=request.actor, at=now())
        return redirect("plans:versions", country, slug)
    context = {
        "plan": plan,
        "question": _("Discard this amendment?"),
        "consequence": _("The plan stays as it is in force. What was drafted is put aside."),
        "label": _("Discard it"),
        "is_danger": True,
        "form": forms.Form(),
        "back_url": reverse("plans:amendment", args=[country, slug]),
    }
    return page(request, "plans/confirm.html", context)


@form_view
def in_force(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _plan(request, country, slug)
    draft = fetch(request.actor, "plans.put_into_force", Amendment, pk=_draft(request, plan).pk)
    earliest = draft.base.in_force_on
    form = InForceForm(
        request.POST or None, initial={"on": localdate()}, today=localdate(), earliest=earliest
    )
    problem = None
    if form.is_valid():
        try:
            version = writing.put_into_force(draft, **form.cleaned_data, by=request.actor, at=now())
            pass_on_version.enqueue(version.pk)
            messages.success(request, _("The amendment is in force. The places are told now."))
            return redirect("plans:versions", country, slug)
        except AmendmentError as error:
            problem = error
    context = {
        "plan": plan,
        "amendment": draft,
        "comparison": draft_comparison(request.actor, draft),
        "form": form,
        "problem": problem,
        "back_url": reverse("plans:amendment", args=[country, slug]),
    }
    status = 409 if problem else 422 if form.errors else 200
    return page(request, "plans/versions/in_force.html", context, status=status)


def _versions(plan: Plan) -> str:
    return reverse("plans:versions", args=[plan.country.code, plan.slug])


def _form_page(
    request: Request, plan: Plan, form: Any, title: str, *, status: int = 0, **more: Any
) -> HttpResponse:
    context = {
        "plan": plan,
        "form": form,
        "heading": title,
        "back_url": reverse("plans:amendment", args=[plan.country.code, plan.slug]),
        "keeps_drafts": plan.marking not in {"amber+strict", "red"},
    }
    status = status or (422 if form.errors else 200)
    return page(request, "plans/form.html", context | more, status=status)


def _titles() -> dict[str, str]:
    return {
        "plan": _("The plan itself"),
        "pillar": _("A new pillar"),
        "objective": _("A new objective"),
        "action": _("A new action"),
        "duty": _("Something new that is owed to each place"),
        "milestone": _("A new milestone"),
        "indicator": _("A new indicator"),
    }
