"""Versions of one note, and where a note came from and went, as far as the gate lets each see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tansiq.access.actor import Actor
from tansiq.access.gate import can
from tansiq.access.verdict import Verdict
from tansiq.exchange.models import Item, Receipt, Release


@dataclass(frozen=True)
class Version:
    item: Item
    is_current: bool
    # How many things of the fullest version it lets out, each with a reason.
    let_out: int


@dataclass(frozen=True)
class Fate:
    """What became of a note that was passed on, in general words."""

    organisations: int
    # The level they have in common: 0 for the nation; None when it differs, or under RED.
    level: int | None
    is_read: bool
    led_to_decision: bool


@dataclass(frozen=True)
class Beside:
    item: Item
    versions: Sequence[Version]
    source: Item | None
    passed_on_as: Sequence[Item]
    fates: Sequence[Fate]
    is_checked: bool
    may_pass_on: Verdict


def beside(actor: Actor, item: Item, at: datetime) -> Beside | None:
    """Return the other versions and the source that this reader may see, or None without any."""
    is_owner = item.owner_id in actor.organisation_ids
    found = Beside(
        item=item,
        versions=_versions(actor, item),
        source=_seen(actor, item.origin_id),
        passed_on_as=list(Item.objects.visible_to(actor).filter(origin=item).order_by("pk")),
        fates=_fates(item) if is_owner else [],
        is_checked=is_owner
        and item.is_draft
        and (item.fullest_id is not None or item.origin_id is not None),
        may_pass_on=can(actor, "exchange.pass_on", item),
    )
    shown = (found.versions, found.source, found.passed_on_as, found.fates, found.is_checked)
    return found if any(shown) or found.may_pass_on else None


def _seen(actor: Actor, pk: int | None) -> Item | None:
    if pk is None:
        return None
    found: Item | None = Item.objects.visible_to(actor).filter(pk=pk).first()
    return found


def _versions(actor: Actor, item: Item) -> list[Version]:
    """Return the versions in tabs, the fullest first; none for who does not see the fullest."""
    fullest = item if item.fullest_id is None else _seen(actor, item.fullest_id)
    if fullest is None:
        return []
    lesser = Item.objects.visible_to(actor).filter(fullest=fullest, corrects__isnull=True)
    all_of_them = [fullest, *lesser.order_by("pk")]
    if len(all_of_them) == 1:
        return []
    let_out: dict[int, int] = {}
    for pk in Release.objects.filter(item__in=all_of_them).values_list("item", flat=True):
        let_out[pk] = let_out.get(pk, 0) + 1
    return [Version(one, one.pk == item.pk, let_out.get(one.pk, 0)) for one in all_of_them]


def _fates(source: Item) -> list[Fate]:
    """Return what became of it where the one that passed it on lets its source know."""
    passed = Item.objects.filter(
        origin=source, sent_at__isnull=False, recalled_at__isnull=True, handling__tells_source=True
    )
    found = []
    for item in passed.order_by("pk"):
        if item.is_red:
            found.append(Fate(0, None, is_read=False, led_to_decision=False))
            continue
        receipts = list(Receipt.objects.filter(item=item))
        levels = {one.to_level for one in receipts}
        found.append(
            Fate(
                len(receipts),
                levels.pop() if len(levels) == 1 else None,
                is_read=any(one.read_at for one in receipts),
                led_to_decision=any(one.decided_at for one in receipts),
            )
        )
    return found
