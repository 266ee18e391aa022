"""People come by invitation, agree, change role, leave, and are erased when they ask."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from tansiq.access.actions import people
from tansiq.access.actor import Role
from tansiq.access.gate import can
from tansiq.access.invitations import key_for, person_for
from tansiq.access.models import Contact, LogEntry, Membership, Organisation, Person
from tansiq.access.queries import actor_for
from tests.factories import (
    NOON,
    TODAY,
    ContactFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    PlaceFactory,
    actor_of,
)
from tests.people import sign_in

pytestmark = pytest.mark.django_db
WORDS = "three words in a row"
LETTER = {
    "name": "Siti",
    "email": "siti@example.org",
    "language": "en",
    "role": "contributor",
    "starts_on": "2026-01-01",
}


@pytest.fixture
def city():
    country = PlaceFactory(country_code="id")
    return OrganisationFactory(place=PlaceFactory(parent=country))


def invite(city, *, email="siti@example.org", role=Role.CONTRIBUTOR, by=None):
    return people.invite_member(
        city,
        email=email,
        name="Siti",
        term=Membership(role=role, starts_on=TODAY),
        by=by or actor_of(city, Role.ADMINISTRATOR),
        at=NOON,
    )


def test_invited_person_comes_in_by_the_link_agrees_and_only_then_takes_part(client, city):
    sign_in(client, city, role=Role.ADMINISTRATOR)
    client.post(reverse("access:invite", args=[city.slug]), LETTER)
    client.logout()
    [letter] = mail.outbox
    link = re.search(r"http\S+(/invitations/\S+)", letter.body)[1]

    client.post(link, {"password": WORDS, "again": WORDS})
    client.post(reverse("account_login"), {"login": "siti@example.org", "password": WORDS})
    led = client.get(reverse("access:organisations"))
    assert led.headers["Location"] == reverse("access:consent")
    assert client.get(reverse("access:organisation", args=[city.slug])).status_code == 302
    [pending] = Membership.objects.filter(consented_at__isnull=True)
    client.post(
        reverse("access:answer_invitation", args=[pending.pk]), {"answer": "agree"}, follow=True
    )

    assert client.get(reverse("access:organisation", args=[city.slug])).status_code == 200
    siti = Person.objects.get(email="siti@example.org")
    rules = LogEntry.objects.filter(person_id=siti.pk).values_list("rule", flat=True)
    assert set(rules) == {"people.set_first_password", "account.sign_in", "people.consent"}


def test_link_works_once_not_when_altered_and_not_after_fourteen_days(city, monkeypatch):
    person = invite(city).person
    key = key_for(person)
    assert person_for(key) == person
    assert person_for(key[:-1] + "x") is None
    assert person_for("nonsense") is None

    monkeypatch.setattr("tansiq.access.invitations.GOOD_FOR", timedelta(seconds=-1))
    assert person_for(key) is None
    monkeypatch.undo()
    people.set_first_password(person, WORDS, at=NOON)

    assert person_for(key) is None


def test_used_link_says_what_to_do(client, city):
    person = invite(city).person
    key = key_for(person)
    people.set_first_password(person, WORDS, at=NOON)

    answer = client.get(reverse("access:invitation", args=[key]))

    assert answer.status_code == 410
    assert "If you have a password, sign in" in answer.content.decode()


def test_who_is_here_already_gets_a_notice_and_no_second_account(city):
    siti = PersonFactory(email="siti@example.org")
    siti.set_password(WORDS)
    siti.save()

    term = invite(city, email="SITI@example.org")

    assert term.person == siti
    assert [notice.code for notice in siti.notices.all()] == ["people.invited"]
    assert Person.objects.filter(email__iexact="siti@example.org").count() == 1


def test_declining_erases_a_person_who_is_nothing_else_here(client, city):
    membership = invite(city)
    client.force_login(membership.person)

    client.post(reverse("access:answer_invitation", args=[membership.pk]), {"answer": "decline"})

    assert not Person.objects.filter(email="siti@example.org").exists()
    assert not Membership.objects.filter(pk=membership.pk).exists()


def test_invitations_nobody_answered_are_forgotten_after_fourteen_days(city):
    invite(city)
    elsewhere = MembershipFactory(person__email="known@example.org")
    invite(city, email="known@example.org")

    early = people.forget_unanswered(at=NOON + timedelta(days=13))
    late = people.forget_unanswered(at=NOON + timedelta(days=15))

    assert (early, late) == (0, 2)
    assert not Person.objects.filter(email="siti@example.org").exists()
    assert list(elsewhere.person.memberships.all()) == [elsewhere]


@pytest.mark.parametrize("role", [r for r in Role if r != Role.ADMINISTRATOR])
def test_only_administrators_invite(city, role):
    MembershipFactory(organisation=city, role=Role.ADMINISTRATOR)
    actor = actor_of(city, role)

    assert not can(actor, "people.invite", city)


def test_no_city_makes_an_overseer_of_the_country(city):
    with pytest.raises(people.MembershipError, match="Only an oversight body"):
        invite(city, role=Role.OVERSEER)

    stray = MembershipFactory(organisation=city, role=Role.OVERSEER).person
    assert not actor_for(stray, at=NOON).is_overseer


def test_first_administrator_is_invited_from_above_and_nobody_after_that(city):
    capital = OrganisationFactory(place=city.place.parent, is_lead_of_place=True)
    above = actor_of(capital, Role.ADMINISTRATOR)
    operator = actor_for(PersonFactory(is_staff=True), at=NOON)
    sibling = OrganisationFactory(
        place=PlaceFactory(parent=city.place.parent), is_lead_of_place=True
    )
    beside = actor_of(sibling, Role.ADMINISTRATOR)
    askers = (above, operator, beside)
    assert [bool(can(one, "people.invite", city)) for one in askers] == [True, True, False]

    MembershipFactory(organisation=city, role=Role.ADMINISTRATOR)

    assert [bool(can(one, "people.invite", city)) for one in askers] == [False, False, False]


def test_last_administrator_stays_until_there_is_another(city):
    only = MembershipFactory(organisation=city, role=Role.ADMINISTRATOR)
    actor = actor_for(only.person, at=NOON)
    refusals = [
        can(actor, "people.change_role", only).reason,
        can(actor, "people.end_term", only).reason,
        can(actor, "people.leave", only).reason,
    ]
    assert all("last administrator" in reason for reason in refusals)
    with pytest.raises(people.MembershipError, match="last administrator"):
        people.change_role(only, role=Role.LEAD, title="", ends_on=None, by=actor, at=NOON)
    with pytest.raises(people.MembershipError, match="last administrator"):
        people.delete_self(only.person, by=actor, at=NOON)

    MembershipFactory(organisation=city, role=Role.ADMINISTRATOR)

    assert can(actor, "people.change_role", only)
    people.leave(only, by=actor, at=NOON)
    assert not actor_for(only.person, at=NOON).roles


def test_ended_term_counts_no_longer_from_that_moment(city):
    member = MembershipFactory(organisation=city, role=Role.LEAD)
    assert actor_for(member.person, at=NOON).roles

    people.end_term(member, by=actor_of(city, Role.ADMINISTRATOR), at=NOON)

    assert not actor_for(member.person, at=NOON).roles


def test_administrator_changes_a_role_by_the_page_and_a_wrong_term_is_explained(client, city):
    member = MembershipFactory(organisation=city, role=Role.VIEWER)
    sign_in(client, city, role=Role.ADMINISTRATOR)
    address = reverse("access:change_role", args=[member.pk])

    wrong = client.post(address, {"role": "lead", "title": "", "ends_on": "2001-01-01"})
    right = client.post(address, {"role": "lead", "title": "Head", "ends_on": ""})

    assert "The term ends before it starts." in wrong.content.decode()
    assert right.status_code == 302
    member.refresh_from_db()
    assert (member.role, member.title) == ("lead", "Head")
    [entry] = LogEntry.objects.filter(rule="people.change_role")
    assert entry.detail == {"from": "viewer", "to": "lead"}


def test_invitation_is_seen_by_the_person_and_the_administrators_only(city):
    membership = invite(city)
    colleague, administrator = actor_of(city, Role.LEAD), actor_of(city, Role.ADMINISTRATOR)
    invited = actor_for(membership.person, at=NOON)

    seen = [
        membership in Membership.objects.visible_to(one)
        for one in (colleague, administrator, invited)
    ]

    assert seen == [False, True, True]
    assert membership.person not in Person.objects.visible_to(colleague)


def test_members_are_known_in_their_country_and_not_beyond(city):
    member = MembershipFactory(organisation=city).person
    far = actor_of(OrganisationFactory(place=PlaceFactory(country_code="ke")))

    assert member in Person.objects.visible_to(actor_of(city))
    assert member not in Person.objects.visible_to(far)
    assert city not in Organisation.objects.visible_to(far)


def test_erasing_oneself_leaves_no_name_anywhere(client, city):
    person = sign_in(client, city, email="ratna@example.org", name="Ratna Wulandari")
    client.get(reverse("access:me"))

    client.post(reverse("access:delete_me"), {"email": "wrong@example.org"})
    assert Person.objects.get(pk=person.pk).is_active
    client.post(reverse("access:delete_me"), {"email": "ratna@example.org"})

    erased = Person.objects.get(pk=person.pk)
    assert str(erased) == "a former member"
    assert (erased.is_active, erased.memberships.count()) == (False, 0)
    kept = str([list(model.objects.values()) for model in (Person, Membership, LogEntry)])
    assert "ratna@" not in kept
    assert "Wulandari" not in kept
    assert "_auth_user_id" not in client.session


def test_what_is_kept_about_me_is_all_and_only_mine(client, city):
    person = sign_in(client, city, name="Ratna")
    MembershipFactory(organisation=city, person__name="Somebody else")

    kept = client.get(reverse("access:my_data_file")).json()

    assert kept["person"]["email"] == person.email
    assert [one["organisation"] for one in kept["memberships"]] == [str(city)]
    assert "Somebody else" not in str(kept)
    assert "password" not in kept["person"]
    [entry] = LogEntry.objects.filter(rule="export:people.my_data")
    assert entry.person_id == person.pk


CONTACT = {
    "name": "Dr Hasan",
    "function": "Head of the clinic",
    "phone": "+62 31 555",
    "consented_on": "2026-01-01",
    "consent_note": "By letter",
    "revision": "1",
}


def test_contact_is_listed_only_with_a_day_of_consent_and_a_way_to_reach_them(client, city):
    sign_in(client, city, role=Role.COORDINATOR)
    address = reverse("access:add_contact", args=[city.slug])

    client.post(address, CONTACT | {"consented_on": ""})
    unreachable = client.post(address, CONTACT | {"phone": ""})
    assert not Contact.objects.exists()
    assert "Add an e-mail address or a telephone number." in unreachable.content.decode()
    client.post(address, CONTACT)

    assert [contact.name for contact in Contact.objects.all()] == ["Dr Hasan"]


def test_withdrawn_contact_is_erased_and_the_record_proves_it(client, city):
    contact = ContactFactory(organisation=city, name="Dr Hasan")
    sign_in(client, city, role=Role.COORDINATOR)

    client.post(reverse("access:withdraw_contact", args=[contact.pk]))

    assert not Contact.objects.exists()
    [entry] = LogEntry.objects.filter(rule="contacts.withdraw")
    assert entry.target_id == contact.pk
    assert "Hasan" not in str(list(LogEntry.objects.values()))


def test_second_of_two_editors_is_told_and_loses_nothing(client, city):
    contact = ContactFactory(organisation=city)
    sign_in(client, city, role=Role.COORDINATOR)
    address = reverse("access:edit_contact", args=[contact.pk])
    client.post(address, CONTACT | {"name": "First"})

    conflict = client.post(address, CONTACT | {"name": "Second"})
    assert conflict.status_code == 409
    page = conflict.content.decode()
    assert "First" in page
    assert 'value="Second"' in page
    [revision] = re.findall(r'name="revision" value="(\d+)"', page)
    client.post(address, CONTACT | {"name": "Both", "revision": revision})

    contact.refresh_from_db()
    assert contact.name == "Both"


def test_organisation_pages_enter_and_correct_and_refuse_a_second_lead(client, city):
    capital = OrganisationFactory(place=city.place.parent, is_lead_of_place=True)
    city.is_lead_of_place = True
    city.save()
    sign_in(client, capital, role=Role.ADMINISTRATOR)
    create = reverse("access:create_organisation", args=[city.place.code])
    given = {"name": "Women of the port", "kind": "women", "is_active": "on"}

    second_lead = client.post(create, given | {"is_lead_of_place": "on"})
    assert "leads this place. Change that first." in second_lead.content.decode()
    oversight = client.post(create, given | {"kind": "oversight"})
    assert oversight.status_code == 200
    client.post(create, given)

    made = Organisation.objects.get(slug="women-of-the-port")
    assert (made.country_code, made.kind) == ("id", "women")
    edit = reverse("access:edit_organisation", args=[made.slug])
    client.post(edit, given | {"name": "Women of the harbour", "revision": "1"})
    made.refresh_from_db()
    assert made.name == "Women of the harbour"
    assert client.post(edit, given | {"name": "Late", "revision": "1"}).status_code == 409


def test_language_chosen_is_kept_with_the_person_and_wins_over_the_browser(client, city):
    person = sign_in(client, city)

    client.post(reverse("set_language"), {"language": "fr", "next": "https://elsewhere.example/"})

    person.refresh_from_db()
    assert person.language == "fr"
    page = client.get(reverse("access:about_data"), headers={"Accept-Language": "id"})
    assert '<html lang="fr"' in page.content.decode()


def test_switches_lead_back_to_our_pages_only(client):
    for name in ("set_language", "access:set_theme"):
        answer = client.post(
            reverse(name), {"language": "fr", "theme": "dark", "next": "https://elsewhere.example/"}
        )
        assert answer.headers["Location"] == "/"
    assert client.cookies["theme"].value == "dark"
