"""Writing a plan: its own details and its parts, two editors at once, and nonsense."""

import datetime as dt

import pytest
from django.urls import reverse

from tansiq.access.models import LogEntry
from tansiq.plans.models import Action, Indicator, Milestone, Pillar, Plan
from tests.factories import (
    ActivityFactory,
    DutyFactory,
    IndicatorFactory,
    MilestoneFactory,
    OrganisationFactory,
    PlaceFactory,
    TargetFactory,
)
from tests.people import sign_in
from tests.plans.nation import make_nation

pytestmark = pytest.mark.django_db


@pytest.fixture
def nation():
    return make_nation()


def typed(form):
    """Return what a browser would send of a form as it was opened, hidden copies included."""
    sent = {}
    for bound in form:
        for name in (bound.html_name, bound.html_initial_name):
            value = bound.value()
            if value not in (None, "", False):
                sent[name] = value.isoformat() if isinstance(value, dt.date) else value
    return sent


def open_form(client, address):
    return typed(client.get(address).context["form"])


def test_plan_details_are_changed_and_logged(client, nation):
    sign_in(client, nation.body, "coordinator")
    sent = open_form(client, nation.at("edit_details"))

    answer = client.post(nation.at("edit_details"), sent | {"title": "A better plan"})

    assert answer.status_code == 302
    plan = Plan.objects.get(pk=nation.plan.pk)
    assert (plan.title, plan.revision, plan.starts_on) == (
        "A better plan",
        2,
        nation.plan.starts_on,
    )
    assert LogEntry.objects.get(rule="plans.edit").detail == {"fields": ["title"]}


def test_second_editor_is_told_and_loses_nothing(client, nation):
    sign_in(client, nation.body)
    mine = open_form(client, nation.at("edit_details"))
    theirs = open_form(client, nation.at("edit_details"))
    client.post(
        nation.at("edit_details"), theirs | {"title": "Theirs", "legal_instrument": "Decree 1"}
    )

    answer = client.post(nation.at("edit_details"), mine | {"title": "Mine"})

    assert answer.status_code == 409
    [difference] = answer.context["differences"]
    assert (difference.label, difference.theirs, difference.yours) == ("Title", "Theirs", "Mine")
    shown = answer.context["form"]
    assert (shown["title"].value(), shown["legal_instrument"].value()) == ("Mine", "Decree 1")
    assert Plan.objects.get(pk=nation.plan.pk).title == "Theirs"
    again = client.post(nation.at("edit_details"), typed(shown) | {"initial-title": "Theirs"})
    assert again.status_code == 302
    plan = Plan.objects.get(pk=nation.plan.pk)
    assert (plan.title, plan.legal_instrument) == ("Mine", "Decree 1")


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"title": ""}, {"title"}),
        ({"title": "x" * 251}, {"title"}),
        ({"starts_on": "2026-02-30"}, {"starts_on"}),
        ({"starts_on": "2030-01-01"}, {"ends_on"}),
        ({"report_months": "5"}, {"report_months"}),
        ({"report_days": "9" * 30}, {"report_days"}),
        ({"report_days": "-1"}, {"report_days"}),
        ({"language": "xx"}, {"language"}),
        ({"status": "draft"}, {"status"}),
        ({"title": "a\0b"}, {"title"}),
    ],
)
def test_nonsense_is_said_at_its_field_and_nothing_is_saved(client, nation, sent, wrong):
    sign_in(client, nation.body)
    opened = open_form(client, nation.at("edit_details"))

    answer = client.post(nation.at("edit_details"), opened | sent)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == wrong
    assert Plan.objects.get(pk=nation.plan.pk).revision == 1


PARTS = {
    "pillar": {"code": "2", "title": "Response"},
    "objective": {"code": "1.2", "title": "Prisons"},
    "action": {"code": "1.1.3", "title": "Visit schools", "local_role": "The city visits."},
    "duty": {"code": "D1", "title": "Brief", "every_months": "6", "due_days": "30"},
    "indicator": {
        "code": "I1",
        "title": "Trained",
        "decimals": "0",
        "rule": "sum",
        "frequency": "year",
    },
}


def sent_for(nation, kind):
    above = {
        "objective": {"pillar": nation.objective.pillar_id},
        "action": {"objective": nation.objective.pk},
        "duty": {"objective": nation.objective.pk},
    }
    return PARTS[kind] | above.get(kind, {})


