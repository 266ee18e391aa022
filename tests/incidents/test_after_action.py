"""What the after-action report counts, who reads it, and where its findings go."""

import datetime as dt
import io
import zipfile

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.access.actor import Actor
from tansiq.access.queries import actor_for
from tansiq.incidents.actions import after_action as learning
from tansiq.incidents.actions.after_action import LearningError
from tansiq.incidents.actions.log import Line, write_down
from tansiq.incidents.models import (
    AfterAction,
    Corrective,
    DebriefNote,
    EntryKind,
    Finding,
    Task,
)
from tansiq.incidents.queries import after_action as figures
from tansiq.incidents.queries.after_action_pages import document_for
from tansiq.plans.models import Action, Amendment, Proposal
from tansiq.plans.queries.versions.content import read
from tests.factories import (
    NOON,
    AfterActionFactory,
    AimFactory,
    CorrectiveFactory,
    DebriefNoteFactory,
    ExerciseFactory,
    IncidentFactory,
    MembershipFactory,
    ObjectiveFactory,
    ObservationFactory,
    OrganisationFactory,
    PlaceFactory,
    PlanFactory,
    SeatFactory,
    TaskFactory,
    actor_of,
)
from tests.people import sign_in

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
SYSTEM = Actor.system("test")

some_task = st.tuples(
    st.none() | st.integers(-200, 200),  # due, in minutes from noon
    st.none() | st.integers(-200, 200),  # ended
    st.sampled_from(["done", "not_needed"]),
    st.sampled_from([0, 1, 2]),  # the level of who did it
)


@pytest.fixture
def bodies(db):
    nation = PlaceFactory()
    province = PlaceFactory(parent=nation)
    city = PlaceFactory(parent=province)
    return {one.level: OrganisationFactory(place=one) for one in (nation, province, city)}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_tasks=st.lists(some_task, max_size=8))
def test_times_of_tasks_are_those_that_one_reckons_by_hand(bodies, given_tasks):
    incident = IncidentFactory(owner=bodies[2])
    incident.named_organisations.set(list(bodies.values()))
    by_hand = {"in_time": 0, "late": [], "open": 0}
    levels = {}
    for due, ended, state, level in given_tasks:
        task = TaskFactory(
            incident=incident,
            due_at=None if due is None else NOON + due * MINUTE,
            state="open" if ended is None else state,
            ended_at=None if ended is None else NOON + ended * MINUTE,
        )
        if ended is not None and state == "done":
            by = actor_of(bodies[level], "contributor")
            line = Line(EntryKind.TASK, "task_done", {"task": task.key}, subject=task)
            write_down(incident, line, rule="incidents.task_do", by=by, at=NOON)
        if due is None or (ended is not None and state == "not_needed"):
            continue
        late_by = (0 if ended is None else ended) - due
        if late_by > 0:
            by_hand["late"].append(late_by)
            by_hand["open"] += ended is None
        elif ended is not None:
            by_hand["in_time"] += 1
        if ended is not None:
            levels.setdefault(level, []).append(late_by)

    rows = figures.task_times(incident, NOON)
    timing = figures.timing_of(rows)

    late = sorted(by_hand["late"])
    middle = None
    if late:
        half = len(late) // 2
        middle = late[half] if len(late) % 2 else (late[half - 1] + late[half]) / 2
    assert (timing.due, timing.in_time, timing.late, timing.still_open) == (
        by_hand["in_time"] + len(late),
        by_hand["in_time"],
        len(late),
        by_hand["open"],
    )
    assert (timing.median_delay, timing.longest_delay) == (middle, max(late, default=None))
    found = {level: (one.due, one.late) for level, one in figures.timing_by_level(rows) if one.due}
    assert found == {
        level: (len(delays), sum(delay > 0 for delay in delays)) for level, delays in levels.items()
    }


def test_a_report_of_a_closed_incident_counts_until_its_end_and_no_further():
    incident = IncidentFactory(status="closed", closed_at=NOON)
    TaskFactory(incident=incident, due_at=NOON + MINUTE)

    timing = figures.timing_of(figures.task_times(incident, NOON + dt.timedelta(days=30)))

    assert timing.due == 0


def test_a_room_in_which_nothing_happened_says_so_in_each_section():
    incident = IncidentFactory()

    document = document_for(actor_of(incident.owner), incident, at=NOON)

    texts = [getattr(block, "text", "") for block in document.blocks]
    assert texts.count("Nothing was recorded.") == 11
    assert document.state == "Draft"


def readers(kind, incident, people):
    return {
        name
        for name, person in people.items()
        if kind.objects.visible_to(actor_for(person, at=NOON)).filter(incident=incident).exists()
    }


