"""Writing playbooks: starting one, its text, its tasks one by one, putting it into force."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tansiq.access.actor import Role
from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.pages import page
from tansiq.incidents.actions import playbooks as actions
from tansiq.incidents.forms.playbooks import PublishForm, StartForm, TaskForm, TextForm
from tansiq.incidents.models import Playbook, PlaybookVersion
from tansiq.incidents.playbook import Document, PlaybookError, TaskSpec, write_playbook
from tansiq.incidents.playbook.changing import with_task, without_task
from tansiq.incidents.playbook.shipped import shipped_playbook
from tansiq.incidents.queries import playbooks as queries

form_view = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@form_view
def start(request: Request) -> HttpResponse:
    mine = queries.may_own(request.actor)
    owners = Organisation.objects.visible_to(request.actor).filter(pk__in=mine).order_by("name")
    if not owners:
        raise PermissionDenied(_("Only a coordinator can start a playbook for an organisation."))
    copied = _copied(request)
    form = StartForm(
        request.POST or None, request.FILES or None, owners=owners, initial={"title": copied.title}
    )
    if not form.is_valid():
        may_publish = bool(request.actor.organisations_as(Role.LEAD))
        context = {"form": form, "copied": copied, "may_publish": may_publish}
        status = 422 if form.problems else 200
        return page(request, "incidents/playbooks/start.html", context, status=status)
    given = form.cleaned_data
    begun = actions.NewPlaybook(
        given["owner"], given["title"], form.document or copied, given["marking"]
    )
    playbook = actions.start_playbook(begun, by=request.actor, at=now())
    if "in_force" in request.POST and can(request.actor, "incidents.publish_playbook", playbook):
        actions.publish_playbook(playbook, revision=playbook.revision, by=request.actor, at=now())
    return redirect(playbook)


@login_required
@form_view
def text(request: Request, pk: int) -> HttpResponse:
    """Change the whole playbook as YAML, or put a file in its place."""
    playbook, document = _edited(request, pk)
    initial = {"text": write_playbook(document), "revision": playbook.revision}
    form = TextForm(_posted(request), initial=initial)
    if form.is_valid() and form.document:
        saved = _saved(request, playbook, form, form.document)
        if saved:
            return saved
    context = {"playbook": playbook, "form": form, "is_conflict": form.non_field_errors()}
    return page(request, "incidents/playbooks/text.html", context, status=_status(form))


@login_required
@form_view
def task(request: Request, pk: int, key: str = "") -> HttpResponse:
    """Change one task in one language, or add one."""
    playbook, document = _edited(request, pk)
    found = _task(document, key)
    language = _language(request, document)
    initial = {"revision": playbook.revision, "phase": request.GET.get("phase", "")}
    form = TaskForm(
        request.POST or None, document=document, task=found, language=language, initial=initial
    )
    if form.is_valid():
        changed = _with(form, document, key)
        saved = changed and _saved(
            request, playbook, form, changed, at_task=form.cleaned_data["key"]
        )
        if saved:
            return saved
    context = {
        "playbook": playbook,
        "document": document,
        "form": form,
        "task": found,
        "words_in": language,
        "all_languages": settings.LANGUAGES,
        "waiting": queries.others_of(document, key) if key else [],
    }
    return page(request, "incidents/playbooks/task.html", context, status=_status(form))


@login_required
@form_view
def remove(request: Request, pk: int, key: str) -> HttpResponse:
    playbook, document = _edited(request, pk)
    found = _task(document, key)
    problem = None
    if request.method == "POST":
        try:
            changed = without_task(document, key)
            actions.save_draft(
                playbook, changed, revision=playbook.revision, by=request.actor, at=now()
            )
            return redirect(_draft_url(playbook))
        except PlaybookError as error:
            problem = error
    context = {
        "playbook": playbook,
        "problem": problem,
        "question": _("Take “%(task)s” out of the playbook?")
        % {"task": f"{key} {found and found.title}"},
        "consequence": _(
            "What waited for it waits for what it waited for. Running incidents keep it."
        ),
        "label": _("Take it out"),
        "is_danger": True,
        "form": forms.Form(),
        "back_url": reverse("incidents:playbook_task", args=[pk, key]),
    }
    return page(
        request, "incidents/playbooks/confirm.html", context, status=409 if problem else 200
    )


@login_required
@form_view
def publish(request: Request, pk: int) -> HttpResponse:
    """Show what will be different, and put it into force."""
    playbook = fetch(request.actor, "incidents.publish_playbook", Playbook, pk=pk)
    form = PublishForm(request.POST or None, initial={"revision": playbook.revision})
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.publish_playbook(
                playbook, note=given["note"], revision=given["revision"], by=request.actor, at=now()
            )
            messages.info(
                request, _("The new version is in force for incidents that begin from now on.")
            )
            return redirect(playbook)
        except (actions.PlaybookStateError, ChangedMeanwhileError) as problem:
            form.add_error(None, str(problem))
            playbook.refresh_from_db()
    return page(
        request,
        "incidents/playbooks/publish.html",
        _published(request, playbook, form),
        status=_status(form),
    )


def _published(request: Request, playbook: Playbook, form: PublishForm) -> dict[str, Any]:
    draft = queries.draft_of(request.actor, playbook)
    latest = queries.version_shown(request.actor, playbook, None)
    is_first = latest is None or latest.is_draft
    shelves = (
        queries.shelves(latest.document, draft.document)
        if draft and latest and not is_first
        else []
    )
    return {
        "playbook": playbook,
        "form": form,
        "draft": draft,
        "shelves": shelves,
        "is_first": is_first,
    }


@login_required
@form_view
def discard(request: Request, pk: int) -> HttpResponse:
    playbook = fetch(request.actor, "incidents.edit_playbook", Playbook, pk=pk)
    problem = None
    if request.method == "POST":
        try:
            actions.discard_draft(playbook, revision=playbook.revision, by=request.actor, at=now())
            return redirect(playbook)
        except (actions.PlaybookStateError, ChangedMeanwhileError) as error:
            problem = error
    context = {
        "playbook": playbook,
        "problem": problem,
        "question": _("Discard the draft?"),
        "consequence": _("What was changed since the version in force is gone for everybody."),
        "label": _("Discard the draft"),
        "is_danger": True,
        "form": forms.Form(),
        "back_url": _draft_url(playbook),
    }
    return page(
        request, "incidents/playbooks/confirm.html", context, status=409 if problem else 200
    )


def _edited(request: Request, pk: int) -> tuple[Playbook, Document]:
    """Return the playbook and what is being changed: the draft, or else what is in force."""
    playbook = fetch(request.actor, "incidents.edit_playbook", Playbook, pk=pk)
    version = queries.draft_of(request.actor, playbook)
    version = version or queries.version_shown(request.actor, playbook, None)
    if version is None:
        raise Http404
    return playbook, version.document


def _copied(request: Request) -> Document:
    """Return the playbook to begin with: another one that the person may read, or the shipped."""
    given = request.GET.get("from", "")
    if not given.isdecimal():
        return shipped_playbook()
    return fetch(
        request.actor, "incidents.playbook_version_view", PlaybookVersion, pk=int(given[:18])
    ).document


def _task(document: Document, key: str) -> TaskSpec | None:
    if key and not document.has("tasks", key):
        raise Http404
    return document.task(key) if key else None


def _language(request: Request, document: Document) -> str:
    given = request.GET.get("language", "")
    known = {code for code, _name in settings.LANGUAGES} | set(document.languages)
    return given if given in known else document.language


def _posted(request: Request) -> Any:
    """Return what was posted, with the content of a file in the place of the text."""
    if request.method != "POST":
        return None
    posted = request.POST.copy()
    file = request.FILES.get("file")
    if file is not None:
        posted["text"] = file.read(2_000_000).decode("utf-8-sig", errors="replace")
    return posted


def _with(form: TaskForm, document: Document, key: str) -> Document | None:
    try:
        return with_task(document, form.spec(), instead_of=key)
    except PlaybookError as error:
        form.show(error)
        return None


def _saved(
    request: Request, playbook: Playbook, form: Any, document: Document, *, at_task: str = ""
) -> HttpResponse | None:
    """Keep the draft and go to it; or say on the form that somebody else was quicker."""
    revision = form.cleaned_data["revision"]
    try:
        actions.save_draft(playbook, document, revision=revision, by=request.actor, at=now())
    except ChangedMeanwhileError as problem:
        form.add_error(None, str(problem))
        form.data = form.data.copy()
        form.data["revision"] = getattr(problem.current, "revision", revision)
        return None
    at = f"&phase={document.task(at_task).phase}#t-{at_task}" if at_task else ""
    return redirect(f"{_draft_url(playbook)}{at}")


def _draft_url(playbook: Playbook) -> str:
    draft = playbook.versions.order_by("-number").first()
    return f"{playbook.get_absolute_url()}?version={draft.number if draft else ''}"


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200
