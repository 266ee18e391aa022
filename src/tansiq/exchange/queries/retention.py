"""Until when an item is kept and who holds it; the list of what was deleted, for people."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from tansiq.access.actor import Actor
from tansiq.access.gate import can_each
from tansiq.access.verdict import Verdict
from tansiq.core import formats
from tansiq.core.documents.model import Document, Paragraph, Rows, Table
from tansiq.exchange.models import Hold, Item, ItemKind, Purge, PurgeKind

# The names of tables in a proof, in words.
_TABLES: dict[str, Any] = {
    "item": pgettext_lazy("in a proof of deletion", "title and text"),
    "handling": pgettext_lazy("in a proof of deletion", "decisions about handing on"),
    "release": pgettext_lazy("in a proof of deletion", "releases with their reasons"),
    "forwardrequest": pgettext_lazy("in a proof of deletion", "requests to hand on"),
    "correction": pgettext_lazy("in a proof of deletion", "corrections"),
    "dispatch": pgettext_lazy("in a proof of deletion", "messages to persons and offices"),
    "obligation": pgettext_lazy("in a proof of deletion", "notes on what was owed"),
    "carried": pgettext_lazy("in a proof of deletion", "signs of what went to other platforms"),
    "comment": pgettext_lazy("in a proof of deletion", "comments"),
    "response": pgettext_lazy("in a proof of deletion", "answers to comments"),
    "portion": pgettext_lazy("in a proof of deletion", "passages"),
    "consultation": pgettext_lazy("in a proof of deletion", "summaries"),
    "reply": pgettext_lazy("in a proof of deletion", "answers"),
    "attachment": pgettext_lazy("in a proof of deletion", "attachments"),
    "receipt": pgettext_lazy("in a proof of deletion", "reasons and persons at recipients"),
    "hold": pgettext_lazy("in a proof of deletion", "reasons of holds"),
    "persons": pgettext_lazy("in a proof of deletion", "persons who were named"),
    "notices": pgettext_lazy("in a proof of deletion", "notices"),
    "search": pgettext_lazy("in a proof of deletion", "texts in the search"),
    "translations": pgettext_lazy("in a proof of deletion", "translations"),
    "files": pgettext_lazy("in a proof of deletion", "files"),
}
# A list that leaves the platform as one file holds no more than this.
MOST_ROWS = 20_000
HEADINGS = (
    gettext_lazy("Deleted on"),
    gettext_lazy("What was deleted"),
    gettext_lazy("Number"),
    gettext_lazy("Kind"),
    gettext_lazy("Marking"),
    gettext_lazy("Sender"),
    gettext_lazy("Last day"),
    gettext_lazy("Rows"),
    gettext_lazy("Digest"),
    gettext_lazy("Seal in the log"),
)


@dataclass(frozen=True)
class OnItem:
    """What the page of an item says about how long it is kept."""

    item: Item
    deleted_on: date
    holds: list[Hold]
    proof: Purge | None
    may_extend: Verdict
    may_hold: Verdict
    is_over: bool


def retention_on_item(actor: Actor, item: Item, at: datetime) -> OnItem | None:
    """Return until when an item is kept and why; nothing of a draft."""
    if item.is_draft:
        return None
    verdicts = can_each(actor, ["exchange.extend", "exchange.hold"], item)
    holds = Hold.objects.visible_to(actor).in_force(at.date()).filter(item=item)
    return OnItem(
        item=item,
        deleted_on=day_of_deletion(item),
        holds=list(holds.select_related("organisation").order_by("until", "pk")),
        proof=Purge.objects.visible_to(actor).filter(item=item).first(),
        may_extend=verdicts["exchange.extend"],
        may_hold=verdicts["exchange.hold"],
        is_over=item.is_over(at.date()),
    )


def day_of_deletion(item: Item) -> date:
    """Return on which day its words go, if nobody holds it."""
    return item.expires_on + timedelta(days=settings.PURGE_GRACE_DAYS + 1)


def proofs(
    seen: QuerySet[Purge], *, what: str = "", kind: str = "", year: str = ""
) -> QuerySet[Purge]:
    """Return the proofs that were asked for, the latest first; what is no choice asks nothing."""
    rows = seen.select_related("owner").order_by("-at", "-pk")
    if what in PurgeKind.values:
        rows = rows.filter(what=what)
    if kind in ItemKind.values:
        rows = rows.filter(kind=kind)
    if year.isdecimal() and len(year) == len("2026"):
        rows = rows.filter(at__year=int(year))
    return rows


def table_name(name: str) -> str:
    return str(_TABLES.get(name, name))


def lines_of(purge: Purge) -> list[tuple[str, int, int]]:
    """Return what was there and what is left, as (name of the table, before, after)."""
    return [(table_name(name), before, after) for name, (before, after) in purge.counts.items()]


def file_rows(rows: Iterable[Purge]) -> Iterator[list[str | int]]:
    """Yield the list as a table for machines and people, in the order of `HEADINGS`."""
    for one in rows:
        yield [
            one.at.isoformat(timespec="minutes"),
            str(one.get_what_display()),
            one.item_number or "",
            str(one.get_kind_display()),
            f"TLP:{one.marking.upper()}" if one.marking else "",
            str(one.owner),
            one.expired_on.isoformat() if one.expired_on else "",
            one.rows_deleted,
            one.digest,
            one.seal,
        ]


def log_document(rows: Iterable[Purge], *, author: str, at: datetime, language: str) -> Document:
    """Return the list as a document to file; digests and seals stand in the table for machines."""
    with override(language):
        lines: Rows = [
            [
                formats.short_day(one.at.date(), language),
                str(one.get_what_display()),
                formats.number(one.item_number or 0, language) if one.item_number else "–",
                str(one.get_kind_display()) or "–",
                str(one.owner),
                formats.number(one.rows_deleted, language),
                one.digest[:16] or "–",
            ]
            for one in rows
        ]
        said = _(
            "Each line is a proof that was written in the same step in which the rows were deleted."
        )
        return Document(
            title=_("What was deleted from the exchange"),
            language=language,
            author=author,
            made_at=at,
            marking="TLP:AMBER",
            blocks=[
                Paragraph(said, kind="lead"),
                Table(
                    caption=_("Proofs of deletion"),
                    headings=[str(HEADINGS[n]) for n in (0, 1, 2, 3, 5, 7, 8)],
                    rows=lines,
                    numeric=frozenset({2, 5}),
                    widths=(4, 6, 3, 4, 6, 3, 6),
                ),
            ],
        )