@pytest.mark.parametrize("is_exercise", [False, True])
def test_words_and_findings_are_read_by_those_who_write_them_until_they_are_shared(is_exercise):
    city, above, other = (OrganisationFactory() for _n in range(3))
    incident = IncidentFactory(owner=city, is_exercise=is_exercise)
    incident.named_organisations.set([above])
    bodies = {"coordinator": city, "contributor": city, "seat": above, "above": above, "x": other}
    people = {
        name: MembershipFactory(
            organisation=one, role="coordinator" if name == "coordinator" else "contributor"
        ).person
        for name, one in bodies.items()
    }
    people["facilitator"] = MembershipFactory(organisation=above, role="contributor").person
    SeatFactory(incident=incident, is_leading=True, holder=people["seat"])
    if is_exercise:
        ExerciseFactory(incident=incident, facilitators=[people["facilitator"]])
    report = AfterActionFactory(incident=incident)
    CorrectiveFactory(finding__incident=incident)
    DebriefNoteFactory(incident=incident)
    writers = {"facilitator"} if is_exercise else {"coordinator", "seat"}
    for kind in (AfterAction, Finding, Corrective, DebriefNote):
        assert readers(kind, incident, people) == writers

    report.shared_at = NOON
    report.save()

    for kind in (AfterAction, Finding, Corrective, DebriefNote):
        assert readers(kind, incident, people) == set(people) - {"x"}


def test_a_report_without_words_is_not_shared():
    incident = IncidentFactory(status="closed", closed_at=NOON)
    AfterActionFactory(incident=incident)

    with pytest.raises(LearningError):
        learning.share_report(incident, by=SYSTEM, at=NOON)

    AfterAction.objects.update(summary="It was quick.")
    learning.share_report(incident, by=SYSTEM, at=NOON)
    assert AfterAction.objects.get().shared_at == NOON


def test_what_is_to_be_done_becomes_an_action_of_a_plan_that_is_drafted():
    corrective = CorrectiveFactory()
    objective = ObjectiveFactory(plan__owner=corrective.incident.owner, plan__status="draft")

    learning.carry_into_plan(corrective, objective, by=actor_of(objective.plan.owner), at=NOON)

    action = Action.objects.get()
    assert (action.title, action.lead, action.ends_on, action.objective) == (
        corrective.text,
        corrective.lead,
        corrective.due_on,
        objective,
    )
    assert "Explosion at the market" in action.source
    assert (corrective.plan, corrective.code) == (objective.plan, action.code)
    with pytest.raises(LearningError):
        learning.carry_into_plan(corrective, objective, by=SYSTEM, at=NOON)
    with pytest.raises(LearningError):
        learning.remove_piece(corrective, by=SYSTEM, at=NOON)
    assert Action.objects.count() == 1


def test_what_is_to_be_done_goes_into_the_next_version_of_a_plan_in_force():
    from tansiq.plans.actions.plans import adopt_plan  # noqa: PLC0415 -- for this test alone

    city = OrganisationFactory()
    objective = ObjectiveFactory(plan__owner=city, plan__status="draft")
    by = actor_of(city)
    Action.objects.create(plan=objective.plan, objective=objective, code="1.1", title="First")
    adopt_plan(objective.plan, on=NOON.date(), by=by, at=NOON, legal_instrument="Order 1")
    incident = IncidentFactory(owner=city)
    first, second = (CorrectiveFactory(finding__incident=incident) for _n in range(2))

    for one in (first, second):
        learning.carry_into_plan(one, objective, by=by, at=NOON)

    content = read(Amendment.objects.get().content)
    assert {(part["code"], part["title"]) for part in content["actions"]} == {
        ("1.1", "First"),
        ("AAR-1", first.text),
        ("AAR-2", second.text),
    }
    assert (first.code, second.code) == ("AAR-1", "AAR-2")
    assert Action.objects.count() == 1


def test_a_city_proposes_what_a_national_plan_lacks():
    corrective = CorrectiveFactory()
    plan = PlanFactory(kind="national")

    learning.propose_for_plan(corrective, plan, by=actor_of(corrective.incident.owner), at=NOON)

    proposal = Proposal.objects.get()
    assert (proposal.title, proposal.owner, proposal.status) == (
        corrective.text,
        corrective.incident.owner,
        "draft",
    )
    assert corrective.proposal == proposal


