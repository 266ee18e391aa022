"""What a plan lacks is one figure: desk, Money tab, public page, map and report say the same."""

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse

from tansiq.access.actor import Actor
from tansiq.core import money
from tansiq.core.documents.model import Paragraph, Table
from tansiq.plans.actions.national import start_national_report
from tansiq.plans.models import Rate
from tansiq.plans.queries import desk
from tansiq.plans.queries.national.changes import facts_of
from tansiq.plans.queries.national.document import document_of
from tansiq.plans.queries.national.editions import figures_of, latest_edition, source_of
from tests.factories import (
    ActionFactory,
    BudgetLineFactory,
    CostFactory,
    PeriodFactory,
    RateFactory,
    actor_of,
)
from tests.people import sign_in
from tests.plans.nation import local_plan, make_nation

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 8, 15, 12, tzinfo=dt.UTC)
PUBLISHED = dt.datetime(2026, 1, 2, 9, tzinfo=dt.UTC)
# In 2026 needed: 100,000 rupiah and 3 dollars at 16,250.50. Committed: 40,000 rupiah, 2 dollars.
NEEDED, COMMITTED, GAP = 14_875_150, 7_250_100, 7_625_050


@pytest.fixture(autouse=True)
def _in_august(monkeypatch):
    for name in ("money", "maps"):
        monkeypatch.setattr(f"tansiq.plans.views.{name}.localdate", NOON.date)
    monkeypatch.setattr("tansiq.plans.views.public.now", lambda: NOON)


def with_money(plan):
    """Let a plan need two currencies in 2026; beside it, a past year and one without a cost."""
    plan.starts_on, plan.ends_on = dt.date(2025, 1, 1), dt.date(2028, 12, 31)
    plan.save()
    ActionFactory(plan=plan)
    for currency, cost, committed in (("IDR", 100_000_00, 40_000_00), ("USD", 3_00, 2_00)):
        CostFactory(plan=plan, year=2026, amount=cost, currency=currency)
        BudgetLineFactory(plan=plan, year=2026, committed=committed, currency=currency)
        BudgetLineFactory(plan=plan, year=2027, committed=9 * committed, currency=currency)
    CostFactory(plan=plan, year=2025, amount=7_000_00)
    BudgetLineFactory(plan=plan, year=2025, committed=6_000_00)
    return plan


@pytest.fixture
def nation():
    made = make_nation(marking="clear", published_at=PUBLISHED)
    RateFactory(country=made.country, on=dt.date(2026, 8, 1))
    RateFactory(country=made.country, on=dt.date(2026, 8, 20), units=1)
    with_money(made.plan)
    shared = {"marking": "clear", "published_at": PUBLISHED, "status": "under_way"}
    with_money(local_plan(made, made.east, **shared))
    return made


def figures_in_report(nation):
    period = PeriodFactory(plan=nation.plan)
    report = start_national_report(period, by=Actor.system("test"), at=NOON)
    return latest_edition(report)


def written(amount):
    return money.exact(amount, "IDR", "en")


@pytest.mark.parametrize("whose", ["own", "local"])
def test_gap_of_a_plan_is_one_figure_wherever_it_stands(client, nation, whose):
    local = nation.plan.local_plans.get()
    plan, lead = {"own": (nation.plan, nation.body), "local": (local, nation.east)}[whose]
    where = [plan.country.code, plan.slug]
    report = figures_of(figures_in_report(nation))["money"]
    sign_in(client, lead)

    [line] = desk.plan_line(actor_of(lead), NOON).plans
    tab = client.get(reverse("plans:money", args=where)).context["found"]
    public = client.get(reverse("plans:public", args=[*where, "en"])).context["shown"]

    found = {
        "desk": (line.money.needed.amount, line.money.gap.amount),
        "tab": (tab.whole.needed.amount, tab.whole.gap.amount),
        "report": tuple(report[whose]["ahead"][0][name] for name in ("needed", "missing")),
    }
    assert found == dict.fromkeys(found, (NEEDED, GAP))
    [need] = public.needs
    assert (need.cost, need.gap) == (written(NEEDED), written(GAP))
    years = {row["year"]: row["missing"] for row in report[whose]["years"]}
    assert years == {int(row.code): row.gap.amount for row in tab.by_year if row.has_cost}
    assert years == {2025: 1_000_00, 2026: GAP}


