"""Memorials, the fund's book, recommendations: what a city owes in public for years."""

import datetime as dt
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation
from tansiq.core.editing import save_changes
from tansiq.core.order import append_in_order
from tansiq.incidents.actions.log import Line, role_of, write_down
from tansiq.incidents.models import (
    EntryKind,
    Fund,
    FundCategory,
    FundEntry,
    Incident,
    MemorialDecision,
    Recommendation,
    RecommendationState,
    RecommendationStep,
)
from tansiq.incidents.wording import register
from tansiq.plans.queries.names import problems_in

register("memorial_decided", gettext_lazy("Memorial: %(about)s. %(step)s. Families: %(families)s."))
register("fund_opened", gettext_lazy("The fund was opened: %(title)s, kept by %(keeper)s."))
register("fund_published", gettext_lazy("The totals of the fund are public now: %(title)s."))
register("fund_hidden", gettext_lazy("The totals of the fund are not public any more: %(title)s."))
register("fund_closed", gettext_lazy("The fund was closed: %(title)s."))
register("recommended", gettext_lazy("%(source)s recommends; %(answerable)s answers for it."))
register("recommendation_moved", gettext_lazy("Recommendation of %(source)s: %(state)s."))


class AftercareError(Exception):
    """It cannot be written so; the message says what to do."""


def refuse_persons(*texts: str) -> None:
    """Raise AftercareError when a text that will be public names somebody."""
    for text in texts:
        problems = problems_in(text, speaks_of_risk=False)
        if problems:
            raise AftercareError(problems[0])


@transaction.atomic
def decide_memorial(
    incident: Incident, decision: MemorialDecision, *, by: Actor, at: datetime
) -> MemorialDecision:
    """Add a line to the running log of memorials; the fields come with `decision`, unsaved."""
    decision.incident = incident
    decision.role = role_of(by, incident)
    decision.decided_at = incident.room_time(at)
    decision.save(force_insert=True)
    facts = {
        "about": decision.about,
        "step": str(decision.get_step_display()),
        "families": str(decision.get_consulted_display()),
    }
    line = Line(
        EntryKind.RECOVERY,
        "memorial_decided",
        facts=facts,
        text=decision.why,
        language=decision.language,
        subject=decision,
    )
    write_down(incident, line, rule="incidents.memorial", by=by, at=at)
    return decision


@dataclass(frozen=True)
class NewFund:
    title: str
    keeper: Organisation
    currency: str
    rules: str
    language: str


@transaction.atomic
def open_fund(incident: Incident, new: NewFund, *, by: Actor, at: datetime) -> Fund:
    """Open the official fund; one fund, so that people know where to give.

    Raises AftercareError while another one is open, or when its texts name somebody.
    """
    append_in_order()
    if Fund.objects.filter(incident=incident, closed_on__isnull=True).exists():
        raise AftercareError(_("There is a fund already. One fund keeps trust; use that one."))
    refuse_persons(new.title, new.rules)
    fund = Fund.objects.create(
        incident=incident,
        title=new.title,
        keeper=new.keeper,
        currency=new.currency,
        rules=new.rules,
        language=new.language,
        changed_at=at,
    )
    _of_fund(fund, "fund_opened", by=by, at=at)
    return fund


@dataclass(frozen=True)
class Booking:
    """One line of the book; `amount` in the smallest unit of the fund's currency."""

    category: FundCategory
    amount: int
    on: dt.date
    recipients: int | None = None
    note: str = ""
    client_key: uuid.UUID | None = None


@transaction.atomic
def book(fund: Fund, booking: Booking, *, by: Actor, at: datetime) -> FundEntry:
    """Write a line into the book; sent twice, it stands there once.

    Raises AftercareError for a closed fund, for a day to come, and when the note names somebody.
    """
    append_in_order()
    if booking.client_key is not None:
        before = FundEntry.objects.filter(fund=fund, client_key=booking.client_key).first()
        if before is not None:
            return before
    if fund.closed_on is not None:
        raise AftercareError(_("This fund is closed. Its book cannot be added to."))
    if booking.on > fund.incident.room_time(at).date() + dt.timedelta(days=1):
        raise AftercareError(_("This day has not come yet."))
    refuse_persons(booking.note)
    entry = FundEntry.objects.create(
        fund=fund,
        category=booking.category,
        amount=booking.amount,
        on=booking.on,
        recipients=booking.recipients,
        note=booking.note,
        client_key=booking.client_key,
    )
    line = Line(
        EntryKind.RECOVERY,
        "fund_booked",
        facts={"title": fund.title, "category": str(entry.get_category_display())},
        subject=fund,
    )
    write_down(fund.incident, line, rule="incidents.fund", by=by, at=at)
    return entry


