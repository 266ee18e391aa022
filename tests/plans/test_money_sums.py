"""Every sum of money equals what a child would add up by hand; no floating point comes near."""

import ast
import datetime as dt
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation
from tansiq.plans.models import Action, BudgetLine, Cost, Objective, Pillar, Plan, Rate
from tansiq.plans.queries.money import Span, plan_money, unfunded_of
from tansiq.plans.queries.money.sums import exchanges_of
from tests.conftest import ROOT
from tests.factories import PlaceFactory

ON = dt.date(2026, 5, 4)
SYSTEM = Actor.system("test")
YEARS = (2025, 2026, 2027)
AMOUNTS = st.one_of(st.integers(0, 500), st.integers(0, 10**15))
CURRENCIES = st.sampled_from(["IDR", "USD", "EUR", "JPY", "KWD"])
RATES = {"USD": (1_625_050, 2), "EUR": (1_891_237_777, 5), "JPY": (10_666, 2)}
PLACES = 7


class Town(TestCase):
    """A country of two provinces with two cities each; a national and a local plan."""

    @classmethod
    def setUpTestData(cls):
        country = PlaceFactory(code="id", name="Indonesia")
        provinces = [PlaceFactory(parent=country, code=f"id-{n}", name=f"P{n}") for n in range(2)]
        cities = [
            PlaceFactory(parent=one, name=f"C{one.code}{n}") for one in provinces for n in (0, 1)
        ]
        cls.places = [country, *provinces, *cities]
        body = Organisation.objects.create(
            slug="body", name="Body", kind="national_body", place=country, country_code="id"
        )
        details = {
            "owner": body,
            "country": country,
            "language": "en",
            "starts_on": dt.date(2025, 1, 1),
            "ends_on": dt.date(2027, 12, 31),
            "status": "under_way",
            "marking": "green",
        }
        cls.plan = Plan.objects.create(
            slug="nap", place=country, kind="national", title="NAP", **details
        )
        cls.locals = [
            Plan.objects.create(
                slug=f"l{n}",
                place=place,
                kind="city",
                title=f"L{n}",
                parent=cls.plan,
                **details | ({"marking": "red"} if n == 0 else {}),
            )
            for n, place in enumerate([cities[0], *cities, provinces[0]])
        ]
        pillar = Pillar.objects.create(plan=cls.plan, code="1", title="One")
        cls.actions = [None]
        for n in range(2):
            objective = Objective.objects.create(
                plan=cls.plan, pillar=pillar, code=f"1.{n}", title=f"O{n}"
            )
            cls.actions += [
                Action.objects.create(
                    plan=cls.plan, objective=objective, code=f"1.{n}.{k}", title="A"
                )
                for k in range(2)
            ]
        Rate.objects.bulk_create(
            [
                Rate(
                    country=country,
                    base=code,
                    quote="IDR",
                    on=ON,
                    units=units,
                    decimals=digits,
                    source="CB",
                )
                for code, (units, digits) in RATES.items()
            ]
            # An older one and one of tomorrow, which must not be used.
            + [
                Rate(
                    country=country,
                    base="USD",
                    quote="IDR",
                    on=ON + dt.timedelta(days),
                    units=7,
                    source="CB",
                )
                for days in (-1, 1)
            ]
        )

    line = st.fixed_dictionaries(
        {
            "plan": st.integers(0, 6),
            "action": st.integers(0, 4),
            "place": st.integers(0, PLACES - 1),
            "year": st.sampled_from(YEARS),
            "source": st.sampled_from(["state", "regional", "local", "donor", "in_kind"]),
            "planned": AMOUNTS,
            "committed": AMOUNTS,
            "spent": AMOUNTS,
            "cost": st.none() | AMOUNTS,
            "currency": CURRENCIES,
        }
    )

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        rows=st.lists(line, max_size=14),
        span=st.sampled_from([Span(), *(Span(one, one) for one in YEARS), Span(since=2026)]),
        parent=st.integers(0, 2),
    )
    def test_every_sum_is_the_one_reckoned_by_hand(self, rows, span, parent):
        self._write(rows)
        parent = self.places[parent]

        found = plan_money(SYSTEM, self.plan, on=ON, span=span, parent=parent)
        if span.is_from and not any(one["plan"] == 0 and one["year"] >= 2026 for one in rows):
            span = Span()

        mine = [one for one in rows if one["plan"] == 0 and span.holds(one["year"])]
        self._agree([found.whole], {found.whole.label: mine})
        by_objective = _grouped(mine, lambda one: _objective(one["action"]))
        self._agree(found.by_objective, by_objective, key=lambda row: row.code)
        by_source = _grouped(mine, lambda one: one["source"])
        self._agree(found.by_source, by_source, key=lambda row: row.code, with_cost=False)
        of_all_years = _grouped([one for one in rows if one["plan"] == 0], lambda one: one["year"])
        self._agree(found.by_year, of_all_years, key=lambda row: int(row.code))
        self._agree_below(found.below, rows, span, parent)
        self._agree_desk(rows)

    def _agree_below(self, below, rows, span, parent):
        """Compare the places below with all local plans but the red one, each city in its own."""
        local = [
            one
            for one in rows
            if one["plan"] > 1
            and span.holds(one["year"])
            and self._is_in(one, parent)
            and self._plan_is_in(one, parent)
        ]
        self._agree([below.whole], {below.whole.label: local})
        children = [place for place in self.places if place.parent_id == parent.pk]
        by_place = {
            child.code: inside
            for child in children
            if (inside := [one for one in local if self._is_in(one, child)])
        }
        rows_of_places = [row for row in below.rows if row.code]
        self._agree(rows_of_places, by_place, key=lambda row: row.code)
        itself = [one for one in local if self.places[one["place"]] == parent]
        shown = [row for row in below.rows if not row.code]
        self._agree(shown, {str(shown[0].label): itself} if shown else {})
        assert bool(shown) == bool(itself)

    def _agree_desk(self, rows):
        plans = [self.plan, *self.locals]
        found = unfunded_of(plans, on=ON)
        for number, plan in enumerate(plans):
            mine = [one for one in rows if one["plan"] == number and one["year"] >= ON.year]
            if _sum(mine, "cost"):
                cost, gap = _sum(mine, "cost"), self._gap(mine)
                assert (found[plan.pk].needed.sums, found[plan.pk].gap.sums) == (cost, gap)
            else:
                assert plan.pk not in found

    def _agree(self, shown, wanted, *, key=lambda row: row.label, with_cost=True):
        assert {key(row) for row in shown} == wanted.keys()
        for row in shown:
            rows = wanted[key(row)]
            expected = {name: _sum(rows, name) for name in ("planned", "committed", "spent")}
            if with_cost:
                expected |= {"needed": _sum(rows, "cost"), "gap": self._gap(rows)}
            for name, sums in expected.items():
                figure = getattr(row, name)
                assert figure.sums == sums, name
                assert figure.amount == _rupiah(sums)
                assert all(type(one) is int for one in [figure.amount, *figure.sums.values()])
                assert set(figure.converted.missing) == sums.keys() & {"KWD"}

    def _write(self, rows):
        BudgetLine.objects.all().delete()
        Cost.objects.all().delete()
        plans = [self.plan, *self.locals]
        shared = [
            {
                "plan": plans[one["plan"]],
                "action": self.actions[one["action"]] if one["plan"] == 0 else None,
                "place": self.places[one["place"]],
                "year": one["year"],
                "currency": one["currency"],
            }
            for one in rows
        ]
        BudgetLine.objects.bulk_create(
            [
                BudgetLine(
                    title="x",
                    source=one["source"],
                    planned=one["planned"],
                    committed=one["committed"],
                    spent=one["spent"],
                    **same,
                )
                for one, same in zip(rows, shared, strict=True)
            ]
        )
        Cost.objects.bulk_create(
            [
                Cost(amount=one["cost"], **same)
                for one, same in zip(rows, shared, strict=True)
                if one["cost"] is not None
            ]
        )
        self.known = {(one["plan"], one["year"]) for one in rows if one["cost"] is not None}

    def _gap(self, rows):
        """Only what is committed in a year for which the plan says what it costs closes a gap."""
        total = Counter()
        for one in rows:
            covers = (one["plan"], one["year"]) in self.known
            total[one["currency"]] += (one["cost"] or 0) - (one["committed"] if covers else 0)
        return {code: amount for code, amount in sorted(total.items()) if amount}

    def _is_in(self, row, place):
        return self._within(self.places[row["place"]], place)

    def _plan_is_in(self, row, place):
        return self._within(self.locals[row["plan"] - 1].place, place)

    def _within(self, place, above):
        while place is not None:
            if place.pk == above.pk:
                return True
            place = next((one for one in self.places if one.pk == place.parent_id), None)
        return False


