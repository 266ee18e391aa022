"""What the page of an item shows beside the note itself: each subject gives a section of its own.

    Section("exchange/duties/_on_item.html", duties_on_item)

`gather` is a query: it gets the actor, the item and the moment, and returns what its template finds
as `section`, or None where there is nothing to show. It may assume that the actor sees the item.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tansiq.access.actor import Actor
from tansiq.exchange.models import Item
from tansiq.exchange.queries import handling, versions
from tansiq.exchange.queries.agreements import agreement_on_item
from tansiq.exchange.queries.consultations import consultation_on_item
from tansiq.exchange.queries.duty_pages import duties_on_item
from tansiq.exchange.queries.retention import retention_on_item

Gather = Callable[[Actor, Item, datetime], Any]


@dataclass(frozen=True)
class Section:
    template: str
    gather: Gather
    # Above what recipients say and the answers, for what changes how the note is read.
    is_on_top: bool = False


@dataclass(frozen=True)
class Shown:
    template: str
    content: Any
    is_on_top: bool


# In the order of the page; one line a subject.
SECTIONS: Sequence[Section] = (
    Section("exchange/handling/_on_top.html", handling.on_top, is_on_top=True),
    Section("exchange/handling/_beside.html", versions.beside, is_on_top=True),
    Section("exchange/handling/_on_item.html", handling.below),
    Section("exchange/consultations/_on_item.html", consultation_on_item, is_on_top=True),
    Section("exchange/agreements/_on_item.html", agreement_on_item),
    Section("exchange/duties/_on_item.html", duties_on_item),
    Section("exchange/retention/_on_item.html", retention_on_item),
)


def sections_of(actor: Actor, item: Item, at: datetime) -> Iterator[Shown]:
    """Yield what there is to show, in order."""
    for section in SECTIONS:
        content = section.gather(actor, item, at)
        if content is not None:
            yield Shown(section.template, content, section.is_on_top)
