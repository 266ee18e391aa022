import csv
import datetime as dt
import io
import itertools
import json
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tansiq.access.models import PlaceShape
from tansiq.core.geometry import right_handed
from tansiq.plans.actions.rollups import add_up_anew
from tansiq.plans.queries.maps import _drawn
from tests.factories import (
    AlignmentFactory,
    BudgetLineFactory,
    CostFactory,
    DatapointFactory,
    IndicatorFactory,
    OrganisationFactory,
    PeriodFactory,
    PlaceFactory,
    ReportFactory,
    StageFactory,
    TargetFactory,
)
from tests.people import sign_in
from tests.plans.nation import local_plan, make_nation

pytestmark = pytest.mark.django_db
# Clockwise, as many shape files have it; RFC 7946 wants the other way.
CLOCKWISE = [[[0, 0], [0, 2], [2, 2], [2, 0], [0, 0]]]


@pytest.fixture(autouse=True)
def _fresh_drawings():
    _drawn.cache_clear()


@pytest.fixture
def nation(monkeypatch):
    monkeypatch.setattr("tansiq.plans.views.maps.localdate", lambda: dt.date(2026, 8, 15))
    made = make_nation(marking="clear", published_at=dt.datetime(2026, 1, 2, tzinfo=dt.UTC))
    PlaceShape.objects.create(
        place=made.east.place, geometry={"type": "Polygon", "coordinates": CLOCKWISE}
    )
    west = made.west.place
    west.latitude, west.longitude = -6.9, 107.6
    west.names = {"ar": "جاوة الغربية", "fr": "Java occidental", "xx": "?"}
    west.save()
    return made


@pytest.fixture
def stages(nation):
    """East drafted in January and adopted in May; West adopted in June."""
    for lead, name, month, is_latest in (
        (nation.east, "drafting", 1, False),
        (nation.east, "adopted", 5, True),
        (nation.west, "adopted", 6, True),
    ):
        StageFactory(
            plan=nation.plan,
            place=lead.place,
            name=name,
            since_on=dt.date(2026, month, 10),
            is_latest=is_latest,
        )


def values_in(response):
    return {row.place.code: row.value for row in response.context["shown"].rows}


def look(client, nation, **asked):
    return client.get(nation.at("map"), asked)


@pytest.mark.parametrize(
    ("at", "title", "words"),
    [
        ("2026-04", "0 of 2 places have a plan in force", ("Drafting", "No plan")),
        ("2026-05", "1 of 2 places has a plan in force", ("Adopted", "No plan")),
        ("2026-08", "2 of 2 places have a plan in force", ("Adopted", "Adopted")),
        ("1999-01", "2 of 2 places have a plan in force", ("Adopted", "Adopted")),
    ],
)
def test_map_of_stages_moves_with_the_month(client, nation, stages, at, title, words):
    response = look(client, nation, at=at)

    assert response.context["shown"].layer.title == title
    found = values_in(response)
    assert (found["id-ji"].words, found["id-jb"].words) == words


def test_slider_begins_where_the_first_stage_does(client, nation, stages):
    shown = look(client, nation).context["shown"]

    assert [one.key for one in shown.moments] == [f"2026-0{month}" for month in range(1, 9)]
    assert shown.moment.day == dt.date(2026, 8, 15)


def test_stage_says_how_many_places_below_are_in_force(client, nation, stages):
    for name in ("adopted", "drafting"):
        city = PlaceFactory(parent=nation.east.place)
        StageFactory(plan=nation.plan, place=city, name=name)

    value = values_in(look(client, nation))["id-ji"]

    assert (value.base, value.of) == (1, 2)


def test_map_of_answers_shows_the_share_of_national_actions(client, nation):
    AlignmentFactory(national_action=nation.train, place=nation.east.place)

    found = values_in(look(client, nation, show="answered"))

    assert {code: (one.number, one.base, one.of) for code, one in found.items()} == {
        "id-ji": (Decimal("0.5"), 1, 2),
        "id-jb": (0, 0, 2),
    }


def reported(nation, lead, indicator, period, amount, **fields):
    report = ReportFactory(period=period, place=lead.place, owner=lead, **fields)
    DatapointFactory(report=report, indicator=indicator, amount=amount, status="accepted")
    add_up_anew([indicator.pk])