@pytest.mark.parametrize("kind", PARTS)
def test_part_is_added(client, nation, kind):
    sign_in(client, nation.body, "coordinator")
    address = nation.at("add", kind)

    opened = client.get(address)
    answer = client.post(address, sent_for(nation, kind))

    assert opened.status_code == 200
    assert answer.status_code == 302
    assert client.get(answer.url).status_code == 200
    assert PARTS[kind]["title"].encode() in client.get(nation.at("edit")).content


@pytest.mark.parametrize("kind", PARTS)
@pytest.mark.parametrize("code", ["1/2", "a b", "", "x" * 21, "..%2f", "<b>"])
def test_code_that_cannot_stand_in_an_address_is_refused(client, nation, kind, code):
    sign_in(client, nation.body)

    answer = client.post(nation.at("add", kind), sent_for(nation, kind) | {"code": code})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"code"}


def test_code_is_used_once_in_a_plan(client, nation):
    sign_in(client, nation.body)

    answer = client.post(nation.at("add", "action"), sent_for(nation, "action") | {"code": "1.1.1"})

    assert answer.context["form"].errors["code"] == [
        "Another part of this plan has this code. Choose another."
    ]


def test_lead_of_another_country_cannot_be_chosen(client, nation):
    abroad = OrganisationFactory(place=PlaceFactory(code="ke", country_code="ke"))
    sign_in(client, nation.body)

    answer = client.post(
        nation.at("add", "action"), sent_for(nation, "action") | {"lead": abroad.pk}
    )

    assert set(answer.context["form"].errors) == {"lead"}


@pytest.mark.parametrize("chosen", ["9" * 30, "x", "0"])
def test_supporter_that_is_nobody_cannot_be_chosen(client, nation, chosen):
    sign_in(client, nation.body)

    answer = client.post(
        nation.at("add", "action"), sent_for(nation, "action") | {"supporting": [chosen]}
    )

    assert set(answer.context["form"].errors) == {"supporting"}


def test_objective_of_another_plan_cannot_be_chosen(client, nation):
    foreign = DutyFactory().objective
    sign_in(client, nation.body)

    answer = client.post(
        nation.at("add", "action"), sent_for(nation, "action") | {"objective": foreign.pk}
    )

    assert set(answer.context["form"].errors) == {"objective"}


def test_action_gets_its_lead_and_supporters(client, nation):
    sign_in(client, nation.body)
    bodies = {"lead": nation.body.pk, "supporting": [nation.east.pk, nation.west.pk]}

    client.post(nation.at("add", "action"), sent_for(nation, "action") | bodies)

    action = Action.objects.get(code="1.1.3")
    assert action.lead == nation.body
    assert set(action.supporting.all()) == {nation.east, nation.west}


def test_action_is_changed_and_its_code_with_it(client, nation):
    sign_in(client, nation.body)
    address = nation.at("change", "action", nation.train.pk)
    opened = open_form(client, address)

    answer = client.post(address, opened | {"code": "1.1.9", "supporting": [nation.east.pk]})

    assert answer.url == nation.at("action", "1.1.9")
    assert list(Action.objects.get(code="1.1.9").supporting.all()) == [nation.east]


def test_two_editors_of_an_action(client, nation):
    sign_in(client, nation.body)
    address = nation.at("change", "action", nation.train.pk)
    mine, theirs = open_form(client, address), open_form(client, address)
    client.post(address, theirs | {"local_role": "Theirs."})

    answer = client.post(address, mine | {"local_role": "Mine."})

    assert answer.status_code == 409
    assert [one.theirs for one in answer.context["differences"]] == ["Theirs."]
    assert Action.objects.get(pk=nation.train.pk).local_role == "Theirs."


def test_action_due_before_it_starts_is_refused(client, nation):
    sign_in(client, nation.body)
    days = {"starts_on": "2026-05-02", "ends_on": "2026-05-01"}

    answer = client.post(nation.at("add", "action"), sent_for(nation, "action") | days)

    assert answer.context["form"].errors["ends_on"] == ["The due date is before the start."]


def test_milestone_is_added_to_the_action_asked_for(client, nation):
    sign_in(client, nation.body)
    said = {"title": "Half of them", "due_on": "2026-09-01"}

    answer = client.post(f"{nation.at('add', 'milestone')}?action=1.1.1", said)
    nowhere = client.post(f"{nation.at('add', 'milestone')}?action=9", said)

    assert answer.url == nation.at("action", "1.1.1")
    assert Milestone.objects.get().action == nation.train
    assert nowhere.status_code == 404


