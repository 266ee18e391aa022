"""What is kept longer than was said: held for a reason, or made to hold until a later day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.log import record
from tansiq.access.models import Organisation, Person
from tansiq.access.notices import notify, register
from tansiq.access.queries import people_of
from tansiq.core import formats
from tansiq.exchange.models import Hold, HoldKind, Item, Receipt

register("exchange.held", gettext_lazy("%(by)s holds this until %(until_on)s: %(title)s."))
register("exchange.released", gettext_lazy("No longer held: %(title)s."))
register(
    "exchange.hold_ends",
    gettext_lazy("This is held until %(until_on)s only, then it is deleted: %(title)s."),
)
register(
    "exchange.extended",
    gettext_lazy("%(by)s lets this hold until %(until_on)s: %(title)s. Reason: %(reason)s"),
)

# Nobody holds anything for longer without saying again why.
LONGEST: Final = timedelta(days=366)
_REMIND: Final = timedelta(days=7)


class RetentionError(Exception):
    """The step makes no sense now; the message says why, and nothing was changed."""


@dataclass(frozen=True)
class Holding:
    """Why something is not deleted yet, for whom, and until when."""

    organisation: Organisation
    reason: str
    until: date
    kind: HoldKind = HoldKind.OWNER
    incident_number: int | None = None


@transaction.atomic
def hold_item(item: Item, holding: Holding, *, by: Actor, at: datetime) -> Hold:
    """Keep an item from being deleted until a day. Recipients still do not read it once it is over.

    Raises RetentionError when it was deleted already, and when the day makes no sense.
    """
    current = _locked(item)
    if current.is_purged:
        raise RetentionError(_("This was deleted already."))
    _check_day(holding.until, at=at)
    hold: Hold = Hold.objects.create(
        item=item,
        owner=item.owner,
        organisation=holding.organisation,
        kind=holding.kind,
        incident_number=holding.incident_number,
        reason=holding.reason,
        until=holding.until,
        placed_at=at,
        placed_by_id=by.person_id,
    )
    detail = {"hold": hold.pk, "kind": str(hold.kind), "until": hold.until}
    record(by, "exchange.hold", item, at=at, detail=detail)
    facts = {"by": str(holding.organisation), "until_on": hold.until.isoformat()}
    _tell_both_sides(hold, "exchange.held", facts, at=at)
    return hold


@transaction.atomic
def renew_hold(hold: Hold, *, until: date, reason: str, by: Actor, at: datetime) -> None:
    """Hold it until a later day, with the reason of today. Raises RetentionError."""
    _check_day(until, at=at)
    changed = Hold.objects.filter(pk=hold.pk, released_at__isnull=True).update(
        until=until, reason=reason, reminded_on=None
    )
    if not changed or _locked(hold.item).is_purged:
        raise RetentionError(_("This is no longer held."))
    hold.refresh_from_db()
    detail = {"hold": hold.pk, "until": until}
    record(by, "exchange.renew_hold", hold, at=at, detail=detail)
    facts = {"by": str(hold.organisation), "until_on": until.isoformat()}
    _tell_both_sides(hold, "exchange.held", facts, at=at)


@transaction.atomic
def release_hold(hold: Hold, *, by: Actor, at: datetime) -> None:
    """Let it go: what is over is deleted by the next run. Raises RetentionError the second time."""
    released = Hold.objects.filter(pk=hold.pk, released_at__isnull=True).update(released_at=at)
    if not released:
        raise RetentionError(_("This is no longer held."))
    hold.refresh_from_db()
    record(by, "exchange.release_hold", hold, at=at, detail={"hold": hold.pk})
    _tell_both_sides(hold, "exchange.released", {}, at=at)


@transaction.atomic
def extend_item(item: Item, *, until: date, reason: str, by: Actor, at: datetime) -> None:
    """Let an item hold until a later day, before its last one is over; recipients are told why.

    Raises RetentionError when it is over, when the day is not later, and when the agreement under
    which it was sent does not let it be kept that long.
    """
    current = _locked(item)
    if current.is_draft or current.is_recalled or current.is_over(at.date()):
        raise RetentionError(_("Only what was sent and still holds can be made to hold longer."))
    if until <= current.expires_on:
        raise RetentionError(_("Choose a later day than the one it has."))
    _check_agreement(current, until)
    before = current.expires_on
    item.expires_on = until
    item.save(update_fields=["expires_on"])
    detail = {"from": before, "until": until}
    record(by, "exchange.extend", item, at=at, detail=detail)
    facts = {
        "by": str(item.owner),
        "until_on": until.isoformat(),
        "title": item.title,
        "reason": reason,
    }
    people = _people_at_recipients(item, at=at)
    url = item.get_absolute_url()
    notify(people, "exchange.extended", item, url=url, facts=facts, at=at)


def _check_agreement(item: Item, until: date) -> None:
    agreement = item.agreement
    if agreement is None or item.sent_at is None:
        return
    latest = item.sent_at.date() + timedelta(days=agreement.retention_days)
    if until > latest:
        language = get_language() or "en"
        sentence = ngettext(
            "By the agreement it is kept for %(count)s day at most: until %(day)s.",
            "By the agreement it is kept for %(count)s days at most: until %(day)s.",
            agreement.retention_days,
        )
        count = formats.number(agreement.retention_days, language)
        raise RetentionError(sentence % {"count": count, "day": formats.day(latest, language)})


def remind_of_holds(*, at: datetime) -> int:
    """Tell who holds something that the hold is about to end; return of how many."""
    day = at.date()
    ending = Hold.objects.in_force(day).filter(until__lte=day + _REMIND, reminded_on__isnull=True)
    told = 0
    for hold in ending.select_related("item").order_by("pk"):
        with transaction.atomic():
            Hold.objects.filter(pk=hold.pk).update(reminded_on=day)
            people = people_of([hold.organisation_id], at=at, least=Role.COORDINATOR)
            facts = {"until_on": hold.until.isoformat(), "title": _title(hold)}
            url = hold.get_absolute_url()
            notify(people, "exchange.hold_ends", hold, url=url, facts=facts, at=at)
        told += 1
    return told


def _check_day(until: date, *, at: datetime) -> None:
    if not at.date() <= until <= at.date() + LONGEST:
        raise RetentionError(_("Choose a day from today on, at most a year ahead."))


def _tell_both_sides(hold: Hold, code: str, facts: dict[str, str], *, at: datetime) -> None:
    item = hold.item
    people = {one.pk: one for one in _people_at_recipients(item, at=at)}
    sides = [item.owner_id, hold.organisation_id]
    people |= {one.pk: one for one in people_of(sides, at=at, least=Role.COORDINATOR)}
    facts = facts | {"title": _title(hold)}
    url = hold.get_absolute_url()
    notify(people.values(), code, hold, url=url, facts=facts, at=at)


def _title(hold: Hold) -> str:
    """Return how a notice names the item: words that may leave by mail, or its number alone."""
    item = hold.item
    return item.title if item.may_leave_in_mail else f"#{item.pk}"


def _people_at_recipients(item: Item, *, at: datetime) -> list[Person]:
    receipts = Receipt.objects.filter(item=item)
    if item.is_red:
        return list(Person.objects.filter(pk__in=receipts.values("person")))
    bodies = list(receipts.values_list("organisation", flat=True))
    return list(people_of(bodies, at=at, least=Role.CONTRIBUTOR))


def _locked(item: Item) -> Item:
    return Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
