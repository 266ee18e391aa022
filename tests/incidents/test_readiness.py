import datetime as dt

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tansiq.access.models import LogEntry
from tansiq.core.documents.model import Figure, Table
from tansiq.incidents.actions.readiness import Review, ReviewError, keep_review
from tansiq.incidents.models import Answer, Call, ReadinessReview
from tansiq.incidents.queries.pack import pack_of
from tansiq.incidents.queries.posts import roles_of
from tansiq.incidents.queries.readiness import Share, card_of, readiness_of
from tests.factories import (
    NOON,
    TODAY,
    IncidentFactory,
    OrganisationFactory,
    PlaceFactory,
    PlaybookVersionFactory,
    PostFactory,
    SeatFactory,
    actor_of,
)
from tests.people import sign_in

pytestmark = pytest.mark.django_db


def a_city(**more):
    city = OrganisationFactory(**more)
    PlaybookVersionFactory(playbook__owner=city)
    return city


def ready(city, at=NOON):
    return readiness_of(actor_of(city, "viewer"), city, at=at)


def reviewed(city, on=TODAY, at=NOON):
    return keep_review(city, "R-01", Review(on), by=actor_of(city, "contributor"), at=at)


def called(city, post, *, at=NOON, answer=Answer.COMING):
    room = IncidentFactory(owner=city, is_exercise=True, clock_real=at, clock_room=at)
    seat = SeatFactory(incident=room, role=post.role)
    Call.objects.create(
        incident=room, seat=seat, person=post.person, called_at=at, answer=answer, answered_at=at
    )


def test_what_is_written_and_what_was_tested_stand_apart():
    city = a_city()
    post = PostFactory(organisation=city)

    before = ready(city)
    reviewed(city)
    called(city, post)
    after = ready(city)

    assert (before.written, before.tested) == (Share(1, 5), Share(0, 3))
    assert (after.written, after.tested) == (Share(2, 5), Share(2, 3))


@given(days=st.integers(0, 800))
def test_a_review_counts_until_its_interval_is_over(days):
    city = a_city()
    reviewed(city)

    (standing,) = ready(city, at=NOON + dt.timedelta(days=days)).standing

    assert standing.next_on == dt.date(2027, 5, 4)
    assert standing.is_in_time == (TODAY + dt.timedelta(days=days) <= dt.date(2027, 5, 4))


def test_a_list_that_nobody_tried_for_three_months_counts_as_untested():
    city = a_city()
    post = PostFactory(organisation=city)
    called(city, post, at=NOON - dt.timedelta(days=91))

    assert (ready(city).calls, [row.spec.key for row in ready(city).untested]) == (
        Share(0, 2),
        ["COMMS"],
    )


def test_the_answer_of_a_former_holder_tests_nothing():
    city = a_city()
    post = PostFactory(organisation=city)
    called(city, post)
    post.delete()
    PostFactory(organisation=city)

    assert ready(city).calls == Share(0, 2)


def test_reviews_are_a_history_and_are_recorded():
    city = a_city()

    reviewed(city, on=TODAY - dt.timedelta(days=400))
    reviewed(city)

    (standing,) = ready(city).standing
    assert [one.reviewed_on for one in standing.reviews] == [
        TODAY,
        TODAY - dt.timedelta(days=400),
    ]
    assert LogEntry.objects.filter(rule="incidents.review").count() == 2


def test_a_review_cannot_be_of_tomorrow():
    city = a_city()

    with pytest.raises(ReviewError, match="still to come"):
        reviewed(city, on=TODAY + dt.timedelta(days=1))

    assert not ReadinessReview.objects.exists()


def test_reviews_are_seen_from_above_and_not_from_beside():
    nation = PlaceFactory()
    above = OrganisationFactory(place=nation, is_lead_of_place=True)
    city = a_city(place=PlaceFactory(parent=nation))
    beside = OrganisationFactory(place=PlaceFactory(parent=nation), is_lead_of_place=True)
    kept = reviewed(city)

    seen = {
        body.pk
        for body in (above, city, beside)
        if ReadinessReview.objects.visible_to(actor_of(body, "viewer")).filter(pk=kept.pk).exists()
    }

    assert seen == {above.pk, city.pk}


