"""Who learns of activities that overlap, and how two bodies talk about them."""

import csv
import io

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.access.actions.sharing import change_marking
from tansiq.access.actor import Actor, Role
from tansiq.access.models import LogEntry, Marking, Notice
from tansiq.access.querysets import SharedQuerySet
from tansiq.plans.actions.activities import register_activity
from tansiq.plans.models import Activity, Conversation, Message, Overlap
from tansiq.plans.queries import desk
from tansiq.plans.querysets import OverlapQuerySet
from tests.factories import (
    NOON,
    ActivityFactory,
    ConversationFactory,
    MembershipFactory,
    MessageFactory,
    OrganisationFactory,
    OverlapFactory,
    PlaceFactory,
    PlanFactory,
    actor_of,
)
from tests.people import sign_in
from tests.plans.reporting import make_country

pytestmark = pytest.mark.django_db
BY = Actor.system("test")


def pair_in(country, who="city", other="other_city", **fields):
    """Return a pair of activities in the city, one of each of two bodies of the country."""
    details = {"plan": country.plan, "place": country.place, "marking": "green"}
    details |= {"theme": "schools"} | fields
    first = ActivityFactory(owner=getattr(country, who), title="Circle", **details)
    second = ActivityFactory(owner=getattr(country, other), title="Ring", **details)
    return OverlapFactory(first=first, second=second)


# -- Who learns of a pair -------------------------------------------------------------------------

markings = st.sampled_from([one.value for one in Marking])


def leaks(overlaps, actor):
    """Return the pairs an actor is shown without being allowed to see both activities."""
    seen = set(Activity.objects.visible_to(actor).values_list("pk", flat=True))
    red = set(Activity.objects.filter(marking="red").values_list("pk", flat=True))
    return [pair.pk for pair in overlaps if not {pair.first_id, pair.second_id} <= seen - red]


def make_pairs(first_marking, second_marking, *, names_reader):
    country = make_country()
    stranger = OrganisationFactory(place=PlaceFactory(country_code="ke"))
    pair = pair_in(country)
    for activity, marking in ((pair.first, first_marking), (pair.second, second_marking)):
        activity.marking = marking
        activity.save()
    actors = [actor_of(one) for one in (country.city, country.other_city, country.nation, stranger)]
    if names_reader:
        pair.second.named_organisations.add(country.city)
        pair.second.named_people.add(actors[0].person_id)
        pair.first.named_people.add(actors[0].person_id)
    watch = OrganisationFactory(kind="oversight", place=country.nation.place)
    return pair, [*actors, actor_of(watch, Role.OVERSEER)]


SLOW = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SLOW
@given(first=markings, second=markings, names_reader=st.booleans())
def test_nobody_is_shown_a_pair_without_seeing_both(first, second, names_reader):
    pair, actors = make_pairs(first, second, names_reader=names_reader)

    for actor in actors:
        shown = Overlap.objects.visible_to(actor).filter(pk=pair.pk)
        assert leaks(shown, actor) == []
        both = Activity.objects.visible_to(actor).exclude(marking="red")
        sees_both = both.filter(pk__in=(pair.first_id, pair.second_id)).count() == 2
        assert shown.exists() == sees_both


def test_property_catches_a_pair_that_is_as_visible_as_one_of_its_activities(monkeypatch):
    monkeypatch.setattr(OverlapQuerySet, "through", "first")
    monkeypatch.setattr(OverlapQuerySet, "visible_to", SharedQuerySet.visible_to)
    pair, [city, *_others] = make_pairs("green", "amber+strict", names_reader=False)

    assert leaks(Overlap.objects.visible_to(city), city) == [pair.pk]


def test_pair_with_what_i_may_not_see_leaves_no_trace(client):
    country = make_country()
    pair = pair_in(country)
    change_marking(pair.second, marking="amber+strict", is_hub_wide=False, by=BY, at=NOON)
    sign_in(client, country.city)

    listed = client.get(reverse("plans:overlaps"), {"whose": "all"})
    own = client.get(pair.first.get_absolute_url())
    table = client.get(reverse("plans:overlaps_export"), {"whose": "all"})

    assert (listed.context["groups"], own.context["others"]) == ([], [])
    assert "Ring" not in listed.content.decode() + own.content.decode() + table.content.decode()
    for name in ("overlap", "conversation_open", "overlap_settle"):
        assert client.post(reverse(f"plans:{name}", args=[pair.pk])).status_code in {404, 405}


def test_activity_that_becomes_red_takes_part_no_more():
    country = make_country()
    pair = pair_in(country)

    change_marking(pair.second, marking="red", is_hub_wide=False, by=BY, at=NOON)

    assert not Overlap.objects.exists()


