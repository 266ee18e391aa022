import datetime as dt
import uuid

import pytest
from django.core import mail
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.access.models import Notice
from tansiq.access.notices import send_waiting_mails
from tansiq.incidents.actions import calls, seats
from tansiq.incidents.actions.activation import activate
from tansiq.incidents.actions.opening import Opening
from tansiq.incidents.channels import send_waiting
from tansiq.incidents.links import call_for, key_for
from tansiq.incidents.models import (
    Answer,
    AnsweredBy,
    Call,
    Entry,
    Incident,
    Level,
    Outgoing,
    Seat,
    Trigger,
)
from tansiq.incidents.queries.calls import bodies_missing, seat_rows, sum_of
from tests.factories import (
    NOON,
    TODAY,
    ContactFactory,
    MembershipFactory,
    OrganisationFactory,
    PlaybookVersionFactory,
    PostFactory,
    actor_of,
)
from tests.people import sign_in

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


def activated(city, *, at=NOON, by=None, **changes):
    playbook = PlaybookVersionFactory(playbook__owner=city)
    given = {
        "owner": city,
        "place": city.place,
        "title": "Explosion at the market",
        "language": "en",
        "trigger": Trigger.ATTACK_IN_CITY,
        "playbook": playbook,
    }
    by = by or actor_of(city, "lead")
    return activate(Opening(**given | changes), client_key=uuid.uuid4(), by=by, at=at)


def answer(call, said=Answer.COMING, *, at=NOON, through=AnsweredBy.ROOM, by=None):
    by = by or actor_of(call.incident.owner, "lead")
    return calls.answer_call(call, said, through=through, by=by, at=at)


def called():
    return [(call.seat.role, call.rank, call.name) for call in Call.objects.order_by("pk")]


def seat(role="COMMS"):
    return Seat.objects.get(role=role)


def three_for_comms(city):
    posts = [PostFactory(organisation=city, rank=rank) for rank in range(3)]
    return [post.person for post in posts]


def test_each_holder_is_called_and_nobody_else():
    city = OrganisationFactory()
    first, _deputy, _second = three_for_comms(city)
    contact = ContactFactory(organisation=city)
    PostFactory(organisation=city, role="COORD", person=None, contact=contact)
    PostFactory(organisation=city, role="GONE")

    activated(city)

    assert set(called()) == {("COMMS", 0, first.name), ("COORD", 0, contact.name)}
    assert {one.address for one in Outgoing.objects.all()} == {first.email, contact.email}


@pytest.mark.parametrize(
    ("level", "roles"),
    [
        (Level.WATCH, {"COORD"}),
        (Level.PARTIAL, {"COORD", "COMMS"}),
        (Level.FULL, {"COORD", "COMMS"}),
    ],
)
def test_the_level_says_who_is_called(level, roles):
    city = OrganisationFactory()
    PostFactory(organisation=city, role="COORD")
    PostFactory(organisation=city, role="COMMS")

    activated(city, level=level)

    assert {role for role, _rank, _name in called()} == roles


def test_the_same_form_sent_twice_opens_one_room_and_calls_once():
    city = OrganisationFactory()
    three_for_comms(city)
    playbook = PlaybookVersionFactory(playbook__owner=city)
    opening = Opening(
        owner=city,
        place=city.place,
        title="Explosion",
        language="en",
        trigger=Trigger.ATTACK_IN_CITY,
        playbook=playbook,
    )
    key, by = uuid.uuid4(), actor_of(city, "lead")

    first = activate(opening, client_key=key, by=by, at=NOON)
    second = activate(opening, client_key=key, by=by, at=NOON + MINUTE)

    assert first == second
    assert (Incident.objects.count(), Call.objects.count()) == (1, 1)


def test_who_is_called_has_a_notice_and_one_mail_with_the_link(settings):
    city = OrganisationFactory()
    person, *_others = three_for_comms(city)

    activated(city)
    send_waiting(at=NOON)
    send_waiting_mails(at=NOON)

    notice = Notice.objects.get(code="incidents.called")
    assert (notice.person, notice.facts["role"]) == (person, "Communications")
    (letter,) = mail.outbox
    key = key_for(Call.objects.get())
    assert letter.to == [person.email]
    assert f"{settings.ORIGIN}/incidents/answer/" in letter.body
    assert key.partition("~")[0] in letter.body
    assert "Explosion at the market" in letter.body


