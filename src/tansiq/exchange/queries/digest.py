"""What waits for a person in the exchange, for one mail a day or a week."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from tansiq.access.actor import Actor
from tansiq.exchange.models import Item, Receipt, Reply

# More than this nobody reads in a mail; the count is said.
_SHOWN = 8


@dataclass(frozen=True)
class Part:
    """Some items of one kind: those whose words may leave, and how many there are besides."""

    items: list[Item]
    more: int

    def __bool__(self) -> bool:
        return bool(self.items or self.more)


@dataclass(frozen=True)
class Digest:
    """`owed`: an answer in words is owed. `new`: nobody of ours has said anything yet."""

    owed: Part
    new: Part
    answers: Part

    def __bool__(self) -> bool:
        return bool(self.owed or self.new or self.answers)


def digest_for(actor: Actor, *, since: datetime, at: datetime) -> Digest:
    """Return what this person would find on the desk, as far as it may stand in a mail."""
    seen = Item.objects.visible_to(actor).holding()
    mine = Receipt.objects.for_organisations(actor.organisation_ids).filter(
        Q(person__isnull=True) | Q(person=actor.person_id), item__in=seen.values("pk")
    )
    owed = mine.owing_answer().select_related("item__owner")
    new = mine.waiting().filter(sent_at__gt=since).exclude(pk__in=owed.values("pk"))
    replies = Reply.objects.visible_to(actor).filter(at__gt=since, at__lte=at)
    theirs = replies.exclude(organisation__in=actor.organisation_ids)
    return Digest(
        owed=_part([one.item for one in owed]),
        new=_part([one.item for one in new.select_related("item__owner").order_by("-sent_at")]),
        answers=_part(_once(theirs.select_related("item__owner").order_by("-at", "-pk"))),
    )


def _once(replies: Iterable[Any]) -> list[Item]:
    return list({one.item_id: one.item for one in replies}.values())


def _part(items: list[Item]) -> Part:
    shown = [item for item in items if item.may_leave_in_mail][:_SHOWN]
    return Part(shown, len(items) - len(shown))
