"""The kept figures equal the naive ones, whatever happens to values, in whatever order."""

import contextlib
import datetime as dt
from decimal import Decimal
from unittest import mock

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tansiq.access.actions.places import load_places
from tansiq.access.actor import Actor
from tansiq.access.models import Organisation, Place, PlaceLink
from tansiq.access.place_files.tables import PlaceRow
from tansiq.plans import receivers
from tansiq.plans.actions import reports
from tansiq.plans.actions.reports import accept_report, reopen_report, return_report, submit_report
from tansiq.plans.actions.rollups import add_values
from tansiq.plans.actions.values import (
    BadValueError,
    Value,
    accept_value,
    correct_value,
    withdraw_value,
    write_value,
)
from tansiq.plans.models import Datapoint, Indicator, Period, Plan, Report
from tansiq.plans.queries.rollups import recomputed, stored

SYSTEM = Actor.system("test")
AT = dt.datetime(2026, 7, 10, 9, tzinfo=dt.UTC)
RULES = ("sum", "mean", "weighted", "latest", "places")


def make_place(code, parent=None):
    place = Place.objects.create(
        code=code,
        parent=parent,
        country_code="id",
        level=parent.level + 1 if parent else 0,
        kind="country" if parent is None else "province",
        name=code,
    )
    above = [(place, 0)]
    above += [(link.ancestor, link.depth + 1) for link in (parent.links_up.all() if parent else [])]
    PlaceLink.objects.bulk_create(
        [PlaceLink(place=place, ancestor=one, depth=depth) for one, depth in above]
    )
    return place


def make_country():
    country = make_place("id")
    provinces = [make_place(f"id-{n}", country) for n in range(2)]
    cities = [make_place(f"{p.code}-{n}", p) for p in provinces for n in range(2)]
    owner = Organisation.objects.create(
        slug="body",
        name="Body",
        kind="national_body",
        place=country,
        country_code="id",
        is_lead_of_place=True,
    )
    plan = Plan.objects.create(
        owner=owner,
        slug="nap",
        country=country,
        place=country,
        kind="national",
        title="NAP",
        language="en",
        starts_on=dt.date(2026, 1, 1),
        ends_on=dt.date(2026, 12, 31),
    )
    period = Period.objects.create(
        plan=plan,
        starts_on=dt.date(2026, 1, 1),
        ends_on=dt.date(2026, 6, 30),
        due_on=dt.date(2026, 7, 31),
    )
    indicators = [
        Indicator.objects.create(
            plan=plan, code=name, title=name, rule=name, decimals=1, dimensions=["sex"]
        )
        for name in RULES
    ]
    reports = [
        Report.objects.create(owner=owner, period=period, place=place, language="en")
        for place in [country, *provinces, *cities]
    ]
    return indicators, reports


