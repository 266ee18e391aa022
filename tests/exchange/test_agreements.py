"""Agreements about sharing: written, signed, renewed, ended; and what they say of an item."""

import datetime as dt

import pytest
from django.urls import reverse

from tansiq.access.actor import PASSER_BY
from tansiq.access.models import Notice
from tansiq.exchange.actions.agreements import (
    AgreementError,
    Terms,
    add_party,
    amend_agreement,
    change_agreement,
    choose_agreement,
    end_agreement,
    offer_agreement,
    remind_of_reviews,
    remove_party,
    sign_agreement,
    write_agreement,
)
from tansiq.exchange.actions.items import Draft, ExchangeError, send_item, write_item
from tansiq.exchange.models import Agreement, AgreementState, ItemKind, Party
from tansiq.exchange.queries.agreements import agreement_on_item, coverage_of, offers_for
from tests.factories import (
    NOON,
    AgreementFactory,
    ItemFactory,
    MembershipFactory,
    OrganisationFactory,
    PartyFactory,
    ReceiptFactory,
    actor_of,
)

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
DAY = dt.timedelta(days=1)


@pytest.fixture
def nation():
    return OrganisationFactory(name="Nation")


@pytest.fixture
def city(nation):
    return OrganisationFactory(name="City", country_code=nation.country_code)


def _terms(**more):
    return Terms(
        **{
            "title": "Early warnings",
            "purpose": "To warn each other in time.",
            "language": "en",
            "legal_basis": "Law 1, article 2.",
            "data_kinds": "Warnings, without names.",
            "markings": ["green", "amber"],
            "channels": ["desk", "mail"],
            "complaints": "The ombudsman.",
            "review_on": TODAY + 300 * DAY,
            **more,
        }
    )


def _offered(nation, *others, **more):
    by = actor_of(nation)
    agreement = write_agreement(nation, _terms(**more), by=by, at=NOON)
    for one in others:
        add_party(agreement, one, by=by, at=NOON)
    offer_agreement(agreement, by=by, at=NOON)
    return agreement


def _sign(agreement, organisation):
    party = Party.objects.get(agreement=agreement, organisation=organisation)
    sign_agreement(party, signed_as="Secretary", by=actor_of(organisation), at=NOON)


def _draft_to(nation, *recipients, **more):
    draft = Draft(
        **{
            "kind": ItemKind.WARNING,
            "title": "A warning",
            "text": "Two sentences.",
            "language": "en",
            "expires_on": TODAY + 30 * DAY,
            "audience": [{"to": "organisation", "pk": one.pk} for one in recipients],
            **more,
        }
    )
    return write_item(nation, draft, by=actor_of(nation), at=NOON)


def test_it_is_in_force_once_the_owner_and_another_have_signed(nation, city):
    third = OrganisationFactory(country_code=nation.country_code)
    agreement = _offered(nation, city, third)

    _sign(agreement, city)
    assert Agreement.objects.get().state(TODAY) == AgreementState.OPEN
    _sign(agreement, nation)

    assert Agreement.objects.get().state(TODAY) == AgreementState.IN_FORCE


def test_the_owner_alone_agrees_with_nobody(nation):
    agreement = write_agreement(nation, _terms(), by=actor_of(nation), at=NOON)

    with pytest.raises(AgreementError, match="at least one other"):
        offer_agreement(agreement, by=actor_of(nation), at=NOON)


def test_a_draft_is_seen_by_its_organisation_alone_and_offered_by_its_parties(nation, city):
    stranger = OrganisationFactory(country_code=nation.country_code)
    agreement = write_agreement(nation, _terms(), by=actor_of(nation), at=NOON)
    add_party(agreement, city, by=actor_of(nation), at=NOON)
    assert not Agreement.objects.visible_to(actor_of(city)).exists()

    offer_agreement(agreement, by=actor_of(nation), at=NOON)

    assert Agreement.objects.visible_to(actor_of(city)).exists()
    assert not Agreement.objects.visible_to(actor_of(stranger)).exists()


def test_what_was_offered_stays_as_it_is(nation, city):
    agreement = _offered(nation, city)
    by = actor_of(nation)

    with pytest.raises(AgreementError, match="new version"):
        change_agreement(agreement, _terms(title="Other"), revision=1, by=by, at=NOON)
    with pytest.raises(AgreementError, match="new version"):
        add_party(agreement, OrganisationFactory(), by=by, at=NOON)
    with pytest.raises(AgreementError, match="new version"):
        remove_party(Party.objects.get(organisation=city), by=by, at=NOON)

    assert Agreement.objects.get().title == "Early warnings"


