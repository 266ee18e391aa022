import datetime as dt
import random

import pytest

from tansiq.access.actions.places import (
    LoadedPlaces,
    PlacesRefusedError,
    load_places,
    load_shapes,
)
from tansiq.access.actor import Actor
from tansiq.access.events import places_moved
from tansiq.access.models import FormerParent, LogEntry, Place, PlaceLink, PlaceShape
from tansiq.access.place_files.shipped import read_shipped, shipped_countries
from tansiq.access.place_files.tables import PlaceRow
from tests.factories import NOON, OrganisationFactory

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
LATER = NOON + dt.timedelta(days=10)
KINDS = {0: "country", 1: "region", 2: "province", 3: "city"}
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}


def row(code, parent="", **more):
    return PlaceRow(
        **(
            {"row": 1, "code": code, "level": 0, "kind": "region", "name": code, "parent": parent}
            | more
        )
    )


def load(*rows, at=NOON, **options):
    return load_places(rows, by=SYSTEM, at=at, **options)


def stored_links():
    return set(PlaceLink.objects.values_list("place__code", "ancestor__code", "depth"))


def true_links():
    """Work the links out anew from the parents, in the plainest way."""
    parents = dict(Place.objects.values_list("code", "parent__code"))
    links = set()
    for code in parents:
        above, depth = code, 0
        while above is not None:
            links.add((code, above, depth))
            above, depth = parents[above], depth + 1
    return links


@pytest.fixture
def moves():
    seen = []

    def listen(sender, place_ids, **_more):
        seen.append(set(Place.objects.filter(pk__in=place_ids).values_list("code", flat=True)))

    places_moved.connect(listen)
    yield seen
    places_moved.disconnect(listen)


def test_loading_adds_places_with_their_level_and_links():
    loaded = load(row("xx-1-1", "xx-1"), row("xx-1", "xx"), row("xx", kind="country"))

    assert loaded == LoadedPlaces(added=3)
    assert dict(Place.objects.values_list("code", "level")) == {"xx": 0, "xx-1": 1, "xx-1-1": 2}
    assert set(Place.objects.values_list("country_code", flat=True)) == {"xx"}
    assert stored_links() == true_links()


def test_loading_twice_changes_nothing_and_writes_no_second_log_entry():
    rows = [
        row("xx"),
        row("xx-1", "xx", former_parent="xx-2", former_until=dt.date(2024, 1, 1)),
        row("xx-2", "xx"),
    ]
    load(*rows)
    before = list(Place.objects.order_by("pk").values())

    loaded = load(*rows, at=LATER, complete=True)

    assert loaded == LoadedPlaces()
    assert list(Place.objects.order_by("pk").values()) == before
    assert LogEntry.objects.count() == 1


def test_loading_replaces_names_points_and_validity():
    load(row("xx"), row("xx-1", "xx", name="Old"))

    loaded = load(
        row(
            "xx-1",
            "xx",
            name="New",
            names={"ar": "جديد"},
            latitude=1.5,
            longitude=2.5,
            valid_from=dt.date(2020, 1, 1),
        )
    )

    place = Place.objects.get(code="xx-1")
    assert loaded == LoadedPlaces(changed=1)
    assert (place.name, place.name_in("ar")) == ("New", "جديد")
    assert (place.latitude, place.longitude, place.valid_from) == (1.5, 2.5, dt.date(2020, 1, 1))


def test_columns_a_table_does_not_have_stay_as_they_are():
    load(row("xx"), row("xx-1", "xx", population=500))

    load(row("xx-1", "xx", name="New"), columns=["code", "kind", "parent", "name"])

    assert Place.objects.filter(code="xx-1").values_list("name", "population").get() == ("New", 500)


