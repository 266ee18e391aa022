"""The public page of a plan: read as a passer-by reads it, whoever looks."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.access.actor import PASSER_BY
from tansiq.core import money
from tansiq.core.translations import show, show_each
from tansiq.plans.models import BudgetLine, Fact, Plan, PublicContact
from tansiq.plans.models.activities import Funding
from tansiq.plans.queries.detail import facts_of, figures_of
from tansiq.plans.queries.figures import IndicatorLine
from tansiq.plans.queries.money import unfunded_of
from tansiq.plans.queries.public import shelf
from tansiq.plans.queries.reach import Reach, reach_of
from tansiq.plans.queries.tree import Tree, lead_words, tree_of
from tansiq.plans.queries.wording import written

_SOME = 40


@dataclass(frozen=True)
class MoneyLine:
    """The plan's own budget from one source in one currency, over all its years."""

    source: str
    currency: str
    planned: str
    committed: str
    spent: str


@dataclass(frozen=True)
class Need:
    """What the plan says it costs in one currency, and what of it is not yet committed."""

    currency: str
    cost: str
    gap: str
    has_gap: bool


@dataclass(frozen=True)
class PublicPage:
    """Everything the page shows; nothing here needed more than a passer-by may see."""

    plan: Plan
    national: Plan | None
    tree: Tree
    sentences: list[str]
    figures: list[IndicatorLine]
    reach: Reach | None
    facts: list[Fact]
    money: list[MoneyLine]
    needs: list[Need]
    documents: list[shelf.DocumentLine]
    leads: list[tuple[str, int]]
    locals: list[Plan]
    contact: PublicContact | None
    day: dt.date


def public_page(plan: Plan, *, at: dt.datetime) -> PublicPage:
    """Return the page; the number of queries does not grow with the plan."""
    day = at.date()
    show([plan], "title", "summary", "legal_instrument", written_in=plan.language)
    tree = tree_of(plan, day)
    reach = reach_of(plan, at=at) if plan.is_national else None
    national = _national(plan)
    return PublicPage(
        plan=plan,
        national=national,
        tree=tree,
        sentences=_sentences(tree, reach),
        figures=[line for line in figures_of(PASSER_BY, plan) if line.figure.is_known],
        reach=reach,
        facts=facts_of(plan),
        money=_money(plan),
        needs=_needs(plan, day),
        documents=shelf.lines_of(PASSER_BY, plan),
        leads=_leads(tree),
        locals=_locals(plan),
        contact=shelf.contact_of(PASSER_BY, plan),
        day=day,
    )


def _national(plan: Plan) -> Plan | None:
    if plan.parent_id is None:
        return None
    above = Plan.objects.visible_to(PASSER_BY).filter(pk=plan.parent_id)
    found = above.select_related("country").first()
    if found is not None:
        show([found], "title", written_in=found.language)
    return found


def _sentences(tree: Tree, reach: Reach | None) -> list[str]:
    """Say how the plan stands, so that nobody has to read a chart."""
    progress = tree.progress
    numbers = {
        "all": written(progress.total),
        "done": written(progress.done),
        "way": written(progress.under_way),
        "late": written(tree.late),
    }
    if not progress.total:
        return [_("The plan has no actions yet.")]
    said = [
        _("Of %(all)s actions, %(done)s done, %(way)s under way, %(late)s late.") % numbers,
    ]
    return said if reach is None else [*said, f"{reach.title}."]


def _leads(tree: Tree) -> list[tuple[str, int]]:
    """Return the bodies that lead actions, and how many each; bodies only, never persons."""
    found = Counter(lead_words(step) for step in tree.steps)
    del found[""]
    return found.most_common()


def _locals(plan: Plan) -> list[Plan]:
    rows = (
        Plan.objects.visible_to(PASSER_BY)
        .filter(parent=plan, marking="clear", published_at__isnull=False)
        .select_related("place", "country")
        .order_by("place__name", "pk")[:_SOME]
    )
    found = list(rows)
    show_each(found, "title", language_of=lambda one: str(one.language))
    return found


def _amount(minor: int, currency: str) -> str:
    return money.exact(minor, currency, get_language() or "en")


def _money(plan: Plan) -> list[MoneyLine]:
    rows = (
        BudgetLine.objects.visible_to(PASSER_BY)
        .filter(plan=plan)
        .values("source", "currency")
        .annotate(total=Sum("planned"), promised=Sum("committed"), used=Sum("spent"))
        .order_by("source", "currency")
    )
    return [
        MoneyLine(
            str(Funding(row["source"]).label),
            row["currency"],
            *(_amount(row[name], row["currency"]) for name in ("total", "promised", "used")),
        )
        for row in rows
    ]


def _needs(plan: Plan, day: dt.date) -> list[Need]:
    """Return what the plan costs from this year on, and what of it nobody has committed to pay.

    One sentence in the country's currency; where a rate is missing, one for each currency.
    """
    found = unfunded_of([plan], on=day).get(plan.pk)
    if found is None:
        return []
    needed, gap = found.needed, found.gap
    if needed.is_whole and gap.is_whole:
        return [_need(needed.currency, needed.amount, gap.amount)]
    return [_need(code, cost, gap.sums.get(code, 0)) for code, cost in needed.sums.items()]


def _need(currency: str, cost: int, gap: int) -> Need:
    missing = max(gap, 0)
    return Need(currency, _amount(cost, currency), _amount(missing, currency), missing > 0)