def test_map_and_national_tab_say_of_places_what_the_report_says(client, nation):
    report = figures_of(figures_in_report(nation))["money"]["local"]
    sign_in(client, nation.body)

    below = client.get(nation.at("money")).context["found"].below
    layer = client.get(nation.at("map"), {"show": "gap", "at": "2026"}).context["shown"].layer

    [row] = report["ahead"]
    amounts = {"needed": NEEDED, "committed": COMMITTED, "missing": GAP}
    assert row == {"currency": "IDR"} | amounts
    assert (below.whole.needed.amount, below.whole.gap.amount) == (NEEDED, GAP)
    words = {one.words for one in layer.values.values() if one.number}
    assert words == {f"51% ({money.short(GAP, 'IDR', 'en')})"}


def test_report_adds_no_money_of_places_to_that_of_the_nation(nation):
    edition = figures_in_report(nation)

    blocks = document_of(source_of(edition), "en").blocks

    gaps = [one for one in blocks if isinstance(one, Table) and "the gap" in one.caption]
    rows = [["2025", *map(written, (7_000_00, 6_000_00, 1_000_00))]]
    rows += [["2026", *map(written, (NEEDED, COMMITTED, GAP))]]
    assert [one.rows for one in gaps] == [rows, rows]
    said = [one.text.partition(" [")[0] for one in blocks if isinstance(one, Paragraph)]
    amounts = {"gap": money.short(GAP, "IDR", "en"), "all": money.short(NEEDED, "IDR", "en")}
    wanted = {
        "From 2026 on, {gap} of {all} is not funded.",
        "From 2026 on, local plans lack {gap} of {all}.",
        "No cost is entered for 2027, so what is committed then covers nothing.",
        "The gap is reckoned with 1 USD = 16,250.5 IDR (Central bank, middle rate, 1 Aug 2026).",
    }
    assert {one.format(**amounts) for one in wanted} - set(said) == set()


def test_report_without_a_rate_tells_each_currency_apart(nation):
    Rate.objects.all().delete()

    report = figures_of(figures_in_report(nation))["money"]

    assert report["own"]["ahead"] == [
        {"currency": "IDR", "needed": 100_000_00, "committed": 40_000_00, "missing": 60_000_00},
        {"currency": "USD", "needed": 3_00, "committed": 2_00, "missing": 1_00},
    ]
    assert (report["rates"], report["without_rate"]) == ([], ["USD"])


def test_money_of_a_local_plan_without_a_cost_closes_no_gap_of_another(client, nation):
    shared = {"marking": "clear", "published_at": PUBLISHED, "status": "under_way"}
    BudgetLineFactory(plan=local_plan(nation, nation.west, **shared), committed=90_000_00)
    sign_in(client, nation.body)

    edition = figures_in_report(nation)
    below = client.get(nation.at("money")).context["found"].below

    assert below.whole.gap.amount == GAP
    assert figures_of(edition)["money"]["local"]["ahead"][0]["missing"] == GAP
    said = [one.text for one in document_of(source_of(edition), "en").blocks if is_small(one)]
    assert "For 2026 not every plan has a cost; what such a plan has is left out." in said


def is_small(block):
    return isinstance(block, Paragraph) and block.kind == "small"


def test_edition_that_kept_one_sum_of_both_can_still_be_told(nation):
    edition = figures_in_report(nation)
    line = {"year": 2026, "source": "local", "currency": "IDR"}
    line |= {"planned": 3_00, "committed": 2_00, "spent": 1_00}
    older = {"lines": [line], "costs": [], "plans": 2, "left_out": 0}
    source = source_of(edition)
    figures = source.figures | {"money": older}

    blocks = document_of(replace(source, figures=figures), "en").blocks

    captions = [one.caption for one in blocks if isinstance(one, Table)]
    assert sum("Money by year" in one for one in captions) == 1
    assert ("money", "2026 IDR local", "own_spent") in facts_of(figures)
