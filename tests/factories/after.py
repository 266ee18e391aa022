"""The plainest valid exercises, reviews, and what helps people afterwards."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from tansiq.incidents.models import (
    AfterAction,
    Aim,
    Corrective,
    DebriefNote,
    Exercise,
    FamiliesCount,
    Finding,
    HateCount,
    Inject,
    Match,
    Need,
    Observation,
    Service,
    Team,
    TensionReading,
)
from tests.factories.access import NOON, TODAY
from tests.factories.incidents import IncidentFactory


class ExerciseFactory(DjangoModelFactory):
    """A running exercise that somebody of the city runs."""

    class Meta:
        model = Exercise
        skip_postgeneration_save = True

    incident = factory.SubFactory(IncidentFactory, is_exercise=True)
    story = ""

    @factory.post_generation
    def facilitators(self, create, people, **more):
        if create:
            self.facilitators.set(people or [])


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team

    incident = factory.SubFactory(IncidentFactory, is_exercise=True)
    name = factory.Sequence(lambda n: f"Team {n}")
    language = "en"


class InjectFactory(DjangoModelFactory):
    """An inject that is planned for an hour after noon, for everybody."""

    class Meta:
        model = Inject

    incident = factory.SubFactory(IncidentFactory, is_exercise=True)
    title = factory.Sequence(lambda n: f"Call number {n}")
    text = "A caller asks where to go."
    expected = "Somebody names the family centre."
    language = "en"
    planned_at = NOON + dt.timedelta(hours=1)


class AimFactory(DjangoModelFactory):
    class Meta:
        model = Aim

    incident = factory.SubFactory(IncidentFactory, is_exercise=True)
    text = "Words are out within half an hour"
    language = "en"


class ObservationFactory(DjangoModelFactory):
    class Meta:
        model = Observation

    aim = factory.SubFactory(AimFactory)
    incident = factory.SelfAttribute("aim.incident")
    rating = "mostly"
    language = "en"
    at = NOON
    recorded_at = NOON


class AfterActionFactory(DjangoModelFactory):
    class Meta:
        model = AfterAction

    incident = factory.SubFactory(IncidentFactory)
    language = "en"


class FindingFactory(DjangoModelFactory):
    class Meta:
        model = Finding

    incident = factory.SubFactory(IncidentFactory)
    kind = "improve"
    text = "The second number of the helpline was not known"
    language = "en"


class CorrectiveFactory(DjangoModelFactory):
    class Meta:
        model = Corrective

    finding = factory.SubFactory(FindingFactory)
    incident = factory.SelfAttribute("finding.incident")
    text = "Print both numbers on the role cards"
    language = "en"
    lead = factory.SelfAttribute("incident.owner")
    due_on = dt.date(2026, 12, 1)


class DebriefNoteFactory(DjangoModelFactory):
    class Meta:
        model = DebriefNote

    incident = factory.SubFactory(IncidentFactory)
    group = "families"
    heard_on = dt.date(2026, 8, 1)
    people = 7
    theme = "information"
    text = "They learnt from television first."
    language = "en"


class NeedFactory(DjangoModelFactory):
    """Ten people of everybody in the place of the room need medical help."""

    class Meta:
        model = Need

    incident = factory.SubFactory(IncidentFactory)
    kind = "medical"
    place = factory.SelfAttribute("incident.place")
    count = 10
    source = "helpline"
    language = "en"
    told_at = NOON


class ServiceFactory(DjangoModelFactory):
    """A clinic in the place of the room that runs since the day before, with 20 places."""

    class Meta:
        model = Service

    incident = factory.SubFactory(IncidentFactory)
    body = "District hospital"
    activity = "clinic"
    kind = "medical"
    place = factory.SelfAttribute("incident.place")
    starts_on = TODAY - dt.timedelta(days=1)
    capacity = 20
    language = "en"


class MatchFactory(DjangoModelFactory):
    class Meta:
        model = Match

    need = factory.SubFactory(NeedFactory)
    incident = factory.SelfAttribute("need.incident")
    service = factory.SubFactory(ServiceFactory, incident=factory.SelfAttribute("..incident"))
    count = 1
    made_at = NOON


class FamiliesCountFactory(DjangoModelFactory):
    class Meta:
        model = FamiliesCount

    incident = factory.SubFactory(IncidentFactory)
    families = 12
    with_navigator = 9
    navigators = 3
    at = NOON


class TensionReadingFactory(DjangoModelFactory):
    """Somebody of the city felt unease in its place today."""

    class Meta:
        model = TensionReading

    incident = factory.SubFactory(IncidentFactory)
    place = factory.SelfAttribute("incident.place")
    organisation = factory.SelfAttribute("incident.owner")
    on = TODAY
    basis = "experienced"
    level = 1
    domain = "other"
    language = "en"
    confidence = "medium"
    at = NOON


class HateCountFactory(DjangoModelFactory):
    class Meta:
        model = HateCount

    incident = factory.SubFactory(IncidentFactory)
    place = factory.SelfAttribute("incident.place")
    organisation = factory.SelfAttribute("incident.owner")
    on = factory.Sequence(lambda n: TODAY - dt.timedelta(days=n % 5))
    kind = "insult"
    target = "other"
    source = "police"
    count = 1
    at = NOON
