"""Reading plans: the list, a country, one plan, for members and for passers-by."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from tests.factories import (
    ActionFactory,
    AlignmentFactory,
    DeliveryFactory,
    DutyFactory,
    IndicatorFactory,
    MilestoneFactory,
    OrganisationFactory,
    PeriodFactory,
    PlaceFactory,
    PlanFactory,
    ReportFactory,
    StageFactory,
)
from tests.people import sign_in
from tests.plans.nation import local_action, local_plan, make_nation

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NASTY = "<script>alert(1)</script>"


def listed(answer):
    return {line.plan for line in answer.context["lines"]}


def test_index_lists_exactly_the_plans_i_may_read(client):
    nation = make_nation()
    ours = local_plan(nation, nation.east, marking="amber+strict")
    theirs = local_plan(nation, nation.west, marking="green")
    local_plan(nation, nation.west, marking="amber")
    foreign = PlaceFactory(code="ke", country_code="ke")
    PlanFactory(owner=OrganisationFactory(place=foreign), marking="green")
    public = PlanFactory(
        owner=OrganisationFactory(place=foreign), marking="clear", published_at="2026-01-01T00:00Z"
    )
    sign_in(client, nation.east, "viewer")

    answer = client.get(reverse("plans:index"))

    assert listed(answer) == {nation.plan, ours, theirs, public}


def test_passer_by_sees_published_clear_plans_alone_and_in_the_public_frame(client):
    nation = make_nation()
    clear = local_plan(nation, nation.east, marking="clear")
    public = local_plan(
        nation, nation.west, marking="clear", published_at="2026-01-01T00:00Z", slug="open"
    )

    answer = client.get(reverse("plans:index"))
    one, hidden = client.get(public.get_absolute_url()), client.get(clear.get_absolute_url())

    assert listed(answer) == {public}
    assert "core/base_public.html" in [template.name for template in answer.templates]
    assert (one.status_code, hidden.status_code) == (200, 404)


def test_passer_by_is_led_to_no_page_that_is_empty_for_passers_by(client):
    nation = make_nation(marking="clear", published_at="2026-01-01T00:00Z")

    tabs = client.get(nation.at("detail")).context["tabs"]
    on_the_page = client.get(nation.at("proposals")).context["tabs"]
    sign_in(client, nation.body)
    of_members = client.get(nation.at("detail")).context["tabs"]

    hidden = {nation.at("proposals"), nation.at("voices")}
    urls = {tab["url"] for tab in of_members}
    assert hidden <= urls
    assert {tab["url"] for tab in tabs} == urls - hidden
    assert {tab["url"] for tab in on_the_page} == urls - hidden


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({"kind": "provincial"}, {"Java"}),
        ({"status": "draft"}, {"Java"}),
        ({"country": "id"}, {"National plan", "Java"}),
        ({"country": "xx"}, set()),
        ({"q": "jav"}, {"Java"}),
        ({"q": "west java"}, {"Java"}),
        ({"q": "%"}, set()),
        (
            {"kind": "nonsense", "status": "'; --", "sort": "owner__email"},
            {"National plan", "Java"},
        ),
        ({"page": "99999999999999999999"}, {"National plan", "Java"}),
        ({"q": "a\0b" * 400}, set()),
    ],
)
def test_filters_narrow_the_list(client, asked, titles):
    nation = make_nation()
    local_plan(nation, nation.west, title="Java", status="draft")
    sign_in(client, nation.east)

    answer = client.get(reverse("plans:index"), asked)

    assert {plan.title for plan in listed(answer)} == titles


def test_list_begins_with_our_own_plan_and_sorts_when_asked(client):
    nation = make_nation()
    ours = local_plan(nation, nation.east, title="Zzz")
    theirs = local_plan(nation, nation.west, title="Aaa")
    sign_in(client, nation.east)

    first = client.get(reverse("plans:index")).context["lines"]
    sorted_ = client.get(reverse("plans:index"), {"sort": "-title"}).context["lines"]

    assert [line.plan for line in first] == [ours, nation.plan, theirs]
    assert [line.plan for line in sorted_] == [ours, nation.plan, theirs]


def test_htmx_gets_the_list_alone(client):
    nation = make_nation()
    sign_in(client, nation.body)

    answer = client.get(reverse("plans:index"), headers=HTMX)

    assert b"<html" not in answer.content
    assert b"National plan" in answer.content


def test_index_costs_the_same_for_one_plan_as_for_three(client, flat_queries):
    nation = make_nation()
    sign_in(client, nation.body)

    def add_row():
        local_action(local_plan(nation, nation.east), status="done")

    flat_queries(lambda: client.get(reverse("plans:index")), add_row=add_row, cost=INDEX_COST)


INDEX_COST = 14


def test_empty_list_teaches_what_will_stand_there(client):
    answer = client.get(reverse("plans:index"))

    assert b"Plans appear here" in answer.content


def test_mayor_without_a_plan_is_told_how_to_start(client):
    nation = make_nation()
    sign_in(client, nation.east, "coordinator")

    index, plan = client.get(reverse("plans:index")), client.get(nation.at("detail"))

    assert [one.place.name for one in index.context["unplanned"]] == ["East Java"]
    [step] = plan.context["next_steps"]
    assert step.sentence == "East Java has no plan yet: start it"
    assert client.get(step.url).status_code == 200


def test_plan_of_another_country_does_not_exist_for_me(client):
    nation = make_nation()
    sign_in(client, OrganisationFactory(place=PlaceFactory(code="ke", country_code="ke")))

    pages = [client.get(nation.at(name)) for name in ("detail", "coverage", "places", "edit")]

    assert [page.status_code for page in pages] == [404] * 4


@pytest.mark.parametrize(
    "address", ["/id/plans/none/", "/xx/", "/id/plans/nap/actions/9.9/", "/id/plans/nap/places/x/"]
)
def test_what_is_not_there_is_not_found(client, address):
    sign_in(client, make_nation().body)

    assert client.get(address).status_code == 404


def test_plan_shows_its_parts_in_order_and_filters_them(client):
    nation = make_nation()
    nation.train.status = "done"
    nation.train.save()
    nation.talk.ends_on = dt.date(2026, 1, 1)
    nation.talk.save()
    sign_in(client, nation.body)

    whole = client.get(nation.at("detail")).context["tree"]
    late = client.get(nation.at("detail"), {"status": "late"}).context["tree"]

    [pillar] = whole.pillars
    assert [line.action for line in pillar.objectives[0].lines] == [nation.train, nation.talk]
    assert (whole.progress.done, whole.progress.late) == (1, 1)
    assert [line.action for line in late.pillars[0].objectives[0].lines] == [nation.talk]
    assert late.progress == whole.progress


def test_filter_by_lead_takes_organisations_and_kinds_of_bodies(client):
    nation = make_nation()
    nation.train.lead = nation.east
    nation.train.save()
    nation.talk.lead_kind = "ministry"
    nation.talk.save()
    sign_in(client, nation.body)

    def shown(lead):
        tree = client.get(nation.at("detail"), {"lead": lead}).context["tree"]
        return {one.action for p in tree.pillars for o in p.objectives for one in o.lines}

    assert shown(str(nation.east.pk)) == {nation.train}
    assert shown("ministry") == {nation.talk}
    assert shown("nobody") == set()


def test_htmx_gets_the_actions_alone(client):
    nation = make_nation()
    sign_in(client, nation.body)

    answer = client.get(nation.at("detail"), headers=HTMX)

    assert b"<html" not in answer.content
    assert b"Train teachers" in answer.content


def test_plan_page_costs_the_same_however_much_hangs_on_it(client, flat_queries):
    nation = make_nation()
    local_plan(nation, nation.east)
    IndicatorFactory(plan=nation.plan)
    DeliveryFactory(action=DutyFactory(plan=nation.plan, objective=nation.objective))
    sign_in(client, nation.body)

    def add_row():
        local = local_plan(nation, nation.west)
        mine = local_action(local)
        AlignmentFactory(
            national_action=nation.train, place=local.place, local_action=mine, relation="adopts"
        )
        ActionFactory(plan=nation.plan, objective=nation.objective, local_role="Yes.")
        IndicatorFactory(plan=nation.plan)
        DeliveryFactory(action=DutyFactory(plan=nation.plan, objective=nation.objective))
        StageFactory(plan=nation.plan, place=PlaceFactory(parent=nation.country))

    client.get(nation.at("detail"))
    flat_queries(lambda: client.get(nation.at("detail")), add_row=add_row, cost=DETAIL_COST)


DETAIL_COST = 33


def test_owner_reads_first_what_is_late_and_unanswered(client):
    nation = make_nation()
    duty = DutyFactory(plan=nation.plan, objective=nation.objective, title="Brief every mayor")
    DeliveryFactory(action=duty, place=nation.east.place, due_on=dt.date(2026, 1, 1))
    local = local_plan(nation, nation.east)
    AlignmentFactory(
        national_action=nation.train,
        place=nation.east.place,
        local_action=local_action(local),
        relation="adopts",
    )
    sign_in(client, nation.body)

    steps = client.get(nation.at("detail")).context["next_steps"]

    assert [step.sentence for step in steps] == ["Brief every mayor", "Nobody took up 1 action"]
    assert steps[0].detail == "You owe this to 1 place and are late."


def test_local_owner_is_asked_for_the_answers_it_owes(client):
    nation = make_nation()
    local = local_plan(nation, nation.east)
    local_action(local)
    sign_in(client, nation.east)

    [step] = client.get(local.get_absolute_url()).context["next_steps"]

    assert step.sentence == "2 national actions have no answer from you"


def test_draft_without_actions_asks_for_the_first_one(client):
    nation = make_nation()
    draft = local_plan(nation, nation.east, parent=None, status="draft")
    sign_in(client, nation.east)

    [step] = client.get(draft.get_absolute_url()).context["next_steps"]

    assert step.sentence == "Write down the first action"


def test_country_without_a_national_plan_says_so_and_shows_its_places_plans(client):
    nation = make_nation(status="draft", marking="amber")
    local = local_plan(nation, nation.east, parent=None)
    sign_in(client, nation.east)

    answer = client.get("/id/")

    assert b"No national plan yet" in answer.content
    assert [line.plan for line in answer.context["others"]] == [local]


def test_country_shows_the_stage_of_its_places(client):
    nation = make_nation()
    StageFactory(plan=nation.plan, place=nation.east.place, name="adopted")
    StageFactory(plan=nation.plan, place=nation.country, name="under_way", note="Eight provinces")
    sign_in(client, nation.body)

    answer = client.get("/id/")

    assert answer.context["reach"].in_force == 1
    assert answer.context["reach"].stage == "under_way"
    assert b"Eight provinces" in answer.content


def test_what_people_wrote_is_escaped_and_finds_its_own_direction(client):
    nation = make_nation(title=NASTY, summary=NASTY, legal_instrument=NASTY)
    nation.train.title = nation.train.local_role = NASTY
    nation.train.save()
    MilestoneFactory(action=nation.train, title=NASTY)
    sign_in(client, nation.body)

    pages = [
        client.get(reverse("plans:index")),
        client.get("/id/"),
        client.get(nation.at("detail")),
        client.get(nation.at("action", "1.1.1")),
        client.get(nation.at("coverage")),
        client.get(nation.at("edit")),
    ]

    assert [page.status_code for page in pages] == [200] * 6
    assert [page for page in pages if NASTY.encode() in page.content] == []
    assert b'dir="auto"' in pages[2].content


def test_unverified_facts_are_marked_with_their_source(client):
    nation = make_nation(
        certainty="verified", period_certainty="unverified", source="https://example.org/decree"
    )
    sign_in(client, nation.body)

    words = client.get(nation.at("detail")).content.decode()

    assert "not verified" in words
    assert 'href="https://example.org/decree"' in words
    assert 'rel="noopener noreferrer nofollow"' in words


def test_days_are_counted_from_today(client):
    nation = make_nation()
    nation.talk.ends_on = localdate() + dt.timedelta(days=1)
    nation.talk.save()
    sign_in(client, nation.body)

    assert client.get(nation.at("detail")).context["tree"].late == 0


def test_owner_hears_how_many_places_have_not_reported(client):
    nation = make_nation()
    local_plan(nation, nation.east)
    local_plan(nation, nation.west)
    period = PeriodFactory(plan=nation.plan)
    ReportFactory(
        period=period,
        place=nation.east.place,
        owner=nation.east,
        addressee=nation.body,
        status="submitted",
    )
    sign_in(client, nation.body)

    steps = client.get(nation.at("detail")).context["next_steps"]

    said = [step.sentence for step in steps]
    assert said == ["1 report waits for your answer", "1 place has not reported"]
    assert [client.get(step.url).status_code for step in steps] == [200, 200]
