"""The rumour desk: in neutral words, by a clock, checked by somebody else, answered in public."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from tansiq.access.gate import can
from tansiq.access.models import Notice
from tansiq.access.queries import actor_for
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.incidents.actions.corrections import (
    clear_correction,
    release_correction,
    write_correction,
)
from tansiq.incidents.actions.log import Sent
from tansiq.incidents.actions.refusing import NotAboutPersonsError
from tansiq.incidents.actions.rumours import (
    Answer,
    Heard,
    RumourError,
    Verifier,
    ask_verifier,
    close_rumour,
    decide_outcome,
    enter_rumour,
    hear_again,
    note_answer,
    reopen_rumour,
    triage_rumour,
)
from tansiq.incidents.alike import ALIKE, likeness
from tansiq.incidents.models import Entry, Rumour, RumourCheck
from tansiq.incidents.queries.rumours import (
    alike,
    bulletin,
    latencies_of,
    rumour_latencies,
    rumours_of,
    trend,
)
from tests.factories import (
    NOON,
    CorrectionFactory,
    IncidentFactory,
    MembershipFactory,
    OrganisationFactory,
    RumourCheckFactory,
    RumourFactory,
    SeatFactory,
    actor_of,
)

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(minutes=40)


def heard(claim="People say a second device is at a school", **changes):
    given = {"claim": claim, "language": "en", "harm": "panic", "heard_in": ("street",)}
    return Heard(**given | changes)


def entered(incident=None, *, by=None, **changes):
    incident = incident or IncidentFactory()
    by = by or actor_of(incident.owner, "contributor")
    return enter_rumour(incident, heard(**changes), by=by, at=NOON)


def answered(rumour, **changes):
    """Let the district hospital answer that it is false."""
    by = actor_of(rumour.incident.owner, "contributor")
    check = ask_verifier(rumour, Verifier(body="District hospital"), by=by, at=NOON)
    given = Answer("false", "It is open as ever.", "their duty desk, 12:20", "en")
    note_answer(check, given, revision=1, by=by, at=NOON)
    rumour.refresh_from_db()
    return rumour


def decided(rumour=None, outcome="false"):
    rumour = answered(rumour or entered())
    by = actor_of(rumour.incident.owner, "coordinator")
    decide_outcome(
        rumour, outcome=outcome, source="hospital", revision=rumour.revision, by=by, at=LATER
    )
    rumour.refresh_from_db()
    return rumour


def corrected(rumour=None, *, by=None):
    rumour = rumour or decided()
    by = by or actor_of(rumour.incident.owner, "contributor")
    write_correction(
        rumour, "en", claim="It is said…", text="It is open.", revision=0, by=by, at=LATER
    )
    rumour.refresh_from_db()
    return rumour


# --- entering


@pytest.mark.parametrize(
    ("harm", "minutes"), [("retaliation", 30), ("obstructs", 30), ("panic", 60), ("political", 240)]
)
def test_what_a_rumour_could_do_decides_how_soon_somebody_looks(harm, minutes):
    rumour = entered(harm=harm)

    assert rumour.triage_due_at - rumour.entered_at == dt.timedelta(minutes=minutes)


def test_the_clock_of_a_rumour_is_the_clock_of_the_room():
    room = IncidentFactory(
        is_exercise=True, clock_real=NOON, clock_room=NOON - dt.timedelta(days=3), clock_speed=60
    )

    rumour = enter_rumour(room, heard(), by=actor_of(room.owner), at=NOON + dt.timedelta(minutes=1))

    assert rumour.entered_at == NOON - dt.timedelta(days=3) + dt.timedelta(hours=1)


@pytest.mark.parametrize(
    "claim",
    [
        "Read it at https://example.org/post/1",
        "It stands on www.example.org",
        "See fb.com/some.page/posts",
        "t.me/channel says so",
        "@abu_someone says the bridge is closed",
        "Call +63 917 555 0101 to hear it",
        "Ustadz Budi said the market burns",
        "قال الشيخ محمد إن السوق يحترق",
        "Masjid Al-Ikhlas is next",
    ],
)
def test_a_claim_with_a_person_an_account_or_a_link_is_refused(claim):
    room = IncidentFactory()

    with pytest.raises(NotAboutPersonsError):
        enter_rumour(room, heard(claim), by=actor_of(room.owner), at=NOON)

    assert not Rumour.objects.exists()
    assert not Entry.objects.exists()


def test_a_post_that_arrives_twice_is_one_rumour():
    room, key = IncidentFactory(), uuid.uuid4()
    by = actor_of(room.owner)

    first = enter_rumour(room, heard(), by=by, at=NOON, sent=Sent(key))
    second = enter_rumour(room, heard(), by=by, at=NOON, sent=Sent(key))

    assert first == second
    assert Rumour.objects.count() == Entry.objects.count() == 1


def test_who_listens_is_called_to_a_rumour_that_can_hurt_people_and_to_no_other():
    room = IncidentFactory()
    listener = MembershipFactory(organisation=room.owner, role="contributor").person
    SeatFactory(incident=room, role="LISTEN", holder=listener)

    entered(room, harm="political")
    assert not Notice.objects.exists()

    urgent = entered(room, harm="obstructs", claim="Ambulances are said to be sent away")
    assert [(one.person, one.target_id) for one in Notice.objects.all()] == [(listener, urgent.pk)]


def test_hearing_it_again_counts_and_adds_where():
    rumour = entered()
    by = actor_of(rumour.incident.owner)
    key = uuid.uuid4()

    for _twice in range(2):
        hear_again(rumour, heard(heard_in=("radio", "street")), by=by, at=NOON, sent=Sent(key))

    rumour.refresh_from_db()
    assert (rumour.times_heard, rumour.heard_in) == (2, ["street", "radio"])


# --- looking, asking, deciding


def test_looking_stops_the_clock_and_a_second_look_is_told_of_the_first():
    rumour = entered()
    by = actor_of(rumour.incident.owner)

    triage_rumour(rumour, harm="retaliation", revision=1, by=by, at=LATER)

    assert (rumour.status, rumour.harm, rumour.triaged_at) == ("triaged", "retaliation", LATER)
    with pytest.raises(RumourError, match="already"):
        triage_rumour(rumour, harm="panic", revision=2, by=by, at=LATER)


def test_two_who_look_at_once_do_not_cover_each_other():
    rumour = entered()
    same = Rumour.objects.get(pk=rumour.pk)
    by = actor_of(rumour.incident.owner)
    triage_rumour(rumour, harm="retaliation", revision=1, by=by, at=LATER)

    with pytest.raises(ChangedMeanwhileError):
        triage_rumour(same, harm="panic", revision=1, by=by, at=LATER)

    rumour.refresh_from_db()
    assert rumour.harm == "retaliation"


def test_an_outcome_needs_an_answer_of_somebody_who_can_know():
    rumour = entered()
    by = actor_of(rumour.incident.owner)
    ask_verifier(rumour, Verifier(body="District hospital"), by=by, at=NOON)

    with pytest.raises(RumourError, match="Nobody who can know has answered yet"):
        decide_outcome(rumour, outcome="false", source="", revision=rumour.revision, by=by, at=NOON)


def test_who_entered_a_rumour_does_not_verify_it_in_another_role():
    room = IncidentFactory()
    author = MembershipFactory(organisation=room.owner, role="lead").person
    SeatFactory(incident=room, role="POLICE", holder=author)
    rumour = RumourFactory(incident=room, entered_by=author, organisation=room.owner)
    by = actor_of(room.owner)

    for verifier in (Verifier(role="POLICE"), Verifier(organisation=room.owner)):
        with pytest.raises(RumourError, match="who entered the rumour"):
            ask_verifier(rumour, verifier, by=by, at=NOON)


def test_a_role_that_changed_hands_to_the_author_no_longer_counts_as_an_answer():
    room = IncidentFactory()
    author = MembershipFactory(organisation=room.owner, role="lead").person
    rumour = RumourFactory(incident=room, entered_by=author, status="checking")
    RumourCheckFactory(
        rumour=rumour, role="POLICE", body="", answered_at=NOON, answer="false", says="No."
    )
    SeatFactory(incident=room, role="POLICE", holder=author)

    with pytest.raises(RumourError, match="Nobody who can know"):
        decide_outcome(
            rumour, outcome="false", source="", revision=1, by=actor_of(room.owner), at=NOON
        )


def test_the_outcome_is_said_by_another_person_than_who_entered_it():
    room = IncidentFactory()
    author = actor_of(room.owner, "lead")
    rumour = entered(room, by=author)

    assert can(author, "incidents.rumour_decide", rumour).reason.startswith("You entered this")
    assert can(actor_of(room.owner, "contributor"), "incidents.rumour_decide", rumour)


def test_asking_counts_as_having_looked():
    rumour = answered(entered())

    assert (rumour.status, rumour.triaged_at) == ("checking", NOON)


# --- answering in public


def test_nothing_is_said_before_the_outcome_is_known():
    with pytest.raises(RumourError, match="Decide the outcome first"):
        corrected(entered())


def test_an_answer_that_names_a_community_is_refused():
    rumour = decided()
    by = actor_of(rumour.incident.owner)

    with pytest.raises(NotAboutPersonsError, match="names a community"):
        write_correction(
            rumour, "en", claim="It is said…", text="Muslims did not do it.", revision=0,
            by=by, at=NOON,
        )  # fmt: skip


def test_who_wrote_the_answer_does_not_clear_it():
    rumour = decided()
    writer = actor_of(rumour.incident.owner, "lead")
    corrected(rumour, by=writer)

    with pytest.raises(RumourError, match="You wrote this yourself"):
        clear_correction(rumour, revision=rumour.revision, by=writer, at=LATER)

    other = actor_of(rumour.incident.owner, "lead")
    clear_correction(rumour, revision=rumour.revision, by=other, at=LATER)
    assert rumour.cleared_at == LATER


def test_a_change_of_the_answer_takes_the_clearance_away():
    rumour = corrected()
    by, other = (actor_of(rumour.incident.owner, "lead") for _n in range(2))
    clear_correction(rumour, revision=rumour.revision, by=by, at=LATER)

    write_correction(
        rumour, "en", claim="It is said…", text="It is open again.", revision=1, by=other, at=LATER
    )

    rumour.refresh_from_db()
    assert (rumour.cleared_at, rumour.status) == (None, "decided")
    assert bulletin(other, rumour.incident, "en") == []


def test_what_is_not_cleared_does_not_go_out_by_action_or_by_hand():
    rumour = corrected()
    by = actor_of(rumour.incident.owner, "lead")

    with pytest.raises(RumourError, match="not cleared yet"):
        release_correction(rumour, through="radio", revision=rumour.revision, by=by, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rumour.objects.filter(pk=rumour.pk).update(released_at=LATER)


def test_a_rumour_walks_from_hearing_to_an_answer_in_public_and_is_closed():
    rumour = corrected()
    by = actor_of(rumour.incident.owner, "lead")

    clear_correction(rumour, revision=rumour.revision, by=by, at=LATER)
    release_correction(rumour, through="city page", revision=rumour.revision, by=by, at=LATER)
    close_rumour(rumour, reason="nobody repeats it", revision=rumour.revision, by=by, at=LATER)

    assert [one.code for one in Entry.objects.order_by("pk")] == [
        "rumour_entered",
        "rumour_asked_body",
        "rumour_answered",
        "rumour_decided_false",
        "correction_written",
        "correction_cleared",
        "correction_released",
        "rumour_closed",
    ]
    reopen_rumour(rumour, revision=rumour.revision, by=by, at=LATER)
    assert rumour.status == "corrected"


def test_only_communications_or_who_leads_the_room_clears():
    rumour = corrected()
    room = rumour.incident
    officer = MembershipFactory(organisation=room.owner, role="contributor").person
    SeatFactory(incident=room, role="COMMS", holder=officer)
    who = {
        "communications": actor_for(officer, at=NOON),
        "lead": actor_of(room.owner, "lead"),
        "contributor": actor_of(room.owner, "contributor"),
        "stranger": actor_of(OrganisationFactory(country_code="my"), "lead"),
    }

    allowed = {name: bool(can(one, "incidents.rumour_clear", rumour)) for name, one in who.items()}
    assert allowed == {
        "communications": True, "lead": True, "contributor": False, "stranger": False,
    }  # fmt: skip


# --- what is alike


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("A second bomb is at the school", "There is a second bomb at the school!", True),
        ("قنبلة ثانية في المدرسة", "القنبلة الثانية في مدرسة", True),
        ("Ada bom kedua di sekolah", "katanya ada bom kedua di sekolah itu", True),
        ("A second bomb is at the school", "The water of the river is poisoned", False),
        ("Ada bom kedua di sekolah", "Jembatan ditutup polisi", False),
        ("", "anything", False),
    ],
)
def test_likeness_finds_what_was_entered_twice(one, other, is_alike):
    assert (likeness(one, other) >= ALIKE) is is_alike


@given(one=st.text(max_size=60), other=st.text(max_size=60))
def test_likeness_is_the_same_both_ways_and_a_share(one, other):
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 100


def test_a_closed_rumour_is_not_suggested():
    room = IncidentFactory()
    still = RumourFactory(incident=room, claim="A second bomb is at the school")
    RumourFactory(incident=room, claim="A second bomb is at the school gate", status="closed")

    found = alike(rumours_of(actor_of(room.owner), room), "second bomb at the school")

    assert found == [still]


# --- counting


def test_bulletin_has_at_most_ten_and_only_what_was_cleared():
    room = IncidentFactory()
    for number in range(12):
        rumour = RumourFactory(
            incident=room, outcome="false", status="decided", cleared_at=NOON,
            harm="retaliation" if number == 11 else "political", times_heard=number + 1,
        )  # fmt: skip
        CorrectionFactory(rumour=rumour)
    CorrectionFactory(rumour__incident=room, rumour__outcome="false", rumour__status="decided")

    lines = bulletin(actor_of(room.owner), room, "ar")

    assert len(lines) == 10
    assert lines[0].rumour.harm == "retaliation"
    assert [one.rumour.times_heard for one in lines[1:]] == [11, 10, 9, 8, 7, 6, 5, 4, 3]
    assert not any(one.is_in_language for one in lines)


spans = st.none() | st.integers(0, 5000)


@given(steps=st.lists(st.tuples(spans, spans, spans), max_size=12))
def test_latencies_agree_with_a_plain_count(steps):
    def moment(minutes):
        return None if minutes is None else NOON + dt.timedelta(minutes=minutes)

    rumours = [
        RumourFactory.build(
            incident=None, triaged_at=moment(a), decided_at=moment(b), released_at=moment(c)
        )
        for a, b, c in steps
    ]

    found = latencies_of(rumours)

    for place, name in enumerate(("triage", "outcome", "release")):
        known = sorted(step[place] for step in steps if step[place] is not None)
        latency = getattr(found, name)
        assert latency.count == len(known)
        if known:
            half = len(known) // 2
            middle = known[half] if len(known) % 2 else (known[half - 1] + known[half]) / 2
            assert (latency.median, latency.longest) == (middle, known[-1])
    looked = [step[0] for step in steps if step[0] is not None]
    assert (found.looked_at, found.in_time) == (len(looked), sum(one <= 60 for one in looked))


def test_latencies_of_a_room_are_of_that_room_alone():
    rumour = RumourFactory(triaged_at=NOON + dt.timedelta(minutes=10))
    RumourFactory(triaged_at=NOON + dt.timedelta(minutes=90))

    found = rumour_latencies(rumour.incident)

    assert (found.total, found.triage.median, found.in_time) == (1, 10, 1)
    assert rumour_latencies(rumour.incident, harm="fraud").total == 0


def test_trend_counts_every_rumour_once_and_days_without_any():
    room = IncidentFactory(time_zone="Asia/Manila")
    for hours in (0, 1, 50):
        RumourFactory(incident=room, entered_at=NOON + dt.timedelta(hours=hours))

    found = trend(actor_of(room.owner), room)

    assert [count for _day, count in found.by_day] == [2, 0, 1]
    assert sum(count for _label, count in found.by_status) == 3
    assert sum(count for _label, count, _times in found.by_harm) == 3


def test_a_room_of_others_shows_no_rumour():
    rumour = RumourFactory(incident__marking="amber+strict")

    stranger = actor_of(OrganisationFactory(), "lead")

    assert not Rumour.objects.visible_to(stranger).exists()
    assert list(Rumour.objects.visible_to(actor_of(rumour.incident.owner, "viewer"))) == [rumour]


def test_no_table_of_the_desk_has_room_for_an_account_or_a_name():
    words = {"name", "handle", "link", "url", "phone", "account", "author", "victim"}

    fields = {
        field.name for model in (Rumour, RumourCheck)
        for field in model._meta.concrete_fields
    }  # fmt: skip

    assert fields.isdisjoint(words)
