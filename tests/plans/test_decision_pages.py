"""What is decided about a plan: start, adopt, publish, carry down; an action's status; figures."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from tansiq.access.models import LogEntry, Notice
from tansiq.plans.actions.rollups import add_values
from tansiq.plans.models import Action, Milestone, Plan
from tests.factories import (
    AlignmentFactory,
    DatapointFactory,
    DeliveryFactory,
    DutyFactory,
    IndicatorFactory,
    MembershipFactory,
    MilestoneFactory,
    OrganisationFactory,
    PeriodFactory,
    PlaceFactory,
    ReportFactory,
)
from tests.people import sign_in
from tests.plans.nation import local_action, local_plan, make_nation

pytestmark = pytest.mark.django_db
STARTED = {
    "kind": "city",
    "title": "Our plan",
    "language": "en",
    "starts_on": "2026-01-01",
    "ends_on": "2027-12-31",
    "marking": "amber",
}


def test_plan_is_started_as_a_draft_of_ones_own_organisation(client):
    nation = make_nation()
    sign_in(client, nation.east, "coordinator")

    answer = client.post(reverse("plans:start"), STARTED | {"owner": nation.east.pk})

    plan = Plan.objects.get(title="Our plan")
    assert (plan.slug, plan.status, plan.place) == ("our-plan", "draft", nation.east.place)
    assert answer.url == reverse("plans:edit", args=["id", "our-plan"])
    assert client.get(answer.url).status_code == 200


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"title": "خطة", "slug": "start"}, {"slug"}),
        ({"slug": "a/b"}, {"slug"}),
        ({"slug": "nap"}, {"slug"}),
        ({"kind": "national"}, {"kind"}),
        ({"ends_on": "2025-12-31"}, {"ends_on"}),
        ({"owner": "x"}, {"owner"}),
        ({"parent": "99999"}, {"parent"}),
    ],
)
def test_plan_that_cannot_be_is_refused_at_its_field(client, sent, wrong):
    nation = make_nation()
    sign_in(client, nation.east)

    answer = client.post(reverse("plans:start"), STARTED | {"owner": nation.east.pk} | sent)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == wrong


def test_title_without_latin_letters_still_gets_an_address(client):
    nation = make_nation()
    sign_in(client, nation.east)

    client.post(reverse("plans:start"), STARTED | {"owner": nation.east.pk, "title": "خطة المدينة"})

    assert Plan.objects.get(title="خطة المدينة").slug == "plan-2026"


def test_writer_of_a_red_plan_is_the_first_who_may_read_it(client):
    nation = make_nation()
    person = sign_in(client, nation.east)

    answer = client.post(
        reverse("plans:start"), STARTED | {"owner": nation.east.pk, "marking": "red"}
    )

    assert list(Plan.objects.get(title="Our plan").named_people.all()) == [person]
    assert client.get(answer.url).status_code == 200


def test_plan_cannot_be_started_for_somebody_else(client):
    nation = make_nation()
    sign_in(client, nation.east)

    answer = client.post(reverse("plans:start"), STARTED | {"owner": nation.west.pk})

    assert set(answer.context["form"].errors) == {"owner"}


@pytest.mark.parametrize("role", ["viewer", "contributor", None])
def test_who_may_not_start_a_plan_is_told_why(client, role):
    nation = make_nation()
    if role:
        sign_in(client, nation.east, role)

    assert client.get(reverse("plans:start")).status_code == 403


def test_mayor_starts_the_plan_of_the_place_from_the_national_one(client):
    nation = make_nation()
    sign_in(client, nation.east, "coordinator")
    address = f"{nation.at('start_local')}?place=id-ji"

    question = client.get(address)
    client.post(address)

    assert b"Start the plan of East Java?" in question.content
    local = Plan.objects.get(parent=nation.plan)
    assert (local.owner, local.place) == (nation.east, nation.east.place)
    assert {one.title for one in local.actions.all()} == {"Train teachers", "Talk with parents"}


@pytest.mark.parametrize(("place", "status"), [("id-jb", 403), ("id", 403), ("", 404), ("x", 404)])
def test_mayor_starts_no_plan_for_another_place(client, place, status):
    nation = make_nation()
    sign_in(client, nation.east, "coordinator")

    answer = client.post(f"{nation.at('start_local')}?place={place}")

    assert answer.status_code == status
    assert not Plan.objects.filter(parent=nation.plan).exists()


def test_plan_is_adopted_with_its_day_and_instrument(client):
    nation = make_nation(status="draft")
    sign_in(client, nation.body)

    client.post(nation.at("adopt"), {"on": "2026-05-01", "legal_instrument": "Decree 4/2026"})

    plan = Plan.objects.get(pk=nation.plan.pk)
    assert (plan.status, plan.adopted_on) == ("adopted", dt.date(2026, 5, 1))
    assert plan.legal_instrument == "Decree 4/2026"


@pytest.mark.parametrize(
    "sent",
    [
        {"on": "2026-05-01", "legal_instrument": " "},
        {"on": "yesterday", "legal_instrument": "Decree"},
        {"on": (localdate() + dt.timedelta(days=1)).isoformat(), "legal_instrument": "Decree"},
    ],
)
def test_adoption_without_day_or_instrument_is_refused(client, sent):
    nation = make_nation(status="draft")
    sign_in(client, nation.body)

    assert client.post(nation.at("adopt"), sent).status_code == 422
    assert Plan.objects.get(pk=nation.plan.pk).is_draft


def test_empty_plan_is_not_adopted(client):
    nation = make_nation()
    empty = local_plan(nation, nation.east, status="draft")
    sign_in(client, nation.east)

    answer = client.post(
        f"{empty.get_absolute_url()}adopt/", {"on": "2026-05-01", "legal_instrument": "Decree"}
    )

    assert answer.status_code == 409
    assert b"Add at least one action before you adopt the plan." in answer.content


def test_publishing_says_who_will_read_and_then_shows_it_to_everybody(client):
    nation = make_nation(marking="clear")
    sign_in(client, nation.body)

    question = client.get(nation.at("publish"))
    client.post(nation.at("publish"))
    client.logout()

    assert b"Everybody on the internet" in question.content
    assert client.get(nation.at("detail")).status_code == 200


def test_plan_that_is_not_clear_is_not_published(client):
    nation = make_nation(marking="green")
    sign_in(client, nation.body)

    answer = client.post(nation.at("publish"))

    assert answer.status_code == 409
    assert b"TLP:CLEAR" in answer.content


def test_published_plan_is_taken_back(client):
    nation = make_nation(marking="clear", published_at="2026-01-01T00:00Z")
    sign_in(client, nation.body)

    client.post(nation.at("unpublish"))
    client.logout()

    assert client.get(nation.at("detail")).status_code == 404


@pytest.mark.parametrize("name", ["adopt", "publish", "carry_down"])
def test_what_only_a_lead_decides_is_refused_to_a_coordinator_with_the_reason(client, name):
    nation = make_nation(status="draft" if name == "adopt" else "under_way", marking="clear")
    sign_in(client, nation.body, "coordinator")

    answer = client.post(nation.at(name))

    assert answer.status_code == 403
    assert b"Only a lead of the organisation" in answer.content


def test_carrying_down_shows_the_numbers_before_it_does_anything(client):
    nation = make_nation()
    DutyFactory(plan=nation.plan, objective=nation.objective)
    local_plan(nation, nation.west)
    empty = PlaceFactory(parent=nation.country, name="Bali")
    sign_in(client, nation.body)

    page = client.post(nation.at("carry_down"), {"everything": "yes"})

    preview = page.context["preview"]
    assert {place.name for place in preview.places} == {"East Java", "Bali"}
    assert preview.skipped == [nation.west.place]
    assert preview.without_lead == [empty]
    assert (preview.plans, preview.all_actions, preview.all_duties) == (2, 4, 2)
    assert Plan.objects.filter(parent=nation.plan).count() == 1


def test_carrying_down_does_what_was_shown_and_says_what_was_left(client):
    nation = make_nation()
    local_plan(nation, nation.west)
    sign_in(client, nation.body)

    page = client.post(nation.at("carry_down"), {"everything": "yes", "do": "yes"}, follow=True)

    assert Plan.objects.filter(parent=nation.plan, place=nation.east.place).count() == 1
    words = page.content.decode()
    assert "1 local plan begun · 2 actions in them" in words
    assert "left as they are: West Java" in words


def test_places_are_chosen_one_by_one(client):
    nation = make_nation()
    sign_in(client, nation.body)

    page = client.post(nation.at("carry_down"), {"places": [nation.east.place_id], "do": "yes"})

    assert page.status_code == 302
    assert [plan.place for plan in Plan.objects.filter(parent=nation.plan)] == [nation.east.place]


def test_those_who_coordinate_a_place_hear_that_its_plan_was_begun(client):
    nation = make_nation()
    lead, viewer = (
        MembershipFactory(organisation=nation.east, role=role).person for role in ("lead", "viewer")
    )
    officer = sign_in(client, nation.body)

    client.post(nation.at("carry_down"), {"everything": "yes", "do": "yes"})

    [notice] = Notice.objects.filter(code="plans.carried_down")
    assert (notice.person, notice.facts["place"]) == (lead, "East Java")
    assert notice.url == Plan.objects.get(place=nation.east.place).get_absolute_url()
    assert not Notice.objects.filter(person__in=[viewer, officer]).exists()


@pytest.mark.parametrize("sent", [{}, {"places": "x"}, {"places": "99999999999999999999"}])
def test_choice_of_no_place_is_refused(client, sent):
    nation = make_nation()
    sign_in(client, nation.body)

    answer = client.post(nation.at("carry_down"), sent | {"do": "yes"})

    assert answer.status_code == 422
    assert not Plan.objects.filter(parent=nation.plan).exists()


def test_place_of_another_country_cannot_be_chosen(client):
    nation = make_nation()
    abroad = PlaceFactory(parent=PlaceFactory(code="ke", country_code="ke"))
    sign_in(client, nation.body)

    answer = client.post(nation.at("carry_down"), {"places": [abroad.pk], "do": "yes"})

    assert answer.status_code == 422


def test_region_and_level_narrow_the_places(client):
    nation = make_nation()
    city = PlaceFactory(parent=nation.east.place)
    PlaceFactory(parent=nation.west.place)
    sign_in(client, nation.body)

    page = client.get(nation.at("carry_down"), {"level": "2", "under": "id-ji"})

    assert [one.place for one in page.context["places"]] == [city]


def test_plan_without_a_local_role_is_not_carried_down(client):
    nation = make_nation()
    nation.plan.actions.update(local_role="")
    sign_in(client, nation.body)

    answer = client.post(nation.at("carry_down"), {"everything": "yes", "do": "yes"})

    assert answer.status_code == 409
    assert b"Write the role of local government" in answer.content


def test_action_page_shows_who_answers_it_and_hides_plans_i_may_not_read(client):
    nation = make_nation()
    hidden = local_plan(nation, nation.east, marking="amber+strict")
    mine = local_action(hidden, title="A secret of theirs")
    AlignmentFactory(
        national_action=nation.train, place=nation.east.place, local_action=mine, relation="adapts"
    )
    sign_in(client, nation.west, "viewer")

    page = client.get(nation.at("action", "1.1.1"))

    assert b"East Java" in page.content
    assert b"A secret of theirs" not in page.content
    assert b"Save the status" not in page.content


def test_action_page_costs_the_same_for_many_answers(client, flat_queries):
    nation = make_nation()
    sign_in(client, nation.body)

    def add_row():
        lead = OrganisationFactory(place=PlaceFactory(parent=nation.country))
        AlignmentFactory(
            national_action=nation.train,
            place=lead.place,
            local_action=local_action(local_plan(nation, lead)),
            relation="adopts",
        )
        MilestoneFactory(action=nation.train)

    visit = nation.at("action", "1.1.1")
    flat_queries(lambda: client.get(visit), add_row=add_row, cost=ACTION_COST)


ACTION_COST = 25


def test_duty_page_shows_to_whom_it_is_owed(client):
    nation = make_nation()
    duty = DutyFactory(plan=nation.plan, objective=nation.objective, code="D1")
    DeliveryFactory(action=duty, place=nation.east.place)
    sign_in(client, nation.east, "viewer")

    page = client.get(nation.at("action", "D1"))

    assert [one.place for one in page.context["page"]] == [nation.east.place]


def test_status_is_set_by_a_contributor(client):
    nation = make_nation()
    sign_in(client, nation.body, "contributor")

    client.post(nation.at("status", "1.1.1"), {"status": "done", "revision": "1"})

    action = Action.objects.get(pk=nation.train.pk)
    assert (action.status, action.revision) == ("done", 2)


def test_second_to_set_the_status_is_told_and_keeps_the_choice(client):
    nation = make_nation()
    sign_in(client, nation.body)
    client.post(nation.at("status", "1.1.1"), {"status": "at_risk", "revision": "1"})

    answer = client.post(nation.at("status", "1.1.1"), {"status": "done", "revision": "1"})

    assert answer.status_code == 409
    assert Action.objects.get(pk=nation.train.pk).status == "at_risk"
    assert answer.context["form"].initial == {"status": "done", "revision": 2}


@pytest.mark.parametrize("sent", [{"status": "great"}, {"revision": "x"}, {"revision": "9" * 40}])
def test_status_without_sense_is_refused(client, sent):
    nation = make_nation()
    sign_in(client, nation.body)

    answer = client.post(nation.at("status", "1.1.1"), {"status": "done", "revision": "1"} | sent)

    assert answer.status_code in {409, 422}
    assert Action.objects.get(pk=nation.train.pk).status == "not_started"


@pytest.mark.parametrize(("who", "role"), [("body", "viewer"), ("east", "lead")])
def test_status_is_not_set_by_others(client, who, role):
    nation = make_nation()
    sign_in(client, getattr(nation, who), role)

    answer = client.post(nation.at("status", "1.1.1"), {"status": "done", "revision": "1"})

    assert answer.status_code == 403


def test_milestone_is_reached_and_taken_back(client):
    nation = make_nation()
    milestone = MilestoneFactory(action=nation.train)
    sign_in(client, nation.body, "contributor")
    address = nation.at("milestone", milestone.pk)

    client.post(address, {"on": "2026-05-01"})
    reached = Milestone.objects.get().reached_on
    client.post(address, {"undo": "yes"})

    assert reached == dt.date(2026, 5, 1)
    assert Milestone.objects.get().reached_on is None


def test_milestone_without_a_day_is_said_so(client):
    nation = make_nation()
    milestone = MilestoneFactory(action=nation.train)
    sign_in(client, nation.body)

    page = client.post(nation.at("milestone", milestone.pk), {"on": "soon"}, follow=True)

    assert b"This is not a day." in page.content
    assert Milestone.objects.get().reached_on is None


def figures(nation, **fields):
    """Return an indicator with an accepted figure of 40 in East Java, 30 of them women."""
    indicator = IndicatorFactory(
        plan=nation.plan, code="I1", dimensions=["sex"], target=100, **fields
    )
    period = PeriodFactory(plan=nation.plan)
    report = ReportFactory(period=period, place=nation.east.place, owner=nation.east)
    for part, amount in (("", 40), ("sex=female", 30), ("sex=male", 10)):
        DatapointFactory(
            report=report,
            indicator=indicator,
            part=part,
            amount=amount,
            status="accepted",
            note="?",
        )
    add_values(report.pk, column="report_id")
    return indicator


def test_indicator_shows_its_figure_its_parts_and_the_places_below(client):
    nation = make_nation()
    figures(nation)
    sign_in(client, nation.body)

    page = client.get(nation.at("indicator", "I1"))

    shown = page.context["shown"]
    assert (shown.figure.number, shown.figure.places, shown.notes) == (40, 1, 1)
    [(dimension, parts)] = shown.parts
    assert dimension == "sex"
    assert [(str(part.name), part.share) for part in parts][:2] == [
        ("women and girls", 0.75),
        ("men and boys", 0.25),
    ]
    assert [(line.place.code, line.figure.number) for line in page.context["lines"]] == [
        ("id-ji", 40),
        ("id-jb", None),
    ]
    assert b"Added up" in page.content


def test_indicator_can_be_opened_at_a_place_below(client):
    nation = make_nation()
    figures(nation)
    sign_in(client, nation.body)

    there = client.get(nation.at("indicator", "I1"), {"place": "id-ji", "period": "9" * 30})
    nowhere = client.get(nation.at("indicator", "I1"), {"place": "ke"})

    assert there.context["shown"].figure.number == 40
    assert nowhere.status_code == 404


def test_figures_leave_as_a_file_that_is_logged(client):
    nation = make_nation()
    figures(nation, decimals=1)
    sign_in(client, nation.body, "viewer")

    page = client.get(nation.at("figures_file", "I1"))

    rows = list(csv.reader(io.StringIO(page.content.decode("utf-8-sig"))))
    assert [(row[2], row[4], row[5]) for row in rows[1:]] == [
        ("#adm+code", "#indicator+value", "#meta+count"),
        ("id", "4.0", "1"),
        ("id-ji", "4.0", "1"),
    ]
    assert LogEntry.objects.get(rule="export:plans.view").detail["indicator"] == "I1"


def test_indicator_without_figures_says_so(client):
    nation = make_nation()
    IndicatorFactory(plan=nation.plan, code="I1")
    sign_in(client, nation.body)

    page = client.get(nation.at("indicator", "I1"))

    assert b"No reporting period has begun yet." in page.content
