"""Places and audiences nobody serves: counted, said in sentences, prefilled."""

import csv
import datetime as dt
import io
import random
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tansiq.access.models import Place
from tansiq.plans.models import Activity
from tansiq.plans.queries.gaps import Asked, matrix_of
from tests.factories import ActivityFactory, OrganisationFactory, PlaceFactory
from tests.people import sign_in
from tests.plans.reporting import JULY, make_country

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_july(monkeypatch):
    for name in ("gaps", "activities"):
        monkeypatch.setattr(f"tansiq.plans.views.{name}.now", lambda: JULY)


def plain(text):
    return text.replace("\u2068", "").replace("\u2069", "")


def activity_of(country, who="city", **fields):
    lead = getattr(country, who)
    return ActivityFactory(
        **{"plan": country.plan, "owner": lead, "place": lead.place, "marking": "green"} | fields
    )


def look(client, **asked):
    return client.get(reverse("plans:gaps"), {"place": "East Java"} | asked)


def counts(answer):
    matrix = answer.context["matrix"]
    return {
        (row.place.name, cell.value): cell.count
        for row in matrix.rows
        for cell in row.cells
        if cell.count
    }


def test_cells_count_what_runs_at_the_place_or_below_it(client):
    country = make_country()
    village = PlaceFactory(parent=country.place, name="Village")
    activity_of(country, audience="youth")
    activity_of(country, audience="youth", place=village)
    activity_of(country, audience="women", marking="red")
    activity_of(country, audience="women", status="cancelled")
    activity_of(country, audience="women", starts_on="2025-01-01", ends_on="2025-02-01")
    activity_of(country, "other_city", audience="school", marking="amber+strict")
    sign_in(client, country.city)

    assert counts(look(client)) == {("Surabaya", "youth"): 2, ("Malang", "school"): 1}


def test_what_is_done_for_the_whole_stands_above_its_parts(client):
    country = make_country()
    activity_of(country, "province", audience="families")
    sign_in(client, country.city)

    answer = look(client)

    above = {cell.value: cell.count for cell in answer.context["matrix"].above.cells}
    assert (above["families"], counts(answer)) == (1, {})


def test_empty_cells_are_sentences_the_widest_and_the_most_populous_first(client):
    country = make_country()
    Place.objects.filter(name="Surabaya").update(population=2_900_000)
    third = PlaceFactory(parent=country.province.place, name="Situbondo", population=685_000)
    activity_of(country, audience="youth")
    activity_of(country, audience="women")
    activity_of(country, "city", place=third, audience="youth")
    sign_in(client, country.city)

    said = [plain(gap.sentence) for gap in look(client, all="yes").context["matrix"].gaps]

    nowhere = "No activity for schools and campuses in any of these places of East Java"
    assert f"{nowhere} in the last twelve months." in said[:9]
    assert said[9:] == [
        "No activity at all in Malang in the last twelve months.",
        "No activity for women in Situbondo in the last twelve months.",
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"across": "theme"}, {("Surabaya", "media"): 1}),
        ({"theme": "media"}, {("Surabaya", "youth"): 1}),
        ({"audience": "women"}, {("Surabaya", "women"): 1}),
        ({"since": "2026-04-01"}, {("Surabaya", "women"): 1}),
        ({"until": "2026-03-31"}, {("Surabaya", "youth"): 1}),
        ({"place": "Indonesia"}, {("East Java", "youth"): 1, ("East Java", "women"): 1}),
        ({"level": "99"}, {("Surabaya", "youth"): 1, ("Surabaya", "women"): 1}),
        ({"place": "Atlantis"}, {("Surabaya", "youth"): 1, ("Surabaya", "women"): 1}),
    ],
)
def test_filters_narrow_what_is_counted(client, asked, found):
    country = make_country()
    activity_of(country, audience="youth", theme="media")
    activity_of(country, audience="women", starts_on="2026-05-01", ends_on="2026-05-02")
    sign_in(client, country.city)

    assert counts(look(client, **asked)) == found


def test_city_without_parts_stands_among_its_neighbours(client):
    country = make_country()
    sign_in(client, country.city)

    answer = client.get(reverse("plans:gaps"))

    assert [row.place.name for row in answer.context["matrix"].rows] == ["Malang", "Surabaya"]


