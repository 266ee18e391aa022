"""A draft is split, commented on and answered: you said, we did, or did not, because."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor, Role
from tansiq.access.log import record
from tansiq.access.notices import notify, register
from tansiq.access.queries import people_of
from tansiq.exchange.actions.items import note_answer
from tansiq.exchange.actions.obligations import owe_response, settle_answer
from tansiq.exchange.models import (
    Comment,
    Consultation,
    Item,
    Outcome,
    Portion,
    Receipt,
    Response,
)

register("exchange.commented", gettext_lazy("%(by)s commented: %(title)s."))
register("exchange.comment_answered", gettext_lazy("Your comment was answered: %(title)s."))
register("exchange.concluded", gettext_lazy("What the comments changed can be read: %(title)s."))

# A draft in more passages than this is a book, and an attachment.
MOST_PORTIONS: Final = 200
_BLANK: Final = re.compile(r"\n\s*\n")


class ConsultationError(Exception):
    """The step makes no sense now; the message says why, and nothing was changed."""


@dataclass(frozen=True)
class Remark:
    """What somebody says to the draft, or to one passage."""

    text: str
    language: str
    portion: Portion | None = None
    is_open: bool = True
    client_key: uuid.UUID | None = None


@dataclass(frozen=True)
class Said:
    """What the sender did with a comment, why, and where the change can be seen."""

    outcome: Outcome
    because: str
    language: str
    change_url: str = ""


@transaction.atomic
def split_text(item: Item, *, by: Actor, at: datetime) -> int:
    """Give each passage of the draft a number; blank lines part them. Return how many there are.

    Raises ConsultationError once somebody commented, and when there are too few or too many.
    """
    _lock(item)
    if item.comments.exists():
        raise ConsultationError(_("Somebody has commented. The passages stay as they are."))
    texts = [one.strip() for one in _BLANK.split(item.text.replace("\r\n", "\n")) if one.strip()]
    if not 1 < len(texts) <= MOST_PORTIONS:
        raise ConsultationError(
            _("Part the text by blank lines: two passages at least, two hundred at most.")
        )
    item.portions.all().delete()
    Portion.objects.bulk_create(
        Portion(item=item, number=number, text=text) for number, text in enumerate(texts, start=1)
    )
    record(by, "exchange.split", item, at=at, detail={"passages": len(texts)})
    return len(texts)


@transaction.atomic
def write_comment(receipt: Receipt, remark: Remark, *, by: Actor, at: datetime) -> Comment:
    """Say something to the draft for a recipient; the sender owes an answer from now on.

    Raises ConsultationError when the day until which comments are taken has passed.
    """
    if remark.client_key is not None:
        before = Comment.objects.filter(client_key=remark.client_key).first()
        if before is not None:
            return before
    item = receipt.item
    _lock(item)
    if is_closed(item, at=at):
        raise ConsultationError(_("Comments are not taken any more. Write to the sender instead."))
    comment: Comment = Comment.objects.create(
        item=item,
        receipt=receipt,
        organisation=receipt.organisation,
        portion=remark.portion,
        person_id=by.person_id,
        text=remark.text,
        language=remark.language,
        is_open=remark.is_open,
        at=at,
        client_key=remark.client_key,
    )
    note_answer(receipt, at=at)
    settle_answer(receipt, receipt.organisation_id, at=at)
    owe_response(receipt, at=at)
    record(by, "exchange.comment", comment.receipt, at=at, detail={"comment": comment.pk})
    facts = {"by": str(receipt.organisation), "title": item.title}
    _tell(item, "exchange.commented", [item.owner_id], facts, at=at)
    return comment


def is_closed(item: Item, *, at: datetime) -> bool:
    """Return whether the time for comments is over."""
    late = item.reply_by is not None and item.reply_by < at
    return late or item.is_over(at.date()) or item.is_recalled or item.is_purged


@transaction.atomic
def withdraw_comment(comment: Comment, *, by: Actor, at: datetime) -> None:
    """Take a comment back before it is answered; then nothing of it stays but that it was there."""
    current = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    if current.response_id is not None:
        raise ConsultationError(_("This was answered and stands."))
    receipt = comment.receipt
    record(by, "exchange.withdraw_comment", receipt, at=at, detail={"comment": comment.pk})
    comment.delete()
    _settle([receipt], at=at)


@transaction.atomic
def respond(
    item: Item, comments: Sequence[int], said: Said, *, by: Actor, at: datetime
) -> Response:
    """Answer one comment, or several like ones with the same words; answering anew replaces.

    Raises ConsultationError when none of these comments is there any more.
    """
    _lock(item)
    rows = list(
        Comment.objects.filter(item=item, pk__in=comments).select_related("receipt").order_by("pk")
    )
    if not rows:
        raise ConsultationError(_("Choose the comments that this answers."))
    response: Response = Response.objects.create(
        item=item,
        outcome=said.outcome,
        because=said.because,
        language=said.language,
        change_url=said.change_url,
        person_id=by.person_id,
        at=at,
    )
    Comment.objects.filter(pk__in=[one.pk for one in rows]).update(response=response)
    # What no comment has any more was replaced.
    Response.objects.filter(item=item, comments__isnull=True).delete()
    _settle([one.receipt for one in rows], at=at)
    detail = {"comments": [one.pk for one in rows], "outcome": str(said.outcome)}
    record(by, "exchange.respond", item, at=at, detail=detail)
    bodies = {one.organisation_id for one in rows}
    _tell(item, "exchange.comment_answered", bodies, {"title": item.title}, at=at)
    return response


def _settle(receipts: Sequence[Receipt], *, at: datetime) -> None:
    """Owe nothing any more to those all of whose comments are answered."""
    for receipt in receipts:
        if not Comment.objects.filter(receipt=receipt, response__isnull=True).exists():
            settle_answer(receipt, receipt.item.owner_id, at=at)


@transaction.atomic
def conclude(item: Item, conclusion: str, *, by: Actor, at: datetime) -> Consultation:
    """Publish what the comments changed, to all who were asked; saying it anew changes the words.

    Raises ConsultationError while a comment waits for its answer.
    """
    _lock(item)
    if item.comments.filter(response__isnull=True).exists():
        raise ConsultationError(_("Answer each comment first; the summary shows all of them."))
    made: Consultation
    made, is_new = Consultation.objects.update_or_create(
        item=item,
        defaults={"conclusion": conclusion},
        create_defaults={
            "conclusion": conclusion,
            "published_at": at,
        },
    )
    record(by, "exchange.conclude", item, at=at)
    if is_new:
        bodies = Receipt.objects.filter(item=item, person__isnull=True).values_list("organisation")
        asked = [pk for (pk,) in bodies]
        _tell(item, "exchange.concluded", asked, {"title": item.title}, at=at)
    return made


def _tell(
    item: Item,
    code: str,
    organisations: Sequence[int] | set[int],
    facts: dict[str, str],
    *,
    at: datetime,
) -> None:
    people = people_of(list(organisations), at=at, least=Role.CONTRIBUTOR)
    notify(people, code, item, url=f"{item.get_absolute_url()}consultation/", facts=facts, at=at)


def _lock(item: Item) -> None:
    Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