class ReportingLife(RuleBasedStateMachine):
    """Anything people can do to values, in any order."""

    def __init__(self):
        super().__init__()
        self.indicators, self.reports = make_country()
        for number, report in enumerate(self.reports):
            for indicator in self.indicators:
                value = Value(Decimal(number), dt.date(2026, 6, 1 + number))
                write_value(report, indicator, value, by=SYSTEM, at=AT)
            if report.place.parent:
                submit_report(report, by=SYSTEM, at=AT)
            if number % 2:
                accept_report(report, answer="", by=SYSTEM, at=AT)

    @rule(
        report=st.integers(0, 6),
        indicator=st.integers(0, 4),
        number=st.integers(-50, 50),
        base=st.integers(0, 9),
        day=st.integers(1, 28),
        part=st.sampled_from(["", "sex=female"]),
    )
    def write(self, report, indicator, number, base, day, part):
        report = Report.objects.get(pk=self.reports[report].pk)
        if report.is_locked:
            return
        value = Value(Decimal(number) / 10, dt.date(2026, 6, day), part, base)
        with contextlib.suppress(BadValueError):
            write_value(report, self.indicators[indicator], value, by=SYSTEM, at=AT)

    @rule(report=st.integers(1, 6))
    def send(self, report):
        report = Report.objects.get(pk=self.reports[report].pk)
        if not report.is_locked and report.datapoints.exists():
            submit_report(report, by=SYSTEM, at=AT)

    @rule(report=st.integers(0, 6))
    def accept(self, report):
        report = Report.objects.get(pk=self.reports[report].pk)
        if report.status == "submitted":
            accept_report(report, answer="", by=SYSTEM, at=AT)

    @rule(report=st.integers(0, 6))
    def accept_value_by_value(self, report):
        for value in self.reports[report].datapoints.filter(status="submitted"):
            accept_value(value, by=SYSTEM, at=AT)

    @rule(report=st.integers(0, 6))
    def send_back(self, report):
        report = Report.objects.get(pk=self.reports[report].pk)
        if report.status == "submitted":
            return_report(report, "Which schools?", by=SYSTEM, at=AT)

    @rule(report=st.integers(0, 6))
    def reopen(self, report):
        report = Report.objects.get(pk=self.reports[report].pk)
        if report.status == "accepted":
            reopen_report(report, "One figure was of last year.", by=SYSTEM, at=AT)

    @precondition(lambda self: Datapoint.objects.filter(status="accepted").exists())
    @rule(pick=st.integers(0, 1000), number=st.integers(-50, 50), day=st.integers(1, 28))
    def correct(self, pick, number, day):
        values = list(Datapoint.objects.filter(status="accepted").order_by("pk"))
        chosen = values[pick % len(values)]
        value = Value(Decimal(number), dt.date(2026, 6, day), chosen.part, 3)
        correct_value(chosen, value, by=SYSTEM, at=AT)

    @precondition(lambda self: Datapoint.objects.filter(status="accepted").exists())
    @rule(pick=st.integers(0, 1000))
    def withdraw(self, pick):
        values = list(Datapoint.objects.filter(status="accepted").order_by("pk"))
        withdraw_value(values[pick % len(values)], by=SYSTEM, at=AT)

    @invariant()
    def kept_equals_naive(self):
        assert stored(self.indicators) == recomputed(self.indicators)


class LifeWithReforms(ReportingLife):
    """The same, while places move to other provinces."""

    @rule(city=st.integers(3, 6), province=st.integers(1, 2))
    def move_to_another_province(self, city, province):
        code, parent = self.reports[city].place.code, self.reports[province].place.code
        row = PlaceRow(row=2, code=code, level=2, kind="province", name=code, parent=parent)
        load_places([row], by=SYSTEM, at=AT)


def live_through_anything(examples, machine=ReportingLife):
    """Run the machine on a database that is put back after each example."""

    class Life(machine):
        def __init__(self):
            self.savepoint = transaction.savepoint()
            super().__init__()

        def teardown(self):
            transaction.savepoint_rollback(self.savepoint)

    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


class RollUpTests(TestCase):
    def test_kept_figures_equal_naive_ones_through_any_life(self):
        live_through_anything(examples=30)

    def test_machine_catches_a_forgotten_latest_value(self):
        with mock.patch.object(reports, "find_next_latest"), pytest.raises(AssertionError):
            live_through_anything(examples=60)

    def test_kept_figures_follow_places_that_move(self):
        live_through_anything(examples=15, machine=LifeWithReforms)

    def test_machine_catches_places_that_moved_without_their_values(self):
        with mock.patch.object(receivers, "add_up_anew"), pytest.raises(AssertionError):
            live_through_anything(examples=60, machine=LifeWithReforms)

    def test_machine_catches_values_that_are_counted_twice(self):
        def add_all(pk, *, column="id", status="accepted"):
            add_values(pk, column=column)
            add_values(pk, column=column, status=status)

        with mock.patch.object(reports, "add_values", add_all), pytest.raises(AssertionError):
            live_through_anything(examples=60)
