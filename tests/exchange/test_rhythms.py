"""Standing duties: their days, whom they reach, and that each period comes once."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.access.models import Notice
from tansiq.access.zones import zone
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.exchange.actions.rhythms import (
    Beat,
    RhythmError,
    change_rhythm,
    end_of,
    end_rhythm,
    make_rhythm,
    open_due_periods,
)
from tansiq.exchange.models import Obligation, Rhythm
from tansiq.exchange.periods import due_days
from tests.exchange.nations import make_country
from tests.factories import (
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PlaceFactory,
    RhythmFactory,
    actor_of,
)

database = pytest.mark.django_db
A_DAY = dt.timedelta(days=1)
TODAY = NOON.date()
LONG_AGO = dt.date(2020, 1, 31)


@pytest.fixture
def country():
    return make_country()


def beat(country, **more):
    choices = {
        "way": "we_owe",
        "kind": "briefing",
        "what": "Quarterly briefing",
        "language": "en",
        "audience": [
            {"to": "level", "place": country.nation.place_id, "level": 1, "kind": ""},
        ],
        "every": "month",
        "first_due_on": TODAY + 10 * A_DAY,
    }
    return Beat(**{**choices, **more})


def make(country, owner=None, **more):
    owner = owner or country.nation
    return make_rhythm(owner, beat(country, **more), by=actor_of(owner), at=NOON)


def rows():
    return sorted(Obligation.objects.values_list("debtor", "creditor", "period_on"))


# --- days


def test_the_last_of_a_month_comes_back_after_a_short_one():
    days = due_days("month", LONG_AGO, until=dt.date(2020, 4, 30))

    assert [one.day for one in days] == [31, 29, 31, 30]


def test_what_is_owed_once_comes_once():
    assert due_days("once", TODAY, until=TODAY + 900 * A_DAY) == [TODAY]


@given(
    every=st.sampled_from(["week", "month", "quarter", "half_year", "year"]),
    first=st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)),
    cuts=st.lists(st.integers(0, 1500), max_size=6),
)
def test_days_asked_for_in_pieces_are_those_asked_for_at_once(every, first, cuts):
    ends = [first + n * A_DAY for n in sorted([*cuts, 1500])]
    whole = due_days(every, first, until=ends[-1])

    pieces, after = [], None
    for until in ends:
        pieces += due_days(every, first, until=until, after=after)
        after = until

    assert pieces == whole
    assert sorted(set(whole)) == whole


def test_a_day_ends_when_it_is_over_there():
    assert end_of(dt.date(2026, 5, 4), zone("Asia/Jakarta")) == dt.datetime(
        2026, 5, 4, 17, tzinfo=dt.UTC
    )


# --- periods


@database
def test_a_period_is_owed_to_each_partner_with_the_end_of_its_day(country):
    MembershipFactory(organisation=country.nation, role="coordinator")

    rhythm = make(country)

    day = TODAY + 10 * A_DAY
    assert rows() == sorted((country.nation.pk, one.pk, day) for one in country.provinces)
    assert {one.due_at for one in Obligation.objects.all()} == {end_of(day, rhythm.zone)}
    assert Notice.objects.filter(code="exchange.owe_many").exists()


@database
def test_places_owe_the_nation_in_the_same_table(country):
    make(country, way="they_owe", kind="report", what="Report", every="half_year")

    day = TODAY + 10 * A_DAY
    assert rows() == sorted((one.pk, country.nation.pk, day) for one in country.provinces)


@database
def test_nobody_can_be_made_to_owe_who_does_not_stand_under_the_owner(country):
    to_nation = [{"to": "organisation", "pk": country.nation.pk}]

    with pytest.raises(RhythmError, match="under you"):
        make(country, country.provinces[0], way="they_owe", audience=to_nation)
    make(country, country.provinces[0], way="we_owe", audience=to_nation)

    assert {one[:2] for one in rows()} == {(country.provinces[0].pk, country.nation.pk)}
    assert Rhythm.objects.count() == 1


@database
def test_the_daily_job_brings_each_period_once_also_after_a_long_downtime(country):
    make(country)
    months_on = NOON + 70 * A_DAY

    first = open_due_periods(at=NOON + A_DAY)
    caught_up = open_due_periods(at=months_on)
    again = open_due_periods(at=months_on)

    days = due_days("month", TODAY + 10 * A_DAY, until=months_on.date() + 14 * A_DAY)
    assert (first, caught_up, again) == (0, 2 * (len(days) - 1), 0)
    assert {one[2] for one in rows()} == set(days)


@database
def test_who_joins_later_has_what_is_still_to_come_and_who_left_has_nothing_new(country):
    make(country)
    late = OrganisationFactory(
        place=PlaceFactory(
            parent=country.nation.place, level=1, country_code=country.nation.country_code
        ),
        country_code=country.nation.country_code,
        is_lead_of_place=True,
    )
    country.provinces[0].is_active = False
    country.provinces[0].save()

    assert open_due_periods(at=NOON + A_DAY) == 1
    assert open_due_periods(at=NOON + 35 * A_DAY) == 2

    of_next = {one[1] for one in rows() if one[2] > TODAY + 10 * A_DAY}
    assert of_next == {country.provinces[1].pk, late.pk}


@database
def test_a_first_day_that_is_over_is_refused_and_the_same_form_makes_one(country):
    with pytest.raises(RhythmError, match="first day"):
        make(country, first_due_on=TODAY - A_DAY)
    key = "7b0cbb9e-55e8-4a53-8f6a-6f7a1dd5e8b7"

    assert make(country, client_key=key) == make(country, client_key=key)


@database
def test_changing_moves_what_is_not_due_yet_and_keeps_what_was(country):
    rhythm = make(country)
    rhythm.refresh_from_db()
    new_day = TODAY + 12 * A_DAY

    change_rhythm(
        rhythm,
        beat(country, what="Briefing with maps", first_due_on=new_day),
        revision=rhythm.revision,
        by=actor_of(country.nation),
        at=NOON,
    )

    active = Obligation.objects.active()
    assert {(one.period_on, one.what) for one in active} == {(new_day, "Briefing with maps")}
    assert Obligation.objects.filter(state="withdrawn").count() == 2
    with pytest.raises(ChangedMeanwhileError):
        change_rhythm(
            rhythm,
            beat(country, first_due_on=new_day),
            revision=1,
            by=actor_of(country.nation),
            at=NOON,
        )


@database
def test_ending_withdraws_what_is_to_come_and_leaves_what_is_late(country):
    rhythm = make(country)
    later = NOON + 35 * A_DAY
    open_due_periods(at=later)

    end_rhythm(rhythm, by=actor_of(country.nation), at=later)

    late = Obligation.objects.filter(due_at__lt=later)
    coming = Obligation.objects.filter(due_at__gte=later)
    assert {one.state for one in late} == {"open"}
    assert {one.state for one in coming} == {"withdrawn"}
    assert open_due_periods(at=later + 90 * A_DAY) == 0
    with pytest.raises(RhythmError, match="ended"):
        end_rhythm(rhythm, by=actor_of(country.nation), at=later)


@database
def test_a_partner_sees_the_rhythm_and_a_stranger_does_not(country):
    rhythm = make(country)

    assert list(Rhythm.objects.visible_to(actor_of(country.provinces[0]))) == [rhythm]
    assert not Rhythm.objects.visible_to(actor_of(country.cities[0])).exists()


@database
def test_an_overseer_asks_for_a_rhythm_in_vain(client):
    rhythm = RhythmFactory()
    watch = OrganisationFactory(kind="oversight", place=rhythm.owner.place)
    client.force_login(MembershipFactory(organisation=watch, role="overseer").person)

    assert client.get(f"/exchange/rhythms/{rhythm.pk}/end/").status_code == 404
