"""The plainest valid things that are passed on, and who they were passed to."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from tansiq.exchange.models import Group, Item, ItemKind, Receipt
from tests.factories.access import NOON, OrganisationFactory


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