def _objective(action):
    return "" if action == 0 else f"1.{(action - 1) // 2}"


def _grouped(rows, key):
    return {name: [one for one in rows if key(one) == name] for name in {key(one) for one in rows}}


def _sum(rows, name):
    total = Counter()
    for one in rows:
        total[one["currency"]] += one[name] or 0
    return {code: amount for code, amount in sorted(total.items()) if amount}


def _rupiah(sums):
    """Convert by hand: yen have no cents, rupiah two, and the sum is rounded once, half to even."""
    total = Fraction(sums.get("IDR", 0))
    for code, (units, decimals) in RATES.items():
        scale = 100 if code == "JPY" else 1
        total += Fraction(sums.get(code, 0)) * Fraction(units, 10**decimals) * scale
    return round(total)


@pytest.mark.django_db
def test_the_newest_rate_up_to_the_day_is_used_and_nobody_elses():
    ours, theirs = PlaceFactory(code="id"), PlaceFactory(code="my", country_code="my")
    for place, days, units in ((ours, -9, 1), (ours, -2, 2), (ours, 1, 3), (theirs, 0, 4)):
        day = ON + dt.timedelta(days)
        Rate.objects.create(country=place, base="USD", quote="IDR", on=day, units=units, source="x")

    found = exchanges_of([ours, theirs], on=ON)

    assert [(one.number, one.on) for one in found[ours.pk].rates] == [(2, dt.date(2026, 5, 2))]
    assert (found[ours.pk].currency, found[theirs.pk].currency) == ("IDR", "MYR")
    assert [one.number for one in found[theirs.pk].rates] == [4]


