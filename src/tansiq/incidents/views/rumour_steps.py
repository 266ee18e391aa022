"""One rumour and its steps, each a form on its page."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.gate import can_each, fetch
from tansiq.access.middleware import Request
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.formats import language_name
from tansiq.core.translations import show_each
from tansiq.incidents.actions import corrections, rumours
from tansiq.incidents.actions.refusing import NotAboutPersonsError
from tansiq.incidents.actions.rumours import RumourError
from tansiq.incidents.forms import rumours as forms
from tansiq.incidents.forms.desks import Revised, languages
from tansiq.incidents.models import Rumour, RumourCheck
from tansiq.incidents.queries import rumours as reading
from tansiq.incidents.queries.rumour_pages import stage_of, steps_of

_RULES = ("check", "decide", "correct", "clear", "release")
_REFUSALS = (RumourError, NotAboutPersonsError, ChangedMeanwhileError)


def _page(
    request: Request,
    rumour: Rumour,
    bound: dict[str, Form] | None = None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show a rumour with the next step on top; `bound` are forms that came back with an error."""
    language = get_language() or "en"
    checks = reading.checks_of(rumour, language)
    show_each([rumour], "claim", language_of=lambda one: one.language)
    rules = [f"incidents.rumour_{one}" for one in _RULES]
    verdicts = can_each(request.actor, rules, rumour)
    context: dict[str, Any] = {
        "incident": rumour.incident,
        "rumour": rumour,
        "checks": checks,
        "steps": steps_of(rumour, checks),
        "stage": stage_of(rumour),
        "problem": problem,
        "room_now": rumour.incident.room_time(now()),
        "languages": [(code, name) for code, name in languages()],
        "forms": _forms(rumour, language) | (bound or {}),
    }
    context |= {f"may_{one}": verdicts[f"incidents.rumour_{one}"] for one in _RULES}
    return render(request, "incidents/rumours/rumour.html", context, status=status)


def _forms(rumour: Rumour, language: str) -> dict[str, Form]:
    seen: dict[str, Any] = {"revision": rumour.revision}
    return {
        "triage": forms.TriageForm(initial=seen | {"harm": rumour.harm}),
        "ask": forms.AskForm(incident=rumour.incident, language=language),
        "answer": forms.AnswerForm(incident=rumour.incident),
        "decide": forms.OutcomeForm(initial=seen),
        "clear": Revised(initial=seen),
        "release": forms.ReleaseForm(initial=seen),
        "close": forms.CloseForm(initial=seen),
    }


def _take(
    request: Request, rumour: Rumour, act: Callable[[], None], **forms_by_name: Form
) -> HttpResponse:
    """Do a step if the form is right; else show the page again with what was typed."""
    if not all(form.is_valid() for form in forms_by_name.values()):
        return _page(request, rumour, forms_by_name, status=422)
    try:
        act()
    except _REFUSALS as problem:
        # As it stands now, not as the step had half changed it.
        fresh = Rumour.objects.visible_to(request.actor).get(pk=rumour.pk)
        return _page(request, fresh, forms_by_name, problem=str(problem), status=409)
    return redirect(rumour)


@login_required
@require_GET
def show(request: Request, room: int, pk: int) -> HttpResponse:
    rumour = fetch(request.actor, "incidents.rumour_view", Rumour, pk=pk, incident=room)
    return _page(request, rumour)


@login_required
@require_POST
def triage(request: Request, room: int, pk: int) -> HttpResponse:
    rumour = fetch(request.actor, "incidents.rumour_check", Rumour, pk=pk, incident=room)
    form = forms.TriageForm(request.POST)

    def act() -> None:
        given = form.cleaned_data
        rumours.triage_rumour(rumour, **given, by=request.actor, at=now())

    return _take(request, rumour, act, triage=form)


@login_required
@require_POST
def ask(request: Request, room: int, pk: int) -> HttpResponse:
    rumour = fetch(request.actor, "incidents.rumour_check", Rumour, pk=pk, incident=room)
    language = get_language() or "en"
    form = forms.AskForm(request.POST, incident=rumour.incident, language=language)

    def act() -> None:
        rumours.ask_verifier(rumour, form.chosen(), by=request.actor, at=now())

    return _take(request, rumour, act, ask=form)


