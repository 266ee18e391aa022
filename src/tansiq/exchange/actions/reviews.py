"""A last look before an item ends: extend it, let more read it, or let it end."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actions.sharing import change_marking
from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Marking
from tansiq.access.notices import notify, register
from tansiq.access.queries import people_of
from tansiq.exchange.actions.forwarding import locked_holding
from tansiq.exchange.actions.items import ExchangeError
from tansiq.exchange.models import Handling, Item
from tansiq.exchange.rules.handling import lower_markings

register(
    "exchange.review",
    gettext_lazy("%(title)s ends on %(end_on)s: extend it, let more read it, or let it end."),
)
# Nobody keeps a note alive for ever by a date far away.
MOST_DAYS = 365


def ask_for_reviews(*, at: datetime) -> int:
    """Ask owners, once an item, what becomes of what ends soon; return of how many items."""
    day = at.date()
    ending = (
        Item.objects.holding()
        .filter(expires_on__gte=day, expires_on__lte=day + timedelta(days=settings.REVIEW_DAYS))
        # What was meant for a few days needs no look back after one.
        .filter(sent_at__lt=at - timedelta(days=settings.REVIEW_DAYS))
        .exclude(handling__review_asked_at__isnull=False)
    )
    count = 0
    for item in ending.order_by("pk"):
        with transaction.atomic():
            Handling.objects.update_or_create(item=item, defaults={"review_asked_at": at})
            people = people_of([item.owner_id], at=at)
            facts = {"title": item.title, "end_on": item.expires_on.isoformat()}
            url = f"{item.get_absolute_url()}review/"
            notify(people, "exchange.review", item, url=url, facts=facts, at=at)
            count += 1
    return count


@transaction.atomic
def extend_item(item: Item, expires_on: date, reason: str, *, by: Actor, at: datetime) -> None:
    """Let an item hold longer, because …; the next look comes before the new day.

    Raises ExchangeError for a day that is not later, or more than a year away.
    """
    current = locked_holding(item, at=at)
    if expires_on <= current.expires_on:
        raise ExchangeError(_("Choose a later day than the one it has."))
    if expires_on > at.date() + timedelta(days=MOST_DAYS):
        raise ExchangeError(_("Choose a day within a year."))
    if not reason.strip():
        raise ExchangeError(_("Say why it has to hold longer."))
    was = current.expires_on
    item.expires_on = expires_on
    item.save(update_fields=["expires_on"])
    _answered(item, at, asked_at=None)
    detail = {"from": was.isoformat(), "to": expires_on.isoformat(), "reason": reason.strip()}
    record(by, "exchange.extend", item, at=at, detail=detail)


@transaction.atomic
def loosen_item(item: Item, marking: str, *, by: Actor, at: datetime) -> None:
    """Let more read an item as it is.

    Raises ExchangeError where that would let out what somebody else told, what was for persons,
    or what was marked as staying: a lesser version is the way there.
    """
    current = locked_holding(item, at=at)
    refusal = why_not_loosen(current)
    if refusal:
        raise ExchangeError(refusal)
    if marking not in lower_markings(current):
        raise ExchangeError(_("Choose a marking that lets more people read it."))
    change_marking(item, marking=marking, is_hub_wide=item.is_hub_wide, by=by, at=at)
    if marking == Marking.CLEAR:
        item.published_at = at
        item.save(update_fields=["published_at"])
    _answered(item, at, asked_at=at)


def why_not_loosen(item: Item) -> str:
    """Return why more may not read the item as it is; nothing if they may."""
    handling = Handling.objects.filter(item=item).first()
    if item.is_red:
        return _("This was for persons. Write a version for more readers instead.")
    if item.origin_id is not None:
        return _("Somebody else told you this. Write a version for more readers instead.")
    if handling is not None and handling.kept_back:
        return _("Some of it must stay here. Write a version for more readers instead.")
    return ""


@transaction.atomic
def let_end(item: Item, *, by: Actor, at: datetime) -> None:
    """Say that an item may end on its day."""
    locked_holding(item, at=at)
    _answered(item, at, asked_at=at)
    record(by, "exchange.let_end", item, at=at)


def _answered(item: Item, at: datetime, *, asked_at: datetime | None) -> None:
    fields = {"review_answered_at": at, "review_asked_at": asked_at}
    Handling.objects.update_or_create(item=item, defaults=fields)
