"""Statements: written by some, approved by others, released once, never past a check unseen."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.access.gate import can
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.incidents.actions import statements as writing
from tansiq.incidents.actions.releases import (
    ByHand,
    note_release,
    release_statement,
    withdraw_statement,
)
from tansiq.incidents.actions.statements import StatementError, Written
from tansiq.incidents.models import Entry, Outgoing, Statement, StatementRelease, StatementText
from tansiq.incidents.queries.statements import (
    approvals_needed,
    findings_of,
    is_unchanged_holding,
    stops_left,
)
from tansiq.incidents.statement_checks import Text
from tests.factories import NOON, MembershipFactory, OrganisationFactory, actor_of
from tests.incidents.speaking import (
    FINE,
    approved,
    assert_flat,
    drafted,
    someone,
    speaking_room,
    waiting,
)
from tests.people import sign_in

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
# Pages read the real clock.
MUCH_LATER = dt.datetime(2099, 1, 1, 12, tzinfo=dt.UTC)


def codes(incident):
    return [entry.code for entry in Entry.objects.filter(incident=incident).order_by("pk")]


# --- two persons, neither of whom wrote it


def test_two_others_approve_and_then_it_is_released_and_all_of_it_stands_in_the_log():
    incident = speaking_room()
    statement = approved(incident)

    release_statement(statement, ["page"], by=someone(incident, seat="COMMS"), at=NOON)

    assert statement.state == "released"
    assert statement.page_at == NOON
    assert codes(incident) == [
        "statement_drafted",
        "statement_sent",
        "statement_approved",
        "statement_approved",
        "statement_released",
    ]


def test_who_wrote_in_it_cannot_approve_it_not_even_after_somebody_else_changed_it():
    incident = speaking_room()
    first, second = someone(incident), someone(incident)
    statement = drafted(incident, by=first)
    changed = Written(texts=FINE | {"en": Text(body="The market stays closed. Call 117.")})
    writing.edit_statement(statement, changed, revision=1, by=second, at=NOON)
    writing.send_for_approval(statement, by=second, at=NOON)

    for writer in (first, second):
        verdict = can(writer, "incidents.approve_statement", statement)
        assert "You wrote in this statement" in verdict.reason
        with pytest.raises(StatementError, match="You wrote in this statement"):
            writing.approve_statement(statement, version=2, by=writer, at=NOON)

    assert not statement.approvals.exists()


def test_one_person_counts_once():
    incident = speaking_room()
    statement, reader = waiting(incident), someone(incident)
    writing.approve_statement(statement, version=1, by=reader, at=NOON)

    with pytest.raises(StatementError, match="approved this version already"):
        writing.approve_statement(statement, version=1, by=reader, at=NOON)

    assert (statement.approvals.count(), statement.state) == (1, "waiting")


def test_a_change_after_an_approval_voids_it_and_says_so():
    incident = speaking_room()
    statement = approved(incident)
    changed = Written(texts=FINE | {"fil": Text(body="Sarado pa ang palengke. Tumawag sa 117.")})

    writing.edit_statement(
        statement, changed, revision=statement.revision, by=someone(incident), at=NOON
    )

    assert (statement.state, statement.version) == ("draft", 2)
    assert codes(incident)[-1] == "statement_changed_again"
    with pytest.raises(StatementError, match="not approved"):
        release_statement(statement, ["page"], by=someone(incident), at=NOON)


def test_where_it_goes_out_can_change_without_a_new_approval():
    incident = speaking_room()
    statement = approved(incident)

    writing.edit_statement(
        statement,
        Written({"outlets": ["radio"]}, FINE),
        revision=statement.revision,
        by=someone(incident),
        at=NOON,
    )

    assert (statement.state, statement.version) == ("approved", 1)


def test_an_approval_is_of_the_words_that_were_read():
    incident = speaking_room()
    statement = waiting(incident)
    writer = someone(incident)
    changed = Written(texts={"en": Text(body="Other words. Call 117.")})
    writing.edit_statement(statement, changed, revision=2, by=writer, at=NOON)
    writing.send_for_approval(statement, by=writer, at=NOON)

    with pytest.raises(StatementError, match="changed after you opened it"):
        writing.approve_statement(statement, version=1, by=someone(incident), at=NOON)


def test_an_agreed_text_needs_one_approval_until_more_than_its_blanks_is_changed(client):
    incident = speaking_room()
    sign_in(client, incident.owner, "contributor")
    given = {"slot_area": "the market", "slot_place": "Lumban", "slot_number": "117"}
    address = reverse("incidents:statement_begin", args=[incident.pk, "holding_attack"])
    client.post(address, given | {"next_update_at": "2099-01-01T13:00"})
    statement = Statement.objects.get()

    assert set(statement.texts.values_list("language", flat=True)) == {"en", "fil"}
    assert is_unchanged_holding(statement)
    assert approvals_needed(statement) == 1

    text = statement.texts.get(language="en")
    StatementText.objects.filter(pk=text.pk).update(body=f"{text.body} Stay calm.")

    assert approvals_needed(Statement.objects.get()) == 2


@pytest.mark.parametrize(
    ("role", "seat", "may"),
    [
        ("coordinator", "", True),
        ("contributor", "", False),
        ("contributor", "COMMS", True),
        ("viewer", "MAYOR", True),
        ("contributor", "HEALTH", False),
    ],
)
def test_who_may_approve_follows_from_membership_or_role(role, seat, may):
    incident = speaking_room()
    statement = waiting(incident)

    assert (
        bool(can(someone(incident, role, seat=seat), "incidents.approve_statement", statement))
        is may
    )


def test_another_body_in_the_room_neither_writes_nor_approves_for_the_city():
    incident = speaking_room()
    province = OrganisationFactory()
    incident.named_organisations.add(province)
    lead, statement = actor_of(province, "lead"), waiting(incident)

    asked = {
        name: bool(can(lead, f"incidents.{name}", target))
        for name, target in [
            ("draft_statement", incident),
            ("approve_statement", statement),
            ("release_statement", statement),
            ("read_statement", statement),
        ]
    }
    assert asked == {
        "draft_statement": False,
        "approve_statement": False,
        "release_statement": False,
        "read_statement": True,
    }


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.tuples(st.sampled_from(["write", "approve"]), st.integers(0, 3))))
def test_whatever_the_order_nobody_who_wrote_ever_counts_as_approving(steps):
    incident = speaking_room()
    people = [someone(incident) for _number in range(4)]
    statement, wrote, stood = waiting(incident, by=people[0]), {people[0].person_id}, set()
    for number, (step, who) in enumerate(steps):
        by = people[who]
        if step == "write" and statement.is_open:
            words = Written(texts={"en": Text(body=f"Words {number}. Call 117.")})
            revision = Statement.objects.get(pk=statement.pk).revision
            writing.edit_statement(statement, words, revision=revision, by=by, at=NOON)
            writing.send_for_approval(statement, by=by, at=NOON)
            wrote, stood = wrote | {by.person_id}, set()
            continue
        try:
            writing.approve_statement(statement, version=statement.version, by=by, at=NOON)
            stood.add(by.person_id)
        except StatementError:
            pass

    assert not stood & wrote
    assert statement.state == ("approved" if len(stood) >= 2 else "waiting")


# --- release


def test_release_of_what_is_too_old_is_told_and_nothing_goes_out():
    incident = speaking_room()
    statement = approved(incident)

    with pytest.raises(StatementError, match="time that is over"):
        release_statement(statement, ["page"], by=someone(incident), at=NOON + 2 * HOUR)

    statement.refresh_from_db()
    assert (statement.state, Outgoing.objects.count()) == ("approved", 0)


def test_releasing_twice_goes_out_once():
    incident = speaking_room()
    statement = approved(incident)
    release_statement(statement, ["page"], by=someone(incident), at=NOON)

    with pytest.raises(StatementError, match="released it already"):
        release_statement(statement, ["page"], by=someone(incident), at=NOON)

    assert StatementRelease.objects.count() == 1
    assert Outgoing.objects.count() == 2


def test_a_stop_is_set_aside_by_a_leader_with_a_reason_for_this_version_only():
    incident = speaking_room()
    statement = approved(incident, texts={"en": FINE["en"]})
    Statement.objects.filter(pk=statement.pk).update(made_at=NOON + 3 * HOUR)
    with pytest.raises(StatementError, match="A check stops it"):
        release_statement(statement, ["page"], by=someone(incident), at=NOON)
    with pytest.raises(StatementError, match="Write down why"):
        writing.override_checks(statement, version=1, reason=" ", by=someone(incident), at=NOON)

    writing.override_checks(
        statement, version=1, reason="The translation follows.", by=someone(incident), at=NOON
    )
    release_statement(statement, ["page"], by=someone(incident), at=NOON)

    assert Entry.objects.get(code="statement_checks_set_aside").text == "The translation follows."
    other = drafted(incident, texts={"en": FINE["en"]})
    Statement.objects.filter(pk=other.pk).update(made_at=NOON + 3 * HOUR)
    other.refresh_from_db()
    assert [one.code for one in stops_left(other, findings_of(other))] == ["language_missing"]


def test_of_an_exercise_nothing_reaches_the_page_or_a_newsroom():
    incident = speaking_room(is_exercise=True)
    OrganisationFactory(kind="media", email="desk@radio.example", place=incident.place)
    statement = approved(incident)

    release_statement(statement, ["page", "newsrooms"], by=someone(incident), at=NOON)

    assert statement.page_at is None
    assert not Statement.objects.on_page().exists()
    assert {(one.state, one.is_exercise) for one in Outgoing.objects.all()} == {("shown", True)}
    assert all(one.body.startswith("[") for one in Outgoing.objects.all())


def test_newsrooms_near_get_it_in_all_languages_and_others_do_not():
    incident = speaking_room()
    OrganisationFactory(kind="media", email="desk@radio.example", place=incident.place)
    OrganisationFactory(kind="media", email="far@radio.example")
    statement = approved(incident)

    release_statement(statement, ["newsrooms"], by=someone(incident), at=NOON)

    sent = Outgoing.objects.get()
    assert sent.address == "desk@radio.example"
    assert all(text.body in sent.body for text in FINE.values())


def test_what_went_out_by_hand_is_noted_once_though_it_is_sent_twice():
    incident = speaking_room()
    statement, by, key = approved(incident), someone(incident), uuid.uuid4()
    release_statement(statement, [], by=by, at=NOON)
    how = ByHand("radio", NOON, note="read at noon")

    for _number in range(2):
        note_release(statement, how, by=by, at=NOON, client_key=key)

    assert [one.outlet for one in statement.releases.all()] == ["radio"]
    with pytest.raises(StatementError, match="still to come"):
        note_release(statement, ByHand("radio", NOON + HOUR), by=by, at=NOON)


def test_a_withdrawn_statement_keeps_its_words_and_its_reason():
    incident = speaking_room()
    statement = approved(incident)
    release_statement(statement, ["page"], by=someone(incident), at=NOON)

    withdraw_statement(statement, reason="The road is open.", by=someone(incident), at=NOON)

    assert statement.texts.count() == 2
    assert statement in Statement.objects.on_page()
    with pytest.raises(StatementError, match="withdrawn already"):
        withdraw_statement(statement, reason="Again.", by=someone(incident), at=NOON)


def test_a_draft_sent_twice_by_a_device_is_there_once():
    incident, key = speaking_room(), uuid.uuid4()
    by, words = someone(incident), Written({"kind": "update"}, FINE)

    made = [
        writing.draft_statement(incident, words, by=by, at=NOON, client_key=key)
        for _number in range(2)
    ]

    assert made[0] == made[1]
    assert Statement.objects.count() == 1


def test_two_who_change_it_at_once_do_not_overwrite_each_other():
    incident = speaking_room()
    statement = drafted(incident)
    one, two = (Written(texts={"en": Text(body=f"Version {n}. Call 117.")}) for n in "ab")
    writing.edit_statement(statement, one, revision=1, by=someone(incident), at=NOON)

    with pytest.raises(ChangedMeanwhileError):
        writing.edit_statement(statement, two, revision=1, by=someone(incident), at=NOON)

    assert statement.texts.get().body == "Version a. Call 117."


# --- pages


def test_a_mayor_reads_and_approves_in_one_tap(client):
    incident = speaking_room()
    statement = waiting(incident, next_update_at=MUCH_LATER)
    sign_in(client, incident.owner, "coordinator")

    page = client.get(statement.get_absolute_url())
    assert "I have read it and approve it" in page.content.decode()
    client.post(
        reverse("incidents:statement_approve", args=[incident.pk, statement.number]),
        {"version": "1"},
    )

    assert statement.approvals.count() == 1


def test_a_writer_sees_why_there_is_no_button(client):
    incident = speaking_room()
    writer = MembershipFactory(organisation=incident.owner, role="coordinator").person
    client.force_login(writer)
    client.post(
        reverse("incidents:statement_write", args=[incident.pk]),
        {"kind": "update", "audience": "everybody", "pictures": "none", "known": "All is calm."},
    )
    statement = Statement.objects.get()
    client.post(reverse("incidents:statement_send", args=[incident.pk, statement.number]))

    page = client.get(statement.get_absolute_url()).content.decode()
    assert "You wrote in this statement. Others must approve it." in page
    assert statement.texts.get().body == "All is calm."


def test_a_refused_release_shows_the_page_with_the_reason(client):
    incident = speaking_room()
    statement = waiting(incident)
    sign_in(client, incident.owner, "coordinator")

    answer = client.post(
        reverse("incidents:statement_release", args=[incident.pk, statement.number]),
        {"outlets": ["page"]},
    )

    assert answer.status_code == 409
    assert "It is not approved, so it was not released" in answer.content.decode()


def test_a_form_that_was_overtaken_comes_back_with_both(client):
    incident = speaking_room()
    statement = drafted(incident, known="Old", next_update_at=MUCH_LATER)
    sign_in(client, incident.owner, "contributor")
    address = reverse("incidents:statement_edit", args=[incident.pk, statement.number])
    form = client.get(address).context["form"]
    shown = {
        name: bound.value()
        for bound in form
        for name in (bound.html_name, bound.html_initial_name)
        if bound.value()
    }
    shown["next_update_at"] = shown["initial-next_update_at"] = "2099-01-01T12:00"
    writing.edit_statement(
        statement, Written({"known": "Theirs"}, FINE), revision=1, by=someone(incident), at=NOON
    )

    answer = client.post(address, shown | {"known": "Mine"})

    assert answer.status_code == 409
    assert {"Theirs", "Mine"} <= set(answer.content.decode().replace("<", ">").split(">"))
    assert Statement.objects.get().known == "Theirs"


def test_strangers_do_not_learn_of_a_statement(client):
    incident = speaking_room()
    statement = approved(incident)
    release_statement(statement, ["page"], by=someone(incident), at=NOON)
    sign_in(client, OrganisationFactory(country_code="ke"), "lead")

    # It stands on the public page; the room and what else is known there stay closed.
    assert client.get(statement.get_absolute_url()).status_code == 404


def test_list_costs_the_same_for_one_statement_as_for_three(client):
    incident = speaking_room()
    sign_in(client, incident.owner, "viewer")
    address = reverse("incidents:statements", args=[incident.pk])
    client.get(address)

    assert_flat(lambda: client.get(address), add_row=lambda: waiting(incident))
