"""The activity register through its pages: found, exported, entered, changed, brought in."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tansiq.access.models import LogEntry, Person
from tansiq.plans.models import Activity, ActivityTotal
from tansiq.plans.queries import activities as register
from tests.factories import (
    NOON,
    ActionFactory,
    ActivityFactory,
    OrganisationFactory,
    PlaceFactory,
    actor_of,
)
from tests.people import sign_in
from tests.plans.reporting import make_country

pytestmark = pytest.mark.django_db


def activity_of(country, who="city", **fields):
    lead = getattr(country, who)
    return ActivityFactory(
        **{"plan": country.plan, "owner": lead, "place": lead.place, "marking": "green"} | fields
    )


def listed(answer):
    return {one.title for one in answer.context["page"]}


def test_list_holds_exactly_what_is_shared_with_me(client):
    country = make_country()
    activity_of(country, title="Ours, strict", marking="amber+strict")
    activity_of(country, "other_city", title="Theirs, green")
    activity_of(country, "other_city", title="Theirs, amber", marking="amber")
    activity_of(country, "other_city", title="Theirs, red", marking="red")
    sign_in(client, country.city, "viewer")

    answer = client.get(reverse("plans:activities"))

    assert listed(answer) == {"Ours, strict", "Theirs, green"}


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({"place": "East Java"}, {"Schools", "Mosques"}),
        ({"place": "Surabaya"}, {"Schools"}),
        ({"audience": "religious"}, {"Mosques"}),
        ({"funding": "donor"}, {"Mosques"}),
        ({"status": "done"}, {"Nation"}),
        ({"q": "mosq"}, {"Mosques"}),
        ({"since": "2026-05-01"}, {"Nation"}),
        ({"until": "2026-03-01"}, {"Schools", "Mosques"}),
        ({"audience": "nonsense"}, {"Schools", "Mosques", "Nation"}),
        ({"place": "Nowhere"}, {"Schools", "Mosques", "Nation"}),
        ({"plan": "99999999999999999999"}, {"Schools", "Mosques", "Nation"}),
    ],
)
def test_filters_narrow_the_list(client, asked, titles):
    country = make_country()
    activity_of(country, title="Schools")
    activity_of(country, "other_city", title="Mosques", audience="religious", funding="donor")
    activity_of(
        country,
        "nation",
        title="Nation",
        status="done",
        starts_on="2026-05-01",
        ends_on="2026-05-03",
    )
    sign_in(client, country.city)

    assert listed(client.get(reverse("plans:activities"), asked)) == titles


def test_totals_leave_out_red_and_add_by_currency(client):
    country = make_country()
    member = sign_in(client, country.city)
    activity_of(country, people_reached=10, women_reached=4, amount=500, currency="IDR")
    activity_of(country, people_reached=5, amount=20, currency="USD")
    red = activity_of(country, people_reached=100, amount=900, currency="IDR", marking="red")
    red.named_people.add(member)

    totals = client.get(reverse("plans:activities")).context["found"].totals

    assert (totals.people, totals.women) == (15, 4)
    assert totals.money == [("IDR", 500), ("USD", 20)]


def test_list_too_long_to_count_says_more_than(client, monkeypatch):
    monkeypatch.setattr(register, "COUNTED", 2)
    country = make_country()
    for _number in range(3):
        activity_of(country)
    sign_in(client, country.city)

    found = client.get(reverse("plans:activities"), {"sort": "title"}).context["found"]

    assert (found.count, found.is_more, found.totals) == (2, True, None)


def test_list_costs_the_same_for_one_row_as_for_three(client, flat_queries):
    country = make_country()
    sign_in(client, country.city)
    client.get(reverse("plans:activities"))

    flat_queries(
        lambda: client.get(reverse("plans:activities"), headers={"HX-Request": "true"}),
        add_row=lambda: activity_of(country, amount=1, currency="IDR"),
        cost=COST_OF_LIST,
    )


COST_OF_LIST = 13


def test_export_holds_what_the_list_shows_harmless_and_recorded(client):
    country = make_country()
    activity_of(country, title='=HYPERLINK("x")')
    activity_of(country, title="Plain", audience="women")
    activity_of(country, "other_city", title="Hidden", marking="amber")
    sign_in(client, country.city, "viewer")

    answer = client.get(reverse("plans:activities_export"))

    tags, *rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (tags["title"], tags["women_reached"]) == ("#activity+name", "#reached+f")
    assert {row["title"] for row in rows} == {'\'=HYPERLINK("x")', "Plain"}
    assert LogEntry.objects.get(rule="export:plans.activity_view").detail == {"activities": 2}


def filled(country, **changes):
    return {
        "owner": country.city.pk,
        "plan": country.plan.pk,
        "title": "Mothers' circle",
        "language": "en",
        "place": "surabaya",
        "audience": "women",
        "starts_on": "2026-03-01",
        "ends_on": "2026-03-02",
        "status": "done",
        "funding": "donor",
        "amount": "1,500,000",
        "currency": "idr",
        "people_reached": "40",
        "women_reached": "٢٢",
        "marking": "green",
    } | changes


def test_entered_activity_counts_in_its_place_and_above(client):
    country = make_country()
    sign_in(client, country.city, "contributor")

    answer = client.post(reverse("plans:activity_add"), filled(country))

    activity = Activity.objects.get()
    assert answer.url == activity.get_absolute_url()
    assert (activity.amount, activity.currency, activity.women_reached) == (1500000, "IDR", 22)
    assert activity.place == country.place
    counted = set(ActivityTotal.objects.values_list("place", "activities", "people_reached"))
    above = [country.city.place, country.province.place, country.nation.place]
    assert counted == {(place.pk, 1, 40) for place in above}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"ends_on": "2026-02-01"}, {"ends_on"}),
        ({"women_reached": "41"}, {"women_reached"}),
        ({"currency": ""}, {"currency"}),
        ({"currency": "XXY"}, {"currency"}),
        ({"place": "Atlantis"}, {"place"}),
        ({"amount": "-1"}, {"amount"}),
        ({"amount": "9" * 20}, {"amount"}),
        ({"people_reached": "1e9"}, {"people_reached"}),
        ({"marking": "red"}, {"marking"}),
        ({"title": "x" * 251}, {"title"}),
        ({"starts_on": "03/01/2026"}, {"starts_on"}),
        ({"owner": "0"}, {"owner"}),
    ],
)
def test_wrong_entry_is_told_at_its_field_and_not_saved(client, changes, wrong):
    country = make_country()
    sign_in(client, country.city, "contributor")

    answer = client.post(reverse("plans:activity_add"), filled(country, **changes))

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == wrong
    assert not Activity.objects.exists()


def test_place_that_two_share_a_name_with_is_asked_for_by_code(client):
    country = make_country()
    PlaceFactory(parent=country.nation.place, name="Malang")
    sign_in(client, country.nation, "contributor")

    data = filled(country, owner=country.nation.pk, place="Malang")
    answer = client.post(reverse("plans:activity_add"), data)

    [problem] = answer.context["form"].errors["place"]
    assert country.other_city.place.code in problem


def test_action_must_be_of_the_chosen_plan(client):
    country = make_country()
    local = country.plan.local_plans.get(owner=country.city)
    action = ActionFactory(plan=local)
    sign_in(client, country.city, "contributor")

    answer = client.post(reverse("plans:activity_add"), filled(country, action=action.pk))

    assert set(answer.context["form"].errors) == {"action"}


@pytest.mark.parametrize(
    ("who", "role", "status"),
    [
        ("city", "contributor", 200),
        ("city", "viewer", 403),
        ("other_city", "lead", 403),
    ],
)
def test_who_may_change_and_remove(client, who, role, status):
    country = make_country()
    activity = activity_of(country)
    sign_in(client, getattr(country, who), role)

    for step in ("activity_edit", "activity_remove"):
        assert client.get(reverse(f"plans:{step}", args=[activity.pk])).status_code == status


def test_second_of_two_editors_is_told(client):
    country = make_country()
    activity = activity_of(country, title="First")
    sign_in(client, country.city, "contributor")
    Activity.objects.filter(pk=activity.pk).update(revision=2, title="Theirs")

    url = reverse("plans:activity_edit", args=[activity.pk])
    answer = client.post(url, filled(country, title="Mine", revision=1))

    assert answer.status_code == 409
    assert ("Theirs", "Mine") in {
        (one["theirs"], one["yours"]) for one in answer.context["differences"]
    }
    activity.refresh_from_db()
    assert activity.title == "Theirs"
    again = client.post(url, filled(country, title="Both", revision=2))
    assert again.status_code == 302


def test_removed_activity_counts_no_more(client):
    country = make_country()
    sign_in(client, country.city, "contributor")
    client.post(reverse("plans:activity_add"), filled(country))

    client.post(reverse("plans:activity_remove", args=[Activity.objects.get().pk]))

    assert not Activity.objects.exists()
    assert set(ActivityTotal.objects.values_list("activities", flat=True)) == {0}


HEADER = "title;place;starts_on;ends_on;audience;funding;amount;currency;people_reached\n"
GOOD = "Circle;Surabaya;2026-03-01;2026-03-02;women;donor;1.500;IDR;40\n"


def upload(client, country, text, **more):
    file = SimpleUploadedFile("a.csv", text.encode("utf-8-sig"))
    data = {"owner": country.city.pk, "plan": country.plan.pk, "file": file} | more
    return client.post(reverse("plans:activities_import"), data)


def test_file_is_looked_at_before_anything_is_saved(client):
    country = make_country()
    sign_in(client, country.city, "contributor", language="id")

    seen = upload(client, country, HEADER + GOOD)

    assert seen.status_code == 200
    assert [one.amount for one in seen.context["first"]] == [1500]
    assert not Activity.objects.exists()
    confirmed = {
        "owner": country.city.pk,
        "plan": country.plan.pk,
        "table": seen.context["text"],
        "confirmed": "yes",
    }
    client.post(reverse("plans:activities_import"), confirmed)
    assert [one.title for one in Activity.objects.all()] == ["Circle"]
    assert ActivityTotal.objects.get(place=country.nation.place).people_reached == 40


def test_one_bad_cell_keeps_the_whole_file_out_and_is_named(client):
    country = make_country()
    sign_in(client, country.city, "contributor", language="en")
    bad = "Circle;Atlantis;2026-03-01;2026-02-01;nobody;donor;1e5;IDR;40\n"

    answer = upload(client, country, HEADER + GOOD.replace("1.500", "1500") + bad, confirmed="yes")

    assert answer.status_code == 422
    assert [problem.where for problem in answer.context["table"].problems] == [
        "Row 3, column place",
        "Row 3, column audience",
        "Row 3, column amount",
        "Row 3, column ends_on",
    ]
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a;b\n1;2\n",
        HEADER,
        HEADER.replace("funding", "title"),
        HEADER + '"open',
        "\x00",
        HEADER + "x;y\n" * 5001,
    ],
)
def test_file_that_is_no_table_gets_a_sentence(client, text):
    country = make_country()
    sign_in(client, country.city, "contributor")

    answer = upload(client, country, text)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"file"}


def test_words_in_the_readers_language_are_understood(client):
    country = make_country()
    sign_in(client, country.city, "contributor", language="en")
    row = "Circle;Surabaya;2026-03-01;2026-03-02;Women;State budget;;;\n"

    answer = upload(client, country, HEADER + row)

    [activity] = answer.context["first"]
    assert (activity.audience, activity.funding) == ("women", "state")


def test_template_can_be_brought_in_as_it_is(client):
    country = make_country()
    country.place.code = "id-ji"
    country.place.save()
    sign_in(client, country.city, "contributor", language="en")

    template = client.get(reverse("plans:activities_template")).content.decode("utf-8-sig")
    answer = upload(client, country, template)

    assert answer.context["table"].is_right


@pytest.mark.parametrize("step", ["activity_add", "activities_import"])
def test_viewer_does_not_register(client, step):
    country = make_country()
    sign_in(client, country.city, "viewer")

    assert client.get(reverse(f"plans:{step}")).status_code == 403


def test_short_way_for_strangers_leaves_out_nothing_that_is_open_to_them():
    country = make_country()
    stranger = OrganisationFactory(place=PlaceFactory(country_code="ph"))
    actor = actor_of(stranger)
    person = Person.objects.get(pk=actor.person_id)
    for marking in ("clear", "green", "amber", "amber+strict", "red"):
        activity_of(country, marking=marking)
        activity_of(country, marking=marking, published_at=NOON)
        activity_of(country, marking=marking).named_organisations.add(stranger)
        activity_of(country, marking=marking).named_people.add(person)
        activity_of(country, marking=marking, owner=stranger, place=stranger.place)

    visible = Activity.objects.visible_to(actor)

    assert visible.count() == 10
    assert set(visible.filter(register._open_in_some_way_to(actor))) == set(visible)


def test_very_many_activities_are_looked_through_from_the_newest(client, monkeypatch):
    monkeypatch.setattr(register, "WINDOW", 1)
    monkeypatch.setattr(register, "COUNTED", 1)
    country = make_country()
    sign_in(client, country.city)
    for day in ("2026-03-01", "2026-04-01"):
        client.post(reverse("plans:activity_add"), filled(country, starts_on=day, ends_on=day))

    found = client.get(reverse("plans:activities"), {"q": "mothers"}).context["found"]
    of_owner = client.get(
        reverse("plans:activities"), {"q": "mothers", "owner": country.city.pk}
    ).context["found"]

    assert (found.is_window, found.is_more) == (True, False)
    assert (of_owner.is_window, of_owner.is_more) == (False, True)


def test_our_own_export_with_its_row_of_tags_can_be_brought_in_again(client):
    country = make_country()
    activity_of(country, title="Mothers' circle")
    person = sign_in(client, country.city, "contributor")
    given = client.get(reverse("plans:activities_template")).content.decode("utf-8-sig")
    assert given.splitlines()[1].startswith("#activity+name,#adm+code,")
    lines = given.replace("id-ji", country.place.code)

    data = {"owner": country.city.pk, "plan": country.plan.pk, "table": lines}
    page = client.post(reverse("plans:activities_import"), data)

    assert (page.status_code, len(page.context["table"].activities)) == (200, 1)
    assert person.is_active
