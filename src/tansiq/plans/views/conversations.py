"""Two organisations talk to each other; nobody else reads it."""

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
from tansiq.plans.actions.conversations import close_conversation, say
from tansiq.plans.forms.overlaps import MessageForm, OutcomeForm
from tansiq.plans.models import Conversation
from tansiq.plans.queries.overlaps import (
    conversations_of,
    messages_of,
    pairs_talked_about,
    speaking_for,
)

_PER_PAGE = 30
_STEPS = ("plans.conversation_reply", "plans.conversation_close")


@login_required
@require_GET
def index(request: Request) -> HttpResponse:
    rows = conversations_of(request.actor)
    known = Conversation.objects.visible_to(request.actor)
    waiting = known.waiting_for(request.actor.organisation_ids).values_list("pk", flat=True)
    context = {
        "page": Paginator(rows, _PER_PAGE).get_page(request.GET.get("page")),
        "waiting": set(waiting[:1000]),
        "mine": request.actor.organisation_ids,
    }
    return render(request, "plans/conversations/index.html", context)


@login_required
@require_GET
def show(request: Request, pk: int) -> HttpResponse:
    conversation = fetch(request.actor, "plans.conversation_view", Conversation, pk=pk)
    return _page(request, conversation, {})


def _page(
    request: Request,
    conversation: Conversation,
    filled_in: dict[str, forms.Form],
    *,
    status: int = 200,
) -> HttpResponse:
    may_reply, may_close = can_each(request.actor, _STEPS, conversation).values()
    context = {
        "conversation": conversation,
        "talk": messages_of(request.actor, conversation),
        "pairs": pairs_talked_about(request.actor, conversation),
        "may_reply": may_reply,
        "may_close": may_close,
        "mine": request.actor.organisation_ids,
        "forms": {"say": MessageForm(prefix="say"), "close": OutcomeForm(prefix="close")}
        | filled_in,
        "opened": next(iter(filled_in), ""),
    }
    return render(request, "plans/conversations/detail.html", context, status=status)


def _speaker(request: Request, conversation: Conversation) -> Organisation:
    # The rule let only a contributor of one of the two through.
    return speaking_for(request.actor, conversation.two) or conversation.owner


@login_required
@require_POST
def reply(request: Request, pk: int) -> HttpResponse:
    conversation = fetch(request.actor, "plans.conversation_reply", Conversation, pk=pk)
    form = MessageForm(request.POST, prefix="say")
    if not form.is_valid():
        return _page(request, conversation, {"say": form}, status=422)
    say(
        conversation,
        form.cleaned_data["text"],
        organisation=_speaker(request, conversation),
        language=request.LANGUAGE_CODE,
        by=request.actor,
        at=now(),
    )
    messages.success(request, _("Sent. They are told."))
    return redirect(conversation)


@login_required
@require_POST
def close(request: Request, pk: int) -> HttpResponse:
    conversation = fetch(request.actor, "plans.conversation_close", Conversation, pk=pk)
    form = OutcomeForm(request.POST, prefix="close")
    if not form.is_valid():
        return _page(request, conversation, {"close": form}, status=422)
    close_conversation(
        conversation,
        form.cleaned_data["outcome"],
        form.cleaned_data["words"],
        organisation=_speaker(request, conversation),
        language=request.LANGUAGE_CODE,
        by=request.actor,
        at=now(),
    )
    messages.success(request, _("It is written down how both of you go on."))
    return redirect(conversation)