# --- no floating point near money


MONEY_FILES = sorted(
    path
    for path in (ROOT / "src/tansiq").rglob("*.py")
    if ("money" in path.parts[-2:-1] or path.stem.endswith("money") or path.name == "rates.py")
    and "migrations" not in path.parts
)


def floats_in(code):
    """Return the lines where a float can arise: its name, a literal, a true division of numbers."""
    found = []
    for node in ast.walk(ast.parse(code)):
        is_literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
        is_named = isinstance(node, ast.Name) and node.id in {"float", "math"}
        is_field = isinstance(node, ast.Attribute) and node.attr in {"FloatField", "fsum"}
        is_division = (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Div)
            and not any(
                isinstance(side, ast.Call) and _is_exact(side) for side in (node.left, node.right)
            )
        )
        if is_literal or is_named or is_field or is_division:
            found.append(node.lineno)
    return sorted(found)


def _is_exact(call):
    return isinstance(call.func, ast.Name) and call.func.id in {"Fraction", "Decimal"}


def test_no_float_stands_in_the_files_about_money():
    names = {path.relative_to(ROOT / "src/tansiq").as_posix() for path in MONEY_FILES}

    assert {"core/money.py", "plans/models/money.py", "plans/queries/money/sums.py"} <= names
    assert {path: floats_in(path.read_text("utf-8")) for path in MONEY_FILES} == {
        path: [] for path in MONEY_FILES
    }


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("x = 1.5", [1]),
        ("x = float(y)", [1]),
        ("def f(x: float): ...", [1]),
        ("a = models.FloatField()", [1]),
        ("x = a / b", [1]),
        ("x = Fraction(a) / Fraction(b)", []),
        ("x = Decimal(a) / b", []),
        ("x = a // b + Fraction(1, 2)", []),
    ],
)
def test_the_guard_against_floats_catches_one(code, lines):
    assert floats_in(code) == lines
