"""Holding an item, letting it hold longer, and the pages that say what was deleted."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.timezone import now

from tansiq.access.models import Notice
from tansiq.exchange.actions.purging import purge_expired
from tansiq.exchange.actions.retention import (
    Holding,
    RetentionError,
    extend_item,
    hold_item,
    release_hold,
    remind_of_holds,
    renew_hold,
)
from tansiq.exchange.models import Hold, HoldKind, Item, Purge
from tests.factories import (
    NOON,
    AgreementFactory,
    HoldFactory,
    ItemFactory,
    MembershipFactory,
    OrganisationFactory,
    ReceiptFactory,
    actor_of,
)

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
DAY = dt.timedelta(days=1)


def _sent():
    """An item with one recipient, and somebody there who is told."""
    item = ItemFactory()
    receipt = ReceiptFactory(item=item)
    person = MembershipFactory(organisation=receipt.organisation).person
    return item, receipt.organisation, person


def test_what_is_held_is_hidden_from_recipients_once_it_is_over_but_not_deleted():
    item, city, _person = _sent()
    holding = Holding(item.owner, "For the review.", TODAY + 100 * DAY)
    hold_item(item, holding, by=actor_of(item.owner), at=NOON)
    later = NOON + 60 * DAY

    assert purge_expired(at=later) == 0

    assert Item.objects.visible_to(actor_of(item.owner, at=later)).get().text
    assert not Item.objects.visible_to(actor_of(city, at=later)).exists()
    assert Hold.objects.visible_to(actor_of(city, at=later)).exists()
    assert purge_expired(at=NOON + 101 * DAY) == 1


def test_both_sides_are_told_of_a_hold_and_of_its_end():
    item, _city, person = _sent()
    holding = Holding(item.owner, "For the review.", TODAY + 100 * DAY)
    hold = hold_item(item, holding, by=actor_of(item.owner), at=NOON)

    release_hold(hold, by=actor_of(item.owner), at=NOON)

    codes = Notice.objects.filter(person=person).order_by("pk").values_list("code", flat=True)
    assert list(codes) == ["exchange.held", "exchange.released"]


def test_the_title_of_what_may_not_leave_by_mail_does_not_stand_in_the_notice_of_a_hold():
    item, _city, person = _sent()
    Item.objects.filter(pk=item.pk).update(marking="amber+strict")
    item.refresh_from_db()

    holding = Holding(item.owner, "For the review.", TODAY + 100 * DAY)
    hold_item(item, holding, by=actor_of(item.owner), at=NOON)

    assert Notice.objects.get(person=person).facts["title"] == f"#{item.pk}"


@pytest.mark.parametrize("days", [-1, 400])
def test_a_hold_has_an_end_within_a_year(days):
    item, _city, _person = _sent()
    holding = Holding(item.owner, "For the review.", TODAY + days * DAY)

    with pytest.raises(RetentionError, match="at most a year"):
        hold_item(item, holding, by=actor_of(item.owner), at=NOON)


def test_what_was_deleted_cannot_be_held_and_what_was_released_not_renewed():
    item = ItemFactory(expires_on=TODAY - 30 * DAY)
    hold = HoldFactory(item=item, released_at=NOON)
    purge_expired(at=NOON)
    item.refresh_from_db()
    by = actor_of(item.owner)

    with pytest.raises(RetentionError, match="deleted already"):
        hold_item(item, Holding(item.owner, "Too late.", TODAY + DAY), by=by, at=NOON)
    with pytest.raises(RetentionError, match="no longer held"):
        renew_hold(hold, until=TODAY + DAY, reason="Again.", by=by, at=NOON)


def test_an_item_holds_longer_before_it_is_over_and_recipients_are_told_why():
    item, _city, person = _sent()
    by = actor_of(item.owner)

    extend_item(item, until=TODAY + 60 * DAY, reason="The vote moved.", by=by, at=NOON)

    assert Item.objects.get().expires_on == TODAY + 60 * DAY
    assert Notice.objects.get(person=person).facts["reason"] == "The vote moved."
    with pytest.raises(RetentionError, match="later day"):
        extend_item(item, until=TODAY + 50 * DAY, reason="Back.", by=by, at=NOON)
    with pytest.raises(RetentionError, match="still holds"):
        extend_item(item, until=TODAY + 90 * DAY, reason="Late.", by=by, at=NOON + 61 * DAY)


def test_an_item_holds_no_longer_than_its_agreement_lets_it():
    item, _city, _person = _sent()
    item.agreement = AgreementFactory(owner=item.owner, retention_days=45)
    item.save()
    by = actor_of(item.owner)

    with pytest.raises(RetentionError, match="45 days at most: until Thursday 18 June 2026"):
        extend_item(item, until=TODAY + 46 * DAY, reason="More.", by=by, at=NOON)
    extend_item(item, until=TODAY + 45 * DAY, reason="More.", by=by, at=NOON)


def test_who_holds_is_reminded_once_before_the_end():
    hold = HoldFactory(until=TODAY + 6 * DAY)
    lead = MembershipFactory(organisation=hold.organisation, role="lead").person
    HoldFactory(until=TODAY + 30 * DAY)

    assert [remind_of_holds(at=NOON), remind_of_holds(at=NOON)] == [1, 0]

    assert Notice.objects.get(person=lead).code == "exchange.hold_ends"


def _living_item(**more):
    """An item that holds on the day on which the test runs."""
    return ItemFactory(expires_on=now().date() + 30 * DAY, **more)


def _soon():
    return (now().date() + 60 * DAY).isoformat()


def test_a_lead_holds_and_extends_on_the_pages_and_a_recipient_does_not(client):
    item = _living_item()
    receipt = ReceiptFactory(item=item)
    lead = MembershipFactory(organisation=item.owner, role="lead").person
    given = {"until": _soon(), "reason": "For the review."}

    client.force_login(lead)
    assert "How long it is kept" in client.get(item.get_absolute_url()).content.decode()
    client.post(reverse("exchange:hold_place", args=[item.pk]), given)
    client.post(reverse("exchange:extend", args=[item.pk]), given)
    client.force_login(MembershipFactory(organisation=receipt.organisation, role="lead").person)
    refused = [
        client.post(reverse(f"exchange:{name}", args=[item.pk]), given).status_code
        for name in ("hold_place", "extend")
    ]

    hold = Hold.objects.get()
    assert (hold.kind, hold.placed_by) == (HoldKind.OWNER, lead)
    assert Item.objects.get(pk=item.pk).expires_on.isoformat() == _soon()
    assert refused == [403, 403]
    assert "For the review." in client.get(hold.get_absolute_url()).content.decode()
    release = reverse("exchange:hold_release", args=[hold.pk])
    assert client.post(release).status_code == 403


def test_an_overseer_holds_for_a_complaint_without_reading_and_the_sender_cannot_end_it(client):
    item = _living_item(title="Secret of the city")
    lead = MembershipFactory(organisation=item.owner, role="lead").person
    oversight = OrganisationFactory(kind="oversight", country_code=item.owner.country_code)
    overseer = MembershipFactory(organisation=oversight, role="overseer").person

    client.force_login(overseer)
    found = client.get(reverse("exchange:hold_find"), {"number": f"#{item.pk}"})
    page = client.get(found["Location"]).content.decode()
    made = client.post(found["Location"], {"until": _soon(), "reason": "Complaint 7."}, follow=True)

    hold = Hold.objects.get()
    assert (hold.kind, hold.organisation) == ("complaint", oversight)
    assert "Secret of the city" not in page + made.content.decode()
    client.force_login(lead)
    assert client.post(reverse("exchange:hold_release", args=[hold.pk])).status_code == 403


def test_pages_and_files_of_what_was_deleted_show_own_proofs_only(client):
    mine, other = (ItemFactory(expires_on=TODAY - 30 * DAY) for _number in range(2))
    purge_expired(at=NOON)
    client.force_login(MembershipFactory(organisation=mine.owner).person)
    own, foreign = Purge.objects.get(item=mine), Purge.objects.get(item=other)

    assert set(client.get(reverse("exchange:purges")).context["page"]) == {own}
    assert own.digest in client.get(own.get_absolute_url()).content.decode()
    assert client.get(foreign.get_absolute_url()).status_code == 404
    lines = client.get(reverse("exchange:purges_csv")).content.decode()
    assert own.seal in lines
    assert foreign.seal not in lines
    assert client.get(reverse("exchange:purges_pdf")).content.startswith(b"%PDF")
    assert "See the proof" in client.get(mine.get_absolute_url()).content.decode()
    assert not client.get(reverse("exchange:purges"), {"what": "draft"}).context["page"]


def test_the_lists_cost_the_same_for_many(client, flat_queries):
    owner = OrganisationFactory()
    client.force_login(MembershipFactory(organisation=owner, role="lead").person)

    def held():
        HoldFactory(item=ItemFactory(owner=owner), until=dt.date(2099, 1, 1))

    def deleted():
        ItemFactory(owner=owner, expires_on=TODAY - 30 * DAY)
        purge_expired(at=NOON)

    flat_queries(lambda: client.get(reverse("exchange:holds")), add_row=held, cost=10)
    flat_queries(lambda: client.get(reverse("exchange:purges")), add_row=deleted, cost=10)
