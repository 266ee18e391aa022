"""A last look before an item ends: let more read it, or let it end."""

from datetime import datetime, timedelta

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


def ask_for_reviews(*, at: datetime) -> int:
    """Ask owners what becomes of what ends soon; return of how many items.

    Once before each end: who let it hold longer is asked again before the new one.
    """
    day, before = at.date(), timedelta(days=settings.REVIEW_DAYS)
    ending = (
        Item.objects.holding()
        .filter(expires_on__gte=day, expires_on__lte=day + before)
        # What was meant for a few days needs no look back after one.
        .filter(sent_at__lt=at - before)
        .exclude(handling__review_asked_at__gt=at - before)
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
    _answered(item, at)


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
    _answered(item, at)
    record(by, "exchange.let_end", item, at=at)


def _answered(item: Item, at: datetime) -> None:
    fields = {"review_answered_at": at, "review_asked_at": at}
    Handling.objects.update_or_create(item=item, defaults=fields)
