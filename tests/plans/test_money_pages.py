"""The pages about money: what is missing, entering it in one's own language, two editors, files."""

import csv
import datetime as dt
import io
import re

import pytest
from django.urls import reverse

from tansiq.access.models import LogEntry
from tansiq.plans.models import BudgetLine, Cost, Rate, StaffYear
from tests.factories import (
    ActionFactory,
    BudgetLineFactory,
    CostFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PlaceFactory,
    RateFactory,
    StaffYearFactory,
    actor_of,
)
from tests.people import sign_in
from tests.plans.nation import local_plan, make_nation
from tests.plans.test_writing_pages import open_form, typed

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 5, 4)


@pytest.fixture(autouse=True)
def in_may(monkeypatch):
    for name in ("money", "rates"):
        monkeypatch.setattr(f"tansiq.plans.views.{name}.localdate", lambda: TODAY)


@pytest.fixture
def nation():
    return make_nation()


def page_of(client, nation, **query):
    return client.get(nation.at("money"), query)


def test_page_says_first_how_much_is_not_funded(client, nation):
    CostFactory(plan=nation.plan, action=nation.train, amount=300_000_000_000)
    BudgetLineFactory(plan=nation.plan, action=nation.train, committed=180_000_000_000)
    sign_in(client, nation.west, "viewer")

    text = page_of(client, nation).content.decode()

    heading = " ".join(text[text.index("<h1>") : text.index("</h1>")].split())
    words = re.sub("<[^>]*>|[\u2068\u2069]", "", heading).replace("\xa0", " ")
    assert words.strip() == "IDR 1.2 bn of IDR 3 bn is not funded"


def test_empty_page_teaches_and_offers_the_first_step_to_who_may_take_it(client, nation):
    sign_in(client, nation.body, "coordinator")
    first = nation.at("money_add", "cost")

    shown = page_of(client, nation).content.decode()
    sign_in(client, nation.west)
    to_others = page_of(client, nation).content.decode()

    assert (first in shown, first in to_others) == (True, False)
    assert "Only a coordinator of the organisation that owns the plan" in to_others


def test_money_of_past_years_does_not_cover_what_is_needed_now(client, nation):
    CostFactory(plan=nation.plan, amount=1_000)
    BudgetLineFactory(plan=nation.plan, committed=300)
    CostFactory(plan=nation.plan, year=2024, amount=500)
    BudgetLineFactory(plan=nation.plan, year=2024, committed=900)
    BudgetLineFactory(plan=nation.plan, year=2025, committed=9_000)
    sign_in(client, nation.body)

    gaps = {
        year: page_of(client, nation, year=year).context["found"].whole.gap.sums
        for year in ("", "all", "2024", "2025", "2026", "nonsense")
    }

    assert gaps == {
        "": {"IDR": 700},
        # Of 2025 nobody said what it costs, so what is committed then covers nothing.
        "all": {"IDR": 300},
        "2024": {"IDR": -400},
        "2025": {},
        "2026": {"IDR": 700},
        "nonsense": {"IDR": 700},
    }


def test_surplus_under_one_objective_does_not_hide_the_gap_of_another(client, nation):
    action = local_action_of(nation)
    for of, cost, committed in ((nation.train, 100, 400), (action, 500, 100)):
        CostFactory(plan=nation.plan, action=of, amount=cost)
        BudgetLineFactory(plan=nation.plan, action=of, committed=committed)
    BudgetLineFactory(plan=nation.plan, committed=50)
    sign_in(client, nation.body)

    found = page_of(client, nation).context["found"]

    assert (found.whole.gap.amount, found.bound_gap.amount) == (50, 350)


def local_action_of(nation):
    objective = ObjectiveFactory(plan=nation.plan, code="2.1")
    return ActionFactory(plan=nation.plan, objective=objective)


def test_exact_figures_are_one_link_away(client, nation):
    CostFactory(plan=nation.plan, amount=123_456_789)
    sign_in(client, nation.body)

    rounded = page_of(client, nation).content.decode()
    exact = page_of(client, nation, exact="1").content.decode()

    assert ("1,234,567.89" in rounded, "1,234,567.89" in exact) == (False, True)