@login_required
@require_POST
def answer(request: Request, room: int, pk: int, check: int) -> HttpResponse:
    rumour = fetch(request.actor, "incidents.rumour_check", Rumour, pk=pk, incident=room)
    asked = RumourCheck.objects.visible_to(request.actor).filter(pk=check, rumour=rumour).first()
    if asked is None:
        raise Http404
    form = forms.AnswerForm(request.POST, incident=rumour.incident)

    def act() -> None:
        revision = form.cleaned_data["revision"]
        rumours.note_answer(asked, form.given(), revision=revision, by=request.actor, at=now())

    return _take(request, rumour, act, answer=form)


@login_required
@require_POST
def decide(request: Request, room: int, pk: int) -> HttpResponse:
    rumour = fetch(request.actor, "incidents.rumour_decide", Rumour, pk=pk, incident=room)
    form = forms.OutcomeForm(request.POST)

    def act() -> None:
        given = {name: form.cleaned_data[name] for name in ("outcome", "source", "revision")}
        rumours.decide_outcome(rumour, **given, by=request.actor, at=now())

    return _take(request, rumour, act, decide=form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: Request, room: int, pk: int, language: str) -> HttpResponse:
    """Write what is said about a rumour, in one language."""
    rumour = fetch(request.actor, "incidents.rumour_correct", Rumour, pk=pk, incident=room)
    if language not in dict(languages()):
        raise Http404
    form = forms.CorrectionForm(request.POST or None, rumour=rumour, language=language)
    problem = ""
    if form.is_valid():
        try:
            given = {name: form.cleaned_data[name] for name in ("claim", "text", "revision")}
            corrections.write_correction(rumour, language, **given, by=request.actor, at=now())
            return redirect(rumour)
        except _REFUSALS as refusal:
            problem = str(refusal)
    context = {"incident": rumour.incident, "rumour": rumour, "form": form, "problem": problem}
    context |= {"language": language, "language_label": language_name(language)}
    context |= {"written": rumour.corrections.exclude(language=language).order_by("language")}
    status = 409 if problem else 422 if form.errors else 200
    return render(request, "incidents/rumours/correct.html", context, status=status)


@login_required
@require_POST
def clear(request: Request, room: int, pk: int) -> HttpResponse:
    rumour = fetch(request.actor, "incidents.rumour_clear", Rumour, pk=pk, incident=room)
    form = Revised(request.POST)

    def act() -> None:
        revision = form.cleaned_data["revision"]
        corrections.clear_correction(rumour, revision=revision, by=request.actor, at=now())

    return _take(request, rumour, act, clear=form)


@login_required
@require_POST
def release(request: Request, room: int, pk: int) -> HttpResponse:
    rumour = fetch(request.actor, "incidents.rumour_release", Rumour, pk=pk, incident=room)
    form = forms.ReleaseForm(request.POST)

    def act() -> None:
        given = {name: form.cleaned_data[name] for name in ("through", "revision")}
        corrections.release_correction(rumour, **given, by=request.actor, at=now())

    return _take(request, rumour, act, release=form)


@login_required
@require_POST
def close(request: Request, room: int, pk: int) -> HttpResponse:
    rumour = fetch(request.actor, "incidents.rumour_check", Rumour, pk=pk, incident=room)
    form = forms.CloseForm(request.POST)

    def act() -> None:
        given = {name: form.cleaned_data[name] for name in ("reason", "revision")}
        rumours.close_rumour(rumour, **given, by=request.actor, at=now())

    return _take(request, rumour, act, close=form)


@login_required
@require_POST
def reopen(request: Request, room: int, pk: int) -> HttpResponse:
    rumour = fetch(request.actor, "incidents.rumour_check", Rumour, pk=pk, incident=room)
    form = Revised(request.POST)

    def act() -> None:
        revision = form.cleaned_data["revision"]
        rumours.reopen_rumour(rumour, revision=revision, by=request.actor, at=now())

    return _take(request, rumour, act, close=form)
