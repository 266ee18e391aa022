"""A local plan beside the national one: adopt, adapt, refuse, link, undo; with and without htmx."""

import pytest
from django.urls import reverse

from tansiq.access.models import Notice
from tansiq.plans.models import Action, Alignment
from tests.factories import AlignmentFactory, MembershipFactory, OrganisationFactory, PlaceFactory
from tests.people import sign_in
from tests.plans.nation import local_action, local_plan, make_nation

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def nation():
    return make_nation()


@pytest.fixture
def local(nation):
    return local_plan(nation, nation.east, slug="ours")


def at(name, *more):
    return reverse(f"plans:{name}", args=["id", "ours", *more])


def test_every_asked_action_stands_beside_its_answer_or_a_gap(client, nation, local):
    mine = local_action(local, title="Our training")
    AlignmentFactory(
        national_action=nation.train, place=local.place, local_action=mine, relation="adapts"
    )
    lonely = local_action(local, title="Night line")
    sign_in(client, nation.east)

    beside = client.get(at("beside")).context["beside"]

    found = {
        pair.national: ([link.local_action for link in pair.links], pair.is_open)
        for pair in beside.pairs
    }
    assert found == {nation.train: ([mine], False), nation.talk: ([], True)}
    assert [line.action for line in beside.orphans] == [lonely]


def test_page_costs_the_same_for_many_actions(client, nation, local, flat_queries):
    sign_in(client, nation.east)
    numbers = iter(range(9))

    def add_row():
        number = next(numbers)
        twin = Action.objects.create(
            plan=nation.plan, objective=nation.objective, code=f"9.{number}", local_role="Yes."
        )
        AlignmentFactory(
            national_action=twin,
            place=local.place,
            local_action=local_action(local),
            relation="adopts",
        )
        local_action(local)

    flat_queries(lambda: client.get(at("beside")), add_row=add_row, cost=COST)


COST = 18


def test_adopting_copies_the_action_and_goes_back_to_its_line(client, nation, local):
    sign_in(client, nation.east, "coordinator")

    answer = client.post(at("adopt_one", "1.1.1"))

    assert answer.url == f"{at('beside')}#n-{nation.train.pk}"
    link = Alignment.objects.get(place=local.place)
    assert (link.relation, link.local_action.title) == ("adopts", "Train teachers")
    assert link.local_action.objective.title == "Schools"


def test_adopting_with_htmx_answers_with_the_one_line(client, nation, local):
    sign_in(client, nation.east)

    answer = client.post(at("adopt_one", "1.1.1"), headers=HTMX)

    assert answer.status_code == 200
    assert b"<html" not in answer.content
    assert f'id="n-{nation.train.pk}"'.encode() in answer.content
    assert b"Adopted" in answer.content


def test_adopting_does_not_swallow_an_action_of_ours_with_the_same_code(client, nation, local):
    ours = local_action(local, code="1.1.1", title="Something else")
    sign_in(client, nation.east)

    client.post(at("adopt_one", "1.1.1"))

    link = Alignment.objects.get(place=local.place)
    assert link.local_action != ours
    assert link.local_action.code == "1.1.1-2"


def test_adapting_takes_it_over_in_our_own_words(client, nation, local):
    sign_in(client, nation.east)

    form = client.get(at("adapt", "1.1.2")).context["form"]
    answer = client.post(
        at("adapt", "1.1.2"), {"title": "Talk with mothers", "local_role": "The office does."}
    )

    assert form.initial["title"] == "Talk with parents"
    assert answer.status_code == 302
    link = Alignment.objects.get(place=local.place)
    assert (link.relation, link.local_action.title) == ("adapts", "Talk with mothers")


def test_adapting_without_words_keeps_the_form(client, nation, local):
    sign_in(client, nation.east)

    answer = client.post(at("adapt", "1.1.2"), {"title": " ", "starts_on": "2026-13-01"})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"title", "starts_on"}
    assert not Alignment.objects.exists()


def test_refusing_needs_a_reason_and_keeps_it(client, nation, local):
    sign_in(client, nation.east)

    without = client.post(at("refuse", "1.1.1"), {"reason": "  "})
    answer = client.post(at("refuse", "1.1.1"), {"reason": "No school here."})

    assert without.status_code == 422
    assert answer.status_code == 302
    refusal = Alignment.objects.get(place=local.place)
    assert (refusal.relation, refusal.reason) == ("not_applicable", "No school here.")


