"""Requests for support between the levels: asked, answered, delivered, and late ones told."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.access.models import Notice
from tansiq.incidents.actions.support import (
    STEPS,
    Asking,
    Said,
    SupportError,
    answer_support,
    ask_for_support,
    settle_support,
    warn_of_late_answers,
)
from tansiq.incidents.models import Entry, SupportRequest
from tansiq.incidents.queries.support import answer_times, owed_requests
from tests.factories import (
    NOON,
    IncidentFactory,
    OrganisationFactory,
    PlaceFactory,
    SupportRequestFactory,
    actor_of,
)
from tests.people import sign_in

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


def two_levels(**incident):
    """A city that runs an incident, and its nation, which takes part."""
    country = PlaceFactory()
    nation = OrganisationFactory(place=country, name="Nation")
    city = OrganisationFactory(place=PlaceFactory(parent=country), name="City")
    room = IncidentFactory(owner=city, **incident)
    room.named_organisations.add(nation)
    return room, city, nation


def asking(city, nation, **changes):
    given = {
        "from_organisation": city,
        "to_organisation": nation,
        "kind": "medical",
        "what": "Ambulances",
        "urgency": "now",
        "language": "en",
        "quantity": 4,
        "unit": "vehicles",
    }
    return Asking(**given | changes)


def codes(room):
    return [entry.code for entry in Entry.objects.filter(incident=room).order_by("pk")]


def test_a_request_goes_its_way_and_both_sides_read_each_step_in_the_log():
    room, city, nation = two_levels()
    ours, theirs = actor_of(city), actor_of(nation)

    asked = ask_for_support(room, asking(city, nation), by=ours, at=NOON)
    answer_support(asked, "seen", Said(), by=theirs, at=NOON + 2 * MINUTE)
    offer = Said("Two ambulances, and a helicopter.", quantity=2)
    answer_support(asked, "offered", offer, by=theirs, at=NOON + 5 * MINUTE)
    settle_support(asked, "taken", Said(), by=ours, at=NOON + 6 * MINUTE)
    answer_support(asked, "delivered", Said(), by=theirs, at=NOON + 30 * MINUTE)
    settle_support(asked, "disputed", Said("One came."), by=ours, at=NOON + 40 * MINUTE)
    answer_support(asked, "delivered", Said(), by=theirs, at=NOON + 50 * MINUTE)
    settle_support(asked, "confirmed", Said(), by=ours, at=NOON + 51 * MINUTE)

    assert codes(room) == [
        "support_asked",
        "support_seen",
        "support_offered",
        "support_taken",
        "support_delivered",
        "support_disputed",
        "support_delivered",
        "support_confirmed",
    ]
    asked.refresh_from_db()
    assert asked.state == "confirmed"
    assert asked.answer_due_at == NOON + 30 * MINUTE
    assert (asked.seen_at, asked.answered_at, asked.ended_at) == (
        NOON + 2 * MINUTE,
        NOON + 5 * MINUTE,
        NOON + 51 * MINUTE,
    )


def test_the_same_post_twice_asks_once():
    room, city, nation = two_levels()
    key = uuid.uuid4()

    first = ask_for_support(room, asking(city, nation), by=actor_of(city), at=NOON, client_key=key)
    again = ask_for_support(
        room, asking(city, nation), by=actor_of(city), at=NOON + MINUTE, client_key=key
    )

    assert first == again
    assert SupportRequest.objects.count() == 1
    assert codes(room) == ["support_asked"]


def test_the_second_of_two_who_answer_is_told_what_stands_and_changes_nothing():
    room, city, nation = two_levels()
    asked = SupportRequestFactory(incident=room, to_organisation=nation)
    refused = SupportRequest.objects.get(pk=asked.pk)
    answer_support(asked, "accepted", Said("Coming."), by=actor_of(nation), at=NOON)
    settle_support(asked, "withdrawn", Said(), by=actor_of(city), at=NOON)

    with pytest.raises(SupportError, match="now stands at “withdrawn”"):
        answer_support(refused, "refused", Said("None left."), by=actor_of(nation), at=NOON)

    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("withdrawn", "Coming.")


@pytest.mark.parametrize("step", ["refused", "partly", "offered"])
def test_a_no_and_half_a_yes_need_words(step):
    room, _city, nation = two_levels()
    asked = SupportRequestFactory(incident=room, to_organisation=nation)

    with pytest.raises(SupportError, match="Say w"):
        answer_support(asked, step, Said(" "), by=actor_of(nation), at=NOON)

    assert codes(room) == []


def test_who_does_not_take_part_cannot_be_asked():
    room, city, _nation = two_levels()
    stranger = OrganisationFactory(name="Stranger")

    with pytest.raises(SupportError, match="Stranger does not take part"):
        ask_for_support(room, asking(city, stranger), by=actor_of(city), at=NOON)


@settings(max_examples=30)
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), max_size=8))
def test_no_order_of_steps_leads_past_the_way_or_out_of_an_end(steps):
    room, _city, nation = two_levels()
    asked = SupportRequestFactory(incident=room, to_organisation=nation)
    stands = "asked"

    for name in steps:
        act = answer_support if STEPS[name].rule.endswith("answer_support") else settle_support
        try:
            act(asked, name, Said("Words."), by=actor_of(nation), at=NOON)
        except SupportError:
            assert stands not in STEPS[name].starts
        else:
            assert stands in STEPS[name].starts
            stands = STEPS[name].state.value
        asked.refresh_from_db()
        assert asked.state == stands

    assert (asked.ended_at is not None) == (stands in {"refused", "confirmed", "withdrawn"})
    assert Entry.objects.filter(incident=room, code="support_asked").count() == 0


def test_a_late_answer_is_told_once_to_both_sides(client):
    room, city, nation = two_levels()
    sign_in(client, nation, "contributor", name="Officer")
    sign_in(client, city, "contributor", name="Aide")
    SupportRequestFactory(incident=room, to_organisation=nation)
    due = NOON + dt.timedelta(hours=4)

    told = [warn_of_late_answers(at=moment) for moment in (due, due + MINUTE, due + 2 * MINUTE)]

    assert told == [0, 1, 0]
    assert set(Notice.objects.values_list("code", "person__name")) == {
        ("incidents.support_late", "Officer"),
        ("incidents.support_late", "Aide"),
    }
    assert codes(room) == ["support_late"]


def test_the_clock_of_an_exercise_that_stands_still_makes_nothing_late():
    room, _city, nation = two_levels(is_exercise=True, clock_speed=0)
    SupportRequestFactory(incident=room, to_organisation=nation)

    assert warn_of_late_answers(at=NOON + dt.timedelta(days=3)) == 0


def test_what_is_owed_never_mixes_exercises_with_the_real_thing():
    room, _city, nation = two_levels()
    practice, _other_city, _other = two_levels(is_exercise=True)
    practice.named_organisations.add(nation)
    mine = SupportRequestFactory(incident=room, to_organisation=nation)
    played = SupportRequestFactory(incident=practice, to_organisation=nation)
    SupportRequestFactory(incident=room, to_organisation=nation, state="withdrawn")

    seen = SupportRequest.objects.visible_to(actor_of(nation))
    real, exercise = owed_requests(seen, ours=frozenset({nation.pk}), at=NOON)

    assert [row.request for row in real.to_answer] == [mine]
    assert [row.request for row in exercise.to_answer] == [played]


def test_times_of_both_directions_are_those_of_a_plain_count():
    room, city, nation = two_levels()
    late = NOON + dt.timedelta(hours=5)
    SupportRequestFactory(incident=room, to_organisation=nation, answered_at=late, state="refused")
    SupportRequestFactory(incident=room, to_organisation=nation, answered_at=NOON + 10 * MINUTE)
    SupportRequestFactory(incident=room, from_organisation=nation, to_organisation=city)

    times = answer_times(room, at=late)

    up, down = times["up"], times["down"]
    assert (up.asked, up.answered, up.late, up.refused) == (2, 2, 1, 1)
    assert (up.median_minutes, up.longest_minutes) == (155, 300)
    assert (down.asked, down.answered, down.late, down.median_minutes) == (1, 0, 1, None)
    assert times["across"].asked == 0


def test_each_side_sees_its_own_buttons_and_a_stranger_sees_nothing(client):
    room, city, nation = two_levels()
    asked = SupportRequestFactory(incident=room, to_organisation=nation)
    url = asked.get_absolute_url()
    seen = {}

    for name, body in {"city": city, "nation": nation, "other": OrganisationFactory()}.items():
        sign_in(client, body, "contributor")
        page = client.get(url)
        context = page.context or {}
        seen[name] = (
            page.status_code,
            bool(context.get("may_answer")) if page.status_code == 200 else None,
            bool(context.get("may_settle")) if page.status_code == 200 else None,
        )

    assert seen == {
        "city": (200, False, True),
        "nation": (200, True, False),
        "other": (404, None, None),
    }


def test_asking_and_answering_in_the_browser(client):
    room, city, nation = two_levels()
    sign_in(client, city, "contributor")
    data = {
        "from_organisation": city.pk,
        "to_organisation": nation.pk,
        "kind": "transport",
        "what": "Buses",
        "quantity": "3",
        "unit": "buses",
        "urgency": "hours",
        "needed_by": "2026-05-04T18:00",
        "why": "People are stranded.",
        "client_key": str(uuid.uuid4()),
    }
    form = client.get(reverse("incidents:support_ask", args=[room.pk]))
    client.post(reverse("incidents:support_ask", args=[room.pk]), data)
    asked = SupportRequest.objects.get()
    sign_in(client, nation, "contributor")
    answer = reverse("incidents:support_answer", args=[room.pk, asked.pk])

    without_words = client.post(answer, {"step": "refused", "text": ""})
    client.post(answer, {"step": "accepted", "text": "At six.", "quantity": "3"})
    wrong_side = client.post(
        reverse("incidents:support_step", args=[room.pk, asked.pk, "confirmed"]), {}
    )
    client.post(
        reverse("incidents:support_message", args=[room.pk, asked.pk]), {"text": "Which road?"}
    )

    assert form.status_code == 200
    assert without_words.status_code == 422
    assert wrong_side.status_code == 403
    asked.refresh_from_db()
    assert (asked.state, asked.answer, asked.quantity) == ("accepted", "At six.", 3)
    assert [one.text for one in asked.messages.all()] == ["Which road?"]


def test_what_is_owed_costs_the_same_however_long_the_list(flat_queries):
    room, _city, nation = two_levels()
    seen = SupportRequest.objects.visible_to(actor_of(nation))

    flat_queries(
        lambda: owed_requests(seen.all(), ours=frozenset({nation.pk}), at=NOON),
        add_row=lambda: SupportRequestFactory(incident=room, to_organisation=nation),
        cost=1,
    )
