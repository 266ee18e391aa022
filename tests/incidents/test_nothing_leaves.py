"""Nothing of an exercise reaches anybody outside, and everything of it says what it is."""

import ast
import datetime as dt
from pathlib import Path

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import get_resolver, reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.access.tasks import mail_notices
from tansiq.core import schedules
from tansiq.incidents import channels
from tansiq.incidents.actions import clock, exercises
from tansiq.incidents.actions.calls import call_out
from tansiq.incidents.actions.opening import Opening
from tansiq.incidents.channels import Message, hand_out, send_waiting
from tansiq.incidents.models import Channel, Inject, Outgoing, OutgoingState
from tests.factories import (
    NOON,
    AimFactory,
    ExerciseFactory,
    IncidentFactory,
    InjectFactory,
    OrganisationFactory,
    PlaybookVersionFactory,
    PostFactory,
    SeatFactory,
    TaskFactory,
    TeamFactory,
    actor_of,
)
from tests.incidents.test_exercises import playbook_with_a_story
from tests.people import sign_in

PART = Path("src/tansiq/incidents")
# Every way out of this process that the part could take by itself.
WAYS_OUT = (
    "django.core.mail",
    "http.client",
    "httpx",
    "requests",
    "smtplib",
    "socket",
    "tansiq.core.fetching",
    "tansiq.core.posting.post_json",
    "urllib.request",
    "urllib3",
)
# A module that holds a way out is one itself when it is imported as a whole.
WHOLE = ("tansiq.core.posting",)