def test_nobody_signs_twice(nation, city):
    agreement = _offered(nation, city)
    party = Party.objects.get(agreement=agreement, organisation=city)
    sign_agreement(party, signed_as="Mayor", by=actor_of(city), at=NOON)

    with pytest.raises(AgreementError, match="has signed"):
        sign_agreement(party, signed_as="Deputy", by=actor_of(city), at=NOON + DAY)

    assert Party.objects.get(pk=party.pk).signed_as == "Mayor"


def test_the_old_version_holds_until_all_its_parties_signed_the_new_one(nation, city):
    agreement = _offered(nation, city)
    _sign(agreement, nation)
    _sign(agreement, city)

    newer = amend_agreement(agreement, by=actor_of(nation), at=NOON)
    offer_agreement(newer, by=actor_of(nation), at=NOON)
    _sign(newer, nation)
    agreement.refresh_from_db()
    assert agreement.state(TODAY) == AgreementState.IN_FORCE
    _sign(newer, city)

    agreement.refresh_from_db()
    newer.refresh_from_db()
    assert (agreement.state(TODAY), newer.state(TODAY)) == ("ended", "in_force")
    assert newer.version == 2


def test_clear_is_public_once_in_force_and_not_before(nation, city, client):
    agreement = _offered(nation, city, marking="clear")
    assert not Agreement.objects.visible_to(PASSER_BY).exists()

    _sign(agreement, nation)
    _sign(agreement, city)

    assert "Early warnings" in client.get(reverse("exchange:agreements")).content.decode()
    page = client.get(agreement.get_absolute_url()).content.decode()
    assert "The ombudsman." in page
    file = client.get(reverse("exchange:agreement_pdf", args=[agreement.pk]))
    assert file.content.startswith(b"%PDF")


def test_an_item_under_a_binding_agreement_is_refused_where_its_marking_may_not_go(nation, city):
    agreement = AgreementFactory(owner=nation, markings=["green"], is_binding=True)
    PartyFactory(agreement=agreement, organisation=city)
    item = _draft_to(nation, city, marking="amber")
    choose_agreement(item, agreement, by=actor_of(nation), at=NOON)

    with pytest.raises(ExchangeError, match="does not let TLP:AMBER go, only TLP:GREEN"):
        send_item(item, by=actor_of(nation), at=NOON)

    item.marking = "green"
    item.save()
    assert len(send_item(item, by=actor_of(nation), at=NOON)) == 1


def test_what_the_agreement_does_not_cover_is_said_and_does_not_hinder(nation, city):
    agreement = AgreementFactory(
        owner=nation, markings=["green"], channels=["desk"], retention_days=7
    )
    item = _draft_to(nation, city, marking="amber")
    choose_agreement(item, agreement, by=actor_of(nation), at=NOON)

    concerns = coverage_of(item, actor_of(nation), on=TODAY).concerns

    assert concerns == [
        "Not covered, because they did not sign: City.",
        "The agreement is not for TLP:AMBER, only for TLP:GREEN.",
        "The agreement does not name e-mail, but notices with the title go by mail.",
        "It would be kept longer than the 7 days that were agreed.",
    ]
    assert len(send_item(item, by=actor_of(nation), at=NOON)) == 1


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"ended_at": NOON}, "The agreement has ended."),
        ({"ends_on": TODAY - DAY, "review_on": TODAY - 2 * DAY}, "The agreement has ended."),
        ({"in_force_at": None}, "The agreement is not in force: too few have signed."),
        ({"review_on": TODAY - DAY}, "The agreement was to be reviewed on Sunday 3 May 2026."),
    ],
)
def test_an_agreement_that_does_not_hold_is_said(nation, city, more, sentence):
    agreement = AgreementFactory(owner=nation, **more)
    PartyFactory(agreement=agreement, organisation=city)
    item = _draft_to(nation, city)
    item.agreement = agreement

    assert coverage_of(item, actor_of(nation), on=TODAY).concerns == [sentence]


def test_a_missing_agreement_is_said_except_for_what_is_for_everybody(nation, city):
    amber, clear = _draft_to(nation, city), _draft_to(nation, city, marking="clear")

    said = agreement_on_item(actor_of(nation), amber, NOON)

    assert said.coverage.concerns == ["No sharing agreement is named for this."]
    assert agreement_on_item(actor_of(nation), clear, NOON) is None


def test_a_recipient_does_not_learn_from_the_agreement_who_else_received_it(nation, city):
    agreement = AgreementFactory(owner=nation)
    PartyFactory(agreement=agreement, organisation=city)
    item = ItemFactory(owner=nation, agreement=agreement, is_list_open=False)
    other = ReceiptFactory(item=item).organisation
    ReceiptFactory(item=item, organisation=city)

    to_city = coverage_of(item, actor_of(city), on=TODAY).concerns
    to_owner = coverage_of(item, actor_of(nation), on=TODAY).concerns

    assert to_city == []
    assert to_owner == [f"Not covered, because they did not sign: {other}."]