def test_the_card_of_a_role_holds_its_first_hours_and_its_contacts():
    city = a_city()
    PostFactory(organisation=city, role="COORD", phone="+63 1")
    PostFactory(organisation=city, role="COMMS")

    card = card_of(roles_of(actor_of(city, "viewer"), city, on=TODAY), "COORD")

    assert [(one.spec.key, one.when) for one in card.mine] == [
        ("F-01", "T+00:10"),
        ("G-02", "T+02:00"),
    ]
    assert [one.spec.key for one in card.deputising] == ["F-05"]
    assert [row.spec.key for row in card.contacts] == ["COMMS"]


def test_the_page_shows_both_numbers_and_the_list_that_would_raise_them(client):
    city = a_city()
    sign_in(client, city, role="contributor")

    page = client.get(reverse("incidents:readiness"), follow=True)
    text = page.content.decode()

    assert (page.context["ready"].written, page.context["ready"].tested) == (
        Share(0, 5),
        Share(0, 3),
    )
    assert {"Name somebody for 2 roles." in text, "never done" in text} == {True}


def test_a_contributor_keeps_a_review_and_a_viewer_does_not(client):
    city = a_city()
    address = reverse("incidents:review", args=[city.slug, "R-01"])

    sign_in(client, city, role="viewer")
    refused = client.post(address, {"reviewed_on": "2026-01-01"})
    sign_in(client, city, role="contributor")
    kept = client.post(address, {"reviewed_on": "2026-01-01", "evidence": "folder 12"})

    assert (refused.status_code, kept.status_code) == (403, 302)
    assert ReadinessReview.objects.get().evidence == "folder 12"


def test_the_card_is_printed_from_a_page_of_its_own(client):
    city = a_city()
    sign_in(client, city)
    post = PostFactory(organisation=city, role="COORD", phone="+63 912")

    page = client.get(reverse("incidents:role_card", args=[city.slug, "COORD"]))

    text = page.content.decode()
    assert {post.name in text, "+63 912" in text, "T+00:10" in text} == {True}


def test_a_task_or_a_role_that_is_not_in_the_playbook_is_not_found(client):
    city = a_city()
    sign_in(client, city)

    pages = [
        client.get(reverse("incidents:role_card", args=[city.slug, "NONE"])),
        client.get(reverse("incidents:review", args=[city.slug, "F-01"])),
    ]

    assert [page.status_code for page in pages] == [404, 404]


def test_the_offline_pack_is_one_file_and_who_took_it_is_recorded(client):
    city = a_city()
    person = sign_in(client, city, role="contributor")
    PostFactory(organisation=city, role="COORD", phone="+63 912")

    answer = client.get(reverse("incidents:pack", args=[city.slug]))

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert LogEntry.objects.get(rule="export:incidents.pack").person_id == person.pk


def test_the_offline_pack_holds_people_tasks_and_codes_and_its_marking():
    city = a_city()
    post = PostFactory(organisation=city, role="COORD", phone="+63 912")

    pack = pack_of(roles_of(actor_of(city, "viewer"), city, on=TODAY), "en", at=NOON)

    people, tasks = (block for block in pack.blocks if isinstance(block, Table))
    codes = [block for block in pack.blocks if isinstance(block, Figure)]
    assert pack.marking == "TLP:AMBER+STRICT"
    assert people.rows[0][:3] == ["Coordinator", post.name, "+63 912"]
    assert [row[0] for row in tasks.rows] == ["T+00:10", "T+00:30", "T+02:00"]
    assert [code.caption for code in codes] == [
        "Activate the playbook",
        "Running rooms",
        "Roles and telephone numbers",
    ]


def test_a_viewer_does_not_take_the_numbers_along(client):
    city = a_city()
    sign_in(client, city, role="viewer")

    assert client.get(reverse("incidents:pack", args=[city.slug])).status_code == 403
