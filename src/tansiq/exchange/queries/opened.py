"""What was sent for everybody (TLP:CLEAR), and lists of items for programs that read feeds."""

from collections.abc import Iterable
from typing import Any, Final

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.exchange.models import Item
from tansiq.exchange.querysets import ItemQuerySet

# Readers of feeds come back; nobody reads a feed to its end.
MOST: Final = 50
JSON_FEED: Final = "https://jsonfeed.org/version/1.1"


def items_for_everybody(passer_by: Actor, *, country: str = "") -> ItemQuerySet[Item]:
    """Return what a passer-by reads on this day, the latest first."""
    rows: ItemQuerySet[Item] = Item.objects.visible_to(passer_by).holding().latest_first()
    rows = rows.select_related("owner")
    return rows.filter(owner__country_code=country) if country else rows


def feed_of(
    items: Iterable[Item], *, title: str, address: str, origin: str, language: str
) -> dict[str, Any]:
    """Return a JSON Feed 1.1 of these items.

    A feed reader is a place outside, as a mailbox is: what may not stand in a mail is there as
    "there is something for you" alone.
    """
    return {
        "version": JSON_FEED,
        "title": title,
        "home_page_url": f"{origin}/",
        "feed_url": address,
        "language": language,
        "items": [_entry(item, origin) for item in items],
    }


def _entry(item: Item, origin: str) -> dict[str, Any]:
    entry = {
        "id": f"{origin}/exchange/{item.pk}/",
        "url": f"{origin}{item.get_absolute_url()}",
        "date_published": item.sent_at.isoformat() if item.sent_at else "",
    }
    if not item.may_leave_in_mail:
        return entry | {"content_text": _("There is something for you. Sign in to read it.")}
    return entry | {
        "title": item.title,
        "content_text": item.text,
        "language": item.language,
        "authors": [{"name": item.owner.name}],
        "tags": [item.kind, f"TLP:{item.marking.upper()}"],
    }
