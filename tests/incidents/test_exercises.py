"""Running an exercise: what comes in when, for whom, and what those who run it note."""

import datetime as dt
import uuid

import pytest
from django.core import mail
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.access import notices
from tansiq.access.actor import Actor
from tansiq.access.models import Notice
from tansiq.access.queries import actor_for
from tansiq.core.live import read_events
from tansiq.incidents.actions import clock, exercises
from tansiq.incidents.actions.exercises import ExerciseError
from tansiq.incidents.actions.opening import Opening
from tansiq.incidents.lines import filled
from tansiq.incidents.models import Entry, Exercise, Inject, Observation, Outgoing
from tansiq.incidents.playbook.document import ExerciseSpec, InjectSpec, Offset
from tansiq.incidents.queries.exercises import lines_of
from tests.factories import (
    NOON,
    AfterActionFactory,
    AimFactory,
    ExerciseFactory,
    IncidentFactory,
    InjectFactory,
    MembershipFactory,
    ObservationFactory,
    OrganisationFactory,
    PlaybookVersionFactory,
    TaskFactory,
    TeamFactory,
    actor_of,
)
from tests.incidents.small import small_playbook, words

pytestmark = pytest.mark.django_db
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


def playbook_with_a_story():
    document = small_playbook().as_json()
    story = ExerciseSpec(
        key="market",
        title=words("Explosion at a market", id="Ledakan di pasar"),
        trigger="attack_in_city",
        injects=(
            InjectSpec(
                key="a01",
                at=Offset.read("T0+PT5M"),
                title=words("Posts speak of it", id="Unggahan"),
                text=words("Posts speak of an explosion.", id="Ada unggahan."),
                to=("COMMS",),
                expected=words("Ask the police (F-01)."),
            ),
            InjectSpec(
                key="a02",
                at=Offset.read("T0+PT2H"),
                title=words("An embassy calls"),
                text=words("It wants names."),
            ),
        ),
    )
    whole = small_playbook()
    object.__setattr__(whole, "exercises", (story,))
    return document | whole.as_json()


def practised():
    city = OrganisationFactory()
    version = PlaybookVersionFactory(playbook__owner=city, document_json=playbook_with_a_story())
    opening = Opening(
        owner=city,
        place=city.place,
        title="Explosion at a market",
        language="en",
        trigger="attack_in_city",
        playbook=version,
        is_exercise=True,
    )
    facilitator = actor_of(city, "coordinator")
    return exercises.practise(opening, "market", by=facilitator, at=NOON), facilitator


def test_a_story_of_the_playbook_becomes_a_time_line_that_waits_for_its_clock():
    incident, facilitator = practised()

    planned = {(one.key, one.planned_at - NOON, *one.tasks) for one in Inject.objects.all()}
    assert planned == {("a01", 5 * MINUTE, "F-01"), ("a02", 2 * HOUR)}
    assert [one.pk for one in incident.exercise.facilitators.all()] == [facilitator.person_id]
    assert incident.room_time(NOON + HOUR) == NOON
    assert exercises.give_due_injects(at=NOON + HOUR) == 0


def test_injects_come_by_themselves_at_their_time_on_the_clock_of_the_room_and_once():
    incident, facilitator = practised()
    clock.run_clock(incident, speed=10, by=facilitator, at=NOON)

    counts = [exercises.give_due_injects(at=NOON + n * MINUTE) for n in (0, 1, 1, 12, 20)]

    assert counts == [0, 1, 0, 1, 0]
    given = dict(Inject.objects.values_list("key", "given_at"))
    assert given == {"a01": NOON + 10 * MINUTE, "a02": NOON + 2 * HOUR}
    lines = Entry.objects.filter(kind="inject").order_by("pk")
    assert [line.facts for line in lines] == [
        {"inject": "market/a01"},
        {"inject": "market/a02"},
    ]


