"""Passing on as one's own what somebody told who must not be named."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor, Role
from tansiq.access.log import record
from tansiq.access.notices import notify, register
from tansiq.access.queries import people_of
from tansiq.exchange.actions.forwarding import locked_holding
from tansiq.exchange.actions.items import Draft, write_item
from tansiq.exchange.models import Handling, Item, ItemKind, Receipt

register("exchange.may_pass_on", gettext_lazy("You may pass %(title)s on as your own."))


@dataclass(frozen=True)
class Retold:
    """What the one that passes it on says in its own words."""

    title: str
    text: str
    marking: str
    language: str
    client_key: uuid.UUID | None = field(default=None, compare=False)


@transaction.atomic
def allow_passing_on(item: Item, *, is_allowed: bool, by: Actor, at: datetime) -> None:
    """Say whether recipients may pass this on as their own. What they did with it stays."""
    Handling.objects.update_or_create(item=item, defaults={"may_pass_on": is_allowed})
    record(by, "exchange.allow_passing_on", item, at=at, detail={"allowed": is_allowed})
    if is_allowed and not item.is_draft:
        bodies = Receipt.objects.filter(item=item, person__isnull=True)
        people = people_of(
            bodies.values_list("organisation", flat=True), at=at, least=Role.CONTRIBUTOR
        )
        url = item.get_absolute_url()
        facts = {"title": item.title}
        notify(people, "exchange.may_pass_on", item, url=url, facts=facts, at=at)


@transaction.atomic
def pass_on(receipt: Receipt, retold: Retold, *, by: Actor, at: datetime) -> Item:
    """Begin an item of the recipient's own. Its log says nothing of where it came from.

    Raises ExchangeError when the note was taken back or has ended.
    """
    if retold.client_key is not None:
        before = Item.objects.filter(client_key=retold.client_key).first()
        if before is not None:
            return before
    source = locked_holding(receipt.item, at=at)
    draft = Draft(
        kind=ItemKind(source.kind),
        title=retold.title,
        text=retold.text,
        language=retold.language,
        expires_on=source.expires_on,
        marking=retold.marking,
        origin=source,
        client_key=retold.client_key,
    )
    made = write_item(receipt.organisation, draft, by=by, at=at)
    # On the source's side; neither its number nor its words, for the country's overseers read it.
    record(by, "exchange.pass_on", source, at=at)
    return made


@transaction.atomic
def tell_source(item: Item, *, is_told: bool, by: Actor, at: datetime) -> None:
    """Decide whether who told us learns in general words what became of it."""
    Handling.objects.update_or_create(item=item, defaults={"tells_source": is_told})
    record(by, "exchange.tell_source", item, at=at, detail={"told": is_told})