def test_missing_rate_is_said_and_nothing_is_guessed(client, nation):
    CostFactory(plan=nation.plan, amount=100_000_000)
    BudgetLineFactory(plan=nation.plan, currency="USD", committed=2_000, planned=0, spent=0)
    sign_in(client, nation.body)

    before = page_of(client, nation)
    RateFactory(country=nation.country, on=TODAY)
    after = page_of(client, nation)

    assert before.context["found"].without_rate == ["USD"]
    assert "There is no rate of exchange between USD and IDR" in before.content.decode()
    found = after.context["found"]
    assert (found.without_rate, found.whole.gap.amount) == (
        [],
        100_000_000 - 2_000 * 16_250 - 1_000,
    )
    assert "1 USD = 16,250.5 IDR" in after.content.decode()
    assert "Central bank, middle rate" in after.content.decode()


def test_what_ends_within_twelve_months_is_listed_with_what_happens_then(client, nation):
    inside, outside = dt.date(2027, 5, 4), dt.date(2027, 5, 5)
    unknown = BudgetLineFactory(plan=nation.plan, ends_on=inside)
    taken = BudgetLineFactory(
        plan=nation.plan, ends_on=TODAY, afterwards="handed_over", successor="The province"
    )
    BudgetLineFactory(plan=nation.plan, ends_on=outside)
    BudgetLineFactory(plan=nation.plan, ends_on=TODAY - dt.timedelta(1))
    sign_in(client, nation.body)

    found = page_of(client, nation).context["found"]

    assert [one.pk for one in found.ending] == [taken.pk, unknown.pk]
    assert found.ending_unknown == 1


@pytest.mark.parametrize(
    ("planned", "posts", "sentences"),
    [
        (
            320,
            (200, 200),
            [
                "For 2026 you plan 3.2 times what you spent in 2025.",
                "The same number of people would do it (posts: 2).",
                "Say who will do the additional work, or spread it over more years.",
            ],
        ),
        (
            105,
            (250, 200),
            [
                "For 2026 you plan about as much as you spent in 2025.",
                "Posts: 2.5 instead of 2; they must be filled in time.",
            ],
        ),
        (
            50,
            None,
            [
                "For 2026 you plan 50% of what you spent in 2025.",
                "How many people work on the plan is not entered.",
            ],
        ),
    ],
)
def test_realism_is_said_in_plain_sentences(client, nation, planned, posts, sentences):
    BudgetLineFactory(plan=nation.plan, year=2025, spent=100, committed=100)
    BudgetLineFactory(plan=nation.plan, year=2026, planned=planned)
    if posts:
        StaffYearFactory(plan=nation.plan, year=2026, planned=posts[0])
        StaffYearFactory(plan=nation.plan, year=2025, planned=0, there=posts[1])
    sign_in(client, nation.body)

    realism = page_of(client, nation).context["found"].realism

    assert realism.sentences == sentences
    assert realism.is_doubtful == (planned == 320)


def test_nation_sees_the_gap_of_each_place_it_may_read(client, nation):
    open_to_all = local_plan(nation, nation.east)
    closed = local_plan(nation, nation.west, marking="amber+strict")
    for plan, amount in ((open_to_all, 500), (closed, 7_000)):
        CostFactory(plan=plan, amount=amount)
    sign_in(client, nation.body)

    below = page_of(client, nation).context["found"].below

    assert [(row.label, row.gap.sums) for row in below.rows] == [("East Java", {"IDR": 500})]
    assert below.rows[0].url == reverse("plans:money", args=["id", open_to_all.slug])
    assert (below.plans, below.without) == (1, 0)


def test_money_of_a_plan_is_hidden_with_the_plan(client, nation):
    strict = local_plan(nation, nation.west, marking="amber+strict")
    line = BudgetLineFactory(plan=strict)
    addresses = [
        reverse("plans:money", args=["id", strict.slug]),
        reverse("plans:money_lines", args=["id", strict.slug]),
        reverse("plans:money_file", args=["id", strict.slug]),
        reverse("plans:money_change", args=["id", strict.slug, "line", line.pk]),
    ]
    sign_in(client, nation.east)

    assert {client.get(one).status_code for one in addresses} == {404}
    assert not BudgetLine.objects.visible_to(actor_of(nation.east)).exists()
    assert BudgetLine.objects.visible_to(actor_of(nation.west)).get() == line


