"""The pages about what is owed, through the client."""

import datetime as dt

import pytest
from django.utils.timezone import now

from tansiq.exchange.models import Obligation, Rhythm
from tests.exchange.nations import make_country
from tests.exchange.test_obligations import send
from tests.factories import ItemFactory, ObligationFactory, ReceiptFactory, RhythmFactory, actor_of
from tests.people import sign_in

pytestmark = pytest.mark.django_db
A_DAY = dt.timedelta(days=1)


@pytest.fixture
def country():
    return make_country()


def words(response):
    return response.content.decode()


def titles(lines):
    return {line.words for line in lines}


def test_the_page_shows_both_directions_the_late_first(client, country):
    city, nation = country.cities[0], country.nation
    late = ObligationFactory(debtor=city, creditor=nation, due_at=now() - A_DAY, what="Late one")
    ObligationFactory(debtor=city, creditor=nation, due_at=now() + A_DAY, what="Coming one")
    ObligationFactory(debtor=nation, creditor=city, due_at=now() + A_DAY, what="Threat summary")
    ObligationFactory(what="Of others")
    sign_in(client, city)

    overview = client.get("/exchange/owed/").context["overview"]

    assert [line.words for line in overview.by_us.lines] == ["Late one", "Coming one"]
    assert titles(overview.to_us.lines) == {"Threat summary"}
    assert (overview.by_us.sums.open, overview.by_us.sums.late) == (2, 1)
    assert overview.by_us.lines[0].obligation == late


def test_what_a_standing_duty_owes_to_many_on_one_day_is_one_line(client, country):
    nation = country.nation
    rhythm = RhythmFactory(owner=nation, what="Threat summary")
    day = now() + 3 * A_DAY
    for one in country.provinces:
        ObligationFactory(
            debtor=nation,
            creditor=one,
            rhythm=rhythm,
            period_on=day.date(),
            due_at=day,
            what="Threat summary",
        )
    ObligationFactory(debtor=nation, what="Answer", due_at=now() + A_DAY)
    sign_in(client, nation)

    side = client.get("/exchange/owed/").context["overview"].by_us

    assert [(line.words, line.count) for line in side.lines] == [
        ("Answer", 1),
        ("Threat summary", 2),
    ]
    assert side.sums.open == 3
    assert side.lines[1].address == f"{rhythm.get_absolute_url()}?period={day.date()}"
    assert client.get(side.lines[1].address).context["page"].chosen == day.date()


def test_filters_keep_exactly_what_was_asked_for(client, country):
    city, nation, province = country.cities[0], country.nation, country.provinces[0]
    sign_in(client, city)
    choices = {
        "late": {"due_at": now() - A_DAY, "creditor": nation},
        "funds": {"due_at": now() + A_DAY, "creditor": province, "kind": "funds"},
        "given": {"due_at": now() + A_DAY, "creditor": nation, "state": "done"},
    }
    for name, more in choices.items():
        ObligationFactory(debtor=city, what=name, **more)

    def shown(query):
        return titles(client.get(f"/exchange/owed/?way=by_us&{query}").context["lines"])

    assert shown("") == {"late", "funds"}
    assert shown("state=late") == {"late"}
    assert shown("state=given") == {"given"}
    assert shown("state=all") == {"late", "funds", "given"}
    assert shown("kind=funds") == {"funds"}
    assert shown(f"other={province.pk}") == {"funds"}
    assert shown("state=nonsense&other=x") == {"late", "funds"}


def test_one_duty_goes_from_given_to_confirmed_in_the_browser(client, country):
    owed = ObligationFactory(debtor=country.nation, creditor=country.cities[0])
    at = owed.get_absolute_url()
    sign_in(client, country.nation, "contributor")
    refused = client.post(f"{at}give/", {"note": "", "with_item": ""})
    assert (refused.status_code, Obligation.objects.get().state) == (422, "open")
    client.post(f"{at}give/", {"note": "At the meeting on Monday.", "with_item": ""})

    sign_in(client, country.cities[0], "contributor")
    assert "At the meeting on Monday." in words(client.get(at))
    client.post(f"{at}dispute/", {"note": "Only half of it."})
    assert Obligation.objects.get().state == "disputed"
    assert client.post(f"{at}give/", {"note": "No."}).status_code == 403

    sign_in(client, country.nation, "contributor")
    client.post(f"{at}give/", {"note": "The other half.", "with_item": ""})
    sign_in(client, country.cities[0], "contributor")
    client.post(f"{at}confirm/")

    assert Obligation.objects.get().state == "confirmed"


