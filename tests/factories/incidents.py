"""The plainest valid playbooks, rooms, and what is known and done in them."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from tansiq.incidents.models import (
    Correction,
    Fact,
    Incident,
    Playbook,
    PlaybookVersion,
    Post,
    Rumour,
    RumourCheck,
    Seat,
    SituationReport,
    SupportRequest,
    Task,
)
from tansiq.plans.models import KeyDate, Phase, Training, TrainingGoal
from tests.factories.access import NOON, MembershipFactory, OrganisationFactory
from tests.factories.plans import PlanFactory
from tests.incidents.small import small_playbook


class PhaseFactory(DjangoModelFactory):
    class Meta:
        model = Phase

    plan = factory.SubFactory(PlanFactory)
    kind = "awareness"
    title = factory.Sequence(lambda n: f"Phase {n}")
    starts_on = dt.date(2026, 1, 1)
    ends_on = dt.date(2026, 12, 31)


class KeyDateFactory(DjangoModelFactory):
    class Meta:
        model = KeyDate

    plan = factory.SubFactory(PlanFactory)
    title = factory.Sequence(lambda n: f"Key date {n}")
    on = dt.date(2026, 9, 1)


class TrainingFactory(DjangoModelFactory):
    class Meta:
        model = Training

    plan = factory.SubFactory(PlanFactory)
    place = factory.SelfAttribute("plan.place")
    title = factory.Sequence(lambda n: f"Course {n}")
    role = "officials"
    on = dt.date(2026, 3, 3)
    people = 20


class TrainingGoalFactory(DjangoModelFactory):
    class Meta:
        model = TrainingGoal

    plan = factory.SubFactory(PlanFactory)
    role = "officials"
    level = factory.Sequence(lambda n: n)
    people = 100
    by_on = dt.date(2026, 12, 31)


class PlaybookFactory(DjangoModelFactory):
    class Meta:
        model = Playbook

    owner = factory.SubFactory(OrganisationFactory)
    slug = factory.Sequence(lambda n: f"response-{n}")
    title = "City response"


class PlaybookVersionFactory(DjangoModelFactory):
    """A small playbook: three phases, two roles, three tasks; one waits for another."""

    class Meta:
        model = PlaybookVersion

    playbook = factory.SubFactory(PlaybookFactory)
    number = 1
    document_json = factory.LazyFunction(lambda: small_playbook().as_json())
    made_at = NOON
    published_at = NOON


class IncidentFactory(DjangoModelFactory):
    """A running incident that began an hour before noon, without seats or tasks."""

    class Meta:
        model = Incident

    owner = factory.SubFactory(OrganisationFactory)
    place = factory.LazyAttribute(lambda incident: incident.owner.place)
    title = "Explosion at the market"
    language = "en"
    trigger = "attack_in_city"
    playbook = factory.SubFactory(
        PlaybookVersionFactory, playbook__owner=factory.SelfAttribute("...owner")
    )
    began_at = NOON - dt.timedelta(hours=1)
    clock_real = NOON
    clock_room = NOON


class TaskFactory(DjangoModelFactory):
    class Meta:
        model = Task

    incident = factory.SubFactory(IncidentFactory)
    key = factory.Sequence(lambda n: f"T-{n}")
    phase = "P1"
    role = "COMMS"
    due_at = NOON + dt.timedelta(hours=1)


class SeatFactory(DjangoModelFactory):
    class Meta:
        model = Seat

    incident = factory.SubFactory(IncidentFactory)
    role = "COORD"


class FactFactory(DjangoModelFactory):
    """An unconfirmed fact without a history; use the action where versions matter."""

    class Meta:
        model = Fact

    incident = factory.SubFactory(IncidentFactory)
    text = factory.Sequence(lambda n: f"Fact {n}")
    language = "en"
    observed_at = NOON
    stated_at = NOON


class PostFactory(DjangoModelFactory):
    """A member who leads the organisation holds its role of communications."""

    class Meta:
        model = Post

    organisation = factory.SubFactory(OrganisationFactory)
    role = "COMMS"
    person = factory.LazyAttribute(
        lambda post: MembershipFactory(organisation=post.organisation).person
    )


class SupportRequestFactory(DjangoModelFactory):
    """Asked at noon of another organisation; an answer is owed within four hours."""

    class Meta:
        model = SupportRequest

    incident = factory.SubFactory(IncidentFactory)
    from_organisation = factory.SelfAttribute("incident.owner")
    to_organisation = factory.SubFactory(OrganisationFactory)
    kind = "medical"
    what = "Ambulances"
    language = "en"
    urgency = "hours"
    asked_at = NOON
    answer_due_at = NOON + dt.timedelta(hours=4)


class RumourFactory(DjangoModelFactory):
    """A rumour entered at noon that nobody has looked at."""

    class Meta:
        model = Rumour

    incident = factory.SubFactory(IncidentFactory)
    claim = factory.Sequence(lambda n: f"People say that bridge {n} is closed")
    language = "en"
    harm = "panic"
    heard_in = factory.LazyFunction(lambda: ["street"])
    entered_at = NOON
    triage_due_at = NOON + dt.timedelta(hours=1)


class RumourCheckFactory(DjangoModelFactory):
    class Meta:
        model = RumourCheck

    rumour = factory.SubFactory(RumourFactory)
    incident = factory.SelfAttribute("rumour.incident")
    body = "District hospital"
    asked_at = NOON


class CorrectionFactory(DjangoModelFactory):
    class Meta:
        model = Correction

    rumour = factory.SubFactory(RumourFactory, outcome="false", status="decided")
    incident = factory.SelfAttribute("rumour.incident")
    language = "en"
    claim = "The bridge is said to be closed."
    text = "The bridge is open."


class SituationReportFactory(DjangoModelFactory):
    """A draft of the organisation that runs the incident, from its first minute to noon."""

    class Meta:
        model = SituationReport

    incident = factory.SubFactory(IncidentFactory)
    number = factory.Sequence(lambda n: n + 1)
    organisation = factory.SelfAttribute("incident.owner")
    language = "en"
    covers_from = NOON - dt.timedelta(hours=1)
    covers_until = NOON
    sections = factory.LazyFunction(lambda: {"situation": "One site, police say."})