def test_an_inject_reads_in_the_readers_language_and_tells_whether_good_play_came_in_time():
    incident, _facilitator = practised()
    inject = Inject.objects.get(key="a01")
    exercises.give_inject(inject, by=Actor.system("test"), at=NOON)
    task = incident.task_set.get(key="F-01")
    for minutes, in_time in ((10, True), (31, False)):
        type(task).objects.filter(pk=task.pk).update(state="done", ended_at=NOON + minutes * MINUTE)

        [line] = lines_of(incident, [inject], language="id", moment=NOON)

        assert (line.title, line.minutes, line.came_in_time) == ("Unggahan", minutes, in_time)
        assert line.roles == ("Komunikasi",)


def test_what_players_have_seen_is_neither_changed_nor_taken_back():
    inject = InjectFactory()
    by = Actor.system("test")
    assert exercises.give_inject(inject, by=by, at=NOON) is True

    assert exercises.give_inject(inject, by=by, at=NOON + HOUR) is False
    for refused in (
        lambda: exercises.skip_inject(inject, by=by, at=NOON),
        lambda: exercises.remove_piece(inject, by=by, at=NOON),
        lambda: exercises.edit_piece(inject, {"text": "x"}, revision=2, by=by, at=NOON),
    ):
        with pytest.raises(ExerciseError):
            refused()
    inject.refresh_from_db()
    assert (inject.given_at, inject.text) == (NOON, "A caller asks where to go.")


def test_what_is_left_out_comes_back_by_hand_only():
    inject = InjectFactory(planned_at=NOON)
    by = Actor.system("test")
    exercises.skip_inject(inject, by=by, at=NOON)
    assert exercises.give_due_injects(at=NOON + HOUR) == 0

    exercises.plan_again(inject, by=by, at=NOON)

    assert exercises.give_due_injects(at=NOON + HOUR) == 0
    assert exercises.give_inject(inject, by=by, at=NOON) is True


def test_nothing_is_given_once_the_exercise_is_over():
    inject = InjectFactory(incident__status="closed", incident__closed_at=NOON)

    with pytest.raises(ExerciseError):
        exercises.give_inject(inject, by=Actor.system("test"), at=NOON)


def test_a_real_incident_never_becomes_an_exercise():
    incident = IncidentFactory()

    with pytest.raises(ExerciseError):
        exercises.set_up_exercise(incident, by=actor_of(incident.owner), at=NOON)
    assert Exercise.objects.count() == 0


def test_setting_up_twice_is_told_and_changes_nothing():
    incident, facilitator = practised()

    with pytest.raises(ExerciseError):
        exercises.set_up_exercise(incident, "market", by=facilitator, at=NOON)
    assert Inject.objects.count() == 2


def test_a_team_with_injects_of_its_own_stays():
    inject = InjectFactory(team=TeamFactory())

    with pytest.raises(ExerciseError):
        exercises.remove_team(inject.team, by=Actor.system("test"), at=NOON)


def test_an_observation_that_is_sent_twice_is_noted_once():
    aim = AimFactory()
    key = uuid.uuid4()
    for _time in range(2):
        seen = Observation(
            incident=aim.incident, aim=aim, rating="met", language="en", client_key=key
        )
        exercises.observe(seen, by=actor_of(aim.incident.owner), at=NOON)

    assert Observation.objects.count() == 1


PEOPLE = ("facilitator", "in the team", "of a body in the team", "of the city", "named", "outside")