def test_what_happened_does_not_stand_in_a_mail_that_must_not_hold_it():
    city = OrganisationFactory()
    three_for_comms(city)

    activated(city, marking="amber+strict")
    send_waiting(at=NOON)

    (letter,) = mail.outbox
    assert "Explosion" not in letter.subject + letter.body


def test_of_an_exercise_no_message_leaves():
    city = OrganisationFactory()
    three_for_comms(city)

    activated(city, is_exercise=True)
    send_waiting(at=NOON)

    assert mail.outbox == []
    assert {one.state for one in Outgoing.objects.all()} == {"shown"}
    assert all(one.subject.startswith("[EXERCISE]") for one in Outgoing.objects.all())


def test_the_deputy_is_called_after_the_patience_and_not_before(settings):
    settings.CALL_DEPUTY_AFTER = 5
    city = OrganisationFactory()
    first, deputy, last = three_for_comms(city)
    activated(city)

    counts = [calls.call_deputies(at=NOON + n * MINUTE) for n in (4, 5, 6, 9, 10, 15, 16)]

    assert counts == [0, 1, 0, 0, 1, 1, 0]
    assert called() == [
        ("COMMS", 0, first.name),
        ("COMMS", 1, deputy.name),
        ("COMMS", 2, last.name),
    ]


def test_when_the_list_is_at_its_end_it_is_said_once_and_coordinators_are_told():
    city = OrganisationFactory()
    PostFactory(organisation=city)
    coordinator = MembershipFactory(organisation=city, role="coordinator").person
    activated(city)

    for n in (5, 10, 15):
        calls.call_deputies(at=NOON + n * MINUTE)

    assert Entry.objects.filter(code="called_nobody").count() == 1
    told = Notice.objects.filter(code="incidents.nobody_comes").values_list("person", flat=True)
    assert coordinator.pk in set(told)


def test_an_exercise_that_stands_still_calls_no_deputy():
    city = OrganisationFactory()
    three_for_comms(city)
    incident = activated(city, is_exercise=True)
    Incident.objects.filter(pk=incident.pk).update(clock_speed=0)

    assert calls.call_deputies(at=NOON + 60 * MINUTE) == 0


def test_a_quick_exercise_calls_deputies_by_its_own_clock():
    city = OrganisationFactory()
    three_for_comms(city)
    incident = activated(city, is_exercise=True)
    Incident.objects.filter(pk=incident.pk).update(clock_speed=10)

    assert calls.call_deputies(at=NOON + MINUTE) == 1


def test_who_comes_takes_the_seat_and_the_minutes_are_kept():
    city = OrganisationFactory()
    person, *_others = three_for_comms(city)
    activated(city)

    answer(Call.objects.get(), at=NOON + 3 * MINUTE)

    call = Call.objects.get()
    assert (call.answer, call.minutes, call.answered_by) == ("coming", 3, "room")
    assert seat().holder == person
    assert Entry.objects.get(code="call_coming").facts == {"role": "COMMS", "minutes": 3}


def test_answering_the_same_twice_changes_nothing():
    city = OrganisationFactory()
    three_for_comms(city)
    activated(city)
    call = Call.objects.get()

    answer(call, at=NOON + MINUTE)
    answer(call, at=NOON + 9 * MINUTE)

    assert Call.objects.get().minutes == 1
    assert Entry.objects.filter(code="call_coming").count() == 1


def test_who_cannot_come_brings_the_deputy_at_once():
    city = OrganisationFactory()
    _first, deputy, _last = three_for_comms(city)
    activated(city)

    answer(Call.objects.get(), Answer.CANNOT, at=NOON + MINUTE)

    assert called()[-1] == ("COMMS", 1, deputy.name)
    assert seat().holder is None


def test_who_comes_and_then_cannot_empties_the_seat():
    city = OrganisationFactory()
    three_for_comms(city)
    activated(city)
    call = Call.objects.get()
    answer(call)

    answer(call, Answer.CANNOT, at=NOON + MINUTE)

    assert not seat().is_held
    assert Call.objects.count() == 2


def test_a_holder_who_answers_late_does_not_throw_out_the_deputy():
    city = OrganisationFactory()
    first, deputy, _last = three_for_comms(city)
    activated(city)
    calls.call_deputies(at=NOON + 5 * MINUTE)
    late, quick = Call.objects.order_by("rank")

    answer(quick, at=NOON + 6 * MINUTE)
    answer(late, at=NOON + 7 * MINUTE)

    assert (late.name, quick.name) == (first.name, deputy.name)
    assert seat().holder == deputy


