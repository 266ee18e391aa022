"""When answers are due, for a person's own calendar."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.core.icalendar import Event
from tansiq.exchange.models import Item, Receipt
from tansiq.exchange.queries.obligations import due_for

_BACK = dt.timedelta(days=30)
_AHEAD = dt.timedelta(days=400)
# Nobody plans further; a calendar program reads all of it each time.
_MOST = 500


def deadlines_of(actor: Actor, *, origin: str, at: dt.datetime) -> Iterator[Event]:
    """Yield answers we owe, days until which we asked for one, and what standing duties bring.

    A calendar program is a place outside: what may not stand in a mail is not named there.
    """
    mine = actor.organisation_ids
    since = at - _BACK
    owed = Receipt.objects.visible_to(actor).for_organisations(mine).owing_answer()
    for receipt in owed.filter(reply_by__gte=since).select_related("item")[:_MOST]:
        item = receipt.item
        if item.is_recalled or item.is_purged or receipt.reply_by is None:
            continue
        words = _("Answer due: %(title)s") % {"title": item.title}
        yield _event(f"answer-{receipt.pk}", item, words, receipt.reply_by, origin=origin)
    asked = Item.objects.visible_to(actor).holding().filter(owner__in=mine, reply_by__gte=since)
    for item in asked.order_by("reply_by", "pk")[:_MOST]:
        if item.reply_by is not None:
            words = _("Answers asked for: %(title)s") % {"title": item.title}
            yield _event(f"asked-{item.pk}", item, words, item.reply_by, origin=origin)

    for line in due_for(actor, since=since, until=at + _AHEAD)[:_MOST]:
        # Answers stand above already, by their item.
        if line.obligation.item_id is None and line.obligation.due_at is not None:
            words = _("Due: %(what)s") % {"what": line.title}
            url = f"{origin}{line.url}"
            yield Event(f"duty-{line.obligation.pk}", words, line.obligation.due_at, url)


def _event(key: str, item: Item, words: str, on: dt.datetime, *, origin: str) -> Event:
    if not item.may_leave_in_mail:
        words = _("Something is due. Sign in to read it.")
    return Event(key, words, on, f"{origin}{item.get_absolute_url()}")