# -- The list -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"whose": "ours"}, {"A"}),
        ({}, {"A"}),
        ({"whose": "all"}, {"A", "B"}),
        ({"whose": "all", "theme": "women"}, {"B"}),
        ({"whose": "all", "state": "settled"}, {"B"}),
        ({"whose": "all", "audience": "prison"}, set()),
        ({"whose": "all", "place": "Malang"}, set()),
        ({"whose": "all", "theme": "nonsense"}, {"A", "B"}),
    ],
)
def test_filters_narrow_the_pairs(client, asked, found):
    country = make_country()
    pairs = {"A": pair_in(country), "B": pair_in(country, "province", "nation")}
    Overlap.objects.filter(pk=pairs["B"].pk).update(theme="women", state="different")
    sign_in(client, country.city)

    groups = client.get(reverse("plans:overlaps"), asked).context["groups"]

    assert {pair.pk for group in groups for pair in group.pairs} == {pairs[one].pk for one in found}


def test_list_costs_the_same_for_one_pair_as_for_three(client, flat_queries):
    country = make_country()
    sign_in(client, country.city)
    pair_in(country)
    client.get(reverse("plans:overlaps"))

    flat_queries(
        lambda: client.get(reverse("plans:overlaps"), headers={"HX-Request": "true"}),
        add_row=lambda: pair_in(country),
        cost=COST_OF_PAIRS,
    )


COST_OF_PAIRS = 8


def test_export_names_both_sides_and_why(client):
    country = make_country()
    pair_in(country)
    sign_in(client, country.city, "viewer")

    answer = client.get(reverse("plans:overlaps_export"))

    [tags, row] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert tags["first_place"] == "#loc+code+first"
    assert (row["first"], row["second_owner"]) == ("Circle", "Lead of Malang")
    assert "Both are in Surabaya" in row["why"].replace("\u2068", "").replace("\u2069", "")
    assert LogEntry.objects.filter(rule="export:plans.activity_view").exists()


def test_entered_activity_shows_who_does_the_same(client):
    country = make_country()
    details = {"plan": country.plan, "place": country.place, "theme": "media", "marking": "green"}
    first = ActivityFactory.build(owner=country.other_city, title="Theirs", **details)
    register_activity(first, by=BY, at=NOON)
    mine = ActivityFactory.build(owner=country.city, title="Ours", **details)
    register_activity(mine, by=BY, at=NOON)
    sign_in(client, country.city)

    page = client.get(mine.get_absolute_url())
    card = client.get(reverse("plans:activity_similar", args=[mine.pk]))

    assert [other.title for _pair, other in page.context["others"]] == ["Theirs"]
    assert "Theirs" in card.content.decode()


# -- Talking about it -----------------------------------------------------------------------------


def test_conversation_is_opened_told_answered_and_ended(client):
    country = make_country()
    pair = pair_in(country)
    them = MembershipFactory(organisation=country.other_city, role="contributor").person
    MembershipFactory(organisation=country.other_city, role="viewer")
    us = sign_in(client, country.city, "contributor")

    client.post(reverse("plans:conversation_open", args=[pair.pk]), {"talk-text": "Together?"})

    conversation = Conversation.objects.get()
    assert (conversation.owner, conversation.other) == (country.city, country.other_city)
    assert [(one.person, one.code) for one in Notice.objects.all()] == [
        (them, "plans.conversation_opened")
    ]
    assert [one.kind for one in desk.now(actor_of(country.other_city), NOON)] == ["conversation"]
    assert desk.now(actor_of(country.city), NOON) == []

    client.force_login(them)
    client.post(reverse("plans:conversation_reply", args=[conversation.pk]), {"say-text": "Yes."})
    said = {"close-outcome": "divided", "close-words": "They north, we south."}
    client.post(reverse("plans:conversation_close", args=[conversation.pk]), said)

    conversation.refresh_from_db()
    pair.refresh_from_db()
    assert (conversation.outcome, conversation.closed_by) == ("divided", country.other_city)
    assert (pair.state, pair.settled_words) == ("divided", "They north, we south.")
    assert list(Message.objects.order_by("pk").values_list("organisation", "text", "outcome")) == [
        (country.city.pk, "Together?", ""),
        (country.other_city.pk, "Yes.", ""),
        (country.other_city.pk, "They north, we south.", "divided"),
    ]
    assert set(Notice.objects.filter(person=us).values_list("code", flat=True)) == {
        "plans.conversation_replied",
        "plans.conversation_closed",
    }
    rules = LogEntry.objects.filter(rule__startswith="plans.conversation")
    assert set(rules.values_list("rule", flat=True)) == {
        "plans.conversation_open",
        "plans.conversation_reply",
        "plans.conversation_close",
    }


