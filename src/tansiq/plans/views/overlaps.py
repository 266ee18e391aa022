"""Activities that overlap: found, looked at side by side, talked about, settled."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tansiq.access.gate import can_each, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.core.exports import csv_file
from tansiq.plans.actions.activities import note_export
from tansiq.plans.actions.conversations import AlreadyTalkingError, open_conversation
from tansiq.plans.actions.overlaps import settle_overlap
from tansiq.plans.forms.overlaps import (
    EVERYBODY,
    OURS,
    DifferenceForm,
    OpeningForm,
    PairSearchForm,
)
from tansiq.plans.models import Activity, Conversation, Overlap
from tansiq.plans.overlapping import MOST, NEAR
from tansiq.plans.queries.overlaps import (
    COUNTED,
    beside,
    find_pairs,
    has_pairs_of,
    in_groups,
    reasons_for,
    show_titles,
    speaking_for,
)

_PER_PAGE = 30
_HEADINGS = (
    "first", "first_owner", "first_place", "second", "second_owner", "second_place", "audience",
    "theme", "starts_on", "ends_on", "state", "why",
)  # fmt: skip

_TAGS = (
    "#activity+name+first", "#org+name+first", "#loc+code+first",
    "#activity+name+second", "#org+name+second", "#loc+code+second", "#beneficiary+type",
    "#sector+name", "#date+start", "#date+end", "#status+code", "#description+why",
)  # fmt: skip


@login_required
@require_GET
def index(request: Request) -> HttpResponse:
    form, pairs = _find(request)
    paginator = Paginator(pairs[:COUNTED], _PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "groups": in_groups(page),
        "is_more": paginator.count == COUNTED,
        "most": COUNTED,
        "near": NEAR,
        "kept": MOST,
        "unsaid": _without_theme(request),
    }
    fragment = request.headers.get("HX-Request")
    template = "plans/overlaps/_list.html" if fragment else "plans/overlaps/index.html"
    return render(request, template, context)


def _find(request: Request) -> tuple[PairSearchForm, Any]:
    data = request.GET.dict()
    if "whose" not in data:
        data["whose"] = OURS if has_pairs_of(request.actor) else EVERYBODY
    form = PairSearchForm(data)
    pairs = Overlap.objects.visible_to(request.actor)
    return form, find_pairs(pairs, form.wanted(owners=request.actor.organisation_ids))


def _without_theme(request: Request) -> bool:
    """Return whether something of ours cannot be compared, since nobody said what it is about."""
    ours = Activity.objects.visible_to(request.actor).filter(theme="")
    return ours.filter(owner__in=request.actor.organisation_ids).exists()


@login_required
@require_GET
def export(request: Request) -> HttpResponse:
    """Give the list as a file; that it left the platform is written down."""
    _form, pairs = _find(request)
    rows = [_row(pair) for pair in pairs[:COUNTED]]
    note_export(2 * len(rows), by=request.actor, at=now())
    return csv_file("overlaps", _HEADINGS, rows, tags=_TAGS)


def _row(pair: Overlap) -> list[Any]:
    first, second = pair.first, pair.second
    return [
        first.title, str(first.owner), first.place.code,
        second.title, str(second.owner), second.place.code,
        pair.audience, pair.theme,
        max(first.starts_on, second.starts_on), min(first.ends_on, second.ends_on),
        pair.state, " ".join(reasons_for(pair)),
    ]  # fmt: skip


@login_required
@require_GET
def show(request: Request, pk: int) -> HttpResponse:
    pair = fetch(request.actor, "plans.overlap_view", Overlap, pk=pk)
    return _page(request, pair, {})


def _page(
    request: Request, pair: Overlap, filled_in: dict[str, forms.Form], *, status: int = 200
) -> HttpResponse:
    show_titles([pair.first, pair.second])
    names = ("plans.conversation_open", "plans.overlap_settle")
    may_talk, may_settle = can_each(request.actor, names, pair).values()
    talk = Conversation.objects.visible_to(request.actor).filter(pk=pair.conversation_id or 0)
    context = {
        "pair": pair,
        "two": (pair.first, pair.second),
        "reasons": list(reasons_for(pair)),
        "may_talk": may_talk,
        "may_settle": may_settle,
        "conversation": talk.first(),
        "forms": {"talk": OpeningForm(prefix="talk"), "settle": DifferenceForm(prefix="settle")}
        | filled_in,
        "opened": next(iter(filled_in), ""),
    }
    return render(request, "plans/overlaps/detail.html", context, status=status)


def _speaker(request: Request, pair: Overlap) -> Organisation:
    speaker = speaking_for(request.actor, (pair.second.owner_id, pair.first.owner_id))
    # The rule let only a contributor of one of the two through.
    return speaker or pair.second.owner


@login_required
@require_POST
def talk(request: Request, pk: int) -> HttpResponse:
    pair = fetch(request.actor, "plans.conversation_open", Overlap, pk=pk)
    form = OpeningForm(request.POST, prefix="talk")
    if not form.is_valid():
        return _page(request, pair, {"talk": form}, status=422)
    try:
        conversation = open_conversation(
            pair,
            form.cleaned_data["text"],
            organisation=_speaker(request, pair),
            language=request.LANGUAGE_CODE,
            by=request.actor,
            at=now(),
        )
    except AlreadyTalkingError as problem:
        messages.info(request, str(problem))
        return redirect(problem.conversation)
    messages.success(request, _("The conversation is open, and they are told."))
    return redirect(conversation)


@login_required
@require_POST
def settle(request: Request, pk: int) -> HttpResponse:
    pair = fetch(request.actor, "plans.overlap_settle", Overlap, pk=pk)
    form = DifferenceForm(request.POST, prefix="settle")
    if not form.is_valid():
        return _page(request, pair, {"settle": form}, status=422)
    outcome, words = form.said()
    speaker = _speaker(request, pair)
    settle_overlap(pair, outcome, words, organisation=speaker, by=request.actor, at=now())
    messages.success(request, _("It is written down, and both bodies can read it."))
    return redirect(pair)


@login_required
@require_GET
def similar(request: Request, pk: int) -> HttpResponse:
    """Answer with the card of what others do that is much like this activity."""
    activity = fetch(request.actor, "plans.activity_view", Activity, pk=pk)
    context = {"activity": activity, "others": beside(request.actor, activity)}
    return render(request, "plans/overlaps/_beside.html", context)
