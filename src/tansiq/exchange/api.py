"""The exchange as JSON: what came, what was sent, who said what, and answering."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Path, Router, Schema
from pydantic import Field

from tansiq.access.actor import Role
from tansiq.access.api import Limit, Offset
from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.access.paging import one_of, page_of
from tansiq.core.guarded_schemas import GuardedSchema
from tansiq.core.problems import READING, WRITING
from tansiq.exchange.actions.exports import note_export
from tansiq.exchange.actions.items import acknowledge, write_reply
from tansiq.exchange.models import Item, Receipt, ReceiptState, Reply
from tansiq.exchange.queries.opened import MOST, feed_of
from tansiq.exchange.stix import bundle_of

router = Router(tags=["Exchange"])

Pk = Annotated[int, Path(ge=1, le=2**63 - 1)]
Words = Annotated[str, Field(pattern=r"^[^\x00]*$", min_length=1, max_length=10_000)]
Reason = Annotated[str, Field(pattern=r"^[^\x00]*$", max_length=500)]


class ItemOut(Schema):
    """An item. `purged_at` says that its words are gone and why they are empty."""

    id: int
    kind: str
    title: str
    text: str
    language: str
    owner_id: int
    marking: str
    purpose: str
    sent_at: datetime | None
    reply_by: datetime | None
    expires_on: date
    recalled_at: datetime | None
    purged_at: datetime | None
    revision: int


class ItemPage(Schema):
    total: int
    rows: list[ItemOut]


class ReceiptOut(Schema):
    """What one recipient made of an item. Levels: 0 the nation, 1 below, …; -1 a hub."""

    id: int
    item_id: int
    organisation_id: int
    state: str
    reason: str
    decision: str
    direction: str
    from_level: int
    to_level: int
    sent_at: datetime
    received_at: datetime | None
    read_at: datetime | None
    acknowledged_at: datetime | None
    answered_at: datetime | None
    decided_at: datetime | None


class ReceiptPage(Schema):
    total: int
    rows: list[ReceiptOut]


class ReplyOut(Schema):
    id: int
    item_id: int
    receipt_id: int | None
    organisation_id: int
    text: str
    language: str
    at: datetime
    is_to_all: bool


class ReplyPage(Schema):
    total: int
    rows: list[ReplyOut]


class StateIn(GuardedSchema):
    state: Literal["understood", "will_act", "cannot"]
    reason: Reason = ""


class ReplyIn(GuardedSchema):
    text: Words
    language: Literal["ar", "en", "fil", "fr", "id", "ms"]
    # Repeated with the same key, a post changes nothing: for lines that break.
    client_key: uuid.UUID


@router.get("/exchange/items", response={200: ItemPage, **READING}, summary="Items I may read")
def items(
    request: Request,
    limit: Limit,
    offset: Offset,
    box: Literal["received", "sent", "all"] = "all",
) -> Any:
    rows = Item.objects.visible_to(request.actor).sent()
    mine = request.actor.organisation_ids
    if box == "sent":
        rows = rows.filter(owner__in=mine)
    elif box == "received":
        came = Receipt.objects.visible_to(request.actor).for_organisations(mine)
        rows = rows.filter(pk__in=came.values("item"))
    return page_of(rows.latest_first(), limit, offset)


@router.get("/exchange/items/{pk}", response={200: ItemOut, **READING}, summary="One item")
def item(request: Request, pk: Pk) -> Any:
    return fetch(request.actor, "exchange.read", Item, pk=pk)


@router.get(
    "/exchange/items/{pk}/receipts",
    response={200: ReceiptPage, **READING},
    summary="Its recipients, as far as I may see them",
)
def receipts(request: Request, pk: Pk, limit: Limit, offset: Offset) -> Any:
    found = fetch(request.actor, "exchange.read", Item, pk=pk)
    rows = Receipt.objects.visible_to(request.actor).filter(item=found)
    for one in (page := page_of(rows.order_by("pk"), limit, offset))["rows"]:
        # Why somebody cannot is said to the sender alone.
        if not _is_between(request, one, found):
            one.reason = one.decision = ""
    return page


def _is_between(request: Request, receipt: Receipt, found: Item) -> bool:
    mine = request.actor.organisation_ids
    return receipt.organisation_id in mine or found.owner_id in mine


@router.get(
    "/exchange/items/{pk}/replies",
    response={200: ReplyPage, **READING},
    summary="The answers I may read",
)
def replies(request: Request, pk: Pk, limit: Limit, offset: Offset) -> Any:
    found = fetch(request.actor, "exchange.read", Item, pk=pk)
    rows = Reply.objects.visible_to(request.actor).filter(item=found)
    return page_of(rows.order_by("at", "pk"), limit, offset)


@router.get(
    "/exchange/items/{pk}/stix",
    response={200: dict[str, Any], **READING},
    summary="One item as a STIX 2.1 bundle",
)
def stix(request: Request, pk: Pk) -> Any:
    found = fetch(request.actor, "exchange.export", Item, pk=pk)
    note_export([found], "stix", by=request.actor, at=now())
    return bundle_of([found], origin=settings.ORIGIN)


@router.get(
    "/exchange/feed",
    response={200: dict[str, Any], **READING},
    summary="What came to my organisations, as a JSON Feed 1.1",
)
def feed(request: Request) -> Any:
    came = Receipt.objects.visible_to(request.actor).for_organisations(
        request.actor.organisation_ids
    )
    latest = came.order_by("-sent_at", "-pk").values("item")[:MOST]
    keys = [one["item"] for one in latest]
    found = Item.objects.visible_to(request.actor).holding().filter(pk__in=keys)
    return feed_of(
        found.select_related("owner").latest_first(),
        title=_("Exchange"),
        address=settings.ORIGIN + request.path,
        origin=settings.ORIGIN,
        language=get_language() or "en",
    )


@router.post(
    "/exchange/receipts/{pk}/acknowledge",
    response={200: ReceiptOut, **WRITING},
    summary="Say what my organisation makes of an item",
)
def say(request: Request, pk: Pk, data: StateIn) -> Any:
    found = fetch(request.actor, "exchange.acknowledge", Receipt, pk=pk)
    state = ReceiptState(data.state)
    acknowledge(found, state, reason=data.reason, by=request.actor, at=now())
    return found


@router.post(
    "/exchange/receipts/{pk}/replies",
    response={200: ReplyOut, **WRITING},
    summary="Answer in words",
)
def answer(request: Request, pk: Pk, data: ReplyIn) -> Any:
    found = fetch(request.actor, "exchange.reply", Receipt, pk=pk)
    ours = request.actor.organisations_as(Role.CONTRIBUTOR)
    sides = Q(pk=found.organisation_id) | Q(pk=found.item.owner_id)
    writers = Organisation.objects.visible_to(request.actor).filter(sides, pk__in=ours)
    # A person who is at both ends answers for the recipient.
    writer = writers.filter(pk=found.organisation_id).first() or one_of(writers)
    return write_reply(
        found,
        writer,
        data.text,
        language=data.language,
        by=request.actor,
        at=now(),
        client_key=data.client_key,
    )