def test_agreements_are_offered_the_most_fitting_first(nation, city):
    AgreementFactory(owner=nation, title="A: nobody of these")
    fitting = AgreementFactory(owner=nation, title="Z: both signed")
    PartyFactory(agreement=fitting, organisation=city)
    AgreementFactory(owner=nation, ended_at=NOON)
    AgreementFactory(owner=city)
    item = _draft_to(nation, city)

    offers = offers_for(item, actor_of(nation), on=TODAY)

    assert [one.title[:1] for one in offers] == ["Z", "A"]


def test_parties_are_reminded_of_the_review_once_a_month(nation):
    lead = MembershipFactory(organisation=nation, role="lead").person
    AgreementFactory(owner=nation, review_on=TODAY + 20 * DAY)
    AgreementFactory(owner=nation, review_on=TODAY + 40 * DAY)

    told = [remind_of_reviews(at=NOON + days * DAY) for days in (0, 1, 31)]

    assert told == [1, 0, 2]
    assert Notice.objects.filter(person=lead, code="exchange.agreement_review").count() == 3


def test_ending_tells_the_parties_why(nation, city):
    lead = MembershipFactory(organisation=city, role="lead").person
    agreement = AgreementFactory(owner=nation)
    PartyFactory(agreement=agreement, organisation=city)

    end_agreement(agreement, reason="A new law.", by=actor_of(nation), at=NOON)

    assert Notice.objects.get(person=lead).facts["reason"] == "A new law."
    with pytest.raises(AgreementError, match="ended already"):
        end_agreement(agreement, reason="Again.", by=actor_of(nation), at=NOON)


def test_a_lead_writes_offers_and_signs_in_the_browser(client, nation, city):
    lead = MembershipFactory(organisation=nation, role="lead").person
    client.force_login(lead)
    given = {
        "owner": nation.pk,
        "title": "Early warnings",
        "purpose": "To warn each other.",
        "language": "en",
        "legal_basis": "Law 1.",
        "data_kinds": "Warnings.",
        "markings": ["green", "amber"],
        "channels": ["desk"],
        "retention_days": "90",
        "complaints": "The ombudsman.",
        "review_on": "2099-01-01",
        "marking": "amber",
    }

    wrong = client.post(reverse("exchange:agreement_write"), given | {"ends_on": "2098-01-01"})
    assert wrong.status_code == 422
    client.post(reverse("exchange:agreement_write"), given)
    agreement = Agreement.objects.get()
    found = client.get(agreement.get_absolute_url(), {"q": "City"})
    assert list(found.context["found"]) == [city]
    client.post(
        reverse("exchange:agreement_add_party", args=[agreement.pk]), {"organisation": city.pk}
    )
    client.post(reverse("exchange:agreement_offer", args=[agreement.pk]))
    mine = Party.objects.get(organisation=nation)
    client.post(
        reverse("exchange:agreement_sign", args=[agreement.pk, mine.pk]), {"signed_as": "Secretary"}
    )

    mine.refresh_from_db()
    assert (mine.signed_by, mine.signed_as) == (lead, "Secretary")
    theirs = Party.objects.get(organisation=city)
    refused = client.post(
        reverse("exchange:agreement_sign", args=[agreement.pk, theirs.pk]), {"signed_as": "X"}
    )
    assert refused.status_code == 403


def test_a_draft_item_is_put_under_an_agreement_on_its_page(client, nation, city):
    client.force_login(MembershipFactory(organisation=nation, role="contributor").person)
    agreement = AgreementFactory(owner=nation)
    foreign = AgreementFactory(owner=city)
    item = _draft_to(nation, city)
    address = reverse("exchange:agreement_choose", args=[item.pk])

    client.post(address, {"agreement": foreign.pk})
    item.refresh_from_db()
    assert item.agreement is None
    client.post(address, {"agreement": agreement.pk})

    item.refresh_from_db()
    assert item.agreement == agreement


def test_the_list_costs_the_same_for_many(client, nation, flat_queries):
    client.force_login(MembershipFactory(organisation=nation, role="lead").person)

    flat_queries(
        lambda: client.get(reverse("exchange:agreements")),
        add_row=lambda: AgreementFactory(owner=nation),
        cost=11,
    )


def test_who_is_no_party_learns_neither_the_words_nor_the_parties_from_an_item(nation, city):
    agreement = AgreementFactory(owner=nation, marking="amber", title="Between two")
    PartyFactory(agreement=agreement, organisation=city)
    item = ItemFactory(owner=nation, agreement=agreement)
    other = ReceiptFactory(item=item).organisation

    to_other = coverage_of(item, actor_of(other), on=TODAY)

    assert (to_other.agreement, len(to_other.concerns), to_other.refusal) == (None, 1, "")
    assert coverage_of(item, actor_of(nation), on=TODAY).agreement == agreement