def test_part_without_followers_is_removed_after_a_question(client, nation):
    pillar = Pillar.objects.create(plan=nation.plan, code="9", title="Empty")
    sign_in(client, nation.body)
    address = nation.at("remove", "pillar", pillar.pk)

    question = client.get(address)
    client.post(address)

    assert b"Remove" in question.content
    assert not Pillar.objects.filter(pk=pillar.pk).exists()


def test_part_on_which_others_built_is_not_removed(client, nation):
    ActivityFactory(plan=nation.plan, action=nation.train)
    sign_in(client, nation.body)

    answer = client.post(nation.at("remove", "action", nation.train.pk))

    assert answer.status_code == 409
    assert b"Others already built on this" in answer.content
    assert Action.objects.filter(pk=nation.train.pk).exists()


@pytest.mark.parametrize("kind", ["pillar", "milestone", "indicator", "nonsense", "duty"])
def test_part_is_found_only_under_its_own_name_and_plan(client, nation, kind):
    sign_in(client, nation.body)

    assert client.get(nation.at("change", kind, nation.train.pk + 1000)).status_code == 404


def test_action_is_no_duty(client, nation):
    sign_in(client, nation.body)

    assert client.get(nation.at("change", "duty", nation.train.pk)).status_code == 404


@pytest.mark.parametrize("role", ["viewer", "contributor"])
def test_who_may_not_write_is_told_why(client, nation, role):
    milestone = MilestoneFactory(action=nation.train)
    sign_in(client, nation.body, role)
    addresses = [
        nation.at("edit"),
        nation.at("edit_details"),
        nation.at("add", "pillar"),
        nation.at("change", "milestone", milestone.pk),
        nation.at("remove", "milestone", milestone.pk),
    ]

    answers = [client.post(address) for address in addresses[1:]] + [client.get(addresses[0])]

    assert [answer.status_code for answer in answers] == [403] * 5
    assert all(b"Only a coordinator" in answer.content for answer in answers)


def indicator(**more):
    return PARTS["indicator"] | {"decimals": "2", "unit": "%"} | more


def test_baseline_and_target_are_kept_exactly(client, nation):
    sign_in(client, nation.body)

    client.post(
        nation.at("add", "indicator"),
        indicator(baseline_number="12.5", target_number="1,234.56", level="1", dimensions=["sex"]),
    )

    made = Indicator.objects.get()
    assert (made.baseline, made.target) == (1250, 123456)
    assert (made.level, made.dimensions) == (1, ["sex"])


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"target_number": "1" + "0" * 30}, {"target_number"}),
        ({"target_number": "1.234567"}, {"target_number"}),
        ({"target_number": "NaN"}, {"target_number"}),
        ({"target_number": "٣؛"}, {"target_number"}),
        ({"decimals": "7"}, {"decimals"}),
        ({"rule": "magic"}, {"rule"}),
        ({"level": "9"}, {"level"}),
        ({"dimensions": ["religion"]}, {"dimensions"}),
    ],
)
def test_indicator_that_makes_no_sense_is_refused(client, nation, sent, wrong):
    sign_in(client, nation.body)

    answer = client.post(nation.at("add", "indicator"), indicator(**sent))

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == wrong
    assert not Indicator.objects.exists()


def test_digits_stay_once_figures_were_written(client, nation):
    one = IndicatorFactory(plan=nation.plan, decimals=0)
    TargetFactory(indicator=one, target=5)
    sign_in(client, nation.body)
    address = nation.at("change", "indicator", one.pk)
    opened = open_form(client, address)

    answer = client.post(address, opened | {"decimals": "2"})

    assert set(answer.context["form"].errors) == {"decimals"}


def test_more_digits_keep_the_target_the_same(client, nation):
    one = IndicatorFactory(plan=nation.plan, decimals=0, target=40)
    sign_in(client, nation.body)
    address = nation.at("change", "indicator", one.pk)
    opened = open_form(client, address)

    client.post(address, opened | {"decimals": "1"})

    assert Indicator.objects.get().target == 400
    assert Indicator.objects.get().target_number == 40


def test_address_of_a_form_survives_a_long_way(client, nation):
    sign_in(client, nation.body)

    page = client.get(reverse("plans:add", args=["id", "nap", "objective"]), {"pillar": "' OR 1=1"})

    assert page.status_code == 200
