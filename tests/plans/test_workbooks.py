"""Workbooks there and back: what is changed is taken, what is not is left, nothing by half."""

import datetime as dt
from decimal import Decimal

import pytest

from tansiq.plans.models import Activity, Datapoint
from tansiq.plans.workbooks.reading import parse
from tansiq.plans.workbooks.taking import look_at
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
    assert [one.changes for one in look.steps.activities] == [{"partners": "Council of mosques"}]
    assert (Activity.objects.count(), Datapoint.objects.count()) == (1, 1)
