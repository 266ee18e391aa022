"""The plainest valid documents, pictures, consultations and national reports."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from tansiq.plans.models import (
    Asked,
    Attendance,
    Consultation,
    Document,
    Edition,
    EditionFile,
    Factor,
    Mechanism,
    NationalReport,
    Picture,
    Proposal,
    PublicContact,
    ReportText,
)
from tests.factories.access import NOON, TODAY, OrganisationFactory, PersonFactory, PlaceFactory
from tests.factories.plans import PeriodFactory, PlanFactory


class DocumentFactory(DjangoModelFactory):
    """A text file of the owner of a plan, CLEAR and published; the plan itself is not."""

    class Meta:
        model = Document
        skip_postgeneration_save = True

    plan = factory.SubFactory(PlanFactory)
    owner = factory.SelfAttribute("plan.owner")
    marking = "clear"
    published_at = NOON
    kind = "legal"
    title = factory.Sequence(lambda n: f"Document {n}")
    language = "en"
    dated_on = TODAY
    file = factory.django.FileField(filename="decree.txt", data=b"one line\n")
    name = "decree.txt"
    size = 9
    sha256 = "0" * 64
    added_at = NOON


class PublicContactFactory(DjangoModelFactory):
    class Meta:
        model = PublicContact

    plan = factory.SubFactory(PlanFactory)
    office = "Coordination office"
    email = "office@example.org"
    agreed_at = NOON


class PictureFactory(DjangoModelFactory):
    """A draft for the first half of 2026, of the place its owner leads."""

    class Meta:
        model = Picture
        skip_postgeneration_save = True

    owner = factory.SubFactory(OrganisationFactory, is_lead_of_place=True)
    place = factory.SelfAttribute("owner.place")
    starts_on = dt.date(2026, 1, 1)
    ends_on = dt.date(2026, 6, 30)
    review_on = dt.date(2027, 6, 30)
    language = "en"
    purpose = "To choose what the plan does next year"


class FactorFactory(DjangoModelFactory):
    """Economic hardship is high, and nothing answers it."""

    class Meta:
        model = Factor

    picture = factory.SubFactory(PictureFactory)
    kind = "driver"
    code = factory.Sequence(lambda n: ("hardship", "injustice", "tension", "governance")[n % 4])
    level = "high"
    confidence = "medium"
    basis = "experienced"
    language = "en"


class AskedFactory(DjangoModelFactory):
    class Meta:
        model = Asked

    factor = factory.SubFactory(FactorFactory)
    voice = "women"


class MechanismFactory(DjangoModelFactory):
    class Meta:
        model = Mechanism

    factor = factory.SubFactory(FactorFactory)
    name = "Job fair of the city"
    body_kind = "city"
    works = "partly"
    language = "en"


class ConsultationFactory(DjangoModelFactory):
    class Meta:
        model = Consultation
        skip_postgeneration_save = True

    owner = factory.SubFactory(OrganisationFactory)
    place = factory.SelfAttribute("owner.place")
    held_on = dt.date(2026, 3, 1)
    about = factory.Sequence(lambda n: f"Meeting {n}")
    said = "The bus stops too early."
    language = "en"
    marking = "green"


class AttendanceFactory(DjangoModelFactory):
    class Meta:
        model = Attendance

    consultation = factory.SubFactory(ConsultationFactory)
    voice = "women"
    persons = 12


class ProposalFactory(DjangoModelFactory):
    """A province proposes something about the whole plan; it was sent, an answer is owed."""

    class Meta:
        model = Proposal
        skip_postgeneration_save = True

    plan = factory.SubFactory(PlanFactory)
    place = factory.SubFactory(PlaceFactory, parent=factory.SelfAttribute("..plan.place"))
    owner = factory.SubFactory(
        OrganisationFactory, place=factory.SelfAttribute("..place"), is_lead_of_place=True
    )
    marking = "green"
    subject = "plan"
    language = "en"
    title = factory.Sequence(lambda n: f"Proposal {n}")
    why = "It would work better."
    basis = "experience"
    status = "sent"
    sent_at = NOON
    answer_due_on = dt.date(2026, 5, 25)


class NationalReportFactory(DjangoModelFactory):
    """A report of the nation without an edition; the actions make those."""

    class Meta:
        model = NationalReport
        skip_postgeneration_save = True

    period = factory.SubFactory(PeriodFactory)
    plan = factory.SelfAttribute("period.plan")
    owner = factory.SelfAttribute("period.plan.owner")


class ReportTextFactory(DjangoModelFactory):
    class Meta:
        model = ReportText

    report = factory.SubFactory(NationalReportFactory)
    section = "summary"
    language = "en"
    text = "Much was begun."
    written_by = factory.SubFactory(PersonFactory)


class EditionFactory(DjangoModelFactory):
    class Meta:
        model = Edition

    report = factory.SubFactory(NationalReportFactory)
    number = 1
    made_at = NOON
    figures = "{}"
    sha256 = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


class EditionFileFactory(DjangoModelFactory):
    class Meta:
        model = EditionFile

    edition = factory.SubFactory(EditionFactory)
    language = "en"
    kind = "pdf"
    fingerprint = "f" * 64
    asked_at = NOON