def test_nobody_answers_when_it_is_over():
    city = OrganisationFactory()
    three_for_comms(city)
    incident = activated(city)
    Incident.objects.filter(pk=incident.pk).update(status="closed", closed_at=NOON)

    with pytest.raises(calls.CallError, match="closed"):
        answer(Call.objects.get())


# Each example opens a room, calls people and lets time pass.
@settings(max_examples=50)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["wait", "coming", "cannot", "again", "next"]), st.integers(0, 9)
        ),
        max_size=12,
    )
)
def test_a_seat_is_held_by_somebody_who_said_they_come_or_by_nobody(steps):
    city = OrganisationFactory()
    three_for_comms(city)
    incident = activated(city)
    by, at = actor_of(city, "lead"), NOON
    taken = Seat.objects.get(incident=incident, role="COMMS")
    for step, number in steps:
        at += number * MINUTE
        all_calls = list(Call.objects.filter(incident=incident).order_by("pk"))
        one = all_calls[number % len(all_calls)]
        try:
            if step == "wait":
                calls.call_deputies(at=at)
            elif step == "again":
                calls.call_again(one, by=by, at=at)
            elif step == "next":
                calls.call_next(taken, by=by, at=at)
            else:
                answer(one, Answer(step), at=at, by=by)
        except calls.CallError:
            pass

    held = Seat.objects.get(pk=taken.pk).holder_id
    coming = set(
        Call.objects.filter(incident=incident, answer="coming").values_list("person", flat=True)
    )
    ranks = list(
        Call.objects.filter(incident=incident).order_by("pk").values_list("rank", flat=True)
    )
    rows = seat_rows(actor_of(city, "viewer"), incident, on=TODAY)
    assert held in coming if coming else held is None
    assert ranks == sorted(set(ranks))
    assert sum_of(rows).called == len(ranks)


def test_the_link_answers_only_when_the_page_is_confirmed(client):
    city = OrganisationFactory()
    person, *_others = three_for_comms(city)
    activated(city)
    address = reverse("incidents:answer", args=[key_for(Call.objects.get())])

    looked = client.get(address)
    looked_again = client.head(address)
    before = Call.objects.get().answer
    client.post(address, {"answer": "coming"})

    assert (looked.status_code, looked_again.status_code, before) == (200, 200, "")
    call = Call.objects.get()
    assert (call.answer, call.answered_by, seat().holder) == ("coming", "link", person)
    assert Entry.objects.get(code="call_coming").person == person


def test_the_link_of_a_contact_works_too(client):
    city = OrganisationFactory()
    contact = ContactFactory(organisation=city)
    PostFactory(organisation=city, person=None, contact=contact)
    activated(city)

    client.post(
        reverse("incidents:answer", args=[key_for(Call.objects.get())]), {"answer": "coming"}
    )

    assert (seat().contact, seat().holder_name) == (contact, contact.name)


def test_the_link_lets_nobody_into_the_room(client):
    city = OrganisationFactory()
    three_for_comms(city)
    incident = activated(city)
    client.get(reverse("incidents:answer", args=[key_for(Call.objects.get())]))

    room = client.get(incident.get_absolute_url())

    assert room.status_code == 302
    assert room.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("change", ["forged", "other", "old", "number"])
def test_a_link_that_is_not_ours_or_too_old_is_refused(client, monkeypatch, change):
    city = OrganisationFactory()
    three_for_comms(city)
    activated(city)
    call = Call.objects.get()
    key = key_for(call)
    if change == "forged":
        key = key[:-1] + ("A" if key[-1] != "A" else "B")
    elif change == "other":
        key = f"{call.pk + 1}" + key[len(str(call.pk)) :]
    elif change == "number":
        key = str(call.pk)
    else:
        monkeypatch.setattr("tansiq.incidents.links.GOOD_FOR", dt.timedelta(seconds=-1))

    answer_page = client.post(reverse("incidents:answer", args=[key]), {"answer": "coming"})

    assert answer_page.status_code == 410
    assert call_for(key) is None
    assert Call.objects.get().answer == ""


def test_the_page_of_an_exercise_link_says_so(client):
    city = OrganisationFactory()
    three_for_comms(city)
    activated(city, is_exercise=True)

    page = client.get(reverse("incidents:answer", args=[key_for(Call.objects.get())]))

    assert 'class="exercise"' in page.content.decode()