def ways_out_of(code):
    """Return the modules that this code imports and through which words could leave."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names = {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{one.name}" for one in node.names}
        else:
            continue
        found |= {way for way in WAYS_OUT for name in names if f"{name}.".startswith(f"{way}.")}
        found |= names.intersection(WHOLE)
    return found


def test_only_one_module_of_the_part_lets_words_out_and_one_other_fetches_alerts():
    doors = {
        str(path.relative_to(PART)): ways_out_of(path.read_text(encoding="utf-8"))
        for path in PART.rglob("*.py")
    }

    assert {path: ways for path, ways in doors.items() if ways} == {
        "channels.py": {"django.core.mail", "tansiq.core.posting.post_json"},
        # It asks sources that are given beforehand, and sends nothing of a room.
        "alert_intake.py": {"tansiq.core.fetching"},
    }


@pytest.mark.parametrize(
    "code",
    [
        "import smtplib",
        "from django.core.mail import send_mail",
        "from django.core import mail",
        "import urllib.request as web",
        "from urllib import request",
        "def f():\n    import socket",
        "from tansiq.core.posting import post_json",
        "from tansiq.core import posting",
        "import tansiq.core.posting",
    ],
)
def test_the_rule_catches_a_planted_way_out(code):
    assert ways_out_of(code)


def test_the_rule_lets_pass_what_stays_inside():
    assert ways_out_of("from urllib.parse import urlencode\nimport tansiq.core.live") == set()


messages = st.lists(
    st.builds(
        Message,
        channel=st.sampled_from(Channel),
        address=st.sampled_from(["a@example.org", "+60 12 345 6789", "feed"]),
        subject=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60),
        body=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60),
        language=st.sampled_from(["en", "ar", "fr", "id", "ms", "fil", ""]),
    ),
    max_size=5,
)


@pytest.fixture
def left(monkeypatch):
    """Put a counter behind each registered channel; return what it was given."""
    given_out = []
    assert set(channels._adapters) <= set(Channel)
    for channel in Channel:
        monkeypatch.setitem(channels._adapters, channel, given_out.append)
        monkeypatch.setitem(channels._is_set_up, channel, lambda: True)
    return given_out


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(practised=messages, real=messages)
def test_of_an_exercise_no_channel_is_ever_given_anything(left, practised, real):
    left.clear()
    Outgoing.objects.all().delete()
    exercise, incident = IncidentFactory(is_exercise=True), IncidentFactory()
    hand_out(exercise, practised, at=NOON)
    hand_out(incident, real, at=NOON)

    send_waiting(at=NOON)
    send_waiting(at=NOON + dt.timedelta(days=1))

    assert {one.incident_id for one in left} <= {incident.pk}
    assert len(left) == len(real)
    shown = Outgoing.objects.filter(incident=exercise)
    assert {one.state for one in shown} <= {OutgoingState.SHOWN}
    for row, message in zip(shown.order_by("pk"), practised, strict=True):
        stamp = channels.stamped("", message.language).strip()
        assert row.subject.startswith(stamp)
        assert row.body.startswith(stamp)


@pytest.mark.django_db
@pytest.mark.parametrize("state", sorted(set(OutgoingState) - {OutgoingState.SHOWN}))
def test_the_database_refuses_a_message_of_an_exercise_that_could_leave(state):
    exercise = IncidentFactory(is_exercise=True)
    [row] = hand_out(exercise, [Message(Channel.SMS, "+1", "s", "b")], at=NOON)

    with pytest.raises(IntegrityError), transaction.atomic():
        Outgoing.objects.filter(pk=row.pk).update(state=state)


@pytest.mark.django_db
def test_a_message_that_lies_about_its_room_is_not_sent_either(left):
    exercise = IncidentFactory(is_exercise=True)
    Outgoing.objects.create(
        incident=exercise,
        channel=Channel.SMS,
        address="+1",
        body="b",
        is_exercise=False,
        state=OutgoingState.WAITING,
        made_at=NOON,
    )

    send_waiting(at=NOON)

    assert left == []


def run_what_runs_by_itself(at):
    for name, job in schedules._registered.items():
        if name.startswith("tansiq.incidents."):
            job.run(at)
    mail_notices(at)


@pytest.mark.django_db
def test_a_whole_exercise_leaves_no_mail_but_stamped_notices_to_those_who_play(left):
    city = OrganisationFactory()
    for role in ("COORD", "COMMS"):
        PostFactory(organisation=city, role=role)
    version = PlaybookVersionFactory(playbook__owner=city, document_json=playbook_with_a_story())
    opening = Opening(
        owner=city,
        place=city.place,
        title="Explosion at a market",
        language="en",
        trigger="attack_in_city",
        playbook=version,
        is_exercise=True,
    )
    facilitator = actor_of(city, "coordinator")
    incident = exercises.practise(opening, "market", by=facilitator, at=NOON)
    call_out(incident, ["COORD", "COMMS"], by=facilitator, at=NOON)
    clock.run_clock(incident, speed=60, by=facilitator, at=NOON)

    for minutes in range(1, 6):
        run_what_runs_by_itself(NOON + dt.timedelta(minutes=minutes))

    assert Inject.objects.filter(state="given").count() == 2
    assert Outgoing.objects.exists()
    assert set(Outgoing.objects.values_list("state", flat=True)) == {OutgoingState.SHOWN}
    assert left == []
    assert mail.outbox
    members = set(city.memberships.values_list("person__email", flat=True))
    for letter in mail.outbox:
        assert set(letter.to) <= members
        assert letter.subject.startswith("[EXERCISE] ")


def addresses_of_rooms():
    """Return the names of the addresses that need nothing but the room."""
    patterns = get_resolver("tansiq.incidents.urls").url_patterns
    return sorted(
        {one.name for one in patterns if set(one.pattern.converters) == {"room"} and one.name}
    )


@pytest.fixture
def exercise_of_mine(client, db):
    city = OrganisationFactory()
    person = sign_in(client, city, "lead")
    incident = IncidentFactory(owner=city, is_exercise=True, title="Market")
    SeatFactory(incident=incident, holder=person, is_leading=True)
    SeatFactory(incident=incident, role="COMMS", holder=person)
    ExerciseFactory(incident=incident, facilitators=[person])
    TaskFactory(incident=incident, key="F-01")
    AimFactory(incident=incident)
    moment = incident.room_time(NOON)
    InjectFactory(incident=incident, state="given", given_at=moment)
    InjectFactory(incident=incident, team=TeamFactory(incident=incident))
    return incident


@pytest.mark.parametrize("name", addresses_of_rooms())
def test_each_page_of_an_exercise_says_so(client, exercise_of_mine, name):
    answer = client.get(reverse(f"incidents:{name}", args=[exercise_of_mine.pk]), follow=True)

    # 405: it only takes posts; 403 and 404 are pages of the platform, not of the exercise.
    assert answer.status_code in {200, 403, 404, 405}
    if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
        assert 'class="exercise"' in answer.text or "EXERCISE" in answer.text


def test_the_walk_visits_pages_and_a_real_room_says_nothing_of_an_exercise(client, db):
    city = OrganisationFactory()
    sign_in(client, city, "lead")
    incident = IncidentFactory(owner=city)

    page = client.get(reverse("incidents:room", args=[incident.pk]))

    assert len(addresses_of_rooms()) > 20
    assert 'class="exercise"' not in page.text


@pytest.mark.parametrize(
    ("name", "objects"),
    [
        ("inject_edit", "inject_set"),
        ("aim_edit", "aim_set"),
        ("team_edit", "team_set"),
    ],
)
def test_each_page_of_a_thing_of_an_exercise_says_so(client, exercise_of_mine, name, objects):
    thing = getattr(exercise_of_mine, objects).order_by("-pk").first()

    page = client.get(reverse(f"incidents:{name}", args=[exercise_of_mine.pk, thing.pk]))

    assert 'class="exercise"' in page.text


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_each_file_of_an_exercise_carries_the_word_in_its_name(client, exercise_of_mine, kind):
    url = reverse("incidents:after_action_file", args=[exercise_of_mine.pk, kind])

    assert 'filename="exercise-' in client.get(url)["Content-Disposition"]
