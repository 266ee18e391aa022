import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tansiq.access.models import LogEntry, Notice
from tansiq.incidents.actions.posts import (
    PostError,
    Reach,
    name_to_role,
    put_first,
    remove_post,
)
from tansiq.incidents.models import Post
from tansiq.incidents.queries.posts import roles_of
from tests.factories import (
    NOON,
    TODAY,
    ContactFactory,
    MembershipFactory,
    OrganisationFactory,
    PlaceFactory,
    PlaybookVersionFactory,
    PostFactory,
    actor_of,
)
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def named(city, who, role="COMMS", by=None):
    playbook = PlaybookVersionFactory(playbook__owner=city)
    by = by or actor_of(city, "lead")
    return name_to_role(city, role, who, Reach(), playbook=playbook, by=by, at=NOON)


def ranks(city, role="COMMS"):
    return list(
        Post.objects.filter(organisation=city, role=role)
        .order_by("rank")
        .values_list("rank", flat=True)
    )


def test_the_first_named_holds_the_role_and_the_next_are_deputies():
    city = OrganisationFactory()
    member = MembershipFactory(organisation=city).person
    contact = ContactFactory(organisation=city)

    holder, deputy = named(city, member), named(city, contact)

    assert (holder.rank, holder.is_deputy, holder.name) == (0, False, member.name)
    assert (deputy.rank, deputy.is_deputy, deputy.telephone) == (1, True, contact.phone)
    logged = LogEntry.objects.filter(rule="incidents.post_add").order_by("pk")
    assert [entry.detail for entry in logged] == [
        {"role": "COMMS", "rank": 0},
        {"role": "COMMS", "rank": 1},
    ]


def test_who_is_named_is_told_in_words():
    city = OrganisationFactory()
    member = MembershipFactory(organisation=city).person

    named(city, member)

    notice = Notice.objects.get()
    assert (notice.person, notice.facts["role"]) == (member, "Communications")


def test_naming_somebody_twice_is_refused_and_changes_nothing():
    city = OrganisationFactory()
    member = MembershipFactory(organisation=city).person
    named(city, member)

    with pytest.raises(PostError, match="already"):
        named(city, member)

    assert ranks(city) == [0]


def test_a_role_the_playbook_does_not_have_is_refused():
    city = OrganisationFactory()

    with pytest.raises(PostError, match="no such role"):
        named(city, ContactFactory(organisation=city), role="NOBODY")

    assert not Post.objects.exists()


def test_the_deputies_move_up_when_the_holder_is_taken_off():
    city = OrganisationFactory()
    first, second, third = (named(city, ContactFactory(organisation=city)) for _n in range(3))

    remove_post(first, by=actor_of(city, "lead"), at=NOON)

    assert list(Post.objects.order_by("rank").values_list("pk", "rank")) == [
        (second.pk, 0),
        (third.pk, 1),
    ]


def test_a_deputy_made_holder_leaves_the_former_one_as_first_deputy():
    city = OrganisationFactory()
    first, second, third = (named(city, ContactFactory(organisation=city)) for _n in range(3))

    put_first(third, by=actor_of(city, "lead"), at=NOON)

    assert list(Post.objects.order_by("rank").values_list("pk", flat=True)) == [
        third.pk,
        first.pk,
        second.pk,
    ]


@given(steps=st.lists(st.tuples(st.sampled_from("nfr"), st.integers(0, 5)), max_size=8))
def test_ranks_stay_without_a_gap_whatever_is_done(steps):
    city = OrganisationFactory()
    by = actor_of(city, "lead")
    for step, number in steps:
        posts = list(Post.objects.filter(organisation=city).order_by("rank"))
        if step == "n" or not posts:
            named(city, ContactFactory(organisation=city), by=by)
        elif step == "f":
            put_first(posts[number % len(posts)], by=by, at=NOON)
        else:
            remove_post(posts[number % len(posts)], by=by, at=NOON)

    assert ranks(city) == list(range(Post.objects.filter(organisation=city).count()))


def test_what_is_missing_stands_out():
    city = OrganisationFactory()
    PlaybookVersionFactory(playbook__owner=city)
    PostFactory(organisation=city, role="COMMS")

    roles = roles_of(actor_of(city, "viewer"), city, on=TODAY)

    assert {row.spec.key: (row.is_empty, row.lacks_deputy) for row in roles.rows} == {
        "COORD": (True, False),
        "COMMS": (False, True),
    }
    assert (roles.empty, roles.without_deputy, roles.overloaded) == (1, 1, [])