@pytest.fixture
def stage(db):
    """Return an exercise with a team, and six people who stand in six ways to it."""
    city, named, body, outside = (OrganisationFactory() for _n in range(4))
    incident = IncidentFactory(owner=city, is_exercise=True)
    incident.named_organisations.set([named, body])
    team = TeamFactory(incident=incident)
    bodies = (city, named, body, city, named, outside)
    people = {
        name: MembershipFactory(organisation=one).person
        for name, one in zip(PEOPLE, bodies, strict=True)
    }
    team.people.set([people["in the team"]])
    team.organisations.set([body])
    ExerciseFactory(incident=incident, facilitators=[people["facilitator"]])
    return incident, team, {name: actor_for(one, at=NOON) for name, one in people.items()}


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    plan=st.lists(
        st.tuples(st.booleans(), st.sampled_from(["planned", "given", "skipped"])), max_size=4
    ),
    is_over=st.booleans(),
)
def test_nobody_outside_a_team_sees_its_injects_and_no_player_what_is_to_come(stage, plan, is_over):
    incident, team, actors = stage
    Inject.objects.filter(incident=incident).delete()
    Entry.objects.filter(incident=incident).delete()
    incident.status, incident.closed_at = "open", None
    incident.save()
    for is_private, state in plan:
        inject = InjectFactory(incident=incident, team=team if is_private else None)
        if state == "given":
            exercises.give_inject(inject, by=Actor.system("test"), at=NOON)
        elif state == "skipped":
            exercises.skip_inject(inject, by=Actor.system("test"), at=NOON)
    if is_over:
        incident.status, incident.closed_at = "closed", NOON
        incident.save()

    for name, actor in actors.items():
        may_see = {
            one.pk
            for one in Inject.objects.filter(incident=incident)
            if name != "outside"
            and (name == "facilitator" or (one.is_given and (one.team is None or "team" in name)))
        }
        assert {one.pk for one in Inject.objects.visible_to(actor)} == may_see
        told = Entry.objects.visible_to(actor).filter(kind="inject")
        given = Inject.objects.filter(pk__in=may_see, state="given")
        assert {one.subject_id for one in told} == {one.pk for one in given}


def test_a_teams_inject_is_told_to_its_people_alone_and_says_exercise(stage):
    incident, team, actors = stage
    inject = InjectFactory(incident=incident, team=team)

    exercises.give_inject(inject, by=Actor.system("test"), at=NOON)
    notices.send_waiting_mails(at=NOON)

    told = {actors[name].person_id for name in PEOPLE if "team" in name}
    assert set(Notice.objects.values_list("person", flat=True)) == told
    assert all("[EXERCISE]" in one.subject and "[EXERCISE]" in one.body for one in mail.outbox)
    assert not any("A caller asks" in one.body for one in mail.outbox)
    assert Outgoing.objects.count() == 0


def test_observations_are_read_by_those_who_run_it_until_the_report_is_shared(stage):
    incident, _team, actors = stage
    seen = ObservationFactory(aim__incident=incident, incident=incident)

    def readers():
        return {
            name for name, actor in actors.items() if seen in Observation.objects.visible_to(actor)
        }

    assert readers() == {"facilitator"}
    AfterActionFactory(incident=incident, shared_at=NOON)
    assert readers() == set(PEOPLE) - {"outside"}


def test_an_answer_that_no_task_shows_is_noted_by_hand():
    inject = InjectFactory()
    by = Actor.system("test")
    with pytest.raises(ExerciseError):
        exercises.note_answer(inject, by=by, at=NOON)
    exercises.give_inject(inject, by=by, at=NOON)

    exercises.note_answer(inject, by=by, at=NOON + 12 * MINUTE)
    exercises.note_answer(inject, by=by, at=NOON + HOUR)

    [line] = lines_of(inject.incident, [inject], language="en", moment=NOON)
    assert (line.minutes, line.came_in_time) == (12, True)


def test_a_task_that_was_done_before_answers_an_inject_at_once():
    inject = InjectFactory(tasks=["F-05"])
    TaskFactory(incident=inject.incident, key="F-05", state="done", ended_at=NOON - HOUR)
    exercises.give_inject(inject, by=Actor.system("test"), at=NOON)

    [line] = lines_of(inject.incident, [inject], language="en", moment=NOON)

    assert (line.minutes, line.came_in_time) == (0, True)


def test_a_teams_inject_never_travels_to_the_pages_of_others(stage):
    incident, team, _actors = stage
    for of_team in (team, None):
        inject = InjectFactory(incident=incident, team=of_team)
        exercises.give_inject(inject, by=Actor.system("test"), at=NOON)

    for_team, for_all = [
        filled(incident, "en", event)
        for event in read_events(0, channels=[incident.channel])
        if event.name == "entry"
    ]

    assert set(for_team) == {"entry", "kind"}
    assert "A caller asks where to go." in for_all["html"]
