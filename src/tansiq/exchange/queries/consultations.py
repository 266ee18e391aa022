"""How far a consultation is, by kinds of actors and levels; the summary as page and document."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.models import OrganisationKind
from tansiq.core import formats
from tansiq.core.documents.model import Block, Document, Heading, Paragraph, Rows, Table
from tansiq.core.documents.words import paragraphs_of
from tansiq.core.translations import show_each
from tansiq.exchange.models import Comment, Consultation, Item, ItemKind, Portion, Receipt

# Of fewer than this nobody should read a share.
FEW: Final = 10
CSV_HEADINGS: Final = (
    gettext_lazy("Number"),
    gettext_lazy("Passage"),
    gettext_lazy("Organisation"),
    gettext_lazy("Kind"),
    gettext_lazy("Comment"),
    gettext_lazy("What we did"),
    gettext_lazy("Because"),
    gettext_lazy("Page of the change"),
)


@dataclass(frozen=True)
class Progress:
    """How many were asked, commented and were answered; counts of bodies, never of people."""

    asked: int
    heard: int
    comments: int
    answered: int
    by_kind: Sequence[tuple[str, int, int]]
    by_level: Sequence[tuple[str, int, int]]

    @property
    def is_few(self) -> bool:
        return self.heard < FEW

    @property
    def waiting(self) -> int:
        return self.comments - self.answered


@dataclass(frozen=True)
class OnItem:
    """What the page of an item says about its comments."""

    item: Item
    progress: Progress
    mine: int
    is_concluded: bool


def progress_of(item: Item) -> Progress:
    """Return the counts; those of an item for single persons name no kind and no level."""
    comments = Comment.objects.filter(item=item)
    told = comments.aggregate(
        all=Count("pk"), answered=Count("pk", filter=Q(response__isnull=False))
    )
    asked = Receipt.objects.filter(item=item)
    heard = asked.filter(pk__in=comments.values("receipt"))
    is_red = item.is_red
    return Progress(
        asked=asked.count(),
        heard=heard.count(),
        comments=told["all"],
        answered=told["answered"],
        by_kind=() if is_red else list(_by_kind(asked, heard)),
        by_level=() if is_red else list(_by_level(asked, heard)),
    )


def _by_kind(asked: QuerySet[Receipt], heard: QuerySet[Receipt]) -> Iterator[tuple[str, int, int]]:
    of, among = _tally(heard, "organisation__kind"), _tally(asked, "organisation__kind")
    for kind in OrganisationKind:
        if among[kind.value]:
            yield str(kind.label), of[kind.value], among[kind.value]


def _by_level(asked: QuerySet[Receipt], heard: QuerySet[Receipt]) -> Iterator[tuple[str, int, int]]:
    of, among = _tally(heard, "to_level"), _tally(asked, "to_level")
    for level in sorted(among):
        yield level_words(level), of[level], among[level]


def _tally(rows: QuerySet[Receipt], column: str) -> Counter[Any]:
    return Counter(dict(rows.order_by().values_list(column).annotate(Count("pk"))))


def level_words(level: int) -> str:
    special = {-1: _("regional hub"), 0: _("nation"), 9: _("without a place")}
    if level in special:
        return special[level]
    number = formats.number(level, get_language() or "en")
    return _("level %(number)s below the nation") % {"number": number}


def comments_shown(actor: Actor, item: Item, *, only: str = "") -> QuerySet[Comment]:
    """Return the comments this actor may read, in the order of the draft."""
    rows: QuerySet[Comment] = (
        Comment.objects.visible_to(actor)
        .filter(item=item)
        .select_related("organisation", "portion", "response")
        .order_by("portion__number", "at", "pk")
    )
    if only == "waiting":
        return rows.filter(response__isnull=True)
    return rows.filter(response__isnull=False) if only == "answered" else rows


def translate(comments: Sequence[Comment]) -> None:
    """Give comments and responses a `shown` in the reader's language."""
    show_each(comments, "text", language_of=lambda one: str(one.language))
    responses = {one.response_id: one.response for one in comments if one.response is not None}
    show_each(responses.values(), "because", language_of=lambda one: str(one.language))
    for one in comments:
        if one.response is not None:
            one.response = responses[one.response_id]


def portions_of(item: Item) -> list[Portion]:
    rows = item.portions.annotate(said=Count("comments")).order_by("number")
    portions: list[Portion] = list(rows)
    show_each(portions, "text", language_of=lambda _one: str(item.language))
    return portions


def receipts_to_comment(actor: Actor, item: Item) -> QuerySet[Receipt]:
    rows: QuerySet[Receipt] = Receipt.objects.visible_to(actor).filter(
        item=item, organisation__in=actor.organisation_ids
    )
    return rows.filter(Q(person__isnull=True) | Q(person=actor.person_id)).select_related(
        "organisation", "item"
    )


def consultation_on_item(actor: Actor, item: Item, _at: datetime) -> OnItem | None:
    """Return how far a consultation is; nothing of any other item."""
    if item.kind != ItemKind.CONSULTATION or item.is_purged:
        return None
    mine = Comment.objects.filter(item=item, organisation__in=actor.organisation_ids)
    return OnItem(
        item,
        progress_of(item),
        mine.count(),
        Consultation.objects.filter(item=item).exists(),
    )


def csv_rows(comments: Sequence[Comment]) -> Iterator[list[str | int]]:
    for number, one in enumerate(comments, start=1):
        response = one.response
        yield [
            number,
            one.portion.number if one.portion else "",
            str(one.organisation),
            str(one.organisation.get_kind_display()),
            one.text,
            str(response.get_outcome_display()) if response else "",
            response.because if response else "",
            response.change_url if response else "",
        ]


def summary_document(
    item: Item,
    conclusion: Consultation,
    comments: Sequence[Comment],
    progress: Progress,
    *,
    at: datetime,
    language: str,
) -> Document:
    """Return the summary with each open comment and its answer, to file or print."""
    with override(language):
        rows: Rows = [
            [
                f"§ {formats.number(one.portion.number, language)}" if one.portion else "–",
                str(one.organisation),
                one.text,
                f"{one.response.get_outcome_display()}: {one.response.because}"
                if one.response
                else "–",
            ]
            for one in comments
        ]
        count = formats.number(progress.comments, language)
        blocks: list[Block] = [Heading(_("What changes because of the comments"))]
        blocks += [
            Paragraph(one, language=item.language) for one in paragraphs_of(conclusion.conclusion)
        ]
        blocks += [
            Heading(_("You said, we did")),
            Table(
                caption=_("Comments and answers"),
                headings=[_("Passage"), _("Organisation"), _("You said"), _("We did")],
                rows=rows,
                widths=(2, 4, 8, 8),
            ),
        ]
        return Document(
            title=item.title,
            subtitle=_("Summary of the consultation"),
            language=language,
            author=str(item.owner),
            made_at=at,
            marking=f"TLP:{item.marking.upper()}",
            facts=[
                (_("Comments"), count),
                (_("Organisations that commented"), formats.number(progress.heard, language)),
                (_("Organisations that were asked"), formats.number(progress.asked, language)),
            ],
            blocks=blocks,
        )