def test_refusal_is_told_to_those_who_coordinate_the_national_plan(client, nation, local):
    officer = MembershipFactory(organisation=nation.body, role="coordinator").person
    mayor = sign_in(client, nation.east)

    client.post(at("refuse", "1.1.1"), {"reason": "No school here."})

    [notice] = Notice.objects.filter(code="plans.refused")
    assert notice.person == officer
    assert notice.url == nation.at("place", "id-ji")
    assert not Notice.objects.filter(person=mayor).exists()


def test_refusing_with_htmx_opens_the_form_in_the_line_and_shows_what_is_wrong(
    client, nation, local
):
    sign_in(client, nation.east)

    form = client.get(at("refuse", "1.1.1"), headers=HTMX)
    wrong = client.post(at("refuse", "1.1.1"), {"reason": ""}, headers=HTMX)
    right = client.post(at("refuse", "1.1.1"), {"reason": "No school."}, headers=HTMX)

    assert (form.status_code, wrong.status_code, right.status_code) == (200, 422, 200)
    assert b"<textarea" in form.content
    assert b"No school." in right.content


def test_answer_can_be_taken_back(client, nation, local):
    refusal = AlignmentFactory(national_action=nation.train, place=local.place)
    sign_in(client, nation.east)

    client.post(at("undo", refusal.pk))

    assert not Alignment.objects.exists()


def test_answer_of_another_place_cannot_be_taken_back_through_ours(client, nation, local):
    theirs = AlignmentFactory(national_action=nation.train, place=nation.west.place)
    sign_in(client, nation.east)

    assert client.post(at("undo", theirs.pk)).status_code == 404
    assert Alignment.objects.filter(pk=theirs.pk).exists()


def test_lonely_action_is_linked(client, nation, local):
    mine = local_action(local)
    sign_in(client, nation.east)
    said = {"local_action": mine.pk, "national_action": nation.talk.pk, "relation": "supports"}

    client.post(at("link"), said)

    link = Alignment.objects.get(place=local.place)
    assert (link.national_action, link.local_action, link.relation) == (
        nation.talk,
        mine,
        "supports",
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"relation": "not_applicable"},
        {"national_action": "x"},
        {"local_action": 10**30},
        {"relation": ""},
    ],
)
def test_link_that_makes_no_sense_is_refused_with_a_sentence(client, nation, local, wrong):
    mine = local_action(local)
    sign_in(client, nation.east)
    said = {"local_action": mine.pk, "national_action": nation.talk.pk, "relation": "supports"}

    answer = client.post(at("link"), said | wrong, follow=True)

    assert b"Choose the national action to link to." in answer.content
    assert not Alignment.objects.exists()


def test_action_of_another_plan_cannot_be_linked_through_ours(client, nation, local):
    theirs = local_action(local_plan(nation, nation.west))
    sign_in(client, nation.east)
    said = {"local_action": theirs.pk, "national_action": nation.talk.pk, "relation": "supports"}

    client.post(at("link"), said)

    assert not Alignment.objects.exists()


@pytest.mark.parametrize("role", ["viewer", "contributor"])
@pytest.mark.parametrize("name", ["adopt_one", "adapt", "refuse"])
def test_who_may_not_answer_is_told_why(client, nation, local, role, name):
    sign_in(client, nation.east, role)

    page = client.get(at("beside"))
    answer = client.post(at(name, "1.1.1"), {"reason": "x", "title": "x"})

    assert b"Adopt it" not in page.content.replace(b"Adopt it, adapt it", b"")
    assert answer.status_code == 403
    assert b"Only a coordinator of the organisation that owns the local plan" in answer.content
    assert not Alignment.objects.exists()


def test_stranger_finds_nothing(client, nation, local):
    sign_in(client, OrganisationFactory(place=PlaceFactory(code="ke", country_code="ke")))

    assert client.get(at("beside")).status_code == 404
    assert client.post(at("adopt_one", "1.1.1")).status_code == 404


def test_national_plan_stands_beside_nothing(client, nation):
    sign_in(client, nation.body)

    assert client.get(nation.at("beside")).status_code == 404
    assert client.post(nation.at("adopt_one", "1.1.1")).status_code == 403


def test_unknown_action_is_not_found(client, nation, local):
    sign_in(client, nation.east)

    assert client.post(at("adopt_one", "9.9.9")).status_code == 404
