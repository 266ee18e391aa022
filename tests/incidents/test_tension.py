"""Tension by area, hate incidents by count, the watch for a second wave."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.access.gate import can
from tansiq.access.models import Notice
from tansiq.incidents.actions.log import Sent
from tansiq.incidents.actions.refusing import NotAboutPersonsError
from tansiq.incidents.actions.tension import (
    Counted,
    Reading,
    TensionError,
    WatchChange,
    count_hate,
    end_watch,
    extend_watch,
    read_tension,
    reopen_watch,
    withdraw_reading,
)
from tansiq.incidents.models import Entry, HateCount, Raised, Task, TensionReading
from tansiq.incidents.queries.tension import areas_read, hate_table, readings_of
from tansiq.incidents.queries.watch import watch_of
from tansiq.incidents.spikes import baseline, is_doubled
from tests.factories import (
    NOON,
    TODAY,
    HateCountFactory,
    IncidentFactory,
    MembershipFactory,
    OrganisationFactory,
    PlaceFactory,
    RumourFactory,
    SeatFactory,
    TensionReadingFactory,
    actor_of,
)
from tests.people import sign_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def read(room, *, by=None, place=None, sent=None, **changes):
    given = {
        "place": place or room.place, "on": TODAY, "level": 2, "basis": "evidenced",
        "domain": "other", "confidence": "medium", "seen": "shops closed early",
        "language": "en",
    }  # fmt: skip
    reading = Reading(**given | changes)
    return read_tension(room, reading, by=by or actor_of(room.owner), at=NOON, sent=sent or Sent())


def counted(room, count, *, on=TODAY, by=None, at=NOON, **changes):
    given = {"place": room.place, "kind": "insult", "target": "other", "source": "police"}
    told = Counted(**given | changes, on=on, count=count)
    return count_hate(room, told, by=by or actor_of(room.owner), at=at)


# --- readings


@pytest.mark.parametrize(
    "seen",
    ["Sheikh Omar spoke", "@someone calls for it", "https://example.org", "Christians gather"],
)
def test_a_reading_names_no_person_and_no_community(seen):
    room = IncidentFactory()

    with pytest.raises(NotAboutPersonsError):
        read(room, seen=seen)

    assert not TensionReading.objects.exists()


def test_a_reading_of_a_day_to_come_is_refused_by_the_clock_of_the_place():
    room = IncidentFactory(time_zone="Asia/Jakarta")

    with pytest.raises(TensionError, match="still to come"):
        read(room, on=TODAY + DAY)


def test_a_reading_that_arrives_twice_stands_once():
    room, sent = IncidentFactory(), Sent(uuid.uuid4())
    by = actor_of(room.owner)

    assert read(room, by=by, sent=sent) == read(room, by=by, sent=sent)
    assert TensionReading.objects.count() == 1


def test_a_kept_reading_is_seen_by_its_organisation_alone_also_in_the_log():
    room = IncidentFactory()
    ngo = OrganisationFactory(country_code=room.owner.country_code)
    room.named_organisations.add(ngo)
    kept = read(room, by=actor_of(ngo), is_kept=True)
    shared = read(room, by=actor_of(ngo))

    seen = {
        name: set(readings_of(actor_of(body, "viewer"), room))
        for name, body in {"city": room.owner, "ngo": ngo}.items()
    }
    lines = Entry.objects.visible_to(actor_of(room.owner, "viewer"))

    assert seen == {"city": {shared}, "ngo": {kept, shared}}
    assert [one.subject_id for one in lines] == [shared.pk]


def test_the_community_role_is_told_of_an_area_close_to_violence():
    room = IncidentFactory()
    officer = MembershipFactory(organisation=room.owner, role="contributor").person
    SeatFactory(incident=room, role="COMMTY", holder=officer)

    read(room, level=2)
    read(room, level=4, is_kept=True)
    assert not Notice.objects.exists()
    read(room, level=3)

    assert [one.person for one in Notice.objects.all()] == [officer]


def test_what_was_withdrawn_leaves_the_series_and_stays_in_the_log():
    reading = TensionReadingFactory()
    by = actor_of(reading.incident.owner)

    withdraw_reading(reading, reason="wrong area", by=by, at=NOON)

    assert not readings_of(by, reading.incident).exists()
    assert Entry.objects.get().text == "wrong area"
    with pytest.raises(TensionError, match="already"):
        withdraw_reading(reading, reason="again", by=by, at=NOON)


def test_an_area_shows_the_highest_level_of_each_day():
    room = IncidentFactory()
    other = PlaceFactory(parent=room.place)
    for on, level in ((TODAY - DAY, 1), (TODAY - DAY, 3), (TODAY, 2)):
        TensionReadingFactory(incident=room, on=on, level=level)
    TensionReadingFactory(incident=room, place=other, level=3)

    areas = areas_read(list(readings_of(actor_of(room.owner), room)))

    assert [(one.place, one.points) for one in areas] == [
        (other, [(TODAY, 3)]),
        (room.place, [(TODAY - DAY, 3), (TODAY, 2)]),
    ]
    assert "<polyline" in areas[1].drawing("en")


# --- more than twice the week before


@given(
    before=st.lists(st.integers(0, 40), min_size=7, max_size=7),
    older=st.lists(st.integers(0, 40), max_size=5),
    today=st.integers(0, 90),
)
def test_twice_the_week_before_agrees_with_a_plain_average(before, older, today):
    counts = {TODAY - (n + 1) * DAY: one for n, one in enumerate(before)}
    counts |= {TODAY - (n + 8) * DAY: one for n, one in enumerate(older)}
    counts[TODAY] = today

    assert baseline(counts, TODAY) == sum(before) / 7
    assert is_doubled(counts, TODAY) is (today > 2 * sum(before) / 7)


def test_exactly_twice_is_not_more_than_twice():
    week = {TODAY - n * DAY: 3 for n in range(1, 8)}

    assert not is_doubled(week | {TODAY: 6}, TODAY)
    assert is_doubled(week | {TODAY: 7}, TODAY)
    assert not is_doubled(week, TODAY)
    assert is_doubled({TODAY: 1}, TODAY)


days = st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 6)), max_size=14)


@settings(max_examples=25, deadline=None)
@given(entries=days)
def test_a_call_is_raised_exactly_when_a_plain_count_says_so(entries):
    # The room began nine days before its today; what is older is what it is compared with.
    room = IncidentFactory(began_at=NOON - 9 * DAY)
    by = actor_of(room.owner)
    naive, expected = {}, 0
    for offset, count in entries:
        on = TODAY - 9 * DAY + offset * DAY
        naive[on] = count
        week = [naive.get(on - n * DAY, 0) for n in range(1, 8)]
        if on >= TODAY - 9 * DAY and count > 2 * sum(week) / 7 and not expected:
            expected = 1
        counted(room, count, on=on, by=by)

    assert Task.objects.filter(incident=room).count() == expected


def test_a_doubled_count_calls_the_community_role_once_until_the_task_is_done():
    room = IncidentFactory()
    officer = MembershipFactory(organisation=room.owner, role="contributor").person
    SeatFactory(incident=room, role="COMMTY", holder=officer)

    counted(room, 3)
    counted(room, 9, kind="damage")

    task = Task.objects.get()
    assert "Call the communities" in task.title
    assert [one.code for one in Notice.objects.all()] == ["incidents.hate_doubled"]
    Task.objects.update(state="done", ended_at=NOON)
    counted(room, 40, on=TODAY + DAY, at=NOON + DAY)
    assert Task.objects.count() == Raised.objects.count() == 2


def test_counts_of_before_the_incident_and_kept_counts_call_nobody():
    room = IncidentFactory()

    counted(room, 50, on=TODAY - 3 * DAY)
    counted(room, 50, is_kept=True)

    assert not Task.objects.exists()


def test_a_count_entered_again_replaces_the_earlier_one():
    room = IncidentFactory()
    by = actor_of(room.owner)

    counted(room, 3, by=by)
    counted(room, 2, by=by)

    assert [one.count for one in HateCount.objects.all()] == [2]
    assert Entry.objects.filter(code="hate_counted").count() == 2


def test_the_log_of_a_count_holds_no_number():
    room = IncidentFactory()

    counted(room, 3)

    entry = Entry.objects.get(code="hate_counted")
    assert (entry.facts, entry.text) == ({"place": str(room.place)}, "")


# --- small numbers


def test_small_numbers_and_with_them_the_sum_are_for_the_owner_only():
    room = IncidentFactory()
    ngo = OrganisationFactory(country_code=room.owner.country_code)
    room.named_organisations.add(ngo)
    HateCountFactory(incident=room, on=TODAY, count=4)
    HateCountFactory(incident=room, on=TODAY, kind="damage", count=5)

    own = hate_table(actor_of(room.owner), room, until=TODAY)
    others = hate_table(actor_of(ngo), room, until=TODAY)

    assert ([one.count for one in own.lines], own.total) == ([4, 5], 9)
    assert ([one.count for one in others.lines], others.total) == ([None, 5], None)


@settings(max_examples=40, deadline=None)
@given(counts=st.lists(st.integers(0, 12), max_size=5))
def test_no_small_number_can_be_worked_out_by_others(counts):
    room = IncidentFactory()
    ngo = OrganisationFactory(country_code=room.owner.country_code)
    room.named_organisations.add(ngo)
    kinds = ["insult", "online", "damage", "assault", "exclusion"]
    for kind, count in zip(kinds, counts, strict=False):
        HateCountFactory(incident=room, on=TODAY, kind=kind, count=count)

    table = hate_table(actor_of(ngo), room, until=TODAY)

    shown = [one.count for one in table.lines if one.count is not None]
    assert all(one >= 5 for one in shown)
    assert sorted(shown) == sorted(one for one in counts if one >= 5)
    if any(0 < one < 5 for one in counts):
        assert table.total is None


# --- the watch


def test_the_watch_begins_by_itself_and_runs_three_weeks_at_least():
    room = IncidentFactory(began_at=NOON)
    by = actor_of(room.owner)
    change = WatchChange("calm for two weeks", "en")

    with pytest.raises(TensionError, match="at least"):
        end_watch(room, change, by=by, at=NOON + 20 * DAY)
    assert watch_of(room, NOON + 5 * DAY).days_in_all == 21
    end_watch(room, change, by=by, at=NOON + 21 * DAY)

    assert watch_of(room, NOON + 21 * DAY).is_ended
    with pytest.raises(TensionError, match="ended already"):
        end_watch(room, change, by=by, at=NOON + 22 * DAY)
    reopen_watch(room, change, by=by, at=NOON + 23 * DAY)
    assert not watch_of(room, NOON + 23 * DAY).is_ended


def test_rumours_that_go_on_make_the_watch_longer():
    room = IncidentFactory(began_at=NOON)
    rumour = RumourFactory(incident=room, entered_at=NOON + 15 * DAY)
    by = actor_of(room.owner)

    with pytest.raises(TensionError):
        end_watch(room, WatchChange("calm", "en"), by=by, at=NOON + 25 * DAY)
    assert watch_of(room, NOON + 25 * DAY).days_in_all == 35

    rumour.status = "closed"
    rumour.save()
    assert watch_of(room, NOON + 21 * DAY).rumours_persist
    assert not watch_of(room, NOON + 25 * DAY).rumours_persist


def test_a_decision_makes_the_watch_longer_and_never_shorter():
    room = IncidentFactory(began_at=NOON)
    by = actor_of(room.owner)

    extend_watch(room, WatchChange("trial", "en", TODAY + 60 * DAY), by=by, at=NOON)

    assert watch_of(room, NOON).days_in_all == 60
    with pytest.raises(TensionError, match="Choose a day after"):
        extend_watch(room, WatchChange("no", "en", TODAY + 30 * DAY), by=by, at=NOON)


def test_the_watch_of_an_exercise_runs_on_its_own_clock():
    room = IncidentFactory(
        is_exercise=True, began_at=NOON, clock_room=NOON, clock_real=NOON, clock_speed=1440
    )

    assert watch_of(room, NOON + dt.timedelta(minutes=21)).day == 21


def test_only_who_leads_decides_about_the_watch_also_after_the_response():
    room = IncidentFactory(status="closed", closed_at=NOON)

    verdicts = {
        role: bool(can(actor_of(room.owner, role), "incidents.watch_decide", room))
        for role in ("contributor", "coordinator")
    }

    assert verdicts == {"contributor": False, "coordinator": True}


def test_no_table_here_has_room_for_a_person_or_a_named_group():
    words = {"name", "person", "handle", "religion", "ethnicity", "victim", "suspect", "group"}

    fields = {
        field.name for model in (TensionReading, HateCount) for field in model._meta.concrete_fields
    }

    assert fields.isdisjoint(words)


# --- pages


def at(name, *arguments):
    return reverse(f"incidents:{name}", args=arguments)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_reading_and_a_count_are_entered_in_one_form_each(client):
    room = IncidentFactory()
    sign_in(client, room.owner)
    reading = {
        "level": 3, "place": room.place_id, "basis": "evidenced", "domain": "other",
        "confidence": "high", "on": TODAY.isoformat(), "language": "en", "seen": "crowds",
    }  # fmt: skip
    hate = {
        "place": room.place_id, "on": TODAY.isoformat(), "kind": "insult", "target": "other",
        "source": "police", "count": 3,
    }  # fmt: skip

    assert client.post(at("tension_read", room.pk), reading).status_code == 302
    assert client.post(at("hate_count", room.pk), hate).status_code == 302
    page = text_of(client.get(at("tension", room.pk)))

    assert "3 · close to violence" in page
    assert "crowds" in page
    wrong = client.post(at("tension_read", room.pk), reading | {"seen": "Pak Budi shouts"})
    assert (wrong.status_code, "names a person" in text_of(wrong)) == (422, True)


def test_the_watch_is_decided_on_a_page(client):
    room = IncidentFactory(began_at=NOON)
    sign_in(client, room.owner)
    form = {"reason": "calm for weeks", "language": "en", "step": "end"}

    client.post(at("watch", room.pk), form)

    assert "The watch was ended." in text_of(client.get(at("tension", room.pk)))


def test_a_reading_is_withdrawn_by_its_organisation_on_a_page(client):
    reading = TensionReadingFactory(organisation=None)
    sign_in(client, reading.incident.owner, "contributor")
    url = at("tension_withdraw", reading.incident_id, reading.pk)
    assert client.get(url).status_code == 403

    TensionReading.objects.update(organisation=reading.incident.owner)
    client.post(url, {"reason": "wrong area"})

    reading.refresh_from_db()
    assert reading.withdrawn_because == "wrong area"


def test_a_page_of_many_readings_costs_no_more_than_one_of_few(client, flat_queries):
    room = IncidentFactory()
    sign_in(client, room.owner)
    client.get(at("tension", room.pk))

    flat_queries(
        lambda: client.get(at("tension", room.pk)),
        add_row=lambda: (
            TensionReadingFactory(incident=room, kept_by=room.owner),
            HateCountFactory(incident=room, place=PlaceFactory(parent=room.place)),
        ),
        cost=21,
    )


def test_an_empty_page_teaches(client):
    room = IncidentFactory()
    sign_in(client, room.owner)

    assert 'class="empty"' in client.get(at("tension", room.pk)).content.decode()