# --- entering


def test_line_is_entered_as_an_indonesian_writes_numbers(client, nation):
    sign_in(client, nation.body, "coordinator")
    client.cookies["django_language"] = "id"
    address = nation.at("money_add", "line")
    sent = open_form(client, address) | {
        "title": "Pelatihan guru",
        "action": nation.train.pk,
        "source": "state",
        "planned": "1.250.000.000",
        "committed": "750.000.000,50",
        "place": "id-ji",
        "ends_on": "2026-12-31",
    }

    answer = client.post(address, sent)

    assert answer.status_code == 302, answer.context["form"].errors
    line = BudgetLine.objects.get()
    assert (line.planned, line.committed, line.spent) == (125_000_000_000, 75_000_000_050, 0)
    assert (line.action, line.place, line.year) == (nation.train, nation.east.place, 2026)
    assert (line.currency, line.afterwards) == ("IDR", "unknown")
    assert LogEntry.objects.get(rule="plans.money_add").target_id == line.pk


def test_line_is_entered_in_arabic_indic_digits(client, nation):
    sign_in(client, nation.body, "coordinator")
    client.cookies["django_language"] = "ar"
    address = nation.at("money_add", "cost")

    answer = client.post(address, open_form(client, address) | {"amount": "١٬٢٥٠٬٠٠٠٫٧٥"})

    assert answer.status_code == 302
    assert Cost.objects.get().amount == 125_000_075


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"title": ""}, {"title"}),
        ({"planned": "1,5,0"}, {"planned"}),
        ({"planned": "-5"}, {"planned"}),
        ({"committed": "1.005"}, {"committed"}),
        ({"spent": "9" * 17}, {"spent"}),
        ({"currency": "JPY", "planned": "10.5"}, {"planned"}),
        ({"currency": "XXX"}, {"currency"}),
        ({"source": "none"}, {"source"}),
        ({"year": "1999"}, {"year"}),
        ({"place": "Atlantis"}, {"place"}),
        ({"afterwards": "handed_over"}, {"successor"}),
        ({"action": "999999"}, {"action"}),
        ({"ends_on": "tomorrow"}, {"ends_on"}),
    ],
)
def test_what_cannot_be_right_is_said_at_its_field(client, nation, sent, wrong):
    sign_in(client, nation.body, "coordinator")
    address = nation.at("money_add", "line")
    good = open_form(client, address) | {"title": "Training", "source": "state", "planned": "5"}

    answer = client.post(address, good | sent)

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == wrong
    assert not BudgetLine.objects.exists()


def test_place_outside_the_plan_is_refused(client, nation):
    PlaceFactory(code="my", country_code="my", name="Malaysia")
    sign_in(client, nation.body, "coordinator")
    address = nation.at("money_add", "cost")

    answer = client.post(address, open_form(client, address) | {"amount": "5", "place": "my"})

    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [
        "Choose the place of the plan, or one below it."
    ]


def test_more_spent_than_planned_is_warned_of_and_kept(client, nation):
    BudgetLineFactory(plan=nation.plan, planned=100, committed=200, spent=300)
    sign_in(client, nation.body)

    [line] = client.get(nation.at("money_lines")).context["page"]

    assert line.odd == [
        "More is spent than was committed.",
        "More is committed than was planned.",
    ]


def test_another_currency_makes_other_amounts_of_the_same_digits(client, nation):
    line = BudgetLineFactory(plan=nation.plan, planned=500_000, committed=0, spent=0)
    sign_in(client, nation.body, "coordinator")
    address = nation.at("money_change", "line", line.pk)

    answer = client.post(address, open_form(client, address) | {"currency": "JPY"})

    assert answer.status_code == 302
    line.refresh_from_db()
    assert (line.currency, line.planned, line.revision) == ("JPY", 5_000, 2)


def test_nothing_changed_changes_nothing(client, nation):
    line = BudgetLineFactory(plan=nation.plan, planned=123_456_789, place=nation.east.place)
    before = BudgetLine.objects.values().get(pk=line.pk)
    sign_in(client, nation.body, "coordinator")
    address = nation.at("money_change", "line", line.pk)

    client.post(address, open_form(client, address))

    after = BudgetLine.objects.values().get(pk=line.pk)
    ignored = {"revision", "changed_at"}
    assert {name for name in before if before[name] != after[name]} <= ignored
    assert LogEntry.objects.get(rule="plans.money_edit").detail == {"fields": []}


