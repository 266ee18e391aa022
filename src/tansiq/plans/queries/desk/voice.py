"""Desk lines about proposals to national plans, and about versions that concern a place."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.core.formats import isolate
from tansiq.core.translations import show_each
from tansiq.plans.models import Proposal
from tansiq.plans.queries.desk.items import MOST, Item
from tansiq.plans.queries.proposals import to_answer, waiting_of
from tansiq.plans.queries.reporting import places_led_by
from tansiq.plans.queries.versions.consequences import waiting_for
from tansiq.plans.queries.wording import plan_name, written

_WEEK = dt.timedelta(days=7)


def to_do(actor: Actor, at: dt.datetime) -> list[Item]:
    """Return the versions to look at, and the answers to give within a week."""
    leads = places_led_by(actor, Role.COORDINATOR)
    rows = waiting_for(actor, [lead.place_id for lead in leads if lead.place_id])[:MOST]
    items = [
        Item(
            kind="version_look",
            title=_("See what version %(number)s means for %(place)s")
            % {"number": written(one.version.number), "place": isolate(one.place)},
            detail=plan_name(one.version.plan),
            url=one.get_absolute_url(),
            label=_("Look at it"),
        )
        for one in rows
    ]
    soon = at.date() + _WEEK
    owed = _shown(to_answer(actor, Role.COORDINATOR)[:MOST])
    return [
        *items,
        *(_answer(one) for one in owed if one.answer_due_on and one.answer_due_on <= soon),
    ]


def owed_by(actor: Actor) -> list[Item]:
    return [_answer(one) for one in _shown(to_answer(actor, Role.VIEWER)[:MOST])]


def owed_to(actor: Actor) -> list[Item]:
    return [_waiting(one) for one in _shown(waiting_of(actor)[:MOST])]


def _shown(rows: Iterable[Proposal]) -> list[Proposal]:
    proposals = list(rows)
    show_each(proposals, "title", language_of=lambda one: str(one.language))
    return proposals


def _title(proposal: Proposal) -> str:
    shown: dict[str, object] = proposal.shown  # type: ignore[attr-defined]  # -- given by show_each
    return isolate(shown["title"])


def _answer(proposal: Proposal) -> Item:
    facts = {"place": isolate(proposal.place), "title": _title(proposal)}
    return Item(
        kind="proposal_answer",
        title=_("Answer the proposal of %(place)s: %(title)s") % facts,
        detail=plan_name(proposal.plan),
        url=f"{proposal.get_absolute_url()}#answer",
        label=_("Answer"),
        due_on=proposal.answer_due_on,
        status=proposal.status,
    )


def _waiting(proposal: Proposal) -> Item:
    plan = proposal.plan
    where = [plan.country.code, plan.slug, proposal.pk]
    return Item(
        kind="proposal_owed",
        title=_("Answer to your proposal: %(title)s") % {"title": _title(proposal)},
        detail=str(plan.owner),
        url=proposal.get_absolute_url(),
        label=_("Open"),
        due_on=proposal.answer_due_on,
        status=proposal.status,
        remind_url=reverse("plans:proposal_remind", args=where),
        reminded_at=proposal.reminded_at,
    )
