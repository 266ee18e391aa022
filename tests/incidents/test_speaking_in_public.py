"""The public page of a city, promises kept and late, and what newsrooms ask."""

import datetime as dt

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tansiq.access.models import Notice
from tansiq.access.queries import actor_for
from tansiq.core.schedules import job_names
from tansiq.incidents.actions import media as asking
from tansiq.incidents.actions import statements as writing
from tansiq.incidents.actions.media import MediaError
from tansiq.incidents.actions.releases import release_statement, withdraw_statement
from tansiq.incidents.actions.reminders import remind_of_updates
from tansiq.incidents.actions.statements import StatementError
from tansiq.incidents.models import MediaRequest, PressOffice, Statement
from tansiq.incidents.queries.cadence import cadence_of, next_update
from tansiq.incidents.queries.shown_statements import to_approve
from tests.factories import (
    NOON,
    MediaRequestFactory,
    OrganisationFactory,
    StatementFactory,
    StatementTextFactory,
)
from tests.incidents.speaking import approved, assert_flat, someone, speaking_room, waiting
from tests.people import sign_in

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
ATOM = "{http://www.w3.org/2005/Atom}"


def released(incident, at=NOON, **values):
    statement = approved(incident, **values)
    release_statement(statement, ["page"], by=someone(incident), at=at)
    return statement


def page_of(client, incident, language="en", name="show"):
    return client.get(reverse(f"updates:{name}", args=[incident.place.code, language]))


# --- the public page


def test_a_passer_by_reads_what_was_released_newest_first_in_each_language(client):
    incident = speaking_room(time_zone="Asia/Manila")
    released(incident)
    released(incident, at=NOON + MINUTE)

    english, filipino = page_of(client, incident), page_of(client, incident, "fil")

    numbers = [update.statement.number for update in english.context["page"].updates]
    assert numbers == [2, 1]
    assert "The market is closed." in english.content.decode()
    assert "Sarado ang palengke." in filipino.content.decode()
    assert english.headers["Content-Language"] == "en"
    assert "max-age=30" in english.headers["Cache-Control"]


def test_the_page_needs_no_script_and_is_small(client):
    incident = speaking_room()
    released(incident)

    body = page_of(client, incident).content

    assert b"<script" not in body
    assert len(body) < 6000


@pytest.mark.parametrize("change", ["exercise", "draft", "not on the page", "for newsrooms"])
def test_what_is_not_public_is_on_no_page_and_in_no_feed(client, change):
    incident = speaking_room(is_exercise=change == "exercise")
    PressOffice.objects.update(published_at=NOON)
    if change == "draft":
        waiting(incident)
    elif change == "not on the page":
        statement = approved(incident)
        release_statement(statement, ["newsrooms"], by=someone(incident), at=NOON)
    else:
        released(incident)
    if change == "for newsrooms":
        # Planted: the action refuses to put it there.
        Statement.objects.update(audience="staff")

    answers = [page_of(client, incident), page_of(client, incident, name="atom")]

    assert all(b"The market is closed" not in answer.content for answer in answers)


def test_a_page_marked_as_public_by_hand_shows_nothing_of_an_exercise_even_so(client):
    # Planted: a row that no action makes.
    incident = speaking_room(is_exercise=True)
    PressOffice.objects.update(published_at=NOON)
    statement = StatementFactory(
        incident=incident, state="released", released_at=NOON, page_at=NOON
    )
    StatementTextFactory(statement=statement, body="Planted words")

    assert b"Planted words" not in page_of(client, incident).content


def test_a_place_that_never_spoke_has_no_page(client):
    incident = speaking_room()

    assert page_of(client, incident).status_code == 404
    assert client.get("/updates/nowhere/").status_code == 404


def test_a_correction_and_what_it_corrects_point_to_each_other_and_the_feed_says_so(client):
    incident = speaking_room()
    wrong = released(incident)
    right = released(incident, at=NOON + MINUTE, kind="correction", corrects=wrong)

    page = page_of(client, incident).content.decode()
    feed = etree.fromstring(page_of(client, incident, name="atom").content)

    assert f'href="#u{right.pk}"' in page
    assert f'href="#u{wrong.pk}"' in page
    titles = [title.text for title in feed.iter(f"{ATOM}title")]
    assert [one.split(":")[0] for one in titles[1:]] == ["correction", "Corrected"]


def test_a_withdrawn_statement_stays_on_the_page_with_its_reason(client):
    incident = speaking_room()
    statement = released(incident)
    withdraw_statement(statement, reason="The road is open.", by=someone(incident), at=NOON)

    page = page_of(client, incident).content.decode()

    assert "The road is open." in page
    assert "Withdrawn:" in page