def test_second_editor_is_told_and_loses_nothing(client, nation):
    line = BudgetLineFactory(plan=nation.plan, planned=100)
    sign_in(client, nation.body, "coordinator")
    address = nation.at("money_change", "line", line.pk)
    mine, theirs = open_form(client, address), open_form(client, address)
    client.post(address, theirs | {"planned": "700", "funder": "Ministry"})

    answer = client.post(address, mine | {"planned": "900"})

    assert answer.status_code == 409
    [difference] = answer.context["differences"]
    assert (difference.label, difference.theirs, difference.yours) == ("Planned", "700", "900")
    again = client.post(address, typed(answer.context["form"]) | {"initial-planned": "700"})
    assert again.status_code == 302
    line.refresh_from_db()
    assert (line.planned, line.funder) == (90_000, "Ministry")


def test_posts_are_entered_in_hundredths_and_once_a_year(client, nation):
    sign_in(client, nation.body, "coordinator")
    address = nation.at("money_add", "staff")
    sent = open_form(client, address) | {"year": "2026", "planned": "2.5", "there": "1.75"}

    first = client.post(address, sent)
    second = client.post(address, sent)

    assert (first.status_code, second.status_code) == (302, 422)
    assert StaffYear.objects.values_list("year", "planned", "there").get() == (2026, 250, 175)
    assert second.context["form"].non_field_errors() == [
        "This year is already there; change that one."
    ]


def test_entry_is_removed_after_a_question_and_its_figures_stay_in_the_log(client, nation):
    line = BudgetLineFactory(plan=nation.plan)
    sign_in(client, nation.body, "coordinator")
    address = nation.at("money_remove", "line", line.pk)

    asked = client.get(address)
    done = client.post(address)

    assert (asked.status_code, done.status_code) == (200, 302)
    assert not BudgetLine.objects.exists()
    said = LogEntry.objects.get(rule="plans.money_remove").detail
    assert (said["planned"], said["currency"]) == (200_000, "IDR")


@pytest.mark.parametrize("role", ["viewer", "contributor"])
def test_only_a_coordinator_enters_money(client, nation, role):
    line = BudgetLineFactory(plan=nation.plan)
    sign_in(client, nation.body, role)
    addresses = [
        nation.at("money_add", "line"),
        nation.at("money_change", "line", line.pk),
        nation.at("money_remove", "line", line.pk),
    ]

    assert {client.post(one).status_code for one in addresses} == {403}
    assert BudgetLine.objects.get().revision == 1


def test_entry_of_another_plan_is_not_found_here(client, nation):
    elsewhere = BudgetLineFactory(plan=local_plan(nation, nation.east))
    sign_in(client, nation.body, "coordinator")

    answer = client.get(nation.at("money_change", "line", elsewhere.pk))

    assert answer.status_code == 404


# --- rates


def test_rate_is_entered_exactly_and_once_a_day(client, nation):
    sign_in(client, nation.body, "coordinator")
    address = reverse("plans:rate_add", args=["id"])
    sent = {"base": "USD", "quote": "IDR", "number": "16,250.5001", "on": "2026-05-04"}

    first = client.post(address, sent | {"source": "Bank Indonesia"})
    second = client.post(address, sent | {"source": "Bank Indonesia"})

    assert (first.status_code, second.status_code) == (302, 422)
    rate = Rate.objects.get()
    assert (rate.units, rate.decimals, str(rate.number)) == (162_505_001, 4, "16250.5001")
    assert LogEntry.objects.get(rule="plans.rate_add").detail["rate"] == "16250.5001"


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"quote": "USD"}, {"quote"}),
        ({"number": "0"}, {"number"}),
        ({"number": "abc"}, {"number"}),
        ({"number": "0.00000000001"}, {"number"}),
        ({"on": ""}, {"on"}),
        ({"source": ""}, {"source"}),
    ],
)
def test_rate_that_cannot_be_one_is_refused(client, nation, sent, wrong):
    sign_in(client, nation.body, "coordinator")
    good = {"base": "USD", "quote": "IDR", "number": "16,250", "on": "2026-05-04", "source": "BI"}

    answer = client.post(reverse("plans:rate_add", args=["id"]), good | sent)

    assert (answer.status_code, answer.context["form"].errors.keys()) == (422, wrong)
    assert not Rate.objects.exists()


