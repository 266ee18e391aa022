"""Coverage of a national plan, its places, and one place under it."""

import csv
import io

import pytest

from tansiq.access.models import LogEntry
from tansiq.plans.models import Stage
from tests.factories import (
    ActionFactory,
    AlignmentFactory,
    DeliveryFactory,
    DutyFactory,
    OrganisationFactory,
    PlaceFactory,
    StageFactory,
)
from tests.people import sign_in
from tests.plans.nation import local_action, local_plan, make_nation

pytestmark = pytest.mark.django_db


def answer(nation, action, lead, relation="adopts"):
    """Let a province answer a national action with an action of its own."""
    plan = lead.place.plans.first() or local_plan(nation, lead)
    return AlignmentFactory(
        national_action=action,
        place=lead.place,
        local_action=local_action(plan),
        relation=relation,
    )


def cells_of(page):
    return {
        (row.objective.code, cell.place.code): (cell.state, cell.answered)
        for row in page.context["matrix"].rows
        for cell in row.cells
    }


def test_cell_says_how_a_place_answers_an_objective(client):
    nation = make_nation()
    answer(nation, nation.train, nation.east)
    answer(nation, nation.talk, nation.east)
    answer(nation, nation.train, nation.west, "adapts")
    PlaceFactory(parent=nation.country, code="id-bt")
    sign_in(client, nation.body)

    page = client.get(nation.at("coverage"))

    assert cells_of(page) == {
        ("1.1", "id-ji"): ("adopts", 2),
        ("1.1", "id-jb"): ("part", 1),
        ("1.1", "id-bt"): ("nobody", 0),
    }
    matrix = page.context["matrix"]
    assert matrix.title == "1 of 3 places answers every objective"
    [row] = matrix.rows
    assert (row.whole, row.some) == (1, 2)


@pytest.mark.parametrize(
    ("relations", "state"),
    [
        (("adopts", "adopts"), "adopts"),
        (("adapts", "adapts"), "adapts"),
        (("supports", "supports"), "supports"),
        (("adopts", "supports"), "adopts"),
        ((None, None), "not_applicable"),
        (("adopts", None), "adopts"),
    ],
)
def test_state_of_a_whole_answer_is_its_most_frequent_word(client, relations, state):
    nation = make_nation()
    for action, relation in zip((nation.train, nation.talk), relations, strict=True):
        if relation is None:
            AlignmentFactory(national_action=action, place=nation.east.place)
        else:
            answer(nation, action, nation.east, relation)
    sign_in(client, nation.body)

    cells = cells_of(client.get(nation.at("coverage")))

    assert cells["1.1", "id-ji"] == (state, 2)


def test_action_that_a_place_answers_twice_counts_once_by_its_strongest_word(client):
    nation = make_nation()
    answer(nation, nation.train, nation.east, "supports")
    answer(nation, nation.train, nation.east, "adopts")
    sign_in(client, nation.body)

    [row] = client.get(nation.at("coverage")).context["matrix"].rows

    cell = next(cell for cell in row.cells if cell.place == nation.east.place)
    assert dict(cell.counts) == {"adopts": 1}


def test_action_without_a_local_role_is_not_asked_of_places(client):
    nation = make_nation()
    ActionFactory(plan=nation.plan, objective=nation.objective, local_role="")
    DutyFactory(plan=nation.plan, objective=nation.objective, local_role="Yes")
    sign_in(client, nation.body)

    assert client.get(nation.at("coverage")).context["matrix"].asked == 2


def test_columns_are_the_places_below_the_one_that_was_opened(client):
    nation = make_nation()
    city = PlaceFactory(parent=nation.east.place, code="id-3578", name="Surabaya")
    PlaceFactory(parent=nation.west.place, code="id-3273", name="Bandung")
    sign_in(client, nation.body)

    page = client.get(nation.at("coverage"), {"place": "id-ji"})

    assert [column.place for column in page.context["matrix"].columns] == [city]
    assert page.context["matrix"].places == 1


@pytest.mark.parametrize("asked", [{"place": "ke"}, {"place": "'"}])
def test_place_that_is_not_under_the_plan_is_not_found(client, asked):
    nation = make_nation()
    PlaceFactory(code="ke", country_code="ke")
    sign_in(client, nation.body)

    assert client.get(nation.at("coverage"), asked).status_code == 404


