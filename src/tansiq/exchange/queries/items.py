"""What came, what was sent, and what became of one item at its recipients."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from tansiq.access.actor import Actor
from tansiq.core.translations import show, show_each
from tansiq.exchange.models import Attachment, Item, Receipt, ReceiptState, Reply

# More than this is said as "more than": nobody counts further, and counting costs.
MOST_COUNTED = 99
_FIRST_RECIPIENTS = 12
_LATEST_REPLIES = 30


@dataclass(frozen=True)
class InboxCounts:
    """What waits for this actor's organisations; each at most one more than MOST_COUNTED."""

    unacknowledged: int
    answers: int
    late: int


def inbox_counts(actor: Actor, at: datetime) -> InboxCounts:
    """Return what waits; three short reads by partial indexes."""
    own = Receipt.objects.own_of(actor).holding_on(at.date())
    return InboxCounts(
        unacknowledged=_some(own.waiting(), "-sent_at"),
        answers=_some(own.owing_answer(), "-reply_by"),
        late=_some(own.late(at), "-reply_by"),
    )


def _some(rows: QuerySet[Any], latest: str) -> int:
    """Count from the latest: what is old has mostly ended, and would be read for nothing."""
    return int(rows.order_by(latest)[: MOST_COUNTED + 1].count())


@dataclass(frozen=True)
class Wanted:
    """What narrows the inbox; empty values do not."""

    waits: str = ""
    kind: str = ""
    state: str = ""
    direction: str = ""
    language: str = ""
    sender: str = ""
    text: str = ""


def inbox(known: Any, actor: Actor, wanted: Wanted, at: datetime) -> QuerySet[Receipt]:
    """Return which of the known receipts came to this actor's organisations and still hold."""
    rows = known.own_of(actor).filter(item__purged_at__isnull=True)
    rows = rows.filter(item__expires_on__gte=at.date())
    if wanted.waits:
        rows = _waiting(rows.holding_on(at.date()), wanted.waits, at)
    exact = {
        "item__kind": wanted.kind,
        "state": wanted.state,
        "direction": wanted.direction,
        "item__language": wanted.language,
        "item__owner__name__icontains": wanted.sender,
        "item__title__icontains": wanted.text,
    }
    if wanted.text:
        # What was taken back must not be found by its words.
        rows = rows.filter(item__recalled_at__isnull=True)
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    found: QuerySet[Receipt] = rows.select_related("item__owner", "organisation")
    return found


def _waiting(rows: Any, waits: str, at: datetime) -> Any:
    if waits == "late":
        return rows.late(at)
    return rows.owing_answer() if waits == "answer" else rows.waiting()


def show_titles(receipts: Iterable[Receipt]) -> None:
    """Give the items of these receipts their titles in the reader's language."""
    items = [one.item for one in receipts]
    show_each(items, "title", language_of=lambda item: str(item.language))


def sent_items(known: Any, actor: Actor) -> QuerySet[Item]:
    """Return which of the known items this actor's organisations sent, in no order."""
    rows = known.sent().filter(owner__in=actor.organisation_ids)
    found: QuerySet[Item] = rows.filter(purged_at__isnull=True).select_related("owner")
    return found


def drafts_of(known: Any, actor: Actor) -> QuerySet[Item]:
    """Return the drafts of this actor's organisations, the latest touched first."""
    rows = known.drafts().filter(owner__in=actor.organisation_ids)
    found: QuerySet[Item] = rows.select_related("owner").order_by("-changed_at", "-pk")
    return found


