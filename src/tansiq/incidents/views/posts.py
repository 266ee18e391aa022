"""Who holds a role all year: the list, naming somebody, correcting, stepping down."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tansiq.access.directory import conflicts_of
from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.access.queries import organisations_of
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.incidents.actions import posts as actions
from tansiq.incidents.forms.posts import PostForm, ReachForm
from tansiq.incidents.models import PlaybookVersion, Post
from tansiq.incidents.playbook.document import RoleSpec
from tansiq.incidents.queries.posts import contacts_for, people_for, roles_of, version_for


@login_required
@require_GET
def mine(request: Request) -> HttpResponse:
    """Lead to the roles of the body for which this person acts."""
    for organisation in organisations_of(request.actor):
        if can(request.actor, "incidents.posts", organisation):
            return redirect("incidents:roles_of", organisation.slug)
    return render(request, "incidents/posts/nobody.html")


@login_required
@require_GET
def roles_page(request: Request, slug: str) -> HttpResponse:
    organisation = fetch(request.actor, "incidents.posts", Organisation, slug=slug)
    context = {
        "organisation": organisation,
        "roles": roles_of(request.actor, organisation, on=now().date()),
        "others": [one for one in organisations_of(request.actor) if one != organisation],
        "may_name": can(request.actor, "incidents.post_add", organisation),
    }
    return render(request, "incidents/posts/roles.html", context)


@login_required
def name(request: Request, slug: str, role: str) -> HttpResponse:
    organisation = fetch(request.actor, "incidents.post_add", Organisation, slug=slug)
    playbook, spec = _role(request, organisation, role)
    form = PostForm(
        request.POST or None,
        people=people_for(organisation, request.actor, on=now().date()),
        contacts=contacts_for(organisation, request.actor),
    )
    if request.method == "POST" and form.is_valid():
        try:
            who, reach = form.chosen, form.reach
            actions.name_to_role(
                organisation, role, who, reach, playbook=playbook, by=request.actor, at=now()
            )
        except actions.PostError as problem:
            form.add_error("who", str(problem))
        else:
            messages.success(request, _("Named. The person is told."))
            return redirect("incidents:roles_of", slug)
    context = {"organisation": organisation, "role": spec, "form": form}
    return render(request, "incidents/posts/form.html", context)


def _role(
    request: Request, organisation: Organisation, role: str
) -> tuple[PlaybookVersion, RoleSpec]:
    playbook = version_for(request.actor, organisation)
    if playbook is None or not playbook.document.has("roles", role):
        raise Http404
    return playbook, playbook.document.role(role)


@login_required
def edit(request: Request, pk: int) -> HttpResponse:
    post = fetch(request.actor, "incidents.post_change", Post, pk=pk)
    _playbook, spec = _role(request, post.organisation, post.role)
    form = ReachForm(request.POST or None, instance=post)
    context = {"organisation": post.organisation, "role": spec, "form": form, "post": post}
    if request.method != "POST" or not form.is_valid():
        return render(request, "incidents/posts/form.html", context)
    changes = dict(form.cleaned_data)
    revision = changes.pop("revision") or 0
    try:
        actions.change_post(post, changes, revision=revision, by=request.actor, at=now())
    except ChangedMeanwhileError as problem:
        context |= conflicts_of(form, problem)
        return render(request, "incidents/posts/form.html", context, status=409)
    messages.success(request, _("Saved."))
    return redirect("incidents:roles_of", post.organisation.slug)


@login_required
@require_POST
def put_first(request: Request, pk: int) -> HttpResponse:
    post = fetch(request.actor, "incidents.post_change", Post, pk=pk)
    actions.put_first(post, by=request.actor, at=now())
    messages.success(request, _("Saved."))
    return redirect("incidents:roles_of", post.organisation.slug)


@login_required
def remove(request: Request, pk: int) -> HttpResponse:
    post = fetch(request.actor, "incidents.post_remove", Post, pk=pk)
    organisation = post.organisation
    if request.method == "POST":
        actions.remove_post(post, by=request.actor, at=now())
        messages.success(request, _("Taken off the list. The deputies moved up."))
        return redirect("incidents:roles_of", organisation.slug)
    context = {
        "question": _("Take %(name)s off this role?") % {"name": post.name},
        "consequence": _("When something happens, the next deputy is called instead."),
        "label": _("Take off the list"),
        "back_url": reverse("incidents:roles_of", args=[organisation.slug]),
        "is_danger": True,
    }
    return render(request, "core/confirm.html", context)
