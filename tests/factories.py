"""The plainest valid object of each kind. What a test is about, the test says itself."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Contact, Membership, Organisation, Person, Place, PlaceLink
from tansiq.access.queries import actor_for
from tansiq.exchange.models import Group, Item, ItemKind, Receipt
from tansiq.incidents.models import (
    AfterAction,
    Aim,
    Alert,
    AlertSource,
    AlertText,
    Correction,
    Corrective,
    DebriefNote,
    Exercise,
    Fact,
    FamiliesCount,
    Finding,
    HateCount,
    Incident,
    Inject,
    Match,
    MediaRequest,
    Need,
    Observation,
    Playbook,
    PlaybookVersion,
    Post,
    PressOffice,
    ReceivedAlert,
    ReceivedReference,
    RefusedAlert,
    Rumour,
    RumourCheck,
    Seat,
    Service,
    SituationReport,
    Statement,
    StatementApproval,
    StatementRelease,
    StatementText,
    SupportRequest,
    Task,
    Team,
    TensionReading,
)
from tansiq.plans.models import (
    Action,
    Activity,
    Alignment,
    Asked,
    Attendance,
    BudgetLine,
    Consultation,
    Conversation,
    Cost,
    Datapoint,
    Delivery,
    Document,
    Edition,
    EditionFile,
    Evidence,
    Factor,
    Indicator,
    KeyDate,
    Mechanism,
    Message,
    Milestone,
    NationalReport,
    Objective,
    Overlap,
    Period,
    Phase,
    Picture,
    Pillar,
    Plan,
    Proposal,
    PublicContact,
    Rate,
    Remark,
    Reminder,
    Report,
    ReportText,
    StaffYear,
    Stage,
    Target,
    Training,
    TrainingGoal,
)
from tests.incidents.small import small_playbook

# The moment at which tests happen; terms, plans and periods below are in force then.
NOON = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)


TODAY = NOON.date()


class PlaceFactory(DjangoModelFactory):
    """A country; with `parent`, a place one level below it. Links are made like real ones."""

    class Meta:
        model = Place
        skip_postgeneration_save = True

    parent = None
    level = factory.LazyAttribute(lambda place: place.parent.level + 1 if place.parent else 0)
    kind = factory.LazyAttribute(lambda place: _KINDS[min(place.level, 2)])
    country_code = factory.LazyAttribute(
        lambda place: place.parent.country_code if place.parent else "id"
    )
    code = factory.LazyAttributeSequence(lambda place, n: f"{place.country_code}-{n}")
    name = factory.Sequence(lambda n: f"Place {n}")

    @factory.post_generation
    def links(self, create, extracted, **_more):
        if not create:
            return
        above = PlaceLink.objects.filter(place=self.parent) if self.parent else []
        PlaceLink.objects.bulk_create(
            [
                PlaceLink(ancestor=self, place=self, depth=0),
                *(
                    PlaceLink(ancestor_id=link.ancestor_id, place=self, depth=link.depth + 1)
                    for link in above
                ),
            ]
        )


_KINDS = ("country", "province", "city")


class OrganisationFactory(DjangoModelFactory):
    """A city's government in a country of its own, unless `place` says where."""

    class Meta:
        model = Organisation
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"organisation-{n}")
    name = factory.Sequence(lambda n: f"Organisation {n}")
    kind = "city"
    place = factory.SubFactory(PlaceFactory)
    country_code = factory.LazyAttribute(
        lambda organisation: organisation.place.country_code if organisation.place else ""
    )


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    email = factory.Sequence(lambda n: f"person-{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = "!"


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = "lead"
    starts_on = dt.date(2020, 1, 1)
    consented_at = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Contact {n}")
    function = "Head of the health service"
    email = factory.Sequence(lambda n: f"contact-{n}@example.org")
    consented_on = dt.date(2026, 1, 1)
    consent_note = "By letter"


class PlanFactory(DjangoModelFactory):
    """A national plan under way, of the owner's country; AMBER, as everything is at first."""

    class Meta:
        model = Plan
        skip_postgeneration_save = True

    owner = factory.SubFactory(OrganisationFactory)
    place = factory.SelfAttribute("owner.place")
    country = factory.LazyAttribute(lambda plan: _country_of(plan.place))
    slug = factory.Sequence(lambda n: f"plan-{n}")
    kind = "national"
    title = factory.Sequence(lambda n: f"Plan {n}")
    language = "en"
    starts_on = dt.date(2025, 1, 1)
    ends_on = dt.date(2029, 12, 31)
    status = "under_way"


def _country_of(place):
    return place if place.level == 0 else Place.objects.get(links_down__place=place, level=0)


class PillarFactory(DjangoModelFactory):
    class Meta:
        model = Pillar

    plan = factory.SubFactory(PlanFactory)
    code = factory.Sequence(lambda n: f"P{n}")
    title = factory.Sequence(lambda n: f"Pillar {n}")


class ObjectiveFactory(DjangoModelFactory):
    class Meta:
        model = Objective

    plan = factory.SubFactory(PlanFactory)
    pillar = factory.SubFactory(PillarFactory, plan=factory.SelfAttribute("..plan"))
    code = factory.Sequence(lambda n: f"O{n}")
    title = factory.Sequence(lambda n: f"Objective {n}")


class ActionFactory(DjangoModelFactory):
    class Meta:
        model = Action
        skip_postgeneration_save = True

    plan = factory.SubFactory(PlanFactory)
    objective = factory.SubFactory(ObjectiveFactory, plan=factory.SelfAttribute("..plan"))
    code = factory.Sequence(lambda n: f"A{n}")
    title = factory.Sequence(lambda n: f"Action {n}")


class DutyFactory(ActionFactory):
    """What the national level owes to each place."""

    kind = "duty"


class MilestoneFactory(DjangoModelFactory):
    class Meta:
        model = Milestone

    action = factory.SubFactory(ActionFactory)
    title = factory.Sequence(lambda n: f"Milestone {n}")
    due_on = dt.date(2026, 9, 1)


class DeliveryFactory(DjangoModelFactory):
    class Meta:
        model = Delivery

    action = factory.SubFactory(DutyFactory)
    place = factory.SubFactory(PlaceFactory, parent=factory.SelfAttribute("..action.plan.place"))
    due_on = dt.date(2026, 6, 1)


class AlignmentFactory(DjangoModelFactory):
    """A place refuses a national action, with a reason; with `local_action`, say `relation`."""

    class Meta:
        model = Alignment

    national_action = factory.SubFactory(ActionFactory)
    place = factory.SubFactory(
        PlaceFactory, parent=factory.SelfAttribute("..national_action.plan.place")
    )
    local_action = None
    relation = "not_applicable"
    reason = "There is no prison here."


class StageFactory(DjangoModelFactory):
    class Meta:
        model = Stage

    plan = factory.SubFactory(PlanFactory)
    place = factory.SubFactory(PlaceFactory, parent=factory.SelfAttribute("..plan.place"))
    name = "drafting"
    since_on = dt.date(2026, 1, 1)


class IndicatorFactory(DjangoModelFactory):
    class Meta:
        model = Indicator

    plan = factory.SubFactory(PlanFactory)
    code = factory.Sequence(lambda n: f"I{n}")
    title = factory.Sequence(lambda n: f"Indicator {n}")


class TargetFactory(DjangoModelFactory):
    class Meta:
        model = Target

    indicator = factory.SubFactory(IndicatorFactory)
    place = factory.SelfAttribute("indicator.plan.place")
    target = 100


class PeriodFactory(DjangoModelFactory):
    """The first half of 2026, to be reported by the end of July."""

    class Meta:
        model = Period

    plan = factory.SubFactory(PlanFactory)
    starts_on = dt.date(2026, 1, 1)
    ends_on = dt.date(2026, 6, 30)
    due_on = dt.date(2026, 7, 30)


class ReminderFactory(DjangoModelFactory):
    class Meta:
        model = Reminder

    period = factory.SubFactory(PeriodFactory)
    place = factory.SubFactory(PlaceFactory, parent=factory.SelfAttribute("..period.plan.place"))
    at = NOON


class ReportFactory(DjangoModelFactory):
    """A draft of a place below the plan's, owned by an organisation that leads that place."""

    class Meta:
        model = Report
        skip_postgeneration_save = True

    period = factory.SubFactory(PeriodFactory)
    place = factory.SubFactory(PlaceFactory, parent=factory.SelfAttribute("..period.plan.place"))
    owner = factory.SubFactory(
        OrganisationFactory, place=factory.SelfAttribute("..place"), is_lead_of_place=True
    )
    addressee = factory.SelfAttribute("period.plan.owner")
    language = "en"


class DatapointFactory(DjangoModelFactory):
    class Meta:
        model = Datapoint

    report = factory.SubFactory(ReportFactory)
    indicator = factory.SubFactory(
        IndicatorFactory, plan=factory.SelfAttribute("..report.period.plan")
    )
    place = factory.SelfAttribute("report.place")
    period = factory.SelfAttribute("report.period")
    amount = 1
    as_of = dt.date(2026, 6, 30)


class RemarkFactory(DjangoModelFactory):
    class Meta:
        model = Remark

    report = factory.SubFactory(ReportFactory)
    kind = "question"
    organisation = factory.SelfAttribute("report.addressee")
    text = "How many were women?"
    at = NOON


class EvidenceFactory(DjangoModelFactory):
    class Meta:
        model = Evidence

    report = factory.SubFactory(ReportFactory)
    file = factory.django.FileField(filename="list.txt", data=b"one line\n")
    name = "list.txt"
    description = "Who took part, by sex and age group"
    size = 9
    sha256 = "0" * 64
    added_at = NOON


class ActivityFactory(DjangoModelFactory):
    class Meta:
        model = Activity
        skip_postgeneration_save = True

    plan = factory.SubFactory(PlanFactory)
    owner = factory.SelfAttribute("plan.owner")
    place = factory.SelfAttribute("plan.place")
    title = factory.Sequence(lambda n: f"Activity {n}")
    language = "en"
    audience = "school"
    starts_on = dt.date(2026, 3, 1)
    ends_on = dt.date(2026, 3, 2)
    funding = "local"


class BudgetLineFactory(DjangoModelFactory):
    """A thousand rupiah promised of two thousand planned, half of it spent."""

    class Meta:
        model = BudgetLine

    plan = factory.SubFactory(PlanFactory)
    place = factory.SelfAttribute("plan.place")
    year = TODAY.year
    source = "local"
    title = factory.Sequence(lambda n: f"Budget line {n}")
    planned = 200_000
    committed = 100_000
    spent = 50_000
    currency = "IDR"


class CostFactory(DjangoModelFactory):
    class Meta:
        model = Cost

    plan = factory.SubFactory(PlanFactory)
    place = factory.SelfAttribute("plan.place")
    year = TODAY.year
    amount = 300_000
    currency = "IDR"


class RateFactory(DjangoModelFactory):
    """One US dollar costs 16,250.50 rupiah."""

    class Meta:
        model = Rate

    country = factory.SubFactory(PlaceFactory)
    base = "USD"
    quote = "IDR"
    on = factory.Sequence(lambda n: TODAY - dt.timedelta(days=n))
    units = 1_625_050
    decimals = 2
    source = "Central bank, middle rate"


class StaffYearFactory(DjangoModelFactory):
    class Meta:
        model = StaffYear

    plan = factory.SubFactory(PlanFactory)
    year = TODAY.year
    planned = 250


class OverlapFactory(DjangoModelFactory):
    """Two activities in schools on one day, of two bodies at one place; GREEN, so both see both."""

    class Meta:
        model = Overlap

    first = factory.SubFactory(ActivityFactory, theme="schools", marking="green")
    second = factory.SubFactory(
        ActivityFactory,
        theme="schools",
        marking="green",
        plan=factory.SelfAttribute("..first.plan"),
        place=factory.SelfAttribute("..first.place"),
        owner=factory.SubFactory(OrganisationFactory, place=factory.SelfAttribute("..place")),
    )
    theme = "schools"
    audience = "school"
    days = 2
    score = 80
    found_at = NOON


class ConversationFactory(DjangoModelFactory):
    class Meta:
        model = Conversation
        skip_postgeneration_save = True

    owner = factory.SubFactory(OrganisationFactory)
    other = factory.SubFactory(OrganisationFactory)
    marking = "amber+strict"
    language = "en"
    opened_at = NOON
    latest_by = factory.SelfAttribute("owner")
    latest_at = NOON

    @factory.post_generation
    def named(self, create, extracted, **_more):
        if create:
            self.named_organisations.add(self.other)


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    conversation = factory.SubFactory(ConversationFactory)
    organisation = factory.SelfAttribute("conversation.owner")
    person = factory.SubFactory(PersonFactory)
    text = "Shall we do this together?"
    language = "en"
    at = NOON


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


def actor_of(organisation: Organisation, role: str = Role.LEAD, *, at: dt.datetime = NOON) -> Actor:
    """Return who asks when a new member of the organisation with this role does."""
    return actor_for(MembershipFactory(organisation=organisation, role=role).person, at=at)


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


class GroupFactory(DjangoModelFactory):
    class Meta:
        model = Group

    owner = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence("Group {}".format)


class ItemFactory(DjangoModelFactory):
    """A briefing that was sent at noon; `ReceiptFactory` gives it recipients."""

    class Meta:
        model = Item

    owner = factory.SubFactory(OrganisationFactory)
    kind = ItemKind.BRIEFING
    title = factory.Sequence("Briefing {}".format)
    text = "What we know, and what we ask of you."
    language = "en"
    sent_at = NOON
    published_at = factory.LazyAttribute(lambda o: o.sent_at if o.marking == "clear" else None)
    marking = "amber"
    expires_on = factory.LazyFunction(lambda: NOON.date() + dt.timedelta(days=30))


class ReceiptFactory(DjangoModelFactory):
    class Meta:
        model = Receipt

    item = factory.SubFactory(ItemFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    sent_at = factory.LazyAttribute(lambda o: o.item.sent_at)
    reply_by = factory.LazyAttribute(lambda o: o.item.reply_by)
    direction = "down"
    from_level = 0
    to_level = 1