def test_level_without_sense_falls_back_to_the_first(client):
    nation = make_nation()
    sign_in(client, nation.body)

    page = client.get(nation.at("coverage"), {"level": "٣" * 9, "page": "-1"})

    assert page.context["level"] == 1


def test_orphans_stand_in_two_lists_of_work(client):
    nation = make_nation()
    answer(nation, nation.train, nation.east)
    AlignmentFactory(national_action=nation.talk, place=nation.east.place)
    lonely = local_action(nation.east.place.plans.get(), title="Night line")
    hidden = local_action(local_plan(nation, nation.west, marking="amber+strict"))
    sign_in(client, nation.body)

    orphans = client.get(nation.at("coverage")).context["orphans"]

    assert orphans.national == [nation.talk]
    assert orphans.local == [lonely]
    assert hidden not in orphans.local


def test_coverage_costs_the_same_for_many_places_and_answers(client, flat_queries):
    nation = make_nation()
    answer(nation, nation.train, nation.east)
    sign_in(client, nation.body)

    def add_row():
        lead = OrganisationFactory(place=PlaceFactory(parent=nation.country), is_lead_of_place=True)
        answer(nation, nation.train, lead)
        ActionFactory(plan=nation.plan, objective=nation.objective, local_role="Yes.")

    flat_queries(lambda: client.get(nation.at("coverage")), add_row=add_row, cost=COVERAGE_COST)


COVERAGE_COST = 27


def test_file_holds_every_cell_is_logged_and_runs_no_formula(client):
    nation = make_nation()
    AlignmentFactory(national_action=nation.train, place=nation.east.place, reason="=HYPERLINK(1)")
    person = sign_in(client, nation.body, "viewer")

    page = client.get(nation.at("coverage_file"))

    rows = list(csv.reader(io.StringIO(page.content.decode("utf-8-sig"))))
    assert [(row[0], row[2], row[4], row[-1]) for row in rows[1:]] == [
        ("#objective+code", "#adm+code", "#status+answer", "#description+reasons"),
        ("1.1", "id-ji", "in part", "'=HYPERLINK(1)"),
        ("1.1", "id-jb", "nobody", ""),
    ]
    entry = LogEntry.objects.get(rule="export:plans.view")
    assert (entry.person_id, entry.detail["table"]) == (person.pk, "coverage")


def test_red_plan_does_not_leave_as_a_file(client):
    nation = make_nation(marking="red")
    person = sign_in(client, nation.body)
    nation.plan.named_people.add(person)

    page = client.get(nation.at("coverage_file"))

    assert page.status_code == 403
    assert b"TLP:RED does not leave the platform" in page.content


def test_local_plan_has_no_coverage_of_its_own(client):
    nation = make_nation()
    local = local_plan(nation, nation.east, slug="ours")
    sign_in(client, nation.east)

    assert client.get(f"{local.get_absolute_url()}coverage/").status_code == 404


def test_places_show_their_stage_their_answers_and_what_is_late(client):
    nation = make_nation()
    answer(nation, nation.train, nation.east)
    StageFactory(plan=nation.plan, place=nation.east.place, name="adopted")
    duty = DutyFactory(plan=nation.plan, objective=nation.objective)
    DeliveryFactory(action=duty, place=nation.east.place, due_on="2026-01-01")
    sign_in(client, nation.body)

    lines = client.get(nation.at("places")).context["lines"]

    assert [
        (line.place.code, line.stage and line.stage.name, line.answered, line.late)
        for line in lines
    ] == [("id-ji", "adopted", 1, 1), ("id-jb", None, 0, 0)]


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"stage": "adopted"}, {"id-ji"}),
        ({"stage": "none"}, {"id-jb"}),
        ({"q": "west"}, {"id-jb"}),
        ({"q": "id-ji"}, {"id-ji"}),
        ({"level": "2"}, {"id-3578"}),
        ({"level": "7", "stage": "nonsense"}, {"id-ji", "id-jb"}),
    ],
)
def test_places_can_be_narrowed(client, asked, codes):
    nation = make_nation()
    PlaceFactory(parent=nation.east.place, code="id-3578")
    StageFactory(plan=nation.plan, place=nation.east.place, name="adopted")
    sign_in(client, nation.body)

    lines = client.get(nation.at("places"), asked).context["lines"]

    assert {line.place.code for line in lines} == codes


