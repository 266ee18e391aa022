"""What the exchange file says, read with the rights of a passer-by; no XML here."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Sum

from tansiq.access.actor import PASSER_BY
from tansiq.access.models import Organisation, OrganisationKind, Place
from tansiq.core.translations import translations_of
from tansiq.plans.models import (
    Action,
    Activity,
    BudgetLine,
    Document,
    Funding,
    Plan,
    PublicContact,
)
from tansiq.plans.queries.iati import codes

# One file of a country's register stays readable; what is more is a matter for the register.
MOST_ACTIVITIES = 5000


@dataclass(frozen=True)
class Body:
    """An organisation that takes part, in its role."""

    role: str
    name: str
    kind: str
    ref: str = ""


@dataclass(frozen=True)
class Money:
    """A sum of one year in one currency, in its smallest unit."""

    year: int
    currency: str
    planned: int
    committed: int
    spent: int
    funder: str


@dataclass(frozen=True)
class Entry:
    """One iati-activity: the plan, an action of it, or an entry of the register."""

    identifier: str
    hierarchy: int
    language: str
    title: str
    description: str
    status: str
    starts_on: dt.date
    ends_on: dt.date
    bodies: list[Body]
    place: Place
    changed_at: dt.datetime | None = None
    money: list[Money] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    contact: PublicContact | None = None
    parent: str = ""
    children: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Exchange:
    """The whole file: who reports, where, and everything reported."""

    reporter: Body
    country: str
    entries: list[Entry]
    english: dict[str, str]


def exchange_of(plan: Plan) -> Exchange:
    """Return what the file holds; the number of queries does not grow with the plan."""
    contact = PublicContact.objects.visible_to(PASSER_BY).filter(plan=plan).first()
    reporter = Body("", plan.owner.name, plan.owner.kind, _ref_of(plan.owner, contact))
    steps = list(
        Action.objects.visible_to(PASSER_BY)
        .steps()
        .filter(plan=plan)
        .select_related("lead", "objective")
        .order_by("position", "code", "pk")
    )
    activities = list(
        Activity.objects.visible_to(PASSER_BY)
        .filter(plan=plan)
        .select_related("owner", "place", "action")
        .order_by("pk")[:MOST_ACTIVITIES]
    )
    top = f"{reporter.ref}-{plan.slug}"
    money = _money_of(plan)
    entries = [
        _plan_entry(plan, top, contact=contact, steps=steps, money=money[None]),
        *(_action_entry(plan, top, one, owner=reporter, money=money[one.pk]) for one in steps),
        *(_activity_entry(plan, top, one) for one in activities),
    ]
    wording = {text for one in entries for text in (one.title, one.description)} - {""}
    shown = translations_of(wording, "en") if plan.language != "en" else {}
    english = {original: words.text for original, words in shown.items()}
    return Exchange(reporter, plan.country.code[:2].upper(), entries, english)


def _ref_of(owner: Organisation, contact: PublicContact | None) -> str:
    """Return the registered identifier the owner has given, or a local one that says it is one.

    XX is assigned to no country: nobody takes it for a registration.
    """
    if contact is not None and contact.registration:
        return contact.registration
    return f"XX-{urlsplit(settings.ORIGIN).hostname}-{owner.slug}"


def _money_of(plan: Plan) -> dict[int | None, list[Money]]:
    """Return the plan's own budget by action, year, currency and funder."""
    rows = (
        BudgetLine.objects.visible_to(PASSER_BY)
        .filter(plan=plan)
        .values("action", "year", "currency", "source", "funder")
        .annotate(total=Sum("planned"), promised=Sum("committed"), used=Sum("spent"))
        .order_by("action", "year", "currency", "source", "funder")
    )
    found: dict[int | None, list[Money]] = defaultdict(list)
    for row in rows:
        funder = row["funder"] or str(Funding(row["source"]).label)
        sums = (int(row["total"]), int(row["promised"]), int(row["used"]))
        found[row["action"]].append(Money(row["year"], row["currency"], *sums, funder))
    return found


def _funders(money: Iterable[Money]) -> list[Body]:
    names = sorted({one.funder for one in money})
    return [Body(codes.FUNDING, name, "") for name in names]


def _plan_entry(
    plan: Plan,
    top: str,
    *,
    contact: PublicContact | None,
    steps: list[Action],
    money: list[Money],
) -> Entry:
    documents = list(
        Document.objects.visible_to(PASSER_BY).filter(plan=plan).order_by("dated_on", "pk")
    )
    owner = Body(codes.ACCOUNTABLE, plan.owner.name, plan.owner.kind, _ref_of(plan.owner, contact))
    return Entry(
        identifier=top,
        hierarchy=1,
        language=plan.language,
        title=plan.title,
        description=plan.summary or plan.title,
        status=codes.PLAN_STATUS[plan.status],
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        bodies=[owner, *_funders(money)],
        place=plan.place,
        changed_at=plan.changed_at,
        money=money,
        documents=documents,
        contact=contact,
        children=[f"{top}-{_safe(one.code)}" for one in steps],
    )


def _action_entry(plan: Plan, top: str, one: Action, *, owner: Body, money: list[Money]) -> Entry:
    if one.lead is not None:
        lead = Body(codes.IMPLEMENTING, one.lead.name, one.lead.kind)
    elif one.lead_kind:
        kind = str(OrganisationKind(one.lead_kind).label)
        lead = Body(codes.IMPLEMENTING, kind, one.lead_kind)
    else:
        lead = Body(codes.IMPLEMENTING, owner.name, owner.kind, owner.ref)
    return Entry(
        identifier=f"{top}-{_safe(one.code)}",
        hierarchy=2,
        language=plan.language,
        title=one.title,
        description=one.objective.title,
        status=codes.ACTION_STATUS[one.status],
        starts_on=one.starts_on or plan.starts_on,
        ends_on=max(one.ends_on or plan.ends_on, one.starts_on or plan.starts_on),
        bodies=[lead, *_funders(money)],
        place=plan.place,
        changed_at=one.changed_at,
        money=money,
        parent=top,
    )


def _activity_entry(plan: Plan, top: str, one: Activity) -> Entry:
    parent = f"{top}-{_safe(one.action.code)}" if one.action else top
    return Entry(
        identifier=f"{top}-activity-{one.pk}",
        hierarchy=3,
        language=one.language,
        title=one.title,
        description=one.title,
        status=codes.ACTION_STATUS[one.status],
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        bodies=[Body(codes.IMPLEMENTING, one.owner.name, one.owner.kind)],
        place=one.place,
        changed_at=one.changed_at,
        parent=parent,
    )


def _safe(code: Any) -> str:
    """Return a code without the signs that identifiers must not hold."""
    return "".join("." if one in "/&|? \t" else one for one in str(code))