def test_writing_again_opens_what_was_ended(client):
    country = make_country()
    pair = pair_in(country)
    conversation = talked_about(pair, outcome="joined", closed_at=NOON, closed_by=country.city)
    sign_in(client, country.other_city, "contributor")
    address = reverse("plans:conversation_close", args=[conversation.pk])
    assert client.post(address, {}).status_code == 403

    client.post(reverse("plans:conversation_reply", args=[conversation.pk]), {"say-text": "Wait"})

    conversation.refresh_from_db()
    pair.refresh_from_db()
    assert (conversation.is_open, conversation.outcome, pair.state) == (True, "", "talking")


def talked_about(pair, **fields):
    conversation = ConversationFactory(owner=pair.first.owner, other=pair.second.owner, **fields)
    MessageFactory(conversation=conversation, text="Secret words")
    pair.conversation, pair.state = conversation, "talking"
    pair.save()
    return conversation


@pytest.mark.parametrize(
    ("who", "role", "page", "reply"),
    [
        ("city", "contributor", 200, 422),
        ("other_city", "contributor", 200, 422),
        ("city", "viewer", 200, 403),
        ("nation", "administrator", 404, 404),
        ("province", "lead", 404, 404),
    ],
)
def test_only_the_two_read_and_write(client, who, role, page, reply):
    country = make_country()
    conversation = talked_about(pair_in(country))
    sign_in(client, getattr(country, who), role)

    assert client.get(conversation.get_absolute_url()).status_code == page
    address = reverse("plans:conversation_reply", args=[conversation.pk])
    assert client.post(address, {"say-text": ""}).status_code == reply
    listed = client.get(reverse("plans:conversations"))
    assert bool(listed.context["page"].object_list) == (page == 200)


def test_overseer_knows_that_a_conversation_exists_and_no_more(client):
    country = make_country()
    conversation = talked_about(pair_in(country))
    watch = OrganisationFactory(kind="oversight", place=country.nation.place)
    sign_in(client, watch, Role.OVERSEER)

    register = client.get(reverse("access:oversight"), {"kind": "conversation"})
    page = client.get(conversation.get_absolute_url())

    assert [row["pk"] for row in register.context["page"]] == [conversation.pk]
    assert page.status_code == 403
    assert "Secret words" not in register.content.decode() + page.content.decode()


def test_conversation_cannot_be_given_to_others(client):
    country = make_country()
    conversation = talked_about(pair_in(country))
    sign_in(client, country.city, "administrator")
    address = reverse("access:sharing", args=["conversation", conversation.pk])

    page = client.get(address)

    assert page.status_code == 200
    assert not page.context["may_mark"]
    assert not page.context["may_name"]


def test_second_of_two_who_open_a_conversation_lands_in_the_first(client):
    country = make_country()
    pair = pair_in(country)
    talked_about(pair)
    sign_in(client, country.city, "contributor")

    address = reverse("plans:conversation_open", args=[pair.pk])

    assert client.post(address, {"talk-text": "Hello"}).status_code == 403
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "role", "status"),
    [("city", "contributor", 302), ("other_city", "lead", 302), ("nation", "lead", 403)],
)
def test_plain_difference_is_written_down_by_one_of_the_two(client, who, role, status):
    country = make_country()
    pair = pair_in(country)
    sign_in(client, getattr(country, who), role)
    said = {"settle-outcome": "different", "settle-words": "Other pupils."}

    answer = client.post(reverse("plans:overlap_settle", args=[pair.pk]), said)

    pair.refresh_from_db()
    assert answer.status_code == status
    assert pair.state == ("different" if status == 302 else "new")


def test_page_of_a_pair_says_why_and_what_was_typed_comes_back(client):
    country = make_country()
    pair = pair_in(country)
    sign_in(client, country.city, "contributor")

    page = client.get(pair.get_absolute_url())
    wrong = client.post(reverse("plans:overlap_settle", args=[pair.pk]), {"settle-words": ""})

    assert len(page.context["reasons"]) == 4
    assert (wrong.status_code, wrong.context["opened"]) == (422, "settle")


def test_conversation_says_when_its_activities_are_gone(client):
    country = make_country()
    pair = pair_in(country)
    conversation = talked_about(pair)
    pair.second.delete()
    sign_in(client, country.city)

    answer = client.get(conversation.get_absolute_url())

    assert answer.context["pairs"] == []
    assert "Secret words" in answer.content.decode()


def test_plan_of_another_country_is_never_compared():
    one, other = make_country(), PlanFactory()
    details = {"theme": "schools", "marking": "green"}
    register_activity(
        ActivityFactory.build(plan=one.plan, owner=one.city, place=one.place, **details),
        by=BY,
        at=NOON,
    )
    register_activity(
        ActivityFactory.build(plan=other, owner=other.owner, place=other.place, **details),
        by=BY,
        at=NOON,
    )

    assert not Overlap.objects.exists()
