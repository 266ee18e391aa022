"""Remembering that something has to go to another platform; packing it is a matter for later.

Called inside the transaction of whatever changed an item, a receipt or an answer: what is saved
goes, what is not saved does not.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from tansiq.exchange.models import Item, Passage, Peer, PeerBody, PeerState, Receipt
from tansiq.exchange.queries.federation import why_not


def touch(items: Any) -> None:
    """Note that these items (their keys), or what was said on them, may have changed."""
    Passage.objects.filter(item__in=items, is_dirty=False).update(is_dirty=True)


def note_sent(item: Item) -> None:
    """Note that an item was sent, or has new recipients: some may live on other platforms."""
    touch([item.pk])
    for peer in _concerned(item):
        Passage.objects.get_or_create(
            peer=peer, item=item, defaults={"kept_back": why_not(item, peer)}
        )


def look_through(*, on: date) -> int:
    """Look at everything that still holds, in case somebody forgot to note a change."""
    bodies = PeerBody.objects.values("organisation")
    holding = Item.objects.holding().filter(expires_on__gte=on)
    named = holding.filter(receipts__organisation__in=bodies, passages__isnull=True)
    for item in named.exclude(owner__in=bodies).distinct().order_by("pk"):
        note_sent(item)
    still = Q(item__expires_on__gte=on) | Q(carried_at__isnull=False, deleted_at__isnull=True)
    looked = Passage.objects.filter(still, peer__state=PeerState.TRUSTED)
    return int(looked.update(is_dirty=True))


def _concerned(item: Item) -> Iterable[Peer]:
    named = PeerBody.objects.filter(
        organisation__in=Receipt.objects.filter(item=item).values("organisation")
    )
    wanted = Q(pk__in=named.values("peer"))
    if item.is_hub_wide:
        wanted |= Q(is_hub_wide_shared=True)
    # Only the origin passes its item on: what came from elsewhere stays here.
    if PeerBody.objects.filter(organisation=item.owner_id).exists():
        return ()
    return Peer.objects.filter(wanted).exclude(state=PeerState.ENDED)
