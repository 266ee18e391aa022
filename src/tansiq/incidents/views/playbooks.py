"""Reading playbooks: the list, the tasks and all else, versions and what is different, files."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from tansiq.access.gate import can_each, fetch
from tansiq.access.middleware import Request
from tansiq.access.pages import page_of
from tansiq.core.pages import page
from tansiq.incidents.models import Playbook, PlaybookVersion
from tansiq.incidents.playbook import write_playbook
from tansiq.incidents.playbook.shipped import shipped_playbook
from tansiq.incidents.queries import playbooks as queries

# What stands beside the tasks, each on a page of its own.
SECTIONS = ("roles", "words", "exercises", "sheets", "about")


@login_required
@require_GET
def index(request: Request) -> HttpResponse:
    rows = page_of(
        request, queries.for_list(Playbook.objects.visible_to(request.actor), request.actor)
    )
    context = {
        "page": rows,
        "may_start": bool(queries.may_own(request.actor)),
        "shipped": shipped_playbook(),
    }
    return page(request, "incidents/playbooks/index.html", context)


@login_required
@require_GET
def show(request: Request, pk: int) -> HttpResponse:
    context = _context(request, pk)
    document = context["document"]
    choice = queries.choice_in(document, request.GET)
    phases = queries.tasks_by_phase(document, choice)
    context |= {
        "choice": choice,
        "phases": phases,
        "all_phases": queries.phases_with_counts(document),
        "count": sum(len(one.tasks) for one in phases),
        "known": queries.by_key(document),
    }
    return page(request, "incidents/playbooks/show.html", context)


@login_required
@require_GET
def section(request: Request, pk: int, section: str) -> HttpResponse:
    if section not in SECTIONS:
        raise Http404
    context = _context(request, pk)
    document = context["document"]
    codes = [code for code, _name in settings.LANGUAGES]
    context["known"] = queries.by_key(document)
    context["languages"] = queries.words_missing(document, codes)
    return page(request, f"incidents/playbooks/{section}.html", context)


@login_required
@require_GET
def paper(request: Request, pk: int) -> HttpResponse:
    context = _context(request, pk)
    choice = queries.Choice(request.GET.get("phase", ""), request.GET.get("role", ""))
    phases = queries.tasks_by_phase(context["document"], choice)
    context |= {"phases": phases, "choice": choice, "known": queries.by_key(context["document"])}
    return page(request, "incidents/playbooks/paper.html", context)


@login_required
@require_GET
def versions(request: Request, pk: int) -> HttpResponse:
    context = _context(request, pk)
    found = PlaybookVersion.objects.visible_to(request.actor).filter(playbook=pk)
    rows = found.defer("document_json").select_related("published_by").order_by("-number")
    context["versions"] = rows
    return page(request, "incidents/playbooks/versions.html", context)


@login_required
@require_GET
def compare(request: Request, pk: int) -> HttpResponse:
    context = _context(request, pk)
    before, after = (_version(request, context["playbook"], name) for name in ("before", "after"))
    shelves = queries.shelves(before.document, after.document)
    context |= {"before": before, "after": after, "shelves": shelves}
    return page(request, "incidents/playbooks/compare.html", context)


@login_required
@require_GET
def export(request: Request, pk: int) -> HttpResponse:
    version = _context(request, pk)["version"]
    answer = HttpResponse(write_playbook(version.document), content_type="text/yaml; charset=utf-8")
    name = f"{version.playbook.slug}-v{version.number}.yaml"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _context(request: Request, pk: int) -> dict[str, Any]:
    playbook = fetch(request.actor, "incidents.playbook_view", Playbook, pk=pk)
    version = _version(request, playbook, "version", is_optional=True)
    rules = ("incidents.edit_playbook", "incidents.publish_playbook")
    may = can_each(request.actor, rules, playbook)
    return {
        "playbook": playbook,
        "version": version,
        "document": version.document,
        "draft": queries.draft_of(request.actor, playbook) if may[rules[0]] else None,
        "may_edit": may[rules[0]],
        "may_publish": may[rules[1]],
        "may_start": bool(queries.may_own(request.actor)),
        "reads_in": get_language(),
    }


def _version(
    request: Request, playbook: Playbook, name: str, *, is_optional: bool = False
) -> PlaybookVersion:
    """Return the version that the address names; the one in force where it may be left out."""
    given = request.GET.get(name, "")
    if not given.isdecimal() and not (is_optional and not given):
        raise Http404
    version = queries.version_shown(request.actor, playbook, int(given[:5]) if given else None)
    if version is None:
        raise Http404
    version.playbook = playbook
    return version