def test_moving_a_place_moves_all_below_it_and_tells_who_keeps_sums(moves):
    load(
        row("xx"), row("xx-1", "xx"), row("xx-2", "xx"), row("xx-a", "xx-1"), row("xx-a-1", "xx-a")
    )

    loaded = load(row("xx-a", "xx-2"))

    assert loaded == LoadedPlaces(changed=1, moved=1)
    assert stored_links() == true_links()
    assert ("xx-a-1", "xx-2", 2) in stored_links()
    assert moves == [{"xx-a", "xx-a-1"}]


def test_moving_a_place_up_corrects_the_levels_below_it():
    load(row("xx"), row("xx-1", "xx"), row("xx-a", "xx-1"), row("xx-a-1", "xx-a"))

    load(row("xx-a", "xx"))

    assert Place.objects.get(code="xx-a-1").level == 2
    assert stored_links() == true_links()


def test_any_sequence_of_moves_leaves_levels_and_links_right():
    chance = random.Random(7)  # noqa: S311 -- a repeatable choice, no secret
    codes = [f"xx-{number}" for number in range(30)]
    parents = dict.fromkeys(codes, "xx")
    load(row("xx"), *(row(code, "xx") for code in codes))

    for _turn in range(25):
        chosen = chance.sample(codes, 3)
        for code in chosen:
            parents[code] = chance.choice(["xx", *codes])
        try:
            load(*(row(code, parents[code]) for code in chosen))
        except PlacesRefusedError:
            parents |= dict(Place.objects.filter(level__gt=0).values_list("code", "parent__code"))

    assert stored_links() == true_links()
    levels = dict(Place.objects.values_list("code", "level"))
    assert all(levels[code] == levels[parents[code]] + 1 for code in codes)
    assert len(set(levels.values())) > 2


def test_circle_with_what_stands_is_refused_and_nothing_saved():
    load(row("xx"), row("xx-1", "xx"), row("xx-2", "xx-1"))

    with pytest.raises(PlacesRefusedError, match="xx-1"):
        load(row("xx-1", "xx-2"), row("xx-3", "xx"))

    assert Place.objects.get(code="xx-1").parent.code == "xx"
    assert not Place.objects.filter(code="xx-3").exists()


def test_missing_parent_is_refused():
    with pytest.raises(PlacesRefusedError, match="xx-1"):
        load(row("xx"), row("xx-1", "xx-9"))

    assert not Place.objects.exists()


def test_table_of_some_places_leaves_the_others_alone():
    load(row("xx"), row("xx-1", "xx"), row("xx-2", "xx"))

    load(row("xx-1", "xx", name="New"))

    assert set(Place.objects.filter(valid_to=None).values_list("code", flat=True)) == {
        "xx",
        "xx-1",
        "xx-2",
    }


def test_complete_table_ends_what_is_referred_to_and_removes_the_rest():
    load(
        row("xx"),
        row("xx-1", "xx"),
        row("xx-1-1", "xx-1"),
        row("xx-2", "xx"),
        row("xx-3", "xx"),
        row("yy"),
    )
    OrganisationFactory(place=Place.objects.get(code="xx-1-1"))
    load_shapes({"xx-2": SQUARE}, by=SYSTEM, at=NOON)

    loaded = load(row("xx"), row("xx-3", "xx"), at=LATER, complete=True)

    assert loaded == LoadedPlaces(closed=2, removed=1)
    ended = LATER.date() - dt.timedelta(days=1)
    assert dict(Place.objects.values_list("code", "valid_to")) == {
        "xx": None,
        "xx-1": ended,
        "xx-1-1": ended,
        "xx-3": None,
        "yy": None,
    }
    assert stored_links() == true_links()


def test_hub_and_former_parent_count_as_references():
    load(
        row("xx"),
        row("xx-1", "xx"),
        row("xx-2", "xx"),
        row("xx-3", "xx", former_parent="xx-2", former_until=dt.date(2024, 1, 1)),
    )
    OrganisationFactory(place=None).countries.add(Place.objects.get(code="xx-1"))

    load(row("xx"), row("xx-3", "xx"), at=LATER, complete=True)

    assert set(Place.objects.exclude(valid_to=None).values_list("code", flat=True)) == {
        "xx-1",
        "xx-2",
    }


