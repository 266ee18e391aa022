import datetime as dt
import uuid

import pytest

from tansiq.core.editing import ChangedMeanwhileError
from tansiq.incidents.actions.decisions import Decided, DecisionError, decide
from tansiq.incidents.actions.facts import (
    FactError,
    Stated,
    add_fact,
    revise_fact,
    withdraw_fact,
)
from tansiq.incidents.actions.log import Sent
from tansiq.incidents.actions.notes import NoteError, add_note, correct_line
from tansiq.incidents.actions.presence import come_in, forget_silent, leave
from tansiq.incidents.models import Decision, Entry, Fact, FactVersion, Presence
from tansiq.incidents.wording import sentence_of
from tests.factories import NOON, IncidentFactory, OrganisationFactory, actor_of

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(minutes=5)


@pytest.fixture
def room():
    return IncidentFactory()


@pytest.fixture
def mayor(room):
    return actor_of(room.owner)


def sentences(room):
    lines = Entry.objects.filter(incident=room).order_by("pk")
    return [sentence_of(line, room.playbook.document) for line in lines]


def test_a_note_sent_twice_stands_once(room, mayor):
    sent = Sent(uuid.uuid4())

    lines = {
        add_note(room, "Market closed.", language="en", by=mayor, at=at, sent=sent)
        for at in (NOON, LATER)
    }

    assert lines == set(Entry.objects.all())
    assert len(lines) == 1


def test_a_line_is_corrected_by_a_new_one_and_only_once(room, mayor):
    first = add_note(room, "Nine are hurt.", language="en", by=mayor, at=NOON)

    second = correct_line(first, "Six are hurt.", language="en", by=mayor, at=LATER)
    with pytest.raises(NoteError, match="Correct the newer line"):
        correct_line(first, "Five are hurt.", language="en", by=mayor, at=LATER)

    assert set(first.corrections.all()) == {second}
    assert Entry.objects.get(pk=first.pk).text == "Nine are hurt."


def test_a_kept_line_stays_kept_when_it_is_corrected(room, mayor):
    first = add_note(room, "Ours.", language="en", kept_by=room.owner, by=mayor, at=NOON)

    second = correct_line(first, "Still ours.", language="en", by=mayor, at=NOON)

    province = OrganisationFactory()
    room.named_organisations.add(province)
    assert second.kept_by == room.owner
    assert not Entry.objects.visible_to(actor_of(province)).exists()


def test_a_fact_keeps_each_way_it_ever_stood(room, mayor):
    fact = add_fact(room, Stated("A second device", "en"), by=mayor, at=NOON)
    revise_fact(
        fact,
        Stated("A second device at a school", "en", "confirmed", "police desk"),
        revision=1,
        by=mayor,
        at=NOON,
    )
    fact.refresh_from_db()
    withdraw_fact(fact, "It was a bag.", revision=2, by=mayor, at=LATER)

    versions = FactVersion.objects.order_by("number").values_list("number", "state", "text")
    assert list(versions) == [
        (1, "unconfirmed", "A second device"),
        (2, "confirmed", "A second device at a school"),
        (3, "withdrawn", "A second device at a school"),
    ]
    assert sentences(room) == [
        "Not confirmed yet",
        "Confirmed by police desk",
        "Withdrawn",
    ]
    assert list(Fact.objects.standing()) == []


def test_a_fact_is_confirmed_by_a_source_and_seen_before_now(room, mayor):
    with pytest.raises(FactError, match="Say who confirms"):
        add_fact(room, Stated("One site", "en", "confirmed"), by=mayor, at=NOON)
    with pytest.raises(FactError, match="later than now"):
        add_fact(room, Stated("One site", "en", observed_at=LATER), by=mayor, at=NOON)

    assert not Fact.objects.exists()
    assert not Entry.objects.exists()


def test_two_who_revise_one_fact_do_not_cover_each_other(room, mayor):
    fact = add_fact(room, Stated("Six hurt", "en"), by=mayor, at=NOON)
    revise_fact(fact, Stated("Eight hurt", "en"), revision=1, by=mayor, at=NOON)

    with pytest.raises(ChangedMeanwhileError):
        withdraw_fact(fact, "Nobody is.", revision=1, by=mayor, at=LATER)

    assert Fact.objects.get().text == "Eight hurt"


def test_a_decision_keeps_the_facts_as_they_stood(room, mayor):
    fact = add_fact(room, Stated("Hospital B is full", "en"), by=mayor, at=NOON)
    decision = decide(
        room,
        Decided("Ambulances go to A.", "B is full.", "en", facts=(fact,)),
        by=mayor,
        at=NOON,
    )
    withdraw_fact(fact, "A mistake.", revision=1, by=mayor, at=LATER)

    (known,) = decision.facts.select_related("fact")
    assert (known.state, known.fact.state) == ("unconfirmed", "withdrawn")
    assert Entry.objects.get(kind="decision").subject_id == decision.pk


def test_a_decision_names_its_information_and_is_replaced_once(room, mayor):
    with pytest.raises(DecisionError, match="Choose the facts"):
        decide(room, Decided("Close.", "Because.", "en"), by=mayor, at=NOON)
    first = decide(room, Decided("Close.", "x", "en", information="A call."), by=mayor, at=NOON)
    new = Decided("Open.", "x", "en", information="All clear.", replaces=first)
    decide(room, new, by=mayor, at=LATER)

    with pytest.raises(DecisionError, match="took the place"):
        decide(room, new, by=mayor, at=LATER)

    assert list(Decision.objects.order_by("pk").values_list("text", flat=True)) == [
        "Close.",
        "Open.",
    ]


def test_presence_is_one_row_that_goes(room, mayor):
    soon, too_late = NOON + dt.timedelta(seconds=60), NOON + dt.timedelta(seconds=151)

    assert [come_in(room, by=mayor, at=at) for at in (NOON, soon)] == [True, False]
    assert Presence.objects.here_at(soon).count() == 1
    assert Presence.objects.here_at(too_late).count() == 0
    assert come_in(room, by=mayor, at=too_late)
    leave(room, by=mayor)
    assert not Presence.objects.exists()

    come_in(room, by=mayor, at=NOON)
    assert forget_silent(at=NOON + dt.timedelta(seconds=90)) == 1
