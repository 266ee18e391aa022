"""The pages of an exercise: those who run it see the time line, players what came in."""

import datetime as dt

import pytest
from django.urls import reverse

from tansiq.incidents.models import Aim, Exercise, Incident, Inject, Observation, Team
from tests.factories import (
    AimFactory,
    ExerciseFactory,
    IncidentFactory,
    InjectFactory,
    MembershipFactory,
    OrganisationFactory,
    PlaybookVersionFactory,
    TeamFactory,
)
from tests.incidents.test_exercises import playbook_with_a_story
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def run_by_me(client, **incident):
    city = OrganisationFactory()
    person = sign_in(client, city, "coordinator")
    exercise = ExerciseFactory(
        incident=IncidentFactory(owner=city, is_exercise=True, **incident), facilitators=[person]
    )
    return exercise.incident


def test_an_exercise_of_the_playbook_is_started_in_two_taps(client):
    city = OrganisationFactory()
    sign_in(client, city, "coordinator")
    PlaybookVersionFactory(playbook__owner=city, document_json=playbook_with_a_story())
    page = client.get(reverse("incidents:practise"))
    assert "Explosion at a market" in page.text

    answer = client.post(
        reverse("incidents:practise"), {"owner": city.pk, "story": "market"}, follow=True
    )

    incident = Incident.objects.get()
    assert (incident.is_exercise, incident.stands_still) == (True, True)
    assert {line.inject.key for line in answer.context["planned"]} == {"a01", "a02"}
    assert "Start the clock" in answer.text


def test_only_a_coordinator_starts_an_exercise(client):
    city = OrganisationFactory()
    sign_in(client, city, "contributor")
    PlaybookVersionFactory(playbook__owner=city, document_json=playbook_with_a_story())

    answer = client.post(reverse("incidents:practise"), {"owner": city.pk, "story": "market"})

    assert answer.status_code == 403
    assert Incident.objects.count() == 0


def test_who_runs_it_moves_the_clock_and_gives_injects_from_one_page(client):
    incident = run_by_me(client)
    inject = InjectFactory(incident=incident)
    url = reverse("incidents:move_clock", args=[incident.pk])

    client.post(url, {"speed": "0"})
    incident.refresh_from_db()
    assert incident.stands_still
    before = incident.clock_room
    client.post(url, {"minutes": "15"})
    incident.refresh_from_db()
    assert incident.clock_room == before + dt.timedelta(minutes=15)
    again = client.post(url, {"speed": "0"}, follow=True)
    assert "stands still already" in again.text

    client.post(reverse("incidents:inject_give", args=[incident.pk, inject.pk]))
    page = client.get(reverse("incidents:exercise", args=[incident.pk]))
    assert [line.inject for line in page.context["given"]] == [inject]


def test_players_get_what_came_in_and_nothing_of_what_is_to_come(client):
    city = OrganisationFactory()
    sign_in(client, city, "lead")
    incident = ExerciseFactory(incident__owner=city).incident
    InjectFactory(incident=incident, title="A secret for later")
    AimFactory(incident=incident)
    moment = incident.room_time(incident.clock_real)
    InjectFactory(incident=incident, title="An embassy calls", state="given", given_at=moment)

    page = client.get(reverse("incidents:exercise", args=[incident.pk]), follow=True)

    assert page.redirect_chain == [(reverse("incidents:injects", args=[incident.pk]), 302)]
    assert [line.title for line in page.context["lines"]] == ["An embassy calls"]
    assert "A secret for later" not in page.text
    assert "A caller asks where to go." in page.text


@pytest.mark.parametrize(
    "name",
    ["move_clock", "observe", "inject_add", "team_add", "aim_add", "facilitators"],
)
def test_players_cannot_run_what_they_play_in(client, name):
    city = OrganisationFactory()
    sign_in(client, city, "lead")
    incident = ExerciseFactory(incident__owner=city).incident

    answer = client.post(reverse(f"incidents:{name}", args=[incident.pk]), {})

    assert answer.status_code == 403