register("fund_booked", gettext_lazy("A line in the book of the fund: %(title)s, %(category)s."))


@transaction.atomic
def publish_fund(fund: Fund, *, is_public: bool, by: Actor, at: datetime) -> None:
    """Show the totals to everybody, or no longer. Of an exercise nothing is ever shown."""
    if fund.incident.is_exercise:
        raise AftercareError(_("Nothing of an exercise is published."))
    changes = {"published_at": at if is_public else None}
    save_changes(fund, changes, revision=fund.revision, at=at)
    _of_fund(fund, "fund_published" if is_public else "fund_hidden", by=by, at=at)


@transaction.atomic
def close_fund(fund: Fund, *, by: Actor, at: datetime) -> None:
    """Close the book for good; its totals stay public."""
    if fund.closed_on is not None:
        raise AftercareError(_("This fund is closed already."))
    changes = {"closed_on": fund.incident.room_time(at).date()}
    save_changes(fund, changes, revision=fund.revision, at=at)
    _of_fund(fund, "fund_closed", by=by, at=at)


def _of_fund(fund: Fund, code: str, *, by: Actor, at: datetime) -> None:
    facts = {"title": fund.title, "keeper": str(fund.keeper)}
    line = Line(EntryKind.RECOVERY, code, facts=facts, subject=fund)
    write_down(fund.incident, line, rule="incidents.fund", by=by, at=at)


@transaction.atomic
def add_recommendation(
    incident: Incident, recommendation: Recommendation, *, by: Actor, at: datetime
) -> Recommendation:
    """Track what somebody recommended; the fields come unsaved. Raises AftercareError."""
    refuse_persons(recommendation.source, recommendation.text)
    if recommendation.is_public and incident.is_exercise:
        raise AftercareError(_("Nothing of an exercise is published."))
    recommendation.incident = incident
    recommendation.changed_at = at
    recommendation.save(force_insert=True)
    facts = {"source": recommendation.source, "answerable": str(recommendation.answerable)}
    _of_recommendation(recommendation, "recommended", facts, by=by, at=at)
    return recommendation


@dataclass(frozen=True)
class Stand:
    """How a recommendation stands now, why, and in which action of a plan it goes on."""

    state: RecommendationState
    reason: str
    due_on: dt.date | None
    action_id: int | None
    is_public: bool


@transaction.atomic
def move_recommendation(
    recommendation: Recommendation, stand: Stand, *, revision: int, by: Actor, at: datetime
) -> None:
    """Say how it stands. Raises AftercareError for a refusal or an end without a reason."""
    needs_words = {RecommendationState.REFUSED, RecommendationState.DONE}
    if stand.state in needs_words and not stand.reason.strip():
        raise AftercareError(_("Say why, or what was done: people read it."))
    refuse_persons(stand.reason)
    if stand.is_public and recommendation.incident.is_exercise:
        raise AftercareError(_("Nothing of an exercise is published."))
    changes = {
        "state": stand.state,
        "reason": stand.reason.strip(),
        "due_on": stand.due_on,
        "action_id": stand.action_id,
        "is_public": stand.is_public,
    }
    save_changes(recommendation, changes, revision=revision, at=at)
    RecommendationStep.objects.create(
        recommendation=recommendation,
        state=stand.state,
        reason=stand.reason.strip(),
        at=recommendation.incident.room_time(at),
    )
    facts = {"source": recommendation.source, "state": str(recommendation.get_state_display())}
    _of_recommendation(recommendation, "recommendation_moved", facts, by=by, at=at)


def _of_recommendation(
    recommendation: Recommendation, code: str, facts: dict[str, Any], *, by: Actor, at: datetime
) -> None:
    text = recommendation.text if code == "recommended" else recommendation.reason
    line = Line(
        EntryKind.RECOVERY,
        code,
        facts=facts,
        text=text,
        language=recommendation.language,
        subject=recommendation,
    )
    rule = "incidents.recommendation"
    write_down(recommendation.incident, line, rule=rule, by=by, at=at)
