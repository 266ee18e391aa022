"""Entering the money of a plan: what it needs, who pays, how many work on it; and rates."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import PlaceLink
from tansiq.core import money
from tansiq.core.editing import save_changes
from tansiq.plans.models import BudgetLine, Cost, Funding, Rate, StaffYear
from tansiq.plans.models.money import FIRST_YEAR, LATEST_YEAR, MONEY_LIMIT

Entry = BudgetLine | Cost | StaffYear


class MoneyError(Exception):
    """The figures cannot be kept as they are; the message says what is wrong and what to do."""


@transaction.atomic
def add_money(entry: Entry, *, by: Actor, at: datetime) -> None:
    """Enter a budget line, a cost or the posts of a year. Raises MoneyError."""
    check_money(entry)
    entry.changed_at = at
    _insert(entry, _("This year is already there; change that one."))
    record(by, "plans.money_add", entry, at=at)


@transaction.atomic
def edit_money(
    entry: Entry, changes: dict[str, Any], *, revision: int, by: Actor, at: datetime
) -> None:
    """Change an entry. Raises MoneyError, or ChangedMeanwhileError."""
    for name, value in changes.items():
        setattr(entry, name, value)
    check_money(entry)
    try:
        with transaction.atomic():
            save_changes(entry, changes, revision=revision, at=at)
    except IntegrityError as problem:
        raise MoneyError(_("This year is already there; change that one.")) from problem
    record(by, "plans.money_edit", entry, at=at, detail={"fields": sorted(changes)})


@transaction.atomic
def remove_money(entry: Entry, *, by: Actor, at: datetime) -> None:
    """Take out an entry that should not be there; what it said stays in the log."""
    record(by, "plans.money_remove", entry, at=at, detail=_said(entry))
    entry.delete()


@transaction.atomic
def set_rate(rate: Rate, *, by: Actor, at: datetime) -> None:
    """Enter what a currency costs on a day. Raises MoneyError."""
    check_rate(rate)
    rate.changed_at = at
    _insert(rate, _("A rate of this day is already there; change that one."))
    record(by, "plans.rate_add", rate, at=at, detail=_said_of_rate(rate))


@transaction.atomic
def edit_rate(
    rate: Rate, changes: dict[str, Any], *, revision: int, by: Actor, at: datetime
) -> None:
    """Correct a rate; all figures reckoned with it change. Raises MoneyError, or a conflict."""
    for name, value in changes.items():
        setattr(rate, name, value)
    check_rate(rate)
    try:
        with transaction.atomic():
            save_changes(rate, changes, revision=revision, at=at)
    except IntegrityError as problem:
        raise MoneyError(_("A rate of this day is already there; change that one.")) from problem
    record(by, "plans.rate_edit", rate, at=at, detail=_said_of_rate(rate))


@transaction.atomic
def remove_rate(rate: Rate, *, by: Actor, at: datetime) -> None:
    """Take out a rate that was entered by mistake."""
    record(by, "plans.rate_remove", rate, at=at, detail=_said_of_rate(rate))
    rate.delete()


def note_money_export(plan: Any, *, by: Actor, at: datetime) -> None:
    """Write down that the money of a plan left the platform as a file."""
    record(by, "export:plans.money_view", plan, at=at)


# --- what cannot be right


def check_money(entry: Entry) -> None:
    """Raise MoneyError for what the plan, the currency or the calendar rules out."""
    if not FIRST_YEAR <= entry.year <= LATEST_YEAR:
        raise MoneyError(_("Choose a year of the plan."))
    if isinstance(entry, StaffYear):
        return
    _check_currency(entry.currency)
    amounts = (
        (entry.amount,)
        if isinstance(entry, Cost)
        else (entry.planned, entry.committed, entry.spent)
    )
    if any(not 0 <= one <= MONEY_LIMIT for one in amounts):
        raise MoneyError(_("An amount is not below zero, and not that large."))
    if entry.action is not None and entry.action.plan_id != entry.plan_id:
        raise MoneyError(_("Choose an action of this plan."))
    if not PlaceLink.objects.filter(place=entry.place_id, ancestor=entry.plan.place_id).exists():
        raise MoneyError(_("Choose the place of the plan, or one below it."))
    if isinstance(entry, BudgetLine) and entry.source == Funding.NONE:
        raise MoneyError(_("Say whose money it is."))


def check_rate(rate: Rate) -> None:
    """Raise MoneyError for a rate that cannot be one."""
    _check_currency(rate.base)
    _check_currency(rate.quote)
    if rate.base == rate.quote:
        raise MoneyError(_("Choose two different currencies."))
    if rate.units <= 0:
        raise MoneyError(_("A rate is above zero."))


def _check_currency(code: str) -> None:
    if not money.is_currency(code):
        raise MoneyError(_("“%(code)s” is no currency in use today.") % {"code": code})


def _insert(row: Any, taken: str) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as problem:
        raise MoneyError(taken) from problem


def _said(entry: Entry) -> dict[str, Any]:
    """Return the figures of an entry for the log, which outlives it."""
    names = {
        BudgetLine: ("year", "source", "planned", "committed", "spent", "currency"),
        Cost: ("year", "amount", "currency"),
        StaffYear: ("year", "planned", "there"),
    }
    return {name: getattr(entry, name) for name in names[type(entry)]}


def _said_of_rate(rate: Rate) -> dict[str, Any]:
    return {
        "pair": f"{rate.base}/{rate.quote}",
        "on": rate.on.isoformat(),
        "rate": f"{rate.number:f}",
    }