def test_who_is_no_member_any_more_does_not_count():
    city = OrganisationFactory()
    PlaybookVersionFactory(playbook__owner=city)
    post = PostFactory(organisation=city)
    post.person.memberships.update(ends_on="2026-01-01")

    roles = roles_of(actor_of(city, "viewer"), city, on=TODAY)

    assert roles.empty == 2


def test_posts_are_read_by_the_body_and_by_those_who_lead_above_it():
    nation = PlaceFactory()
    above = OrganisationFactory(place=nation, is_lead_of_place=True)
    city = OrganisationFactory(place=PlaceFactory(parent=nation))
    beside = OrganisationFactory(place=PlaceFactory(parent=nation), is_lead_of_place=True)
    post = PostFactory(organisation=city)

    readers = {
        one.pk
        for one in (above, city, beside)
        if Post.objects.visible_to(actor_of(one, "viewer")).filter(pk=post.pk).exists()
    }

    assert readers == {above.pk, city.pk}


def test_the_page_names_every_role_and_who_holds_it(client):
    city = OrganisationFactory()
    PlaybookVersionFactory(playbook__owner=city)
    post = PostFactory(organisation=city, phone="+63 912 000 0000")
    sign_in(client, city)

    page = client.get(reverse("incidents:roles"), follow=True)

    text = page.content.decode()
    assert page.redirect_chain == [(reverse("incidents:roles_of", args=[city.slug]), 302)]
    assert [row.spec.key for row in page.context["roles"].rows] == ["COORD", "COMMS"]
    assert {post.name in text, "1 role has nobody." in text, "+63 912" in text} == {True}


def test_a_coordinator_names_somebody_through_the_page(client):
    city = OrganisationFactory()
    PlaybookVersionFactory(playbook__owner=city)
    sign_in(client, city, role="coordinator")
    contact = ContactFactory(organisation=city)
    address = reverse("incidents:post_add", args=[city.slug, "COORD"])

    answer = client.post(
        address, {"who": f"contact-{contact.pk}", "phone": "+63 1234", "languages": ["fil"]}
    )

    assert answer.status_code == 302
    post = Post.objects.get()
    assert (post.role, post.contact, post.phone, post.languages) == (
        "COORD",
        contact,
        "+63 1234",
        ["fil"],
    )


@pytest.mark.parametrize("who", ["", "person-1", "contact-99999999999999999999", "x"])
def test_nobody_can_be_named_who_is_neither_member_nor_contact(client, who):
    city = OrganisationFactory()
    PlaybookVersionFactory(playbook__owner=city)
    sign_in(client, city)
    other = MembershipFactory().person

    address = reverse("incidents:post_add", args=[city.slug, "COORD"])
    answer = client.post(address, {"who": who.replace("person-1", f"person-{other.pk}")})

    assert answer.status_code == 200
    assert not Post.objects.exists()


def test_a_contributor_may_not_name_anybody(client):
    city = OrganisationFactory()
    PlaybookVersionFactory(playbook__owner=city)
    sign_in(client, city, role="contributor")

    answer = client.get(reverse("incidents:post_add", args=[city.slug, "COORD"]))

    assert answer.status_code == 403


def test_whoever_holds_a_role_may_step_down(client):
    city = OrganisationFactory()
    PlaybookVersionFactory(playbook__owner=city)
    member = sign_in(client, city, role="viewer")
    post = PostFactory(organisation=city, person=member)

    asked = client.get(reverse("incidents:post_remove", args=[post.pk]))
    client.post(reverse("incidents:post_remove", args=[post.pk]))

    assert asked.status_code == 200
    assert not Post.objects.exists()


def test_two_who_correct_one_entry_are_told(client):
    city = OrganisationFactory()
    PlaybookVersionFactory(playbook__owner=city)
    sign_in(client, city)
    post = PostFactory(organisation=city)
    address = reverse("incidents:post_change", args=[post.pk])
    given_first = {"phone": "+63 111 111", "revision": post.revision}
    given_later = {"phone": "+63 222 222", "revision": post.revision}

    first, later = client.post(address, given_first), client.post(address, given_later)

    assert (first.status_code, later.status_code) == (302, 409)
    assert Post.objects.get().phone == "+63 111 111"
    assert "+63 222 222" in later.content.decode()


def test_the_list_costs_the_same_for_one_as_for_many(client, flat_queries):
    city = OrganisationFactory()
    PlaybookVersionFactory(playbook__owner=city)
    sign_in(client, city)
    address = reverse("incidents:roles_of", args=[city.slug])
    client.get(address)

    flat_queries(
        lambda: client.get(address), add_row=lambda: named(city, ContactFactory()), cost=12
    )