def test_a_text_that_is_missing_in_a_language_says_in_which_it_is_there(client):
    incident = speaking_room()
    released(incident)

    page = page_of(client, incident, "fr").content.decode()

    assert 'lang="en" dir="ltr"' in page
    assert "The market is closed." in page


def test_public_page_costs_the_same_for_one_update_as_for_three(client):
    incident = speaking_room()
    assert_flat(lambda: page_of(client, incident), add_row=lambda: released(incident))


def test_the_page_for_newsrooms_shows_office_and_checklist_once_it_is_published(client):
    incident = speaking_room()
    PressOffice.objects.update(name="City press office", phone="117 5")
    assert page_of(client, incident, name="media").status_code == 404

    PressOffice.objects.update(published_at=NOON)
    page = page_of(client, incident, name="media").content.decode()

    assert {part in page for part in ("City press office", "117 5", "No images of victims")} == {
        True
    }


# --- promises


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(
    said=st.lists(
        st.tuples(st.integers(1, 300), st.none() | st.integers(1, 200)), min_size=1, max_size=6
    )
)
def test_cadence_is_what_a_clerk_with_a_list_would_count(said):
    incident = speaking_room()
    moment, expected = NOON, []
    for number, (after, promised) in enumerate(said):
        moment += after * MINUTE
        due = None if promised is None else moment + promised * MINUTE
        StatementFactory(
            incident=incident, number=number + 1, state="released", released_at=moment,
            next_update_at=due,
        )  # fmt: skip
        expected.append((moment, due))
    kept = [
        None if number + 1 == len(expected) else expected[number + 1][0] - due
        for number, (_moment, due) in enumerate(expected)
        if due is not None
    ]

    cadence = cadence_of(incident)

    assert [one.delay for one in cadence.promises] == kept
    assert cadence.late == sum(one is not None and one > dt.timedelta(0) for one in kept)
    assert cadence.kept == sum(one is not None and one <= dt.timedelta(0) for one in kept)
    assert cadence.first_after == expected[0][0] - incident.began_at


def test_the_next_update_counts_down_and_then_is_late():
    incident = speaking_room()
    statement = released(incident)
    due = statement.next_update_at

    left = [next_update(incident, due + minutes * MINUTE) for minutes in (-14, -5, 3)]

    assert [(one.minutes, one.is_soon, one.is_late) for one in left] == [
        (14, False, False),
        (5, True, False),
        (-3, False, True),
    ]


def test_what_is_not_for_everybody_is_refused_on_the_page():
    incident = speaking_room()
    statement = approved(incident, audience="staff")

    with pytest.raises(StatementError, match="not for everybody"):
        release_statement(statement, ["page"], by=someone(incident), at=NOON)


def test_what_is_for_staff_keeps_no_promise_to_the_public():
    incident = speaking_room()
    public = released(incident)
    desks = approved(incident, audience="staff")
    release_statement(desks, [], by=someone(incident), at=NOON + MINUTE)

    assert next_update(incident, NOON).at == public.next_update_at
    assert [one.kept_at for one in cadence_of(incident).promises] == [None]


def test_the_spokesperson_is_reminded_once_before_and_once_when_late():
    incident = speaking_room()
    released(incident)
    speaker = someone(incident, "contributor", seat="COMMS")
    minutes = range(45, 70, 5)

    sent = [remind_of_updates(at=NOON + number * MINUTE) for number in minutes]

    told = Notice.objects.filter(person=speaker.person_id).order_by("pk")
    assert sent == [0, 1, 0, 1, 0]
    assert [one.code for one in told] == ["incidents.update_soon", "incidents.update_late"]


def test_reminding_is_done_every_minute():
    assert "tansiq.incidents.tasks.remind_of_promised_updates" in job_names()


def test_the_room_shows_what_waits_for_me_and_only_for_me(client):
    incident = speaking_room()
    waiting(incident)
    reader = sign_in(client, incident.owner, "coordinator")
    approver = actor_for(reader, at=NOON)
    contributor = someone(incident, "contributor")

    shown = {who: len(to_approve(who, incident)) for who in (approver, contributor)}
    assert shown == {approver: 1, contributor: 0}
    writing.approve_statement(Statement.objects.get(), version=1, by=approver, at=NOON)
    assert to_approve(approver, incident) == []


def test_an_exercise_that_stands_still_is_never_late():
    incident = speaking_room(is_exercise=True)
    released(incident)
    type(incident).objects.filter(pk=incident.pk).update(clock_speed=0)

    assert remind_of_updates(at=NOON + 600 * MINUTE) == 0


def test_those_who_may_approve_are_told_and_the_writer_is_not():
    incident = speaking_room()
    writer, reader = someone(incident), someone(incident, "contributor", seat="MAYOR")

    waiting(incident, by=writer)

    told = set(Notice.objects.values_list("person", flat=True))
    assert reader.person_id in told
    assert writer.person_id not in told


