"""Money for programs: exact, as text, and only of plans they may read."""

import pytest

from tests.factories import BudgetLineFactory, CostFactory, RateFactory
from tests.people import sign_in
from tests.plans.nation import local_plan, make_nation

pytestmark = pytest.mark.django_db


def test_programs_read_exact_amounts_with_their_currency(client):
    nation = make_nation()
    line = BudgetLineFactory(plan=nation.plan, planned=123_456_789_012_345, action=nation.train)
    BudgetLineFactory(plan=nation.plan, year=2027)
    CostFactory(plan=nation.plan, amount=5, currency="JPY")
    RateFactory(country=nation.country, units=162_505_001, decimals=4)
    sign_in(client, nation.west, "viewer")
    address = f"/api/1/plans/{nation.plan.pk}"

    lines = client.get(f"{address}/budget-lines?year=2026").json()
    costs = client.get(f"{address}/costs").json()
    rates = client.get("/api/1/places/id/rates").json()

    assert lines["total"] == 1
    [row] = lines["rows"]
    assert (row["id"], row["planned"], row["currency"]) == (line.pk, "1234567890123.45", "IDR")
    assert (row["action_id"], row["place"]) == (nation.train.pk, "id")
    assert [(one["amount"], one["currency"]) for one in costs["rows"]] == [("5", "JPY")]
    assert [(one["base"], one["rate"]) for one in rates["rows"]] == [("USD", "16250.5001")]


def test_money_of_a_hidden_plan_is_not_there(client):
    nation = make_nation()
    strict = local_plan(nation, nation.west, marking="amber+strict")
    BudgetLineFactory(plan=strict)
    sign_in(client, nation.east)

    answers = [
        client.get(f"/api/1/plans/{strict.pk}/{name}").status_code
        for name in ("budget-lines", "costs")
    ]

    assert answers == [404, 404]
