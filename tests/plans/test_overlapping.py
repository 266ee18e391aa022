"""Which activities overlap: the quick comparison against a slow one, and one change against all."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.access.actor import Actor
from tansiq.access.models import Place
from tansiq.plans import overlapping
from tansiq.plans.actions.activities import edit_activity, register_activity, remove_activity
from tansiq.plans.actions.overlaps import find_all
from tansiq.plans.likeness import likeness, roots_of
from tansiq.plans.models import Activity, Overlap
from tansiq.plans.overlapping import ADJACENT_DAYS, Entry, compare, pairs_among, rank
from tests.factories import NOON, ActivityFactory, OrganisationFactory, PlaceFactory, PlanFactory

BY = Actor.system("test")
# A province 1 with the cities 2 and 3, and the village 4 in city 2; 0 is the country.
PARENTS = {0: (0,), 1: (1,), 2: (2, 1), 3: (3, 1), 4: (4, 2, 1)}
TITLES = ("Youth dialogue", "Dialog pemuda", "Training of teachers", "حوار الشباب")

entries = st.lists(
    st.builds(
        lambda starts, length, owner, place, title: (starts, starts + length, owner, place, title),
        st.integers(0, 200),
        st.integers(0, 90),
        st.integers(1, 4),
        st.sampled_from(sorted(PARENTS)),
        st.sampled_from(TITLES),
    ),
    max_size=24,
).map(
    lambda rows: [
        Entry(starts, pk, ends, owner, place, title, "en")
        for pk, (starts, ends, owner, place, title) in enumerate(rows, start=1)
    ]
)


def naive(all_entries, *, near, most):
    """Say the same slowly, each sentence of the definition as it stands in the decision page."""
    found = set()
    for entry in all_entries:
        best = {}
        for levels, place in enumerate(PARENTS[entry.place]):
            block = sorted(one for one in all_entries if one.place == place)
            before = [one for one in block if one < entry][-near:]
            after = [one for one in block if one > entry]
            # An activity of another place is not itself in the block: one more comes after it.
            after = after[:near] if entry.place == place else after[: near + 1]
            for other in before + after if len(block) > near else block:
                gap = max(other.starts - entry.ends, entry.starts - other.ends)
                is_older = levels > 0 or other.pk < entry.pk
                if other.owner != entry.owner and is_older and gap <= ADJACENT_DAYS:
                    pair = compare(other, entry, levels=levels)
                    if pair is not None:
                        best.setdefault(other.owner, []).append(pair)
        kept = sorted((min(pairs, key=rank) for pairs in best.values()), key=rank)[:most]
        found |= set(kept)
    return found


@given(all_entries=entries, near=st.integers(1, 6), most=st.integers(1, 3))
def test_quick_comparison_finds_what_a_slow_one_finds(all_entries, near, most):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overlapping, "NEAR", near)
        patch.setattr(overlapping, "MOST", most)
        found = list(pairs_among(all_entries, PARENTS.__getitem__))

    assert len(found) == len(set(found))
    assert set(found) == naive(all_entries, near=near, most=most)


@given(all_entries=entries)
def test_each_activity_keeps_few_and_one_for_each_body(all_entries):
    owner_of = {one.pk: one.owner for one in all_entries}

    kept = {}
    for pair in pairs_among(all_entries, PARENTS.__getitem__):
        kept.setdefault(pair.second, []).append(owner_of[pair.first])

    assert all(len(owners) == len(set(owners)) <= 5 for owners in kept.values())
    assert all(owner_of[pk] not in owners for pk, owners in kept.items())


def test_crowded_place_costs_no_more_than_its_window():
    crowd = [Entry(n, n + 1, n + 300, n % 7, 2, "Circle", "en") for n in range(3000)]
    looked_at = []

    def counted(first, second, *, levels):
        looked_at.append(first)
        return compare(first, second, levels=levels)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overlapping, "compare", counted)
        list(pairs_among(crowd, PARENTS.__getitem__))

    assert len(looked_at) <= 3000 * 2 * overlapping.NEAR


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        (("Digital literacy for teachers", "en"), ("Literasi digital bagi guru", "id"), 30),
        (("Dialogue des jeunes", "fr"), ("Dialog pemuda", "id"), 10),
        (("تدريب المعلمين", "ar"), ("تدريب معلمين", "ar"), 30),
        (("Training of teachers", "en"), ("Teacher trainings", "en"), 90),
    ],
)
def test_titles_are_alike_across_languages(one, other, least):
    assert likeness(roots_of(*one), roots_of(*other)) >= least
    assert likeness(roots_of(*one), roots_of("Football", "en")) == 0


# -- In the database ------------------------------------------------------------------------------


@pytest.fixture
def places():
    country = PlaceFactory()
    east = PlaceFactory(parent=country)
    cities = [PlaceFactory(parent=east) for _number in range(2)]
    return [country, east, *cities, PlaceFactory(parent=cities[0])]


def pairs():
    return set(Overlap.objects.values_list("first", "second", "levels", "days", "score"))


def new_activity(plan, place, **fields):
    details = {"theme": "schools", "marking": "green", "plan": plan, "place": place}
    given = {"owner": OrganisationFactory(place=place)} | fields
    return register_activity(ActivityFactory.build(**details | given), by=BY, at=NOON)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "is_found"),
    [
        ({}, True),
        ({"theme": "women"}, False),
        ({"theme": ""}, False),
        ({"audience": "women"}, False),
        ({"marking": "red"}, False),
        ({"status": "cancelled"}, False),
        ({"starts_on": dt.date(2026, 3, 20), "ends_on": dt.date(2026, 3, 20)}, True),
        ({"starts_on": dt.date(2026, 4, 1), "ends_on": dt.date(2026, 4, 1)}, True),
        ({"starts_on": dt.date(2026, 4, 3), "ends_on": dt.date(2026, 4, 3)}, False),
    ],
)
def test_pair_needs_place_audience_theme_and_period(places, changes, is_found):
    plan = PlanFactory(place=places[0])
    first = new_activity(plan, places[2])

    second = new_activity(plan, places[2], **changes)

    expected = {(first.pk, second.pk)} if is_found else set()
    assert set(Overlap.objects.values_list("first", "second")) == expected


@pytest.mark.django_db
def test_place_above_counts_but_not_the_whole_country_or_the_next_city(places):
    country, east, city, other_city, village = places
    plan = PlanFactory(place=country)
    nation, province = new_activity(plan, country), new_activity(plan, east)
    new_activity(plan, other_city)

    low = new_activity(plan, village)

    assert set(Overlap.objects.filter(second=low).values_list("first", "levels")) == {
        (province.pk, 2)
    }
    assert not Overlap.objects.filter(first=nation).exists()
    assert not Overlap.objects.filter(second=nation).exists()
    assert city.level == 2


@pytest.mark.django_db
def test_activity_of_the_place_above_that_comes_later_is_found_as_well(places):
    plan = PlanFactory(place=places[0])
    low = new_activity(plan, places[4])

    province = new_activity(plan, places[1])

    assert set(Overlap.objects.values_list("first", "second")) == {(province.pk, low.pk)}


@pytest.mark.django_db
def test_removed_pair_makes_room_for_the_next_best(places):
    plan, city = PlanFactory(place=places[0]), places[2]
    older = [new_activity(plan, city) for _number in range(6)]
    newest = new_activity(plan, city)
    kept = set(Overlap.objects.filter(second=newest).values_list("first", flat=True))
    [left_out] = {one.pk for one in older} - kept

    remove_activity(next(one for one in older if one.pk in kept), by=BY, at=NOON)

    kept = set(Overlap.objects.filter(second=newest).values_list("first", flat=True))
    assert len(kept) == 5
    assert left_out in kept


@pytest.mark.django_db
def test_what_was_said_about_a_pair_outlives_a_change(places):
    plan, city = PlanFactory(place=places[0]), places[2]
    first, second = new_activity(plan, city), new_activity(plan, city)
    Overlap.objects.update(state="different", settled_words="Other pupils")

    edit_activity(second, {"theme": "women"}, revision=1, by=BY, at=NOON)
    edit_activity(second, {"theme": "schools"}, revision=2, by=BY, at=NOON)
    find_all(at=NOON)

    assert list(Overlap.objects.values_list("first", "second", "state")) == [
        (first.pk, second.pk, "different")
    ]


steps = st.lists(
    st.tuples(
        st.sampled_from(["add", "add", "add", "move", "retheme", "shift", "redden", "remove"]),
        st.integers(0, 30),
        st.integers(0, 4),
        st.integers(0, 60),
    ),
    max_size=14,
)


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_one_change_at_a_time_ends_where_the_full_run_ends(places, steps):
    Activity.objects.all().delete()
    owners = [OrganisationFactory(place=places[0]) for _number in range(3)]
    plan = PlanFactory(owner=owners[0], place=places[0])
    for kind, which, place, shift in steps:
        take_step(kind, which, plan, places[place], owners, shift)

    step_by_step = pairs()
    Overlap.objects.all().delete()
    find_all(at=NOON)

    assert step_by_step == pairs()


def take_step(kind, which, plan, place, owners, shift):
    day = dt.date(2026, 1, 1) + dt.timedelta(days=shift)
    days = {"starts_on": day, "ends_on": day + dt.timedelta(days=shift // 2)}
    there = list(Activity.objects.order_by("pk"))
    if kind == "add" or not there:
        new_activity(plan, Place.objects.get(pk=place.pk), owner=owners[which % 3], **days)
        return
    activity = there[which % len(there)]
    changes = {
        "move": {"place": place},
        "retheme": {"theme": ("schools", "women", "")[which % 3]},
        "shift": days,
        "redden": {"marking": "red"},
    }
    if kind == "remove":
        remove_activity(activity, by=BY, at=NOON)
    else:
        edit_activity(activity, changes[kind], revision=activity.revision, by=BY, at=NOON)


@pytest.mark.django_db
def test_full_run_does_nothing_where_nothing_changed(places, django_assert_max_num_queries):
    plan = PlanFactory(place=places[0])
    new_activity(plan, places[2])
    new_activity(plan, places[2])
    before = list(Overlap.objects.values())

    find_all(at=NOON + dt.timedelta(days=1))

    assert list(Overlap.objects.values()) == before