# --- what newsrooms ask


READY = {"answer": "Yes.", "police": "yes", "is_stigma_checked": True}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"answer": " "}, "what you answer"),
        ({"police": "needed"}, "police have not cleared"),
        ({"police": "no"}, "police have not cleared"),
        ({"family": "needed"}, "family has not agreed"),
        ({"family": "no"}, "family has not agreed"),
        ({"is_stigma_checked": False}, "blame or expose"),
    ],
)
def test_an_answer_waits_for_what_protects_people(change, why):
    request = MediaRequestFactory(**READY | change)

    with pytest.raises(MediaError, match=why):
        asking.end_media_request(request, "answered", by=someone(request.incident), at=NOON)

    request.refresh_from_db()
    assert request.is_open


def test_a_request_can_always_be_declined_and_is_ended_once():
    request = MediaRequestFactory()
    asking.end_media_request(request, "declined", by=someone(request.incident), at=NOON)

    with pytest.raises(MediaError, match="answered or declined already"):
        asking.end_media_request(request, "answered", by=someone(request.incident), at=NOON)


def test_overdue_requests_stand_on_top_and_are_counted(client):
    incident = speaking_room()
    MediaRequestFactory(incident=incident, outlet="Later", deadline=NOON + MINUTE)
    MediaRequestFactory(incident=incident, outlet="No deadline")
    MediaRequestFactory(incident=incident, outlet="First", deadline=NOON - MINUTE)
    MediaRequestFactory(
        incident=incident, outlet="Over", state="answered", deadline=NOON - 9 * MINUTE
    )

    ordered = MediaRequest.objects.most_pressing()

    assert [one.outlet for one in ordered] == ["First", "Later", "No deadline", "Over"]
    assert [one.outlet for one in MediaRequest.objects.overdue(NOON)] == ["First"]


def test_a_question_is_noted_settled_and_answered_on_a_phone(client):
    incident = speaking_room()
    sign_in(client, incident.owner, "contributor")
    first = {
        "outlet": "City Radio",
        "question": "Is the market open?",
        "record": "on",
        "police": "needed",
        "family": "not_needed",
    }
    client.post(reverse("incidents:media_log", args=[incident.pk]), first)
    request = MediaRequest.objects.get()

    refused = client.post(
        request.get_absolute_url(),
        first | {"answer": "No.", "revision": 1, "end": "answered"},
    )
    assert refused.status_code == 409
    assert "The police have not cleared it" in refused.content.decode()
    client.post(
        request.get_absolute_url(),
        first
        | {
            "answer": "No.",
            "police": "yes",
            "is_stigma_checked": "on",
            "revision": 2,
            "end": "answered",
        },
    )

    request.refresh_from_db()
    assert (request.state, request.answer) == ("answered", "No.")


def test_list_of_requests_costs_the_same_for_one_as_for_three(client):
    incident = speaking_room()
    sign_in(client, incident.owner, "viewer")
    address = reverse("incidents:media", args=[incident.pk])
    client.get(address)

    assert_flat(lambda: client.get(address), add_row=lambda: MediaRequestFactory(incident=incident))


def test_a_coordinator_sets_up_the_press_office_and_puts_its_page_up(client):
    incident = speaking_room()
    PressOffice.objects.all().delete()
    sign_in(client, incident.owner, "coordinator")
    given_ = {
        "language": "en",
        "languages": ["en", "fil"],
        "approvals": 2,
        "holding_approvals": 1,
        "approver_roles": ["COORD"],
        "revision": 0,
    }

    client.post(reverse("incidents:press_office", args=[incident.pk]), given_)
    client.post(reverse("incidents:press_office_publish", args=[incident.pk]))

    office = PressOffice.objects.get()
    assert (office.languages, office.published_at is not None) == (["en", "fil"], True)
    sign_in(client, incident.owner, "contributor")
    assert client.get(reverse("incidents:press_office", args=[incident.pk])).status_code == 403


def test_one_approval_for_everything_cannot_be_chosen(client):
    incident = speaking_room()
    sign_in(client, incident.owner, "coordinator")

    answer = client.post(
        reverse("incidents:press_office", args=[incident.pk]),
        {"language": "en", "languages": ["en"], "approvals": 1, "holding_approvals": 1},
    )

    assert answer.status_code == 422
    assert PressOffice.objects.get().approvals == 2


def test_newsrooms_elsewhere_and_those_that_left_get_nothing():
    incident = speaking_room()
    gone = OrganisationFactory(kind="media", email="x@radio.example", place=incident.place)
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    statement = approved(incident)

    release_statement(statement, ["newsrooms"], by=someone(incident), at=NOON)

    assert [one.sent_to for one in statement.releases.all()] == [0]
    assert Statement.objects.get().page_at is None