@pytest.fixture
def figures(nation):
    """East reports 40 of 100; West is asked, too, and silent."""
    indicator = IndicatorFactory(plan=nation.plan, code="T1", title="Teachers", target=100)
    for lead in (nation.east, nation.west):
        TargetFactory(indicator=indicator, place=lead.place, target=100)
    period = PeriodFactory(plan=nation.plan)
    reported(nation, nation.east, indicator, period, 40)
    return indicator


def test_map_of_a_figure_leaves_silent_places_unknown(client, nation, figures):
    response = look(client, nation, show="figure-T1")

    found = values_in(response)
    assert (found["id-ji"].number, found["id-ji"].base, found["id-ji"].of) == (40, 1, 1)
    assert (found["id-jb"].number, found["id-jb"].base, found["id-jb"].of) == (None, 0, 1)
    assert "figures of 1 of 2 places asked" in response.content.decode()


def test_map_of_a_target_shows_the_share_that_is_reached(client, nation, figures):
    found = values_in(look(client, nation, show="target-T1"))

    assert found["id-ji"].number == Decimal("0.4")
    assert found["id-ji"].words == "40%"


def test_figure_of_too_few_places_is_hatched_and_says_so(client, nation, figures):
    for _n in range(3):
        city = PlaceFactory(parent=nation.east.place)
        TargetFactory(indicator=figures, place=city, target=10)

    response = look(client, nation, show="figure-T1")

    value = values_in(response)["id-ji"]
    assert (value.number, value.is_few, value.base, value.of) == (None, True, 1, 4)
    assert "too few have reported" in response.content.decode()


def test_map_of_reports_counts_what_came_in_time_and_no_red(client, nation):
    for lead in (nation.east, nation.west):
        local_plan(nation, lead)
    period = PeriodFactory(plan=nation.plan)
    at = dt.datetime(2026, 7, 20, tzinfo=dt.UTC)
    sent = {"period": period, "status": "submitted", "submitted_at": at}
    ReportFactory(place=nation.east.place, owner=nation.east, **sent)
    ReportFactory(place=nation.west.place, owner=nation.west, marking="red", **sent)
    sign_in(client, nation.body)

    found = values_in(look(client, nation, show="reports"))

    assert {code: (one.base, one.of) for code, one in found.items()} == {
        "id-ji": (1, 1),
        "id-jb": (0, 1),
    }


@pytest.fixture
def money(nation):
    """East needs 10 and has 4; in West, 8 of 8 are committed; both in 2026."""
    for lead, cost, committed in ((nation.east, 10_00, 4_00), (nation.west, 8_00, 8_00)):
        local = local_plan(nation, lead)
        CostFactory(plan=local, year=2026, amount=cost)
        BudgetLineFactory(plan=local, year=2026, committed=committed)
        CostFactory(plan=local, year=2027, amount=cost)


def test_map_of_money_shows_what_is_not_committed(client, nation, money):
    sign_in(client, nation.body)

    response = look(client, nation, show="gap")

    found = values_in(response)
    assert {code: one.number for code, one in found.items()} == {
        "id-ji": Decimal("0.6"),
        "id-jb": Decimal(0),
    }
    assert (found["id-ji"].base, found["id-ji"].of) == (1, 1)
    assert "1 of 2 places lack money" in response.content.decode()
    assert [one.key for one in response.context["shown"].moments] == ["2026", "2027"]


def test_map_of_money_moves_with_the_year(client, nation, money):
    sign_in(client, nation.body)

    found = values_in(look(client, nation, show="gap", at="2027"))

    assert {one.number for one in found.values()} == {Decimal(1)}


def test_map_of_money_holds_no_plan_that_the_reader_may_not_see(client, nation, money):
    found = values_in(look(client, nation, show="gap"))

    assert {(one.number, one.of) for one in found.values()} == {(None, 0)}


def test_passer_by_is_not_told_who_reports_when(client, nation):
    response = look(client, nation, show="reports")

    assert "reports" not in {one.key for one in response.context["shown"].topics}
    assert response.context["shown"].topic.key == "stage"


def test_plan_that_is_not_published_has_no_map(client, nation):
    nation.plan.published_at = None
    nation.plan.save()

    for name in ("map", "map_geojson", "map_table"):
        assert client.get(nation.at(name)).status_code == 404


def test_red_plan_leaves_no_file(client, nation):
    membership = sign_in(client, nation.body)
    nation.plan.marking = "red"
    nation.plan.save()
    nation.plan.named_people.add(membership)

    assert client.get(nation.at("map")).status_code == 200
    assert client.get(nation.at("map_geojson")).status_code == 403
    assert client.get(nation.at("map_table")).status_code == 403