def test_gap_leads_to_a_form_that_is_filled_in(client):
    country = make_country()
    activity_of(country, audience="youth")
    activity_of(country, "other_city", audience="women")
    sign_in(client, country.city, "contributor")
    gaps = look(client, all="yes", plan=country.plan.pk).context["matrix"].gaps
    gap = next(one for one in gaps if plain(one.sentence).startswith("No activity for women in S"))

    asks = {name: one for name, [one] in parse_qs(urlsplit(gap.url).query).items()}
    form = client.get(gap.url).context["form"]

    assert asks == {
        "place": country.place.code,
        "audience": "women",
        "status": "not_started",
        "plan": str(country.plan.pk),
    }
    assert {name: str(form[name].value()) for name in asks} == asks


def test_reader_who_cannot_enter_anything_sees_no_button(client):
    country = make_country()
    sign_in(client, country.city, "viewer")

    assert "Plan something here" not in look(client).content.decode()


def test_person_without_a_place_is_told_what_to_do(client):
    sign_in(client, OrganisationFactory(place=None, country_code="zz", kind="hub"))

    answer = client.get(reverse("plans:gaps"))

    assert answer.status_code == 200
    assert answer.context["asked"] is None


def test_table_holds_a_row_for_each_place(client):
    country = make_country()
    activity_of(country, audience="youth")
    sign_in(client, country.city)

    answer = client.get(reverse("plans:gaps_export"), {"place": "East Java"})

    tags, *rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert tags["youth"] == "#activity+num+audience_youth"
    assert [(row["name"], row["youth"], row["women"]) for row in rows] == [
        ("Malang", "0", "0"),
        ("Surabaya", "1", "0"),
    ]


def test_page_costs_the_same_for_more_places(client, flat_queries):
    country = make_country()
    sign_in(client, country.city)
    look(client)

    flat_queries(
        lambda: look(client),
        add_row=lambda: activity_of(
            country, place=PlaceFactory(parent=country.province.place), audience="youth"
        ),
        cost=COST_OF_PAGE,
    )


COST_OF_PAGE = 20


def test_counts_equal_what_is_counted_one_by_one():
    country = make_country()
    villages = [PlaceFactory(parent=country.place) for _n in range(2)]
    places = [one.place for one in (country.province, country.city, country.other_city)] + villages
    chance = random.Random(3)  # noqa: S311 -- the same every time
    for _n in range(60):
        begins = dt.date(2025, 1, 1) + dt.timedelta(days=chance.randrange(700))
        activity_of(
            country,
            place=chance.choice(places),
            audience=chance.choice(["youth", "women", "school"]),
            theme=chance.choice(["media", "training", ""]),
            marking=chance.choice(["green", "amber", "red"]),
            status=chance.choice(["on_track", "cancelled"]),
            starts_on=begins,
            ends_on=begins + dt.timedelta(days=chance.randrange(90)),
        )
    asked = Asked(country.province.place, 2, dt.date(2025, 7, 10), dt.date(2026, 7, 9))
    rows = matrix_of(asked, [country.city.place, country.other_city.place]).rows
    found = {(row.place.pk, one.value): one.count for row in rows for one in row.cells}

    counted = dict.fromkeys(found, 0)
    for one in Activity.objects.all():
        in_time = one.starts_on <= asked.until and one.ends_on >= asked.since
        if in_time and one.marking != "red" and one.status != "cancelled":
            parent = one.place if one.place.level == asked.level else one.place.parent
            if (parent.pk, one.audience) in counted:
                counted[parent.pk, one.audience] += 1
    assert found == counted
    assert sum(found.values()) > 5


@pytest.mark.sqlite
def test_counting_reads_an_index_and_not_the_activities():
    country = make_country()
    activity_of(country)
    asked = Asked(country.province.place, 2, dt.date(2025, 7, 10), dt.date(2026, 7, 9))

    with CaptureQueriesContext(connection) as queries:
        matrix_of(asked, [country.city.place])

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {queries[0]['sql']}")
        ways = " ".join(str(row[3]) for row in cursor.fetchall())
    assert "USING COVERING INDEX activity_counted" in ways
