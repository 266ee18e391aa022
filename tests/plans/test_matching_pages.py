"""Suggestions on pages: shown with a reason, accepted, declined, remembered; seen by the nation."""

import pytest
from django.urls import reverse

from tansiq.access.models import LogEntry
from tansiq.plans.models import Alignment, DeclinedMatch
from tests.factories import NOON, ActionFactory, ObjectiveFactory, PillarFactory
from tests.people import sign_in
from tests.plans.nation import local_action, local_plan, make_nation

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def nation():
    """A nation with objectives on schools and on victims."""
    nation = make_nation()
    pillar = PillarFactory(plan=nation.plan, code="2", title="Care")
    care = ObjectiveFactory(
        plan=nation.plan, pillar=pillar, code="2.1", title="Nobody is forgotten"
    )
    nation.care = care
    nation.pay = ActionFactory(
        plan=nation.plan, objective=care, code="2.1.1", title="Pay compensation to victims"
    )
    return nation


@pytest.fixture
def local(nation):
    return local_plan(nation, nation.east, slug="ours", language="id")


@pytest.fixture
def fund(local):
    return local_action(local, code="K-1", title="Dana darurat bagi korban bom")


def at(name, *more):
    return reverse(f"plans:{name}", args=["id", "ours", *more])


def suggested(client):
    """Return the suggestions beside the national plan, by the code of the local action."""
    lines = client.get(at("beside")).context["beside"].orphans
    return {line.action.code: [one.objective.code for one in line.likely] for line in lines}


def test_suggestion_stands_beside_with_its_reason_in_both_languages(client, nation, local, fund):
    sign_in(client, nation.east)

    answer = client.get(at("beside"))

    [line] = answer.context["beside"].orphans
    [one] = line.likely
    assert (one.objective, one.choices) == (nation.care, [nation.pay])
    assert ("victims", "korban · bom", "victims") in {
        (reason.label, reason.local, reason.national) for reason in one.reasons
    }
    page = answer.content.decode()
    assert "Both are about:" in page
    assert "It belongs here" in page


def test_action_about_something_else_is_given_no_guess(client, nation, local):
    local_action(local, code="K-2", title="Perbaikan jembatan")
    sign_in(client, nation.east)

    answer = client.get(at("beside"))

    assert [line.likely for line in answer.context["beside"].orphans] == [[]]
    assert "Nothing likely found" in answer.content.decode()


def test_accepting_links_it_as_the_person_chose(client, nation, local, fund):
    sign_in(client, nation.east, "coordinator")
    said = {"local_action": fund.pk, "national_action": nation.pay.pk, "relation": "adapts"}

    client.post(at("link"), said)

    link = Alignment.objects.get(local_action=fund)
    assert (link.national_action, link.relation) == (nation.pay, "adapts")
    assert suggested(client) == {}


def test_declined_suggestion_stays_away_until_either_is_reworded(client, nation, local, fund):
    sign_in(client, nation.east)
    assert suggested(client) == {"K-1": ["2.1"]}

    answer = client.post(at("decline_match", fund.pk), {"objective": nation.care.pk})

    assert answer.url == f"{at('beside')}#may-{fund.pk}"
    assert suggested(client) == {"K-1": []}
    fund.title = "Dana darurat bagi keluarga korban bom"
    fund.save()
    assert suggested(client) == {"K-1": ["2.1"]}
    client.post(at("decline_match", fund.pk), {"objective": nation.care.pk})
    assert suggested(client) == {"K-1": []}
    nation.pay.title = "Pay compensation to all victims of attacks"
    nation.pay.save()
    assert suggested(client) == {"K-1": ["2.1"]}
    assert LogEntry.objects.filter(rule="plans.decline_match").count() == 2


def test_declining_with_htmx_answers_with_what_is_left(client, nation, local, fund):
    sign_in(client, nation.east)

    answer = client.post(at("decline_match", fund.pk), {"objective": nation.care.pk}, headers=HTMX)

    assert answer.status_code == 200
    assert b"<html" not in answer.content
    assert f'id="may-{fund.pk}"'.encode() in answer.content
    assert b"Consider the 1 refused suggestion again" in answer.content


