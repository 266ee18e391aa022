"""Consultations in the browser: the draft with its comments, the answers, the summary."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.gate import can, can_each, fetch
from tansiq.access.log import record
from tansiq.access.middleware import Request
from tansiq.access.pages import page_of
from tansiq.core.documents.word import as_word
from tansiq.core.exports import csv_file
from tansiq.core.pages import page
from tansiq.core.translations import show
from tansiq.exchange.actions import consultations as acting
from tansiq.exchange.forms.consultations import CommentForm, ConclusionForm, ResponseForm
from tansiq.exchange.models import Comment, Consultation, Item, Receipt
from tansiq.exchange.queries import consultations as reading

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MOST = 1000


@login_required
@require_GET
def consultation(request: Request, pk: int) -> HttpResponse:
    item = fetch(request.actor, "exchange.consultation_see", Item, pk=pk)
    return _page_of(request, item)


def _page_of(
    request: Request,
    item: Item,
    *,
    comment_form: CommentForm | None = None,
    response_form: ResponseForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    show([item], "title", "text", written_in=item.language)
    only = request.GET.get("only", "")
    comments = page_of(request, reading.comments_shown(request.actor, item, only=only))
    reading.translate(list(comments))
    portions = reading.portions_of(item)
    receipts = [
        one
        for one in reading.receipts_to_comment(request.actor, item)
        if can(request.actor, "exchange.comment", one)
    ]
    closed = acting.is_closed(item, at=now())
    mine = {"language": request.LANGUAGE_CODE, "portion": request.GET.get("passage", "")}
    verdicts = can_each(request.actor, ["exchange.split", "exchange.respond"], item)
    context = {
        "item": item,
        "portions": portions,
        "page": comments,
        "only": only,
        "progress": reading.progress_of(item),
        "receipts": [] if closed else receipts,
        "was_asked": bool(receipts),
        "is_closed": closed,
        "ours": {one.organisation_id for one in receipts},
        "comment_form": comment_form or CommentForm(item=item, portions=portions, initial=mine),
        "response_form": response_form or ResponseForm(initial={"language": request.LANGUAGE_CODE}),
        "conclusion": Consultation.objects.visible_to(request.actor).filter(item=item).first(),
        "may_split": verdicts["exchange.split"],
        "may_respond": verdicts["exchange.respond"],
        "chosen": set(request.POST.getlist("comment")),
        "problem": problem,
    }
    return page(request, "exchange/consultations/consultation.html", context, status=status)


@login_required
@require_POST
def comment(request: Request, pk: int) -> HttpResponse:
    receipt = fetch(request.actor, "exchange.comment", Receipt, pk=pk)
    item = fetch(request.actor, "exchange.consultation_see", Item, pk=receipt.item_id)
    form = CommentForm(request.POST, item=item, portions=reading.portions_of(item))
    if not form.is_valid():
        return _page_of(request, item, comment_form=form, status=422)
    try:
        made = acting.write_comment(receipt, form.remark(), by=request.actor, at=now())
    except acting.ConsultationError as problem:
        form.add_error(None, str(problem))
        return _page_of(request, item, comment_form=form, status=409)
    messages.success(request, _("Your comment is there. You will be told what became of it."))
    return redirect(f"{_address(item)}#comment-{made.pk}")


@login_required
@require_POST
def withdraw_comment(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.withdraw_comment", Comment, pk=pk)
    try:
        acting.withdraw_comment(found, by=request.actor, at=now())
    except acting.ConsultationError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The comment is taken back."))
    return redirect(_address(found.item))


@login_required
@require_POST
def split(request: Request, pk: int) -> HttpResponse:
    item = fetch(request.actor, "exchange.split", Item, pk=pk)
    try:
        acting.split_text(item, by=request.actor, at=now())
    except acting.ConsultationError as problem:
        return _page_of(request, item, problem=str(problem), status=409)
    return redirect(_address(item))


@login_required
@require_POST
def respond(request: Request, pk: int) -> HttpResponse:
    item = fetch(request.actor, "exchange.respond", Item, pk=pk)
    form = ResponseForm(request.POST)
    if not form.is_valid():
        return _page_of(request, item, response_form=form, status=422)
    ticked = request.POST.getlist("comment")[:_MOST]
    asked = [int(one[:18]) for one in ticked if one.isdecimal()]
    try:
        acting.respond(item, asked, form.said(), by=request.actor, at=now())
    except acting.ConsultationError as problem:
        form.add_error(None, str(problem))
        return _page_of(request, item, response_form=form, status=409)
    messages.success(request, _("Answered. Those who commented are told."))
    return redirect(f"{_address(item)}?only=waiting")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def conclude(request: Request, pk: int) -> HttpResponse:
    item = fetch(request.actor, "exchange.respond", Item, pk=pk)
    before = Consultation.objects.visible_to(request.actor).filter(item=item).first()
    first = {"conclusion": before.conclusion if before else ""}
    form = ConclusionForm(request.POST or None, initial=first)
    if form.is_valid():
        words = form.cleaned_data["conclusion"]
        try:
            acting.conclude(item, words, by=request.actor, at=now())
        except acting.ConsultationError as problem:
            form.add_error(None, str(problem))
        else:
            return redirect("exchange:summary", pk=item.pk)
    context = {
        "question": _("Publish what the comments changed"),
        "consequence": _("All who were asked are told and read it with each comment and answer."),
        "label": _("Publish the summary"),
        "form": form,
        "back_url": _address(item),
    }
    return page(request, "core/confirm.html", context, status=422 if form.errors else 200)


@require_GET
def summary(request: Request, pk: int) -> HttpResponse:
    item, conclusion, comments = _summary_of(request, pk)
    reading.translate(comments)
    show([item], "title", written_in=item.language)
    show([conclusion], "conclusion", written_in=item.language)
    progress = reading.progress_of(item)
    context = {
        "item": item,
        "conclusion": conclusion,
        "comments": comments,
        "progress": progress,
        "unseen": progress.comments - len(comments),
    }
    return page(request, "exchange/consultations/summary.html", context)


def _summary_of(request: Request, pk: int) -> tuple[Item, Consultation, list[Comment]]:
    item = fetch(request.actor, "exchange.consultation_see", Item, pk=pk)
    conclusion = Consultation.objects.visible_to(request.actor).filter(item=item).first()
    if conclusion is None:
        raise Http404
    return item, conclusion, list(reading.comments_shown(request.actor, item)[:_MOST])


@require_GET
def comments_csv(request: Request, pk: int) -> HttpResponse:
    item = fetch(request.actor, "exchange.consultation_see", Item, pk=pk)
    _refuse_red(item)
    comments = list(reading.comments_shown(request.actor, item))
    record(request.actor, "export:exchange.consultation_see", item, at=now())
    return csv_file(f"comments-{item.pk}", reading.CSV_HEADINGS, reading.csv_rows(comments))


@require_GET
def summary_docx(request: Request, pk: int) -> HttpResponse:
    item, conclusion, comments = _summary_of(request, pk)
    _refuse_red(item)
    at = now()
    document = reading.summary_document(
        item,
        conclusion,
        comments,
        reading.progress_of(item),
        at=at,
        language=request.LANGUAGE_CODE,
    )
    record(request.actor, "export:exchange.consultation_see", item, at=at)
    response = HttpResponse(as_word(document), content_type=_WORD)
    response["Content-Disposition"] = f'attachment; filename="consultation-{item.pk}.docx"'
    return response


def _refuse_red(item: Item) -> None:
    """RED stands in no file."""
    if item.is_red:
        raise Http404


def _address(item: Any) -> str:
    return f"{item.get_absolute_url()}consultation/"