def test_a_players_tap_on_a_coming_inject_finds_nothing(client):
    city = OrganisationFactory()
    sign_in(client, city, "lead")
    inject = InjectFactory(incident=ExerciseFactory(incident__owner=city).incident)

    answer = client.post(reverse("incidents:inject_give", args=[inject.incident_id, inject.pk]))

    assert answer.status_code == 404
    inject.refresh_from_db()
    assert inject.is_planned


def test_a_real_incident_has_no_page_of_an_exercise(client):
    incident = IncidentFactory()
    sign_in(client, incident.owner)

    for name in ("exercise", "injects"):
        assert client.get(reverse(f"incidents:{name}", args=[incident.pk])).status_code == 404


def test_injects_teams_and_objectives_are_written_and_changed(client):
    incident = run_by_me(client)
    player = MembershipFactory(organisation=incident.owner).person
    room = [incident.pk]
    client.post(
        reverse("incidents:team_add", args=room),
        {"name": "Blue", "language": "id", "people": [player.pk], "revision": 0},
    )
    team = Team.objects.get()
    assert set(team.people.all()) == {player}
    inject = {
        "title": "A caller",
        "text": "Where shall families go?",
        "planned_at": "2026-05-04T14:30",
        "look": "phone",
        "team": team.pk,
        "within": "10",
        "is_automatic": "on",
        "revision": 0,
    }
    client.post(reverse("incidents:inject_add", args=room), inject)
    made = Inject.objects.get()
    assert (made.team, made.look, made.within) == (team, "phone", 10)
    change = reverse("incidents:inject_edit", args=[incident.pk, made.pk])
    client.post(change, inject | {"within": "20", "revision": made.revision})
    made.refresh_from_db()
    assert made.within == 20
    stale = client.post(change, inject | {"within": "25", "revision": 1})
    assert (stale.status_code, stale.context["is_conflict"]) == (422, True)

    client.post(reverse("incidents:aim_add", args=room), {"text": "Words in time", "revision": 0})
    aim = Aim.objects.get()
    client.post(
        reverse("incidents:observe", args=room),
        {"aim": aim.pk, "rating": "mostly", "note": "Late in one language"},
    )
    assert Observation.objects.get().aim == aim
    page = client.get(reverse("incidents:exercise", args=room))
    assert "it worked with small difficulties" in page.text
    assert page.status_code == 200


def test_an_observation_or_an_inject_that_names_a_person_is_refused_and_kept(client):
    incident = run_by_me(client)
    aim = AimFactory(incident=incident)

    answer = client.post(
        reverse("incidents:observe", args=[incident.pk]),
        {"aim": aim.pk, "rating": "partly", "note": "Mayor Santos answered late"},
    )

    assert answer.status_code == 422
    assert "Mayor Santos answered late" in answer.text
    assert Observation.objects.count() == 0


def test_an_exercise_that_was_activated_without_a_story_is_set_up_by_a_coordinator(client):
    city = OrganisationFactory()
    person = sign_in(client, city, "coordinator")
    version = PlaybookVersionFactory(playbook__owner=city, document_json=playbook_with_a_story())
    incident = IncidentFactory(owner=city, is_exercise=True, playbook=version)
    page = client.get(reverse("incidents:exercise", args=[incident.pk]))
    assert "Which story is played?" in page.text

    client.post(reverse("incidents:set_up_exercise", args=[incident.pk]), {"story": "market"})

    assert set(Exercise.objects.get().facilitators.all()) == {person}
    assert Inject.objects.count() == 2


def test_the_time_line_costs_the_same_for_one_inject_as_for_three(client, flat_queries):
    incident = run_by_me(client)
    url = reverse("incidents:exercise", args=[incident.pk])

    def add_row():
        team = TeamFactory(incident=incident)
        InjectFactory(incident=incident, team=team)
        AimFactory(incident=incident)

    client.get(url)
    flat_queries(lambda: client.get(url), add_row=add_row, cost=31)
