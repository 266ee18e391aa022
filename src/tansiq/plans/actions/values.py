"""Values of indicators: written in a report, accepted by the level above, corrected, withdrawn."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.plans.actions.rollups import add_values, find_next_latest, take_values
from tansiq.plans.models import (
    Datapoint,
    DatapointStatus,
    Indicator,
    Remark,
    RemarkKind,
    Report,
    Rule,
)
from tansiq.plans.models.indicators import AMOUNT_LIMIT, DIMENSIONS
from tansiq.plans.notices import tell_addressee

_WEIGHT_LIMIT = 10**9


class BadValueError(Exception):
    """A value cannot be taken as it is; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class Value:
    """One value as a person writes it, in the indicator's unit."""

    number: Decimal
    as_of: date
    part: str = ""
    base: int = 1
    note: str = ""


def amount_of(indicator: Indicator, number: Decimal) -> int:
    """Return a number as a whole amount of the indicator's smallest unit.

    Raises BadValueError for what is not a number, has too many digits after the point, or is
    out of range.
    """
    try:
        scaled = number.scaleb(indicator.decimals)
        whole = scaled == scaled.to_integral_value()
    except InvalidOperation as problem:
        raise BadValueError(_("This is not a number.")) from problem
    if not number.is_finite():
        raise BadValueError(_("This is not a number."))
    if not whole:
        raise BadValueError(
            _("Write at most %(decimals)s digits after the point.")
            % {"decimals": indicator.decimals}
        )
    if abs(scaled) > AMOUNT_LIMIT:
        raise BadValueError(_("This number is too large. Check the unit."))
    return int(scaled)


@transaction.atomic
def write_value(
    report: Report, indicator: Indicator, value: Value, *, by: Actor, at: datetime
) -> Datapoint:
    """Write or overwrite one value of a report that is not locked.

    Raises BadValueError when the report is locked, the indicator is not of its plan or level,
    or the number, base, part or date cannot be right.
    """
    if report.is_locked:
        raise BadValueError(_("This report is locked. Ask the level above to reopen it."))
    amount = checked_amount(report, indicator, value)
    _refuse_if_counted(report, indicator, value.part)
    datapoint, _made = Datapoint.objects.update_or_create(
        indicator=indicator,
        period=report.period,
        place=report.place,
        part=value.part,
        defaults={
            "report": report,
            "amount": amount,
            "weight": value.base,
            "as_of": value.as_of,
            "note": value.note,
            "status": DatapointStatus.DRAFT,
            "changed_at": at,
        },
    )
    return datapoint


@transaction.atomic
def erase_value(report: Report, indicator: Indicator, part: str = "") -> None:
    """Take a draft value out of a report that is not locked."""
    if report.is_locked:
        raise BadValueError(_("This report is locked. Ask the level above to reopen it."))
    _refuse_if_counted(report, indicator, part)
    report.datapoints.filter(indicator=indicator, part=part).delete()


@transaction.atomic
def accept_value(datapoint: Datapoint, *, by: Actor, at: datetime) -> None:
    """Let one sent value count. Raises BadValueError if it was not sent."""
    changed = Datapoint.objects.filter(pk=datapoint.pk, status=DatapointStatus.SUBMITTED).update(
        status=DatapointStatus.ACCEPTED, changed_at=at
    )
    if not changed:
        raise BadValueError(_("Only a value that was sent can be accepted."))
    datapoint.status = DatapointStatus.ACCEPTED
    add_values(datapoint.pk)
    record(by, "plans.accept_value", datapoint, at=at)