def test_htmx_gets_the_map_alone(client, nation, stages):
    response = client.get(nation.at("map"), headers={"HX-Request": "true"})

    page = response.content.decode()
    assert 'id="map-view"' in page
    assert "<html" not in page


@pytest.mark.parametrize(
    ("sort", "codes"),
    [
        ("place", ["id-ji", "id-jb"]),
        ("-place", ["id-jb", "id-ji"]),
        ("value", ["id-jb", "id-ji"]),
        ("-value", ["id-ji", "id-jb"]),
        ("base", ["id-jb", "id-ji"]),
        ("nonsense", ["id-ji", "id-jb"]),
    ],
)
def test_table_sorts_by_its_headings(client, nation, sort, codes):
    AlignmentFactory(national_action=nation.train, place=nation.east.place)

    rows = look(client, nation, show="answered", sort=sort).context["shown"].rows

    assert [row.place.code for row in rows] == codes


@pytest.mark.parametrize("show", ["stage", "answered", "reports", "gap", "figure-T1", "target-T1"])
def test_map_costs_the_same_for_many_places(client, nation, figures, flat_queries, show):
    sign_in(client, nation.body)

    def add_row():
        place = PlaceFactory(parent=nation.country)
        StageFactory(plan=nation.plan, place=place)
        AlignmentFactory(national_action=nation.train, place=place)
        TargetFactory(indicator=figures, place=place)
        local = local_plan(nation, OrganisationFactory(place=place))
        CostFactory(plan=local, year=2026)
        BudgetLineFactory(plan=local, year=2026)
        _drawn.cache_clear()

    flat_queries(lambda: look(client, nation, show=show), add_row=add_row, cost=COST[show])


COST = {"stage": 22, "answered": 21, "reports": 22, "gap": 25, "figure-T1": 23, "target-T1": 24}


def test_geojson_is_exactly_what_the_map_shows(client, nation, stages):
    response = client.get(nation.at("map_geojson"), {"at": "2026-05"})

    found = json.loads(response.content)
    assert response["Content-Type"] == "application/geo+json"
    assert found["type"] == "FeatureCollection"
    assert (found["as_of"], found["measure"]) == ("2026-05-31", "stage")
    east, west = found["features"]
    assert (east["id"], west["id"]) == ("id-ji", "id-jb")
    assert (east["properties"]["words"], east["properties"]["value"]) == ("Adopted", 2)
    assert west["properties"]["names"] == {"ar": "جاوة الغربية", "fr": "Java occidental"}
    assert west["geometry"] == {"type": "Point", "coordinates": [107.6, -6.9]}
    assert _turn(east["geometry"]["coordinates"][0]) > 0


def _turn(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))


def test_geojson_keeps_a_place_without_any_position(client, nation):
    PlaceFactory(parent=nation.country, code="id-xx")

    features = json.loads(client.get(nation.at("map_geojson")).content)["features"]

    assert {one["id"]: one["geometry"] is None for one in features} == {
        "id-ji": False,
        "id-jb": False,
        "id-xx": True,
    }


points = st.tuples(st.integers(-180, 180), st.integers(-90, 90))


@given(ring=st.lists(points, min_size=3, max_size=8, unique=True), is_hole_first=st.booleans())
def test_outer_rings_turn_left_and_holes_turn_right(ring, is_hole_first):
    closed = [list(point) for point in [*ring, ring[0]]]
    hole = list(reversed(closed)) if is_hole_first else closed
    geometry = {"type": "MultiPolygon", "coordinates": [[closed, hole]]}

    outer, inner = right_handed(geometry)["coordinates"][0]

    assert _turn(outer) >= 0 >= _turn(inner)
    assert sorted(outer) == sorted(closed)
    assert outer[0] == outer[-1]


def test_table_has_a_row_of_hxl_tags(client, nation, stages):
    response = client.get(nation.at("map_table"))

    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[1][0] == "#adm1+code"
    assert len({len(row) for row in rows}) == 1
    assert [row[0] for row in rows[2:]] == ["id-ji", "id-jb"]


def test_map_reads_without_a_script(client: Client, nation, stages):
    page = look(client, nation).content.decode()

    assert '<select id="map-at"' in page
    assert 'method="get"' in page
    assert "The same as a table" in page
