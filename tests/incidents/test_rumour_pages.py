"""Pages of the rumour desk, as people use them without scripts."""

import re

import pytest
from django.urls import reverse

from tansiq.incidents.models import Correction, Rumour, RumourCheck
from tests.factories import NOON, CorrectionFactory, IncidentFactory, RumourFactory
from tests.people import sign_in

pytestmark = pytest.mark.django_db
HEARD = {
    "claim": "People say a second bomb is at the school",
    "language": "en",
    "harm": "panic",
    "heard_in": ["street"],
}


def at(name, *arguments):
    return reverse(f"incidents:{name}", args=arguments)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def post(client, name, rumour, **data):
    rumour.refresh_from_db()
    url = at(name, rumour.incident_id, rumour.pk)
    return client.post(url, data | {"revision": rumour.revision})


def test_a_rumour_goes_its_whole_way_through_the_pages(client):
    room = IncidentFactory()
    sign_in(client, room.owner)
    answer = client.post(at("rumour_enter", room.pk), HEARD)
    rumour = Rumour.objects.get()
    assert answer.url == rumour.get_absolute_url()

    sign_in(client, room.owner)
    assert "What could it do?" in text_of(client.get(rumour.get_absolute_url()))
    post(client, "rumour_triage", rumour, harm="retaliation")
    assert "Ask somebody who can know" in text_of(client.get(rumour.get_absolute_url()))
    post(client, "rumour_ask", rumour, body="District hospital")
    check = RumourCheck.objects.get()
    client.post(
        at("rumour_answer", room.pk, rumour.pk, check.pk),
        {"answer": "false", "says": "No.", "source": "duty desk", "language": "en", "revision": 1},
    )
    post(client, "rumour_decide", rumour, outcome="false", source="hospital")
    client.post(
        at("rumour_correct", room.pk, rumour.pk, "en"),
        {"claim": "A bomb is said to be at school.", "text": "It is safe.", "revision": 0},
    )
    assert "waits to be cleared" not in text_of(client.get(rumour.get_absolute_url()))
    own = post(client, "rumour_clear", rumour)
    assert (own.status_code, "You wrote this yourself" in text_of(own)) == (409, True)

    sign_in(client, room.owner)
    post(client, "rumour_clear", rumour)
    bulletin = client.get(at("bulletin", room.pk))
    assert "It is safe." in text_of(bulletin)
    post(client, "rumour_release", rumour, through="radio")
    post(client, "rumour_close", rumour, reason="nobody repeats it")

    rumour.refresh_from_db()
    assert (rumour.status, rumour.outcome) == ("closed", "false")
    assert "nobody repeats it" in text_of(client.get(rumour.get_absolute_url()))
    post(client, "rumour_reopen", rumour)
    rumour.refresh_from_db()
    assert rumour.status == "corrected"


def test_what_stands_there_already_is_shown_before_it_is_entered_twice(client):
    room = IncidentFactory()
    known = RumourFactory(incident=room, claim="A second bomb is at the school")
    sign_in(client, room.owner)

    asked = client.post(at("rumour_enter", room.pk), HEARD)
    assert (asked.status_code, asked.context["near"]) == (409, [known])
    assert Rumour.objects.count() == 1

    client.post(at("rumour_again", room.pk, known.pk), HEARD)
    known.refresh_from_db()
    assert known.times_heard == 2
    client.post(at("rumour_enter", room.pk), HEARD | {"is_another": "on"})
    assert Rumour.objects.count() == 2


def test_a_possible_name_is_asked_about_and_what_was_typed_stays(client):
    room = IncidentFactory()
    sign_in(client, room.owner)
    claim = "People say Budi Santoso closed the bridge"

    asked = client.post(at("rumour_enter", room.pk), HEARD | {"claim": claim})

    assert asked.status_code == 422
    assert "could be a person" in text_of(asked)
    assert claim in asked.content.decode()
    assert not Rumour.objects.exists()