def test_the_report_is_written_kept_and_carried_on_its_pages(client):
    city = OrganisationFactory()
    sign_in(client, city, "coordinator")
    incident = IncidentFactory(owner=city, status="closed", closed_at=NOON)
    TaskFactory(incident=incident, key="F-01", state="done", ended_at=NOON)
    plan = PlanFactory(owner=city, place=PlaceFactory(code="id"), status="draft")
    objective = ObjectiveFactory(plan=plan)
    room = [incident.pk]
    write = reverse("incidents:after_action_write", args=room)
    assert "Tasks due: 1; done in time: 1." in client.get(write).text
    client.post(write, {"summary": "Quick, but not in both languages.", "revision": 0})
    client.post(
        reverse("incidents:finding_add", args=room),
        {"kind": "gap", "text": "No interpreter in the first hour", "revision": 0},
    )
    finding = Finding.objects.get()
    client.post(
        reverse("incidents:corrective_add", args=[*room, finding.pk]),
        {
            "text": "Keep a list of interpreters",
            "lead": city.pk,
            "due_on": "2026-12-01",
            "revision": 0,
        },
    )
    corrective = Corrective.objects.get()
    client.post(
        reverse("incidents:debrief_add", args=room),
        {
            "group": "families",
            "heard_on": "2026-08-01",
            "people": "7",
            "theme": "information",
            "text": "They learnt it from television.",
        },
    )
    carry = reverse("incidents:corrective_carry", args=[*room, corrective.pk])
    client.post(carry, {"to": f"o{objective.pk}"})
    client.post(reverse("incidents:share_after_action", args=room))

    page = client.get(reverse("incidents:after_action", args=room))

    for words in (
        "Quick, but not in both languages.",
        "No interpreter in the first hour",
        "Keep a list of interpreters",
        "AAR-1",
        "They learnt it from television.",
        "shared with the room",
        "F-01",
    ):
        assert words in page.text
    stale = client.post(write, {"summary": "Another", "revision": 1})
    assert (stale.status_code, stale.context["is_conflict"]) == (422, True)


@pytest.mark.parametrize(
    ("name", "post"),
    [
        ("finding_add", {"kind": "gap", "text": "Sheikh Ahmad was not called"}),
        ("after_action_write", {"summary": "Call 0917 555 01 23 next time"}),
    ],
)
def test_words_that_name_a_person_or_a_number_are_refused_and_kept(client, name, post):
    city = OrganisationFactory()
    sign_in(client, city, "coordinator")
    incident = IncidentFactory(owner=city)

    answer = client.post(reverse(f"incidents:{name}", args=[incident.pk]), post | {"revision": 0})

    assert answer.status_code == 422
    assert next(iter(post.values())) in answer.text or "Sheikh Ahmad" in answer.text
    assert Finding.objects.count() == AfterAction.objects.count() == 0


def test_who_only_takes_part_waits_for_the_report(client):
    incident = IncidentFactory()
    sign_in(client, incident.owner, "contributor")

    answer = client.get(reverse("incidents:after_action", args=[incident.pk]))

    assert answer.status_code == 403
    assert "once it is shared" in answer.text


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_files_of_an_exercise_carry_its_word_and_figures(client, kind):
    city = OrganisationFactory()
    person = sign_in(client, city, "coordinator")
    incident = ExerciseFactory(incident__owner=city, facilitators=[person]).incident
    aim = AimFactory(incident=incident)
    ObservationFactory(aim=aim, incident=incident)

    answer = client.get(reverse("incidents:after_action_file", args=[incident.pk, kind]))

    assert f"exercise-after-action-{incident.pk}.{kind}" in answer["Content-Disposition"]
    if kind == "docx":
        package = zipfile.ZipFile(io.BytesIO(answer.content))
        text = "".join(
            package.read(name).decode() for name in package.namelist() if name.endswith(".xml")
        )
        assert "EXERCISE" in text
        assert "it worked with small difficulties" in text
    else:
        assert answer.content.startswith(b"%PDF-")
    document = document_for(actor_for(person, at=NOON), incident, at=NOON)
    assert document.state == "EXERCISE · Draft"


def test_a_red_incident_leaves_no_file(client):
    city = OrganisationFactory()
    person = sign_in(client, city, "coordinator")
    incident = IncidentFactory(owner=city, marking="red")
    incident.named_people.add(person)

    answer = client.get(reverse("incidents:after_action_file", args=[incident.pk, "pdf"]))

    assert answer.status_code == 403


def test_the_report_costs_the_same_for_one_task_as_for_three(client, flat_queries):
    city = OrganisationFactory()
    sign_in(client, city, "coordinator")
    incident = IncidentFactory(owner=city)
    url = reverse("incidents:after_action", args=[incident.pk])

    def add_row():
        TaskFactory(incident=incident, state="done", ended_at=NOON)
        CorrectiveFactory(finding__incident=incident)
        DebriefNoteFactory(incident=incident)

    client.get(url)
    flat_queries(lambda: client.get(url), add_row=add_row, cost=30)
    assert Task.objects.count() == 3
