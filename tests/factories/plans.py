"""The plainest valid plans, and what is promised and reported under them."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from tansiq.access.models import Place
from tansiq.plans.models import (
    Action,
    Alignment,
    Datapoint,
    Delivery,
    Evidence,
    Indicator,
    Milestone,
    Objective,
    Period,
    Pillar,
    Plan,
    Remark,
    Reminder,
    Report,
    Stage,
    Target,
)
from tests.factories.access import NOON, OrganisationFactory, PlaceFactory


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
