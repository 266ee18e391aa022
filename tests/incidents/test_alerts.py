"""An alert is drafted by one, signed by a second person, sent once, and then only replaced."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.access.actor import PASSER_BY
from tansiq.access.gate import can
from tansiq.access.models import Notice
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.incidents.actions.alerts import (
    AlertError,
    Content,
    ask_cosign,
    cancel_alert,
    carried_over,
    change_alert,
    cosign_alert,
    draft_alert,
    drop_alert,
    lapse_alert,
    return_alert,
)
from tansiq.incidents.cap.reading import read_alert
from tansiq.incidents.cap.values import Kind, Status
from tansiq.incidents.models import Alert, AlertText, Entry, Outgoing
from tansiq.incidents.queries.alerts import differences_in, usual_cosigner
from tests.factories import (
    NOON,
    AlertFactory,
    AlertTextFactory,
    IncidentFactory,
    OrganisationFactory,
    actor_of,
)
from tests.incidents.alerts import is_valid

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)

FACTS = {
    "status": "Actual",
    "scope": "Public",
    "categories": ["Security"],
    "responses": ["Avoid"],
    "urgency": "Immediate",
    "severity": "Severe",
    "certainty": "Observed",
    "expires_at": NOON + 6 * HOUR,
    "circle": "7.2047,124.2310 2",
}
ENGLISH = {
    "language": "en",
    "event": "Explosion",
    "headline": "Stay away from the market",
    "description": "",
    "instruction": "Take another road.",
    "area": "Old market",
}
ARABIC = ENGLISH | {"language": "ar", "headline": "ابتعدوا عن السوق"}


class Room:
    """A city and a province in one room, each with a coordinator."""

    def __init__(self, **incident):
        self.city = OrganisationFactory()
        self.province = OrganisationFactory(place=self.city.place, country_code="id")
        self.incident = IncidentFactory(owner=self.city, **incident)
        self.incident.named_organisations.add(self.province)
        self.mayor = actor_of(self.city, "coordinator")
        self.aide = actor_of(self.city, "coordinator")
        self.governor = actor_of(self.province, "coordinator")

    def draft(self, *texts, by=None, **facts):
        content = Content(FACTS | facts, texts or (ENGLISH,), self.province)
        return draft_alert(self.incident, content, by=by or self.mayor, at=NOON)

    def waiting(self, *texts, **facts):
        alert = self.draft(*texts, **facts)
        ask_cosign(alert, revision=alert.revision, by=self.mayor, at=NOON)
        return alert

    def sent(self, *texts, **facts):
        alert = self.waiting(*texts, **facts)
        cosign_alert(alert, revision=alert.revision, by=self.governor, at=NOON)
        return alert


@pytest.fixture
def room():
    return Room()


def codes(incident):
    lines = Entry.objects.filter(incident=incident).order_by("pk")
    return list(lines.values_list("code", flat=True))


def public():
    return set(Alert.objects.visible_to(PASSER_BY))


# --- The way of an alert.


def test_what_one_drafts_and_another_signs_is_sent_as_a_valid_file(room):
    alert = room.sent(ENGLISH, ARABIC)

    message = read_alert(alert.content.encode())
    assert is_valid(alert.content.encode())
    assert (message.status, message.kind, message.sent) == (Status.ACTUAL, Kind.ALERT, NOON)
    assert {one.language: one.headline for one in message.infos} == {
        "en": "Stay away from the market",
        "ar": "ابتعدوا عن السوق",
    }
    assert message.sender.startswith(f"{room.city.slug}@")
    assert codes(room.incident) == ["alert_drafted", "alert_asked", "alert_sent"]
    assert public() == {alert}


def test_nothing_is_public_before_the_second_signature(room):
    room.draft()
    room.waiting()

    assert public() == set()
    assert not Outgoing.objects.exists()


def test_both_bodies_are_told(room):
    room.sent()

    told = {(n.code, n.person_id) for n in Notice.objects.all()}
    assert ("incidents.alert_asked", room.governor.person_id) in told
    assert ("incidents.alert_sent", room.mayor.person_id) in told
    assert ("incidents.alert_asked", room.mayor.person_id) not in told


def test_nobody_signs_their_own_alert(room):
    content = Content(FACTS, (ENGLISH,), room.city)
    alert = draft_alert(room.incident, content, by=room.mayor, at=NOON)
    ask_cosign(alert, revision=1, by=room.mayor, at=NOON)

    assert not can(room.mayor, "incidents.alert_cosign", alert)
    assert can(room.aide, "incidents.alert_cosign", alert)
    with pytest.raises(AlertError, match="second person"):
        cosign_alert(alert, revision=2, by=room.mayor, at=NOON)
    assert public() == set()


def test_who_asked_does_not_sign_what_another_wrote(room):
    content = Content(FACTS, (ENGLISH,), room.city)
    alert = draft_alert(room.incident, content, by=room.mayor, at=NOON)
    ask_cosign(alert, revision=1, by=room.aide, at=NOON)

    assert not can(room.aide, "incidents.alert_cosign", alert)
    with pytest.raises(AlertError, match="second person"):
        cosign_alert(alert, revision=2, by=room.aide, at=NOON)


def test_only_the_body_that_signs_second_signs(room):
    alert = room.waiting()

    assert can(room.governor, "incidents.alert_cosign", alert)
    contributor, stranger = actor_of(room.province, "contributor"), actor_of(OrganisationFactory())
    for other in (room.aide, contributor, stranger):
        assert not can(other, "incidents.alert_cosign", alert)


def test_signing_after_its_time_sends_nothing(room):
    alert = room.waiting(answer_minutes=30)

    with pytest.raises(AlertError, match="run out"):
        cosign_alert(alert, revision=2, by=room.governor, at=NOON + HOUR / 2)

    alert.refresh_from_db()
    assert alert.state == "waiting"
    assert public() == set()


def test_a_request_that_nobody_answers_lapses_and_both_are_told(room):
    alert = room.waiting()

    lapse_alert(alert, at=NOON + HOUR)

    alert.refresh_from_db()
    assert (alert.state, alert.has_lapsed, alert.content) == ("draft", True, "")
    told = set(
        Notice.objects.filter(code="incidents.alert_lapsed").values_list("person_id", flat=True)
    )
    assert {room.mayor.person_id, room.governor.person_id} <= told
    assert codes(room.incident)[-1] == "alert_lapsed"


def test_what_was_changed_after_reading_is_not_signed(room):
    alert = room.waiting()
    return_alert(alert, reason="Wrong street", revision=2, by=room.mayor, at=NOON)
    change_alert(
        alert,
        Content(FACTS, (ARABIC,), room.province),
        revision=3,
        by=room.mayor,
        at=NOON,
    )
    ask_cosign(alert, revision=4, by=room.mayor, at=NOON)

    with pytest.raises(ChangedMeanwhileError):
        cosign_alert(alert, revision=2, by=room.governor, at=NOON)
    assert public() == set()


def test_signing_twice_is_told_and_sends_once(room):
    alert = room.sent()

    with pytest.raises(AlertError, match="waits for no signature"):
        cosign_alert(alert, revision=3, by=room.governor, at=NOON)
    assert Outgoing.objects.count() == 1


def test_a_returned_alert_says_why_and_is_a_draft(room):
    alert = room.waiting()

    return_alert(alert, reason="The road is open.", revision=2, by=room.governor, at=NOON)

    assert (alert.state, alert.returned) == ("draft", "The road is open.")
    assert can(room.mayor, "incidents.alert_change", alert)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"expires_at": None}, "until when"),
        ({"expires_at": NOON}, "still to come"),
        ({"circle": "here 5"}, "latitude"),
        ({"circle": "91,0 5"}, "latitude"),
        ({"polygon": "1,1 2,2 3,1 1,2"}, "not closed"),
        ({"web": "our page"}, "address"),
        ({"scope": "Restricted", "restriction": ""}, "for whom"),
        ({"categories": []}, "missing"),
    ],
)
def test_what_the_standard_forbids_is_told_before_anybody_is_asked(room, facts, says):
    alert = room.draft(**facts)

    with pytest.raises(AlertError, match=says):
        ask_cosign(alert, revision=1, by=room.mayor, at=NOON)

    alert.refresh_from_db()
    assert alert.state == "draft"


def test_a_draft_without_words_is_not_sent(room):
    content = Content(FACTS, (), room.province)
    alert = draft_alert(room.incident, content, by=room.mayor, at=NOON)

    with pytest.raises(AlertError, match="one language at least"):
        ask_cosign(alert, revision=1, by=room.mayor, at=NOON)


def test_a_post_that_is_sent_twice_drafts_once(room):
    content = Content(FACTS, (ENGLISH,), room.province, uuid.uuid4())

    first = draft_alert(room.incident, content, by=room.mayor, at=NOON)
    second = draft_alert(room.incident, content, by=room.mayor, at=NOON)

    assert first == second
    assert Alert.objects.count() == 1


def test_who_stands_outside_the_room_drafts_nothing(room):
    with pytest.raises(AlertError, match="organisation of this room"):
        room.draft(by=actor_of(OrganisationFactory()))


def test_a_dropped_draft_cannot_be_taken_up(room):
    alert = room.draft()
    drop_alert(alert, revision=1, by=room.mayor, at=NOON)

    with pytest.raises(AlertError, match="no draft"):
        ask_cosign(alert, revision=2, by=room.mayor, at=NOON)


# --- Updates and cancellations.


def test_an_update_names_what_it_replaces_and_those_before(room):
    first = room.sent()
    second = draft_alert(room.incident, carried_over(first), by=room.mayor, at=NOON, replaces=first)
    ask_cosign(second, revision=1, by=room.mayor, at=NOON + HOUR)
    cosign_alert(second, revision=2, by=room.governor, at=NOON + HOUR)

    message = read_alert(second.content.encode())
    assert message.kind == Kind.UPDATE
    assert message.references == (read_alert(first.content.encode()).reference,)

    third = cancel_alert(second, reason="Over", by=room.mayor, at=NOON + 2 * HOUR)

    assert set(read_alert(third.content.encode()).references) == {
        read_alert(first.content.encode()).reference,
        message.reference,
    }


def test_an_alert_is_cancelled_in_one_step_in_all_its_languages(room):
    alert = room.sent(ENGLISH, ARABIC)

    cancelled = cancel_alert(alert, reason="It was a hoax.", by=room.governor, at=NOON + HOUR)

    message = read_alert(cancelled.content.encode())
    assert is_valid(cancelled.content.encode())
    assert (message.kind, message.note) == (Kind.CANCEL, "It was a hoax.")
    assert {one.language for one in message.infos} == {"en", "ar"}
    assert message.infos[0].headline == "Cancelled: Stay away from the market"
    assert public() == {alert, cancelled}
    assert codes(room.incident)[-1] == "alert_cancelled"


def test_what_was_replaced_is_not_replaced_again(room):
    alert = room.sent()
    waiting = draft_alert(
        room.incident, carried_over(alert), by=room.mayor, at=NOON, replaces=alert
    )
    ask_cosign(waiting, revision=1, by=room.mayor, at=NOON)
    cancel_alert(alert, reason="Over", by=room.mayor, at=NOON)

    with pytest.raises(AlertError, match="later message"):
        cancel_alert(alert, reason="Over", by=room.governor, at=NOON)
    with pytest.raises(AlertError, match="later message"):
        cosign_alert(waiting, revision=2, by=room.governor, at=NOON)
    assert not can(room.mayor, "incidents.alert_cancel", alert)
    assert Alert.objects.filter(state="sent").count() == 2


def test_the_database_refuses_a_second_successor(room):
    alert = room.sent()
    done = cancel_alert(alert, reason="Over", by=room.mayor, at=NOON)

    with pytest.raises(IntegrityError), transaction.atomic():
        AlertFactory(
            incident=room.incident,
            replaces=alert,
            state="sent",
            sent_at=NOON,
            content="x",
            outgoing=done.outgoing,
        )


def test_an_alert_can_be_cancelled_after_the_incident_was_closed(room):
    alert = room.sent()
    room.incident.status = "closed"
    room.incident.save()
    alert = Alert.objects.get(pk=alert.pk)

    assert can(room.mayor, "incidents.alert_cancel", alert)
    assert not can(room.mayor, "incidents.alert_update", alert)


# --- Exercise, test, draft; for whom.


def test_of_an_exercise_every_alert_says_so_and_none_is_public():
    room = Room(is_exercise=True)
    alert = room.sent(ENGLISH, ARABIC, note="Table-top")

    message = read_alert(alert.content.encode())
    assert message.status == Status.EXERCISE
    assert all("[" in one.headline for one in message.infos)
    assert "EXERCISE" in message.note
    assert set(Outgoing.objects.values_list("state", flat=True)) == {"shown"}
    assert public() == set()


def test_the_database_refuses_a_real_alert_of_an_exercise():
    incident = IncidentFactory(is_exercise=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        AlertFactory(incident=incident, status="Actual")


def test_a_real_room_sends_no_exercise(room):
    with pytest.raises(AlertError, match="no exercise"):
        room.draft(status="Exercise")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    is_exercise=st.booleans(),
    status=st.sampled_from(["Actual", "Test", "Draft", "System"]),
    scope=st.sampled_from(["Public", "Restricted"]),
    ends_as=st.sampled_from(["draft", "waiting", "sent", "cancelled"]),
)
def test_a_passer_by_sees_exactly_what_was_sent_in_earnest_for_everybody(
    db, is_exercise, status, scope, ends_as
):
    with transaction.atomic():
        room = Room(is_exercise=is_exercise)
        facts = {"status": status, "scope": scope, "restriction": "Emergency services"}
        alert = {"draft": room.draft, "waiting": room.waiting}.get(ends_as, room.sent)(**facts)
        if ends_as == "cancelled":
            cancel_alert(alert, reason="Over", by=room.mayor, at=NOON)

        is_open = (
            not is_exercise
            and (status, scope) == ("Actual", "Public")
            and ends_as in {"sent", "cancelled"}
        )
        seen = Alert.objects.visible_to(PASSER_BY)
        texts = AlertText.objects.visible_to(PASSER_BY)
        assert (alert in seen) == is_open
        assert set(texts) == set(AlertText.objects.filter(alert__in=seen))
        transaction.set_rollback(True)


# --- Around it.


def test_differences_between_languages_are_named():
    alert = AlertFactory()
    texts = [
        AlertTextFactory(alert=alert),
        AlertTextFactory(alert=alert, language="ar", instruction="", headline="خلال ٢ كم"),
    ]

    assert {one.field for one in differences_in(alert, texts)} == {"instruction", "numbers"}


def test_the_other_level_signs_second_unless_said_otherwise(room):
    nation = OrganisationFactory(is_lead_of_place=True)
    room.incident.named_organisations.add(nation)

    assert usual_cosigner(room.incident, room.city.pk) == nation
    assert usual_cosigner(room.incident, nation.pk) == room.city
    assert usual_cosigner(IncidentFactory(), None).pk
