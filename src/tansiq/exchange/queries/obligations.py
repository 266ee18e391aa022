"""What is owed, in both directions, with words for those who may read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation, OrganisationKind
from tansiq.access.queries import lead_above, lead_of
from tansiq.core import formats
from tansiq.core.translations import show_each
from tansiq.exchange.models import (
    Escalation,
    Item,
    Obligation,
    ObligationKind,
    ObligationState,
    Reminder,
)

# Counts on desks end here; beyond it the exact number helps nobody and costs time.
MOST_COUNTED: Final = 999
STATES: Final = ("active", "late", "given", "over", "all")


class CircularBodiesError(Exception):
    """The bodies above an organisation stand above each other."""


def bodies_above(organisation: Organisation) -> list[Organisation]:
    """Return who stands above, the nearest first, ending with who leads the country.

    Raises CircularBodiesError when the bodies stand in a circle.
    """
    found: list[Organisation] = []
    seen = {organisation.pk}
    above = _next_above(organisation)
    while above is not None and above.kind != OrganisationKind.HUB:
        if above.pk in seen:
            raise CircularBodiesError(_("The bodies above stand in a circle."))
        seen.add(above.pk)
        if above.country_code != organisation.country_code:
            break
        if above.is_active:
            found.append(above)
        above = _next_above(above)
    return found


def _next_above(body: Organisation) -> Organisation | None:
    if body.parent is not None:
        return body.parent
    if body.place is None:
        return None
    if body.is_lead_of_place:
        return lead_above(body.place)
    lead = lead_of(body.place)
    return lead if lead is not None else lead_above(body.place)


def owed_by(actor: Actor) -> QuerySet[Obligation]:
    """Return what the actor's organisations owe others."""
    return Obligation.objects.owed_by(actor)


def owed_to(actor: Actor) -> QuerySet[Obligation]:
    """Return what others owe the actor's organisations."""
    return Obligation.objects.owed_to(actor)


def told_of(actor: Actor) -> QuerySet[Obligation]:
    """Return what is late between others, of which the actor's organisations were told."""
    told = Escalation.objects.filter(told__in=actor.organisation_ids).values("obligation")
    return (
        Obligation.objects.filter(pk__in=told)
        .exclude(Q(debtor__in=actor.organisation_ids) | Q(creditor__in=actor.organisation_ids))
        .active()
        .visible_to(actor)
        .urgent_first()
    )


def filtered(
    rows: QuerySet[Obligation], *, at: datetime, state: str = "", kind: str = "", other: int = 0
) -> QuerySet[Obligation]:
    """Keep the rows of this state, kind and partner; without a state, what is still to be done."""
    kept: Any = rows
    if state == "late":
        kept = kept.late(at)
    elif state == "given":
        kept = kept.filter(state=ObligationState.DONE)
    elif state == "over":
        kept = kept.exclude(state__in=[ObligationState.OPEN, ObligationState.DISPUTED])
    elif state != "all":
        kept = kept.active()
    if kind:
        kept = kept.filter(kind=kind)
    if other:
        kept = kept.filter(Q(debtor=other) | Q(creditor=other))
    backwards = state in {"given", "over", "all"}
    ordered: QuerySet[Obligation] = (
        kept.order_by("-due_at", "-pk") if backwards else kept.urgent_first()
    )
    return ordered.select_related("debtor", "creditor", "rhythm")


@dataclass(frozen=True)
class Sums:
    """How many are open and how many of them late; counted up to MOST_COUNTED."""

    open: int
    late: int

    @property
    def shown(self) -> str:
        return counted(self.open)

    @property
    def shown_late(self) -> str:
        return counted(self.late)


def counted(count: int) -> str:
    """Return the number, or "999+" where counting ended."""
    words = formats.number(count, get_language() or "en")
    return f"{words}+" if count >= MOST_COUNTED else words


def sums_of(rows: QuerySet[Obligation], *, at: datetime) -> Sums:
    """Count along the index and stop at MOST_COUNTED, however many rows there are."""
    active: Any = rows
    active = active.active().order_by()
    return Sums(
        active.values("pk")[:MOST_COUNTED].count(),
        active.filter(due_at__lt=at).values("pk")[:MOST_COUNTED].count(),
    )


@dataclass(frozen=True)
class Line:
    """One thing owed, as this reader may read it: `words` are empty where the item is not seen."""

    obligation: Obligation
    words: str
    url: str
    is_late: bool
    is_ours: bool
    is_owed_to_us: bool
    # How many partners wait, or are waited for, on one day of a standing duty.
    count: int = 1

    @property
    def title(self) -> str:
        """Return its words, or what kind of thing it is."""
        return self.words or str(self.obligation.get_kind_display()).capitalize()

    @property
    def address(self) -> str:
        """Where it is done: the day of a standing duty for many, or the one thing."""
        one = self.obligation
        if self.count == 1 or one.rhythm_id is None:
            return self.url
        return f"{reverse('exchange:rhythm', args=[one.rhythm_id])}?period={one.period_on}"

    @property
    def partners(self) -> str:
        """Return the partner by name, or how many there are."""
        if self.count == 1:
            return str(self.other)
        shown = formats.number(self.count, get_language() or "en")
        if self.is_ours:
            return ngettext("%(count)s waits", "%(count)s wait", self.count) % {"count": shown}
        return ngettext("%(count)s owes it", "%(count)s owe it", self.count) % {"count": shown}

    @property
    def answer_url(self) -> str:
        """Where it is answered; empty for what is not ours to answer, or not ours to read."""
        if not self.is_ours or not self.words or self.obligation.kind != ObligationKind.ANSWER:
            return ""
        at_item = reverse("exchange:item", args=[self.obligation.item_id])
        return f"{at_item}#say-{self.obligation.receipt_id}"

    @property
    def may_be_reminded(self) -> bool:
        return self.is_owed_to_us and self.is_late and self.count == 1

    @property
    def other(self) -> Organisation:
        """The partner, seen from us; the debtor for who stands above both."""
        return self.obligation.creditor if self.is_ours else self.obligation.debtor


