"""What everybody reads of a plan: the same page for all, in six languages, and its feeds."""

import datetime as dt
import json
import re
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.urls import reverse

from tansiq.core.translations import remember
from tests.factories import (
    ActionFactory,
    BudgetLineFactory,
    CostFactory,
    DocumentFactory,
    MilestoneFactory,
    PublicContactFactory,
    StageFactory,
)
from tests.people import sign_in
from tests.plans.nation import local_plan, make_nation

pytestmark = pytest.mark.django_db
PUBLISHED = dt.datetime(2026, 1, 2, 9, tzinfo=dt.UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def nation():
    return make_nation(marking="clear", published_at=PUBLISHED, summary="From the nation down.")


def look(client, nation, language="en", name="public", **more):
    return client.get(nation.at(name, language), **more)


def test_page_tells_passers_by_what_the_plan_is(client, nation):
    StageFactory(plan=nation.plan, place=nation.east.place, name="adopted")
    PublicContactFactory(plan=nation.plan, office="Plan desk")
    DocumentFactory(plan=nation.plan, title="Decree 7")

    page = look(client, nation).content.decode()

    for words in (
        "National plan",
        "From the nation down.",
        "Of 2 actions, 0 done, 0 under way, 0 late.",
        "1 of 2 places has a plan in force.",
        "Train teachers",
        "Decree 7",
        "Plan desk",
    ):
        assert words in page


def test_titles_of_documents_and_the_office_stand_in_the_readers_language(client, nation):
    PublicContactFactory(plan=nation.plan, office="Plan desk")
    DocumentFactory(plan=nation.plan, title="Decree 7", language="id")
    remember([("Plan desk", "fr", "Bureau du plan"), ("Decree 7", "fr", "Décret 7")], status="team")

    page = look(client, nation, "fr").content.decode()

    assert "Bureau du plan" in page
    assert "Décret 7" in page
    assert "Bahasa Indonesia" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_is_there_in_every_language_and_names_the_others(client, nation, language):
    response = look(client, nation, language)

    page = response.content.decode()
    assert f'<html lang="{language}"' in page
    assert response["Content-Language"] == language
    for other in LANGUAGES:
        assert f'hreflang="{other}" href="{settings.ORIGIN}{nation.at("public", other)}"' in page


def test_page_without_a_language_leads_to_the_readers_own(client, nation):
    address = nation.at("public_choose")

    answer = client.get(address, headers={"Accept-Language": "fr,en;q=0.5"})

    assert answer["Location"] == nation.at("public", "fr")
    assert "Accept-Language" in answer["Vary"]


@pytest.mark.parametrize("name", ["public", "public_atom", "public_feed"])
@pytest.mark.parametrize(
    "hidden",
    [{"published_at": None}, {"marking": "green"}, {"marking": "amber"}, {"marking": "red"}],
)
def test_plan_that_is_not_public_is_as_if_it_were_not_there(client, nation, name, hidden):
    missing = client.get(reverse(f"plans:{name}", args=["id", "no-such-plan", "en"]))
    for field, value in hidden.items():
        setattr(nation.plan, field, value)
    nation.plan.save()

    answer = look(client, nation, name=name)

    assert (answer.status_code, missing.status_code) == (404, 404)
    assert bare(answer, nation.plan.slug) == bare(missing, "no-such-plan")


def bare(response, slug):
    """Return the page without its own address and the token of its form."""
    page = re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return page.replace(f"/{slug}/", "/")


def test_even_its_owner_sees_the_public_page_only_once_it_is_public(client, nation):
    nation.plan.published_at = None
    nation.plan.save()
    sign_in(client, nation.body)

    assert look(client, nation).status_code == 404


@pytest.mark.parametrize("language", ["xx", "en-gb", "public"])
def test_unknown_language_is_not_there(client, nation, language):
    assert look(client, nation, language).status_code == 404


def test_page_shows_members_no_more_than_passers_by(client, nation):
    DocumentFactory(plan=nation.plan, marking="amber", title="Inner paper")
    local = local_plan(nation, nation.east, marking="green", title="Inner plan")
    sign_in(client, nation.body)

    page = look(client, nation).content.decode()

    assert "Inner paper" not in page
    assert local.title not in page


def test_local_plan_has_a_public_page_that_leads_to_the_national_one(client, nation):
    local = local_plan(nation, nation.east, marking="clear", published_at=PUBLISHED, title="East")

    page = client.get(reverse("plans:public", args=["id", local.slug, "en"])).content.decode()
    above = look(client, nation).content.decode()

    assert nation.at("public", "en") in page
    assert reverse("plans:public", args=["id", local.slug, "en"]) in above


def test_money_is_said_by_source_with_its_gap(client, nation):
    CostFactory(plan=nation.plan, place=nation.country, amount=100_000_00, currency="IDR")
    common = {"plan": nation.plan, "place": nation.country, "currency": "IDR"}
    BudgetLineFactory(source="state", planned=80_000_00, committed=40_000_00, spent=1_050, **common)
    BudgetLineFactory(source="donor", planned=5_00, committed=2_00, spent=0, **common)

    shown = look(client, nation).context["shown"]

    assert [(one.cost, one.gap) for one in shown.needs] == [
        ("\u2068IDR\u00a0100,000\u2069", "\u2068IDR\u00a059,998\u2069")
    ]
    assert [(one.planned, one.spent) for one in shown.money] == [
        ("\u2068IDR\u00a05\u2069", "\u2068IDR\u00a00\u2069"),
        ("\u2068IDR\u00a080,000\u2069", "\u2068IDR\u00a010.50\u2069"),
    ]


def test_page_needs_neither_cookie_nor_form_nor_script(client, nation):
    response = look(client, nation)

    page = response.content.decode()
    assert not response.cookies
    assert "<form" not in page
    assert "Accept-Language" not in response["Content-Language"]


def test_page_is_kept_by_caches_and_not_sent_twice(client, nation):
    first = look(client, nation)

    again = look(client, nation, headers={"If-None-Match": first["ETag"]})
    nation.plan.summary = "Now it says something else."
    nation.plan.save()
    changed = look(client, nation, headers={"If-None-Match": first["ETag"]})

    assert first["Cache-Control"] == "public, max-age=300"
    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


def test_page_of_a_member_is_not_kept(client, nation):
    sign_in(client, nation.body)

    assert look(client, nation)["Cache-Control"] == "private, no-store"


def test_page_costs_the_same_however_much_hangs_on_it(client, nation, flat_queries):
    def add_row():
        action = ActionFactory(plan=nation.plan, objective=nation.objective)
        MilestoneFactory(action=action, reached_on=dt.date(2026, 3, 1))
        DocumentFactory(plan=nation.plan)
        StageFactory(plan=nation.plan)
        local_plan(nation, nation.east, marking="clear", published_at=PUBLISHED)
        BudgetLineFactory(plan=nation.plan, place=nation.country)

    # The outlines of a country are kept by the process; another test may have asked for them.
    look(client, nation)
    flat_queries(lambda: look(client, nation), add_row=add_row, cost=PAGE_COST)
    flat_queries(lambda: look(client, nation, name="public_atom"), add_row=add_row, cost=FEED_COST)


PAGE_COST, FEED_COST = 20, 8


@pytest.fixture
def story(nation):
    """A plan that was adopted and published, with a document, a milestone and a stage."""
    nation.plan.adopted_on = dt.date(2025, 12, 1)
    nation.plan.save()
    MilestoneFactory(action=nation.train, title="First course", reached_on=dt.date(2026, 3, 1))
    MilestoneFactory(action=nation.talk, title="Not yet", reached_on=None)
    DocumentFactory(
        plan=nation.plan, title="Decree & law", published_at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    )
    DocumentFactory(plan=nation.plan, title="Inner paper", marking="green")
    StageFactory(
        plan=nation.plan, place=nation.east.place, name="adopted", since_on=dt.date(2026, 2, 1)
    )
    return nation


TITLES = [
    "New document: Decree & law",
    "Milestone reached: First course (Train teachers)",
    "East Java: Adopted",
    "The plan was published",
    "The plan was adopted",
]


def test_atom_feed_tells_what_changed_newest_first(client, story):
    response = look(client, story, name="public_atom")

    feed = ET.fromstring(response.content)  # noqa: S314 -- our own answer
    assert response["Content-Type"].startswith("application/atom+xml")
    assert [one.findtext(f"{ATOM}title") for one in feed.iter(f"{ATOM}entry")] == TITLES


def test_atom_feed_has_all_that_the_standard_demands(client, story):
    response = look(client, story, name="public_atom")

    assert atom_faults(response.content) == []


def atom_faults(content):
    """Return what RFC 4287 demands and this feed lacks."""
    feed = ET.fromstring(content)  # noqa: S314 -- our own answer
    entries = list(feed.iter(f"{ATOM}entry"))
    ids = [one.findtext(f"{ATOM}id") for one in entries]
    faults = [f"feed has no {name}" for name in missing(feed, "id", "title", "updated")]
    faults += [
        f"entry has no {name}" for one in entries for name in missing(one, "id", "title", "updated")
    ]
    faults += ["an id stands twice"] if len(set(ids)) < len(ids) else []
    has_author = feed.find(f"{ATOM}author/{ATOM}name") is not None
    faults += [] if has_author else ["nobody is its author"]
    relations = {one.get("rel") for one in feed.findall(f"{ATOM}link")}
    faults += [] if "self" in relations else ["it does not say its own address"]
    for one in feed.iter(f"{ATOM}updated"):
        if dt.datetime.fromisoformat(one.text).tzinfo is None:
            faults.append("a moment has no time zone")
    return faults


def missing(element, *names):
    return [name for name in names if not element.findtext(f"{ATOM}{name}")]


@pytest.mark.parametrize(
    ("feed", "fault"),
    [
        ("<id>a</id><title>t</title>", "feed has no updated"),
        ("<title>t</title><updated>2026-01-01T00:00:00Z</updated>", "feed has no id"),
        (
            "<id>a</id><title>t</title><updated>2026-01-01T00:00:00</updated>",
            "a moment has no time zone",
        ),
    ],
)
def test_atom_check_catches_a_planted_fault(feed, fault):
    assert fault in atom_faults(f'<feed xmlns="http://www.w3.org/2005/Atom">{feed}</feed>')


def test_json_feed_tells_the_same_and_has_all_that_its_standard_demands(client, story):
    response = look(client, story, name="public_feed")

    feed = json.loads(response.content)
    assert response["Content-Type"] == "application/feed+json"
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [one["title"] for one in feed["items"]] == TITLES
    assert {frozenset(one) for one in feed["items"]} == {
        frozenset({"id", "url", "title", "content_text", "date_published"})
    }
    assert len({one["id"] for one in feed["items"]}) == len(TITLES)
    assert feed["feed_url"] == f"{settings.ORIGIN}{story.at('public_feed', 'en')}"
    assert all(one["url"].startswith(settings.ORIGIN) for one in feed["items"])


def test_feed_says_since_when_and_is_not_sent_twice(client, story):
    first = look(client, story, name="public_atom")

    again = look(
        client, story, name="public_atom", headers={"If-Modified-Since": first["Last-Modified"]}
    )

    assert first["Last-Modified"] == "Wed, 01 Apr 2026 00:00:00 GMT"
    assert again.status_code == 304


@pytest.mark.parametrize("language", LANGUAGES)
def test_feed_speaks_the_language_of_its_address(client, story, language):
    feed = json.loads(look(client, story, language, "public_feed").content)

    assert feed["language"] == language
    assert feed["home_page_url"].endswith(f"/public/{language}/")


def test_first_page_leads_passers_by_to_the_public_pages(client, nation):
    page = client.get("/").content.decode()

    assert nation.at("public_choose") in page
