"""The plainest valid things that are passed on, and who they were passed to."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from tansiq.exchange.models import (
    Agreement,
    Comment,
    Dispatch,
    Group,
    Hold,
    Item,
    ItemKind,
    MailChoice,
    Obligation,
    Party,
    Receipt,
    Rhythm,
    Route,
)
from tests.factories.access import NOON, OrganisationFactory, PersonFactory


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


class AgreementFactory(DjangoModelFactory):
    """An agreement in force, which its owner signed at noon; `PartyFactory` adds the others."""

    class Meta:
        model = Agreement
        skip_postgeneration_save = True

    owner = factory.SubFactory(OrganisationFactory)
    title = factory.Sequence("Agreement {}".format)
    purpose = "To warn each other in time."
    language = "en"
    legal_basis = "Law 1, article 2."
    data_kinds = "Warnings, without names."
    markings = factory.LazyFunction(lambda: ["clear", "green", "amber"])
    channels = factory.LazyFunction(lambda: ["desk", "mail"])
    complaints = "The ombudsman."
    review_on = factory.LazyFunction(lambda: NOON.date() + dt.timedelta(days=300))
    offered_at = NOON
    in_force_at = factory.LazyAttribute(lambda o: o.offered_at)
    published_at = factory.LazyAttribute(
        lambda o: o.in_force_at if getattr(o, "marking", "") == "clear" else None
    )

    @factory.post_generation
    def owner_signs(self, create, extracted, **_more):
        if create:
            PartyFactory(agreement=self, organisation=self.owner, signed_at=self.offered_at)


class PartyFactory(DjangoModelFactory):
    class Meta:
        model = Party

    agreement = factory.SubFactory(AgreementFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    signed_at = NOON
    signed_as = "Secretary"


class RouteFactory(DjangoModelFactory):
    class Meta:
        model = Route

    organisation = factory.SubFactory(OrganisationFactory)
    channel = "email"
    address = factory.Sequence("office-{}@example.org".format)
    language = "en"
    made_at = NOON


class DispatchFactory(DjangoModelFactory):
    class Meta:
        model = Dispatch

    receipt = factory.SubFactory(ReceiptFactory)
    person = factory.SubFactory(PersonFactory)
    made_at = NOON


class MailChoiceFactory(DjangoModelFactory):
    class Meta:
        model = MailChoice

    person = factory.SubFactory(PersonFactory)


class ObligationFactory(DjangoModelFactory):
    """A briefing that is owed within ten days."""

    class Meta:
        model = Obligation

    debtor = factory.SubFactory(OrganisationFactory)
    creditor = factory.SubFactory(OrganisationFactory)
    kind = "briefing"
    what = factory.Sequence("Briefing {} for the district".format)
    language = "en"
    made_at = NOON
    due_at = factory.LazyFunction(lambda: NOON + dt.timedelta(days=10))


class RhythmFactory(DjangoModelFactory):
    """A briefing every month, first due in ten days."""

    class Meta:
        model = Rhythm

    owner = factory.SubFactory(OrganisationFactory)
    way = "we_owe"
    kind = "briefing"
    what = factory.Sequence("Monthly briefing {}".format)
    audience = factory.LazyAttribute(lambda o: [{"to": "organisation", "pk": o.owner.pk}])
    language = "en"
    every = "month"
    first_due_on = factory.LazyFunction(lambda: NOON.date() + dt.timedelta(days=10))
    made_at = NOON


class CommentFactory(DjangoModelFactory):
    class Meta:
        model = Comment

    receipt = factory.SubFactory(ReceiptFactory, item__kind="consultation")
    item = factory.SelfAttribute("receipt.item")
    organisation = factory.SelfAttribute("receipt.organisation")
    text = "Shorter, please."
    language = "en"
    at = NOON


class HoldFactory(DjangoModelFactory):
    class Meta:
        model = Hold

    item = factory.SubFactory(ItemFactory)
    owner = factory.SelfAttribute("item.owner")
    organisation = factory.SelfAttribute("item.owner")
    kind = "owner"
    reason = "A complaint is looked into."
    until = factory.LazyFunction(lambda: NOON.date() + dt.timedelta(days=60))
    placed_at = NOON