def lines_of(rows: Iterable[Obligation], actor: Actor, *, at: datetime) -> list[Line]:
    """Put the words to rows in one query more."""
    found: list[Any] = list(rows)
    titles = titles_for({row.item_id for row in found if row.item_id}, actor)
    mine = actor.organisation_ids
    show_each([one for one in found if one.what], "what", language_of=_written_in)
    return [
        Line(
            row,
            str(row.shown["what"]) if row.what else titles.get(row.item_id or 0, ""),
            row.get_absolute_url(),
            row.is_late(at),
            row.debtor_id in mine,
            row.creditor_id in mine,
        )
        for row in found
    ]


def _written_in(row: Obligation) -> str:
    return row.language or get_language() or "en"


def titles_for(items: Iterable[int], actor: Actor) -> dict[int, str]:
    """Return the titles of those of the items that this actor may read, in the reader's words."""
    rows = Item.objects.visible_to(actor).filter(pk__in=list(items)).only("title", "language")
    found: list[Any] = list(rows)
    show_each(found, "title", language_of=attrgetter("language"))
    return {one.pk: str(one.shown["title"]) for one in found}


def due_for(actor: Actor, *, since: datetime, until: datetime) -> list[Line]:
    """Return what falls due between two moments, owed by or to the actor's organisations."""
    mine = actor.organisation_ids
    rows = (
        Obligation.objects.filter(Q(debtor__in=mine) | Q(creditor__in=mine))
        .filter(due_at__gte=since, due_at__lt=until)
        .active()
        .visible_to(actor)
        .urgent_first()
        .select_related("debtor", "creditor")
    )
    return lines_of(rows, actor, at=since)


def partners_of(actor: Actor, *, most: int = 40) -> list[Organisation]:
    """Return with whom something is open, by name, for the filter of the page."""
    mine = actor.organisation_ids
    rows = Obligation.objects.visible_to(actor).active()
    debtors = rows.filter(creditor__in=mine).order_by().values("debtor").distinct()[:most]
    creditors = rows.filter(debtor__in=mine).order_by().values("creditor").distinct()[:most]
    pks = {row["debtor"] for row in debtors} | {row["creditor"] for row in creditors}
    return list(Organisation.objects.filter(pk__in=pks).order_by("name", "pk"))


@dataclass(frozen=True)
class History:
    """What was done to have one thing given: visible to both sides."""

    reminders: Sequence[Reminder]
    escalations: Sequence[Escalation]

    @property
    def steps(self) -> list[tuple[datetime, str]]:
        """Return both in order of time, in words."""
        found = [(one.at, _reminder_words(one)) for one in self.reminders]
        told = _("%(organisation)s, the level above, was told that it is late.")
        found += [
            (one.at, told % {"organisation": formats.isolate(one.told)}) for one in self.escalations
        ]
        return sorted(found)


def _reminder_words(reminder: Reminder) -> str:
    if reminder.organisation is None:
        return _("A reminder went out by itself.")
    words = _("%(organisation)s reminded.")
    return words % {"organisation": formats.isolate(reminder.organisation)}


def history_of(obligation: Obligation, actor: Actor) -> History:
    reminders = Reminder.objects.visible_to(actor).filter(obligation=obligation)
    told = Escalation.objects.visible_to(actor).filter(obligation=obligation)
    return History(
        list(reminders.select_related("organisation").order_by("-at", "-pk")[:20]),
        list(told.select_related("told").order_by("step", "pk")),
    )


def candidates_for(obligation: Obligation, actor: Actor) -> QuerySet[Item]:
    """Return what the debtor sent the creditor lately: one of these may be what was owed."""
    since = obligation.made_at - timedelta(days=60)
    reached = Item.objects.visible_to(actor).filter(
        owner=obligation.debtor_id,
        sent_at__gte=since,
        receipts__organisation=obligation.creditor_id,
    )
    rows: QuerySet[Item] = reached.exclude(marking="red").distinct().order_by("-sent_at", "-pk")
    return rows


def open_periods_for(item: Item, actor: Actor) -> QuerySet[Obligation]:
    """Return what standing duties of the sender owe to those whom the item reached."""
    reached = item.receipts.filter(person__isnull=True).values("organisation")
    rows: QuerySet[Obligation] = (
        Obligation.objects.visible_to(actor)
        .active()
        .filter(debtor=item.owner_id, creditor__in=reached, rhythm__isnull=False)
    )
    return rows


def given_by(item: Item, actor: Actor, *, chosen: str) -> QuerySet[Obligation]:
    """Return the open rows of one period, named as "rhythm.day"; none for another name."""
    rhythm, _dot, day = chosen.partition(".")
    try:
        period = parse_date(day)
    except ValueError:
        period = None
    if period is None or not rhythm.isdecimal():
        return Obligation.objects.none()
    return open_periods_for(item, actor).filter(rhythm=int(rhythm), period_on=period)