@transaction.atomic
def correct_value(
    datapoint: Datapoint, value: Value, *, by: Actor, at: datetime, reason: str = ""
) -> None:
    """Replace an accepted value by a corrected one, at once and everywhere above.

    The reason is kept with the report, where the level above reads it. Raises BadValueError
    when the value does not count, or the new one cannot be right.
    """
    current = Datapoint.objects.select_for_update().get(pk=datapoint.pk)
    if current.status != DatapointStatus.ACCEPTED:
        raise BadValueError(_("Only an accepted value can be corrected; change this one instead."))
    amount = checked_amount(current.report, current.indicator, value)
    before = current.amount
    take_values(current.pk)
    current.amount, current.weight = amount, value.base
    current.as_of, current.note, current.changed_at = value.as_of, value.note, at
    current.save(update_fields=["amount", "weight", "as_of", "note", "changed_at"])
    find_next_latest([current.pk])
    add_values(current.pk)
    if reason:
        numbers = {
            "indicator": current.indicator.code,
            "before": f"{current.indicator.as_number(before):f}",
            "now": f"{current.indicator.as_number(amount):f}",
            "reason": reason,
        }
        sentence = _("%(indicator)s: %(before)s is now %(now)s. %(reason)s") % numbers
        _remark(current, sentence, at=at)
    detail = {"from": before, "to": amount}
    record(by, "plans.correct_value", current, at=at, detail=detail)
    tell_addressee(current.report, "plans.value_corrected", at=at)


@transaction.atomic
def withdraw_value(datapoint: Datapoint, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Take an accepted value back; it no longer counts anywhere. Raises BadValueError."""
    current = Datapoint.objects.select_for_update().get(pk=datapoint.pk)
    if current.status != DatapointStatus.ACCEPTED:
        raise BadValueError(_("Only an accepted value can be withdrawn."))
    take_values(current.pk)
    current.status, current.changed_at = DatapointStatus.WITHDRAWN, at
    current.save(update_fields=["status", "changed_at"])
    find_next_latest([current.pk])
    if reason:
        facts = {"indicator": current.indicator.code, "reason": reason}
        _remark(current, _("%(indicator)s was withdrawn. %(reason)s") % facts, at=at)
    record(by, "plans.withdraw_value", current, at=at)
    tell_addressee(current.report, "plans.value_corrected", at=at)


def _remark(datapoint: Datapoint, text: str, *, at: datetime) -> None:
    report = datapoint.report
    Remark.objects.create(
        report=report,
        kind=RemarkKind.CORRECTION,
        organisation_id=report.owner_id,
        text=text,
        at=at,
    )


def checked_amount(report: Report, indicator: Indicator, value: Value) -> int:
    """Return the amount to be kept for this value. Raises BadValueError if it cannot be right."""
    if indicator.plan_id != report.period.plan_id:
        raise BadValueError(_("This indicator is not of the plan that is reported on."))
    if indicator.level is not None and indicator.level != report.place.level:
        raise BadValueError(_("Another level reports this indicator; here it is added up."))
    if value.part and not _is_part(indicator, value.part):
        raise BadValueError(_("This indicator is not broken down that way."))
    if not 0 <= value.base <= _WEIGHT_LIMIT:
        raise BadValueError(_("The base must be between 0 and 1,000,000,000."))
    if not report.period.starts_on <= value.as_of <= report.period.due_on:
        raise BadValueError(_("The date of this figure is outside the reporting period."))
    amount = amount_of(indicator, value.number)
    # The sum over all places of amount × base must fit 64 bits.
    if indicator.rule == Rule.WEIGHTED and abs(amount) * value.base > AMOUNT_LIMIT:
        raise BadValueError(_("This number and its base are too large together. Check the unit."))
    return amount


def _refuse_if_counted(report: Report, indicator: Indicator, part: str) -> None:
    counted = report.datapoints.filter(
        indicator=indicator, part=part, status=DatapointStatus.ACCEPTED
    )
    if counted.exists():
        raise BadValueError(_("This value was already accepted. Correct or withdraw it instead."))


def _is_part(indicator: Indicator, part: str) -> bool:
    dimension, _sign, category = part.partition("=")
    return dimension in indicator.dimensions and category in DIMENSIONS.get(dimension, {})
