"""The plainest valid statements and alerts."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from tansiq.incidents.models import (
    Alert,
    AlertSource,
    AlertText,
    MediaRequest,
    PressOffice,
    ReceivedAlert,
    ReceivedReference,
    RefusedAlert,
    Statement,
    StatementApproval,
    StatementRelease,
    StatementText,
)
from tests.factories.access import NOON, OrganisationFactory, PersonFactory
from tests.factories.incidents import IncidentFactory


class PressOfficeFactory(DjangoModelFactory):
    """An office that speaks English and Filipino; two approve."""

    class Meta:
        model = PressOffice

    owner = factory.SubFactory(OrganisationFactory)
    language = "en"
    languages = ["en", "fil"]


class StatementFactory(DjangoModelFactory):
    """A draft that nobody has written a text for yet."""

    class Meta:
        model = Statement

    incident = factory.SubFactory(IncidentFactory)
    number = factory.Sequence(lambda n: n + 1)
    kind = "update"
    language = "en"
    next_update_at = NOON + dt.timedelta(hours=1)
    made_at = NOON


class StatementTextFactory(DjangoModelFactory):
    class Meta:
        model = StatementText

    statement = factory.SubFactory(StatementFactory)
    language = "en"
    body = "The market is closed. Call 117 for help. Source: police."


class StatementApprovalFactory(DjangoModelFactory):
    class Meta:
        model = StatementApproval

    statement = factory.SubFactory(StatementFactory)
    version = 1
    person = factory.SubFactory(PersonFactory)
    at = NOON


class StatementReleaseFactory(DjangoModelFactory):
    class Meta:
        model = StatementRelease

    statement = factory.SubFactory(StatementFactory)
    outlet = "radio"
    at = NOON
    recorded_at = NOON


class MediaRequestFactory(DjangoModelFactory):
    class Meta:
        model = MediaRequest

    incident = factory.SubFactory(IncidentFactory)
    outlet = "City Radio"
    question = "Is the market open?"
    language = "en"
    asked_at = NOON


class AlertFactory(DjangoModelFactory):
    """The draft of an alert; its texts are made beside it."""

    class Meta:
        model = Alert

    incident = factory.SubFactory(IncidentFactory)
    is_exercise = factory.SelfAttribute("incident.is_exercise")
    status = factory.LazyAttribute(lambda alert: "Exercise" if alert.is_exercise else "Actual")
    scope = "Public"
    categories = factory.LazyFunction(lambda: ["Security"])
    responses = factory.LazyFunction(lambda: ["Avoid"])
    urgency = "Immediate"
    severity = "Severe"
    certainty = "Observed"
    expires_at = NOON + dt.timedelta(hours=6)
    drafter = factory.SelfAttribute("incident.owner")
    cosigner = factory.SelfAttribute("incident.owner")


class AlertTextFactory(DjangoModelFactory):
    class Meta:
        model = AlertText

    alert = factory.SubFactory(AlertFactory)
    language = "en"
    event = "Explosion"
    headline = "Stay away from the market"
    instruction = "Stay away from the market."
    area = "Old market"


class AlertSourceFactory(DjangoModelFactory):
    class Meta:
        model = AlertSource

    owner = factory.SubFactory(OrganisationFactory)
    marking = "green"
    name = "Weather office"
    address = factory.Sequence(lambda n: f"https://alerts.example/feed-{n}.atom")


class ReceivedAlertFactory(DjangoModelFactory):
    class Meta:
        model = ReceivedAlert

    source = factory.SubFactory(AlertSourceFactory)
    identifier = factory.Sequence(lambda n: f"alert-{n}")
    sender = "office@alerts.example"
    sent_at = NOON
    status = "Actual"
    kind = "Alert"
    scope = "Public"
    headline = "Flood on the river"
    received_at = NOON
    content = "<alert/>"


class ReceivedReferenceFactory(DjangoModelFactory):
    class Meta:
        model = ReceivedReference

    received = factory.SubFactory(ReceivedAlertFactory)
    identifier = factory.Sequence(lambda n: f"earlier-{n}")
    sender = "office@alerts.example"
    sent_at = NOON


class RefusedAlertFactory(DjangoModelFactory):
    class Meta:
        model = RefusedAlert

    source = factory.SubFactory(AlertSourceFactory)
    reason = "The file is no alert by CAP 1.2."
    fingerprint = factory.Sequence(lambda n: f"{n:064}")
    refused_at = NOON