def test_places_cost_the_same_for_one_as_for_three(client, flat_queries):
    nation = make_nation()
    sign_in(client, nation.body)

    def add_row():
        lead = OrganisationFactory(place=PlaceFactory(parent=nation.country), is_lead_of_place=True)
        answer(nation, nation.train, lead)

    flat_queries(lambda: client.get(nation.at("places")), add_row=add_row, cost=PLACES_COST)


PLACES_COST = 21


def test_place_shows_its_answers_its_stages_and_what_it_is_owed(client):
    nation = make_nation()
    AlignmentFactory(
        national_action=nation.train, place=nation.east.place, reason="The province does it."
    )
    StageFactory(plan=nation.plan, place=nation.east.place, name="drafting", is_latest=False)
    StageFactory(plan=nation.plan, place=nation.east.place, name="adopted")
    duty = DutyFactory(plan=nation.plan, objective=nation.objective, title="Brief every mayor")
    DeliveryFactory(action=duty, place=nation.east.place)
    sign_in(client, nation.west, "viewer")

    page = client.get(nation.at("place", "id-ji"))

    words = page.content.decode()
    assert page.context["shown"].stage.name == "adopted"
    assert all(one in words for one in ("The province does it.", "Brief every mayor", "Talk with"))
    assert "Save the stage" not in words


def test_passer_by_reads_no_reasons(client):
    nation = make_nation(marking="clear", published_at="2026-01-01T00:00Z")
    AlignmentFactory(national_action=nation.train, place=nation.east.place, reason="Secret why")
    addresses = [
        nation.at("place", "id-ji"),
        nation.at("action", "1.1.1"),
        nation.at("coverage"),
    ]

    pages = [client.get(address) for address in addresses]

    assert [page.status_code for page in pages] == [200] * 3
    assert [page for page in pages if b"Secret why" in page.content] == []


@pytest.mark.parametrize(("who", "role"), [("body", "coordinator"), ("east", "coordinator")])
def test_stage_is_set_by_the_owner_above_and_by_the_place_itself(client, who, role):
    nation = make_nation()
    local_plan(nation, nation.east)
    sign_in(client, getattr(nation, who), role)
    said = {"name": "funded", "since_on": "2026-05-01", "note": "Decree 4"}

    page = client.post(nation.at("place", "id-ji"), said)

    assert page.status_code == 302
    stage = Stage.objects.get(plan=nation.plan, place=nation.east.place, is_latest=True)
    assert (stage.name, stage.note) == ("funded", "Decree 4")


@pytest.mark.parametrize(("who", "role"), [("west", "lead"), ("body", "contributor")])
def test_stage_is_not_set_by_others(client, who, role):
    nation = make_nation()
    local_plan(nation, nation.east)
    sign_in(client, getattr(nation, who), role)

    page = client.post(nation.at("place", "id-ji"), {"name": "funded", "since_on": "2026-05-01"})

    assert page.status_code == 403
    assert not Stage.objects.filter(name="funded").exists()


@pytest.mark.parametrize(
    "said",
    [
        {"name": "famous", "since_on": "2026-05-01"},
        {"name": "funded", "since_on": "31 February"},
        {"name": "funded", "since_on": "2026-05-01", "note": "x" * 301},
    ],
)
def test_stage_that_makes_no_sense_is_said_so_and_kept(client, said):
    nation = make_nation()
    sign_in(client, nation.body)

    page = client.post(nation.at("place", "id-ji"), said)

    assert page.status_code == 422
    assert page.context["form"].errors
    assert not Stage.objects.exists()


def test_reasons_in_a_cell_are_escaped(client):
    nation = make_nation()
    AlignmentFactory(
        national_action=nation.train, place=nation.east.place, reason='"><script>alert(1)</script>'
    )
    sign_in(client, nation.body)

    words = client.get(nation.at("coverage")).content.decode()

    assert "<script>alert" not in words
    assert 'title="&quot;&gt;&lt;script&gt;' in words
