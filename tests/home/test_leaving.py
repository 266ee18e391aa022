"""What every part keeps about a person is told to them, and goes when they leave."""

import json

import pytest
from django.apps import apps
from django.db import models

from tansiq.access.actions.people import delete_self
from tansiq.access.actor import Role
from tansiq.access.models import Person
from tansiq.access.self_record import what_is_kept
from tansiq.exchange.models import Dispatch, MailChoice, Reply
from tansiq.incidents.models import Post
from tests.factories import (
    NOON,
    DispatchFactory,
    MailChoiceFactory,
    MembershipFactory,
    PostFactory,
    ReceiptFactory,
    actor_of,
)

pytestmark = pytest.mark.django_db
PHONE = "+62 811 000 555"


@pytest.fixture
def person():
    membership = MembershipFactory(role=Role.LEAD)
    receipt = ReceiptFactory(organisation=membership.organisation)
    MailChoiceFactory(person=membership.person, rhythm="daily")
    DispatchFactory(receipt=receipt, person=membership.person)
    PostFactory(organisation=membership.organisation, person=membership.person, phone=PHONE)
    Reply.objects.create(
        item=receipt.item,
        receipt=receipt,
        organisation=membership.organisation,
        person=membership.person,
        text="We will come.",
        language="en",
        at=NOON,
    )
    return membership.person


def test_a_person_is_told_what_each_part_keeps(person):
    told = json.dumps(what_is_kept(person), default=str)

    assert PHONE in told
    assert "We will come." in told
    assert "daily" in told


def test_who_leaves_is_forgotten_in_each_part_and_their_words_stay_with_the_office(person):
    delete_self(person, by=actor_of(person.memberships.get().organisation), at=NOON)

    assert not Post.objects.filter(phone=PHONE).exists()
    assert (MailChoice.objects.count(), Dispatch.objects.count()) == (0, 0)
    reply = Reply.objects.get()
    assert (reply.person, reply.text) == (None, "We will come.")
    assert _rows_that_name(person) == set()


def _rows_that_name(person):
    """Return the tables of ours in which a row still points at this person."""
    found = set()
    for model in apps.get_models():
        if not model.__module__.startswith("tansiq.exchange"):
            continue
        for field in model._meta.get_fields():
            is_key = isinstance(field, models.ForeignKey) and field.related_model is Person
            if is_key and model.objects.filter(**{field.name: person}).exists():
                found.add(model._meta.label_lower)
    return found