def test_an_error_in_a_step_keeps_what_was_typed(client):
    rumour = RumourFactory(status="triaged")
    sign_in(client, rumour.incident.owner)

    both = post(client, "rumour_ask", rumour, verifier="role:COORD", body="Red Crescent")

    assert both.status_code == 422
    assert "Choose one from the list" in text_of(both)
    assert 'value="Red Crescent"' in both.content.decode()


def test_who_only_reads_sees_no_step(client):
    rumour = RumourFactory()
    sign_in(client, rumour.incident.owner, "viewer")

    page = client.get(rumour.get_absolute_url())
    refused = post(client, "rumour_triage", rumour, harm="panic")

    assert "I looked at it" not in text_of(page)
    assert "Only contributors" in text_of(page)
    assert refused.status_code == 403


def test_a_desk_shows_exactly_what_a_filter_asks_for(client):
    room = IncidentFactory()
    new = RumourFactory(incident=room)
    untrue = RumourFactory(incident=room, status="decided", outcome="false")
    closed = RumourFactory(incident=room, status="closed", outcome="true")
    RumourFactory()
    sign_in(client, room.owner)

    shown = {
        wanted: set(client.get(at("rumours", room.pk), {"show": wanted}).context["page"])
        for wanted in ("open", "new", "false", "true", "closed", "corrected", "nonsense")
    }

    assert shown == {
        "open": {new, untrue},
        "new": {new},
        "false": {untrue},
        "true": {closed},
        "closed": {closed},
        "corrected": set(),
        "nonsense": {new, untrue},
    }


def test_a_desk_of_many_costs_no_more_than_one_of_few(client, flat_queries):
    room = IncidentFactory()
    sign_in(client, room.owner)
    client.get(at("rumours", room.pk))

    flat_queries(
        lambda: client.get(at("rumours", room.pk)),
        add_row=lambda: RumourFactory(incident=room, place=room.place),
        cost=COST_OF_DESK,
    )


COST_OF_DESK = 18


def test_a_rumour_of_another_room_is_not_found(client):
    mine, other = RumourFactory(), RumourFactory()
    sign_in(client, mine.incident.owner)

    assert client.get(at("rumour", mine.incident_id, other.pk)).status_code == 404


def test_the_bulletin_of_an_exercise_says_so_also_in_the_text_to_copy(client):
    room = IncidentFactory(is_exercise=True)
    CorrectionFactory(rumour__incident=room, rumour__cleared_at=NOON)
    sign_in(client, room.owner)

    page = client.get(at("bulletin", room.pk))

    assert page.context["text"].startswith("[EXERCISE]")


def test_the_bulletin_comes_in_each_language_that_is_written_and_no_other(client):
    room = IncidentFactory()
    english = CorrectionFactory(rumour__incident=room, rumour__cleared_at=NOON)
    arabic = CorrectionFactory(rumour=english.rumour, language="ar", text="الجسر مفتوح.")
    sign_in(client, room.owner)

    page = client.get(at("bulletin", room.pk), {"language": "ar"})

    assert [one.text for one in page.context["lines"]] == [arabic.text]
    assert "الجسر مفتوح." in page.context["text"]
    assert client.get(at("bulletin", room.pk), {"language": "fr"}).status_code == 404
    assert Correction.objects.count() == 2


@pytest.mark.parametrize("name", ["rumours", "bulletin", "rumour_trends"])
def test_empty_pages_teach(client, name):
    room = IncidentFactory()
    sign_in(client, room.owner)

    page = client.get(at(name, room.pk))

    assert page.status_code == 200
    assert 'class="empty"' in page.content.decode()


def test_the_trend_draws_what_is_there(client):
    rumour = RumourFactory(triaged_at=NOON)
    RumourFactory(incident=rumour.incident, harm="fraud")
    sign_in(client, rumour.incident.owner)

    page = client.get(at("rumour_trends", rumour.incident_id))

    assert page.content.decode().count("<figure>") == 2