def test_waiving_is_for_a_lead_of_the_side_that_waits(client):
    owed = ObligationFactory()
    at = f"{owed.get_absolute_url()}waive/"

    sign_in(client, owed.creditor, "coordinator")
    assert client.get(at).status_code == 403
    sign_in(client, owed.debtor, "lead")
    assert client.post(at, {"reason": "We have no time."}).status_code == 403
    sign_in(client, owed.creditor, "lead")
    client.post(at, {"reason": "It is not needed any more."})

    assert Obligation.objects.get().state == "waived"


def test_a_stranger_finds_no_duty(client):
    owed = ObligationFactory()
    sign_in(client, ObligationFactory().debtor)

    for page in ("", "waive/", "dispute/"):
        assert client.get(f"{owed.get_absolute_url()}{page}").status_code == 404


def test_the_page_of_an_item_says_who_said_nothing_and_reminds_them(client, country):
    item = send(
        country.nation, country.provinces, at=now() - A_DAY, expires_on=now().date() + 9 * A_DAY
    )
    sign_in(client, country.nation)

    page = words(client.get(item.get_absolute_url()))
    client.post(f"{item.get_absolute_url()}remind/")

    assert "Remind those who said nothing" in page
    assert {row.reminded.count() for row in item.receipts.all()} == {1}


def test_an_item_gives_a_period_to_all_whom_it_reached(client, country):
    nation = country.nation
    sign_in(client, nation)
    client.post(
        f"/exchange/rhythms/new/{nation.slug}/",
        {
            "way": "we_owe",
            "kind": "briefing",
            "what": "Briefing for the provinces",
            "every": "quarter",
            "first_due_on": (now().date() + 5 * A_DAY).isoformat(),
            "partners": ["level-1"],
        },
    )
    item = ItemFactory(owner=nation, expires_on=now().date() + 9 * A_DAY, sent_at=now())
    for one in country.provinces:
        ReceiptFactory(item=item, organisation=one)

    sections = client.get(item.get_absolute_url()).context["sections"]
    section = next(one for one in sections if one.template == "exchange/duties/_on_item.html")
    key = section.content.may_give[0].key
    client.post(f"{item.get_absolute_url()}gives/", {"period": key})
    client.post(f"{item.get_absolute_url()}gives/", {"period": "1.2026-99-99"})

    assert set(Obligation.objects.values_list("state", "done_with")) == {("done", item.pk)}
    rhythm = Rhythm.objects.get()
    shown = client.get(rhythm.get_absolute_url()).context["page"]
    assert (shown.periods[0].given, shown.periods[0].all) == (2, 2)


def test_a_rhythm_is_changed_and_ended_by_a_lead_of_its_owner_alone(client, country):
    nation = country.nation
    sign_in(client, nation)
    entered = {
        "way": "they_owe",
        "kind": "report",
        "what": "Report of the province",
        "every": "half_year",
        "first_due_on": (now().date() + 5 * A_DAY).isoformat(),
        "partners": ["level-1"],
    }
    assert "With whom?" in words(client.get(f"/exchange/rhythms/new/{nation.slug}/"))
    client.post(f"/exchange/rhythms/new/{nation.slug}/", entered)
    rhythm = Rhythm.objects.get()
    at = rhythm.get_absolute_url()

    assert client.get(f"{at}edit/").status_code == 200
    client.post(f"{at}edit/", {**entered, "what": "Report with figures", "revision": "1"})
    stale = client.post(f"{at}edit/", {**entered, "what": "Other words", "revision": "1"})
    rhythm.refresh_from_db()
    assert (rhythm.what, stale.status_code) == ("Report with figures", 422)

    sign_in(client, country.provinces[0])
    assert client.get(at).status_code == 200
    assert client.post(f"{at}end/").status_code == 403
    assert client.get(f"/exchange/rhythms/new/{nation.slug}/").status_code == 403
    sign_in(client, nation)
    assert client.get(f"{at}end/").status_code == 200
    client.post(f"{at}end/")

    rhythm.refresh_from_db()
    assert rhythm.is_ended
    assert client.get("/exchange/rhythms/").status_code == 200


def test_lists_cost_the_same_for_much_as_for_little(client, country, flat_queries):
    city = country.cities[0]
    sign_in(client, city)

    def add_row():
        item = send(city, [country.nation], at=now(), expires_on=now().date() + 9 * A_DAY)
        ObligationFactory(debtor=city, due_at=now() - A_DAY)
        assert item.obligations.exists()
        assert actor_of(city)

    client.get("/exchange/owed/")
    flat_queries(lambda: client.get("/exchange/owed/"), add_row=add_row, cost=14)
    flat_queries(lambda: client.get("/exchange/owed/?way=by_us"), add_row=add_row, cost=13)