@dataclass(frozen=True)
class Strip:
    """How far an item has come at those of its recipients whom the reader may see."""

    total: int = 0
    sent: int = 0
    received: int = 0
    read: int = 0
    understood: int = 0
    will_act: int = 0
    cannot: int = 0
    answered: int = 0
    late: int = 0

    @property
    def acknowledged(self) -> int:
        return self.understood + self.will_act + self.cannot

    @property
    def unacknowledged(self) -> int:
        return self.total - self.acknowledged

    @property
    def segments(self) -> list[tuple[str, int, str]]:
        """Return the parts of a bar, from what is done to what only left."""
        tones = {
            ReceiptState.WILL_ACT: "done",
            ReceiptState.UNDERSTOOD: "on",
            ReceiptState.CANNOT: "risk",
            ReceiptState.READ: "s3",
        }
        parts = [(tone, getattr(self, state), str(state.label)) for state, tone in tones.items()]
        return [part for part in parts if part[1]]

    @property
    def states(self) -> list[tuple[str, str, int]]:
        """Return each state that somebody is in: its value, its words, how many."""
        counted = [(one.value, str(one.label), getattr(self, one.value)) for one in ReceiptState]
        return [one for one in counted if one[2]]


def strips_of(actor: Actor, items: Sequence[Item], at: datetime) -> dict[int, Strip]:
    """Return the strip of each of these items; one query for all."""
    late = Q(reply_by__lt=at, answered_at__isnull=True) & ~Q(state=ReceiptState.CANNOT)
    rows = Receipt.objects.visible_to(actor).filter(item__in=[item.pk for item in items])
    counted: Any = (
        rows.order_by()
        .values("item")
        .annotate(
            total=Count("pk"),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
            late=Count("pk", filter=late),
            **{one.value: Count("pk", filter=Q(state=one)) for one in ReceiptState},
        )
    )
    found = {row.pop("item"): Strip(**row) for row in counted}
    return {item.pk: found.get(item.pk, Strip()) for item in items}


@dataclass(frozen=True)
class OfItem:
    """What the page of an item shows, as this reader may see it."""

    own: list[Receipt]
    strip: Strip
    recipients: list[Receipt]
    replies: list[Reply]
    has_more_replies: bool
    attachments: list[Attachment]
    answered_by: list[Item]


def page_of(actor: Actor, item: Item, at: datetime) -> OfItem:
    show([item], "title", "text", written_in=item.language)
    receipts = recipients_of(actor, item)
    own = receipts.own_of(actor).order_by("pk")
    replies = replies_of(actor, item).order_by("-at", "-pk")[: _LATEST_REPLIES + 1]
    latest = list(replies)[::-1]
    return OfItem(
        own=list(own.select_related("organisation")),
        strip=strips_of(actor, [item], at)[item.pk],
        recipients=list(waiting_first(receipts)[:_FIRST_RECIPIENTS]),
        replies=latest[-_LATEST_REPLIES:],
        has_more_replies=len(latest) > _LATEST_REPLIES,
        attachments=attachments_of(actor, item),
        answered_by=answers_to(actor, item),
    )


def recipients_of(actor: Actor, item: Item) -> Any:
    return Receipt.objects.visible_to(actor).filter(item=item)


def waiting_first(receipts: Any) -> QuerySet[Receipt]:
    """Put those that said nothing yet first."""
    ordered: QuerySet[Receipt] = receipts.select_related(
        "organisation__place", "person", "acknowledged_by"
    ).order_by(F("acknowledged_at").desc(nulls_first=True), "organisation__name", "pk")
    return ordered


def replies_of(actor: Actor, item: Item) -> QuerySet[Reply]:
    rows: QuerySet[Reply] = Reply.objects.visible_to(actor).filter(item=item)
    return rows.select_related("organisation", "person", "receipt__organisation")


def attachments_of(actor: Actor, item: Item) -> list[Attachment]:
    rows = Attachment.objects.visible_to(actor).filter(item=item)
    return list(rows.order_by("added_at", "pk"))


def answers_to(actor: Actor, item: Item) -> list[Item]:
    """Return items of their own that answer this one, as far as the actor sees them."""
    rows = Item.objects.visible_to(actor).sent().filter(answers=item)
    return list(rows.select_related("owner").order_by("sent_at", "pk")[:20])