def test_declined_suggestions_can_be_considered_again(client, nation, local, fund):
    sign_in(client, nation.east)
    client.post(at("decline_match", fund.pk), {"objective": nation.care.pk})

    client.post(at("reconsider_matches", fund.pk), {"page": "action"})

    assert suggested(client) == {"K-1": ["2.1"]}
    assert not DeclinedMatch.objects.exists()


@pytest.mark.parametrize("objective", ["", "x", "999999", "-1"])
def test_declining_something_that_is_not_there_is_refused(client, nation, local, fund, objective):
    sign_in(client, nation.east)

    answer = client.post(at("decline_match", fund.pk), {"objective": objective})

    assert answer.status_code == 404


def test_only_a_coordinator_of_the_place_answers(client, nation, local, fund):
    said = {"objective": nation.care.pk}
    sign_in(client, nation.east, "contributor")
    assert client.post(at("decline_match", fund.pk), said).status_code == 403
    assert "It belongs here" not in client.get(at("beside")).content.decode()

    sign_in(client, nation.body)

    assert client.post(at("decline_match", fund.pk), said).status_code == 403
    assert client.post(at("reconsider_matches", fund.pk)).status_code == 403
    assert not DeclinedMatch.objects.exists()


def test_page_of_an_unlinked_action_says_where_it_may_belong(client, nation, local, fund):
    sign_in(client, nation.east)

    [line] = client.get(fund.get_absolute_url()).context["may_belong"]
    Alignment.objects.create(
        national_action=nation.pay, place=local.place, local_action=fund, relation="adopts"
    )
    linked = client.get(fund.get_absolute_url()).context["may_belong"]

    assert [one.objective for one in line.likely] == [nation.care]
    assert linked == []


def test_nation_sees_unlinked_actions_by_objective(client, nation, local, fund):
    local_action(local, code="K-2", title="Perbaikan jembatan")
    sign_in(client, nation.body)

    shown = client.get(nation.at("unlinked")).context["shown"]
    narrowed = client.get(nation.at("unlinked"), {"objective": "2.1"}).context["page"]
    elsewhere = client.get(nation.at("unlinked"), {"q": "west"}).context["page"]

    assert {line.action.code for line in shown.lines} == {"K-1", "K-2"}
    assert [(one.objective, one.count, one.answered) for one in shown.objectives] == [
        (nation.care, 1, False)
    ]
    assert [line.action for line in narrowed] == [fund]
    assert list(elsewhere) == []


def test_nation_does_not_see_actions_of_plans_it_may_not_read(client, nation, local, fund):
    local.marking = "amber"
    local.save()
    sign_in(client, nation.west)

    shown = client.get(nation.at("unlinked")).context["shown"]

    assert shown.lines == []
    assert "Dana darurat" not in client.get(nation.at("unlinked")).content.decode()


def test_page_of_the_nation_costs_the_same_for_many_actions(client, nation, local, flat_queries):
    sign_in(client, nation.body)
    numbers = iter(range(9))

    def add_row():
        number = next(numbers)
        local_action(local, code=f"K-{number}", title=f"Dana bagi korban ke-{number}")

    flat_queries(lambda: client.get(nation.at("unlinked")), add_row=add_row, cost=COST)


COST = 16


def test_passers_by_read_both_plans_without_suggestions(client, nation, local, fund):
    for plan in (nation.plan, local):
        plan.marking, plan.published_at = "clear", NOON
        plan.save()

    beside = client.get(at("beside"))
    action = client.get(fund.get_absolute_url())

    assert (beside.status_code, action.status_code) == (200, 200)
    assert "May belong" not in beside.content.decode()
    assert action.context["may_belong"] == []


def test_line_without_an_answer_leads_to_how_others_do_it(client, nation, local):
    sign_in(client, nation.east)

    page = client.get(at("beside")).content.decode()

    assert at("peers_objective", "1.1") in page


def test_nothing_of_a_national_plan_is_suggested_to_who_may_not_read_it(
    client, nation, local, fund
):
    sign_in(client, nation.east)
    nation.plan.marking = "amber"
    nation.plan.save()

    declined = client.post(at("decline_match", fund.pk), {"objective": nation.care.pk})
    again = client.post(at("reconsider_matches", fund.pk), headers=HTMX)
    action = client.get(fund.get_absolute_url())

    assert (declined.status_code, again.content) == (404, b"")
    assert action.context["may_belong"] == []