def test_who_is_called_is_asked_first_in_the_room(client):
    city = OrganisationFactory()
    person = sign_in(client, city, role="contributor")
    PostFactory(organisation=city, person=person)
    incident = activated(city)

    page = client.get(incident.get_absolute_url()).content.decode()
    client.post(
        reverse("incidents:answer_in_room", args=[incident.pk, Call.objects.get().pk]),
        {"answer": "coming"},
    )

    assert "You are called: Communications" in page
    assert seat().holder == person


def test_nobody_answers_for_another(client):
    city = OrganisationFactory()
    three_for_comms(city)
    incident = activated(city)
    sign_in(client, city, role="contributor")
    pk = Call.objects.get().pk

    as_oneself = client.post(
        reverse("incidents:answer_in_room", args=[incident.pk, pk]), {"answer": "coming"}
    )
    by_telephone = client.post(
        reverse("incidents:call_record", args=[incident.pk, pk]), {"answer": "coming"}
    )

    assert (as_oneself.status_code, by_telephone.status_code) == (403, 403)


def test_the_leader_notes_what_was_said_by_telephone(client):
    city = OrganisationFactory()
    person, *_others = three_for_comms(city)
    incident = activated(city)
    sign_in(client, city, role="coordinator")

    client.post(
        reverse("incidents:call_record", args=[incident.pk, Call.objects.get().pk]),
        {"answer": "coming"},
    )

    assert (Call.objects.get().answered_by, seat().holder) == ("telephone", person)


def test_an_empty_seat_is_taken_once():
    city = OrganisationFactory()
    activated(city)
    first, second = actor_of(city, "contributor"), actor_of(city, "contributor")

    seats.take_seat(seat(), by=first, at=NOON)
    with pytest.raises(seats.SeatError, match="holds this role already"):
        seats.take_seat(seat(), by=second, at=NOON)

    assert seat().holder_id == first.person_id


def test_handing_over_carries_the_note_into_the_log_and_tells_the_other():
    city = OrganisationFactory()
    person = MembershipFactory(organisation=city).person
    activated(city)

    by = actor_of(city, "lead")
    seats.hand_over(seat(), person, note="Statement 2 is due at 17:00", by=by, at=NOON)

    entry = Entry.objects.get(code="seat_handed_over")
    assert (seat().holder, entry.text) == (person, "Statement 2 is due at 17:00")
    assert Notice.objects.filter(person=person, code="incidents.handed_over").count() == 1


def test_leaving_a_seat_that_nobody_holds_is_refused():
    city = OrganisationFactory()
    activated(city)

    with pytest.raises(seats.SeatError, match="Nobody holds"):
        seats.leave_seat(seat(), note="", by=actor_of(city, "lead"), at=NOON)


def test_the_leader_is_shown_whose_body_does_not_take_part_and_names_it(client):
    city = OrganisationFactory()
    police = OrganisationFactory(place=city.place, kind="police")
    officer = MembershipFactory(organisation=police).person
    PostFactory(organisation=city, person=officer)
    incident = activated(city)
    sign_in(client, city, role="coordinator")
    address = reverse("incidents:seats", args=[incident.pk])

    missing = list(client.get(address).context["missing"])
    client.post(
        reverse("incidents:let_take_part", args=[incident.pk]), {"organisation": police.slug}
    )

    assert missing == [police]
    assert bodies_missing(incident, on=TODAY) == []
    assert set(incident.named_organisations.all()) == {police}


def test_empty_seats_stand_first_and_times_are_shown(client):
    city = OrganisationFactory()
    three_for_comms(city)
    incident = activated(city)
    answer(Call.objects.get(), at=NOON + 4 * MINUTE)
    sign_in(client, city, role="coordinator")

    page = client.get(reverse("incidents:seats", args=[incident.pk]))

    assert [row.seat.role for row in page.context["rows"]] == ["COORD", "COMMS"]
    assert "after 4 minutes" in page.content.decode()
    assert page.context["sum"].median_minutes == 4


def test_the_list_of_seats_costs_the_same_for_one_call_as_for_many(client, flat_queries):
    city = OrganisationFactory()
    three_for_comms(city)
    incident = activated(city)
    sign_in(client, city, role="coordinator")
    address = reverse("incidents:seats", args=[incident.pk])
    client.get(address)
    by = actor_of(city, "lead")

    def add_row():
        person = MembershipFactory(organisation=city).person
        PostFactory(organisation=city, person=person, rank=10 + person.pk)
        calls.call_next(seat(), by=by, at=NOON)

    flat_queries(lambda: client.get(address), add_row=add_row, cost=22)