def test_ended_place_that_is_listed_again_is_valid_again():
    load(row("xx"), row("xx-1", "xx"))
    OrganisationFactory(place=Place.objects.get(code="xx-1"))
    load(row("xx"), at=LATER, complete=True)

    load(row("xx"), row("xx-1", "xx"), at=LATER, complete=True)

    assert Place.objects.get(code="xx-1").valid_to is None


def test_place_that_began_today_ends_no_earlier_than_it_began():
    load(row("xx"), row("xx-1", "xx", valid_from=LATER.date()))
    OrganisationFactory(place=Place.objects.get(code="xx-1"))

    load(row("xx"), at=LATER, complete=True)

    assert Place.objects.get(code="xx-1").valid_to == LATER.date()


def test_former_parents_are_kept_and_corrected():
    until = dt.date(2024, 6, 10)
    base = [row("xx"), row("xx-1", "xx"), row("xx-2", "xx"), row("xx-3", "xx")]
    load(*base, row("xx-a", "xx-1", former_parent="xx-2", former_until=until))

    load(row("xx-a", "xx-1", former_parent="xx-3", former_until=until))

    assert list(FormerParent.objects.values_list("place__code", "parent__code", "until")) == [
        ("xx-a", "xx-3", until)
    ]


def test_loading_is_in_the_log_with_its_numbers():
    load(row("xx"), row("xx-1", "xx"))

    entry = LogEntry.objects.get()
    assert entry.rule == "access.load_places"
    assert entry.detail == {
        "added": 2,
        "changed": 0,
        "moved": 0,
        "closed": 0,
        "removed": 0,
        "countries": ["xx"],
    }


def test_outlines_are_set_and_changed_once():
    load(row("xx"), row("xx-1", "xx"))

    first = load_shapes({"xx-1": SQUARE}, by=SYSTEM, at=NOON)
    again = load_shapes({"xx-1": SQUARE}, by=SYSTEM, at=NOON)
    wider = SQUARE | {"coordinates": [[[0, 0], [2, 0], [2, 2], [0, 0]]]}
    changed = load_shapes({"xx-1": wider}, by=SYSTEM, at=NOON)

    assert (first, again, changed) == (1, 0, 1)
    assert PlaceShape.objects.get().geometry == wider


def test_outline_of_an_unknown_place_is_refused_and_nothing_saved():
    load(row("xx"))

    with pytest.raises(PlacesRefusedError, match="zz-1"):
        load_shapes({"xx": SQUARE, "zz-1": SQUARE}, by=SYSTEM, at=NOON)

    assert not PlaceShape.objects.exists()


def test_everything_that_ships_loads_without_a_problem_and_twice_without_a_change():
    for country in shipped_countries():
        table, shapes = read_shipped(country)
        assert (table.problems, shapes.problems) == ([], [])
        load(*table.rows, complete=True)
        load_shapes(shapes.shapes, by=SYSTEM, at=NOON)

        assert load(*table.rows, at=LATER, complete=True) == LoadedPlaces()
        assert load_shapes(shapes.shapes, by=SYSTEM, at=LATER) == 0

    regions = Place.objects.filter(country_code="ph", kind="region")
    assert regions.valid_on(dt.date(2023, 7, 20)).count() == 17
    assert regions.valid_on(dt.date(2026, 11, 21)).count() == 18
    assert Place.objects.filter(country_code="id", level=2).count() == 514
    assert stored_links() == true_links()
    assert {place.level for place in Place.objects.above(Place.objects.get(code="ph-slu"))} == {
        0,
        1,
        2,
    }


def test_loading_costs_no_query_for_each_place(django_assert_max_num_queries):
    table, _shapes = read_shipped("ph")

    with django_assert_max_num_queries(100):
        load(*table.rows)
    with django_assert_max_num_queries(20):
        load(*table.rows, complete=True)
