"""The plainest valid activities, what they cost, and where they overlap."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from tansiq.plans.models import (
    Activity,
    BudgetLine,
    Conversation,
    Cost,
    Message,
    Overlap,
    Rate,
    StaffYear,
)
from tests.factories.access import NOON, TODAY, OrganisationFactory, PersonFactory, PlaceFactory
from tests.factories.plans import PlanFactory


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