def test_rate_is_corrected_and_taken_out_by_who_leads_the_country_only(client, nation):
    rate = RateFactory(country=nation.country, on=TODAY)
    change = reverse("plans:rate_change", args=["id", rate.pk])
    sign_in(client, nation.east, "coordinator")
    refused = client.post(change, {})
    sign_in(client, nation.body, "coordinator")

    client.post(change, open_form(client, change) | {"number": "16,300"})

    rate.refresh_from_db()
    assert (refused.status_code, rate.units, rate.decimals) == (403, 16_300, 0)
    client.post(reverse("plans:rate_remove", args=["id", rate.pk]))
    assert not Rate.objects.exists()


def test_everybody_reads_the_rates(client, nation):
    RateFactory(country=nation.country, on=TODAY)
    theirs = RateFactory(country=PlaceFactory(code="my", country_code="my"))
    sign_in(client, OrganisationFactory(place=theirs.country))

    shown = client.get(reverse("plans:rates", args=["id"]))

    assert [one.country_id for one in shown.context["page"]] == [nation.country.pk]


# --- files and weight


def test_file_holds_every_line_with_tags_and_exact_amounts(client, nation):
    BudgetLineFactory(
        plan=nation.plan,
        action=nation.train,
        title="=SUM(A1)",
        planned=123_456_789,
        ends_on=TODAY,
        afterwards="stops",
    )
    sign_in(client, nation.west)

    answer = client.get(nation.at("money_file"))

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 3
    line = dict(zip(rows[1], rows[2], strict=True))
    assert (line["#value+planned"], line["#currency+code"]) == ("1234567.89", "IDR")
    assert (line["#description"], line["#activity+code"]) == ("'=SUM(A1)", "1.1.1")
    assert (line["#date+end"], line["#status+afterwards"]) == ("2026-05-04", "stops")
    assert LogEntry.objects.filter(rule="export:plans.money_view").count() == 1


def test_red_money_does_not_leave_as_a_file(client, nation):
    person = sign_in(client, nation.body)
    nation.plan.marking = "red"
    nation.plan.save()
    nation.plan.named_people.add(person)

    shown, file = page_of(client, nation), client.get(nation.at("money_file"))

    assert (shown.status_code, file.status_code) == (200, 403)


def test_lines_are_narrowed_by_what_stands_in_the_address(client, nation):
    ours = BudgetLineFactory(plan=nation.plan, year=2026, source="donor", action=nation.train)
    BudgetLineFactory(plan=nation.plan, year=2025, source="donor", action=nation.train)
    BudgetLineFactory(plan=nation.plan, year=2026, source="state", action=nation.train)
    BudgetLineFactory(plan=nation.plan, year=2026, source="donor")
    sign_in(client, nation.body)

    asked = {"year": "2026", "source": "donor", "objective": "1.1"}
    found = client.get(nation.at("money_lines"), asked).context["page"]
    nonsense = {"year": "٢٠x", "source": "bank", "afterwards": "\0", "sort": "'"}
    everything = client.get(nation.at("money_lines"), nonsense).context["page"]

    assert [one.pk for one in found] == [ours.pk]
    assert everything.paginator.count == 4


def test_pages_cost_the_same_for_much_as_for_little(client, nation, flat_queries):
    local = local_plan(nation, nation.east)
    RateFactory(country=nation.country, on=TODAY)
    sign_in(client, nation.body)

    def add_row():
        for plan, action in ((nation.plan, nation.train), (local, None)):
            CostFactory(plan=plan, action=action)
            BudgetLineFactory(plan=plan, action=action, ends_on=TODAY, currency="USD")
            BudgetLineFactory(plan=plan, action=action, place=nation.east.place)

    flat_queries(lambda: page_of(client, nation), add_row=add_row, cost=36)
    flat_queries(lambda: client.get(nation.at("money_lines")), add_row=add_row, cost=15)
