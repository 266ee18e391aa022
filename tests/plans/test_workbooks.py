"""Workbooks there and back: what is changed is taken, what is not is left, nothing by half."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.plans.models import ActionStatus, Activity, Datapoint
from tansiq.plans.workbooks.reading import parse
from tansiq.plans.workbooks.taking import look_at
from tests.factories import DatapointFactory
from tests.plans.workbooks import Edited, keys, made, make_city

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["ar", "en", "fil", "fr", "id", "ms"])
def test_unchanged_workbook_changes_nothing(tmp_path, language):
    city = make_city(narrative="Two circles.\nMore to come: =1+1", blockers="+62 no bus")

    content = made(city.scope(), tmp_path, language=language)
    parsed = parse(content, city.scope())

    assert (parsed.touched, parsed.added, list(parsed.problems), parsed.notices) == ([], [], [], [])


def test_changes_of_every_sheet_are_seen_with_their_addresses(tmp_path):
    city = make_city()
    book = Edited(made(city.scope(), tmp_path))
    key = keys(city)

    addresses = {
        book.write("actions", key["actions"], "status", "On track"),
        book.write("milestones", key["milestones"], "reached_on", dt.date(2026, 6, 1)),
        book.write("figures", key["figures"], "number", 1500),
        book.write("figures", key["figures"], "sex=female", 900),
        book.write("words", key["words"], "text", "We trained."),
        book.write("money", key["money"], "spent", 1250.5),
        book.write("activities", key["activities"], "partners", "Council of mosques"),
    }
    look = look_at(parse(book.content(), city.scope()), city.scope())

    assert list(look.problems) == []
    assert {f"{look.parsed.names[one.sheet]}!{one.address}" for one in look.changes} == addresses
    [report] = look.steps.reports
    assert report.words == {"narrative": "We trained."}
    assert {
        (indicator.code, part): value.number if value else None
        for (indicator, part), value in report.entries.items()
    } == {
        ("1.1", ""): Decimal(1500),
        ("1.1", "sex=female"): Decimal(900),
        ("1.1", "sex=male"): None,
        ("1.1", "sex=other"): None,
    }
    assert [(one.action.code, one.status) for one in look.steps.statuses] == [("1.1", "on_track")]
    assert [one.on for one in look.steps.milestones] == [dt.date(2026, 6, 1)]
    assert [one.changes for one in look.steps.money] == [{"spent": 125_050}]
    assert [one.changes for one in look.steps.activities] == [{"partners": "Council of mosques"}]
    assert (Activity.objects.count(), Datapoint.objects.count()) == (1, 1)


# What people write, in any script; what no cell can hold is taken out as forms do.
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Co", "Cn"]), max_size=60
).map(lambda text: text.replace("\0", ""))
START = dt.date(2026, 1, 1)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_a_plan_holds_comes_back_unchanged(tmp_path, data):
    with transaction.atomic():
        city = make_city(narrative=data.draw(WORDS), wishes=data.draw(WORDS))
        things, draw = city.things, data.draw
        type(things["action"]).objects.update(
            title=draw(WORDS),
            status=draw(st.sampled_from(ActionStatus.values)),
            starts_on=draw(st.none() | st.dates(START, START)),
            sustainability_note=draw(WORDS),
        )
        things["milestone"].reached_on = draw(st.none() | st.dates(START, dt.date(2026, 6, 30)))
        things["milestone"].save()
        type(things["value"]).objects.update(amount=draw(st.integers(0, 10**13)), note=draw(WORDS))
        DatapointFactory(
            report=city.report,
            indicator=city.country.trust,
            amount=draw(st.integers(0, 10**13)),
            weight=draw(st.integers(1, 10**9)),
            status="draft",
        )
        type(things["activity"]).objects.update(
            title=draw(WORDS), partners=draw(WORDS), amount=draw(st.none() | st.integers(0, 10**15))
        )
        type(things["line"]).objects.update(
            spent=draw(st.integers(0, 10**15)), successor=draw(WORDS)
        )
        language = draw(st.sampled_from(["ar", "en", "fil", "fr", "id", "ms"]))

        parsed = parse(made(city.scope(), tmp_path, language=language), city.scope())

        assert (parsed.touched, parsed.added, list(parsed.problems)) == ([], [], [])
        transaction.set_rollback(True)
