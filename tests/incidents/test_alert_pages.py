"""The pages of alerts: drafting with the languages beside each other, signing, ending."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.timezone import now

from tansiq.incidents.actions.alerts import ask_cosign
from tansiq.incidents.models import Alert, AlertText
from tests.factories import NOON, AlertFactory, AlertTextFactory
from tests.incidents.test_alerts import ENGLISH, FACTS, Room
from tests.people import sign_in

DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    return Room()


def address(name, *where):
    return reverse(f"incidents:{name}", args=where)


def typed(room, **changes):
    """Return what a browser sends of a filled form."""
    told = {f"{name}_en": words for name, words in ENGLISH.items() if name != "language"}
    facts = FACTS | {"expires_at": "2099-01-01T12:00", "answer_minutes": 30, "revision": 0}
    facts["cosigner"] = room.province.pk
    return facts | told | changes


def of_room(room, alert, name):
    return address(name, room.incident.pk, alert.pk)


def test_a_mayor_drafts_an_alert_and_asks_in_one_step(client, room):
    sign_in(client, room.city, "coordinator")

    answer = client.post(address("alert_draft", room.incident.pk), typed(room, ask="1"))

    alert = Alert.objects.get()
    assert answer.status_code == 302, answer.context["form"].errors
    assert (alert.state, alert.cosigner, alert.status) == ("waiting", room.province, "Actual")
    assert AlertText.objects.get().headline == ENGLISH["headline"]


def test_the_form_starts_from_what_is_known(client, room):
    sign_in(client, room.city, "coordinator")

    form = client.get(address("alert_draft", room.incident.pk)).context["form"]

    assert form["event_en"].value() == "Explosion at the market"
    assert form["cosigner"].value() == room.city.pk
    assert form.languages[0] == "en"
    assert [is_open for _language, _fields, is_open in form.sides()].count(True) == 1


def test_a_language_that_says_half_is_sent_back_with_all_that_was_typed(client, room):
    sign_in(client, room.city, "coordinator")

    answer = client.post(
        address("alert_draft", room.incident.pk), typed(room, headline_ar="ابتعدوا")
    )

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"event_ar", "area_ar"}
    assert "ابتعدوا" in answer.content.decode()
    assert not Alert.objects.exists()


def test_a_form_without_words_is_sent_back(client, room):
    sign_in(client, room.city, "coordinator")
    empty = dict.fromkeys((f"{name}_en" for name in ("event", "headline", "area")), "")

    answer = client.post(
        address("alert_draft", room.incident.pk), typed(room, instruction_en="", **empty)
    )

    assert set(answer.context["form"].errors) == {"headline_en"}


def test_what_the_standard_forbids_is_told_on_the_page_of_the_draft(client, room):
    sign_in(client, room.city, "coordinator")

    answer = client.post(
        address("alert_draft", room.incident.pk), typed(room, circle="95,0 1", ask="1")
    )

    assert answer.status_code == 409
    assert "latitude" in answer.context["problem"]
    assert Alert.objects.get().state == "draft"


def test_two_who_change_a_draft_both_keep_their_words(client, room):
    alert = room.draft()
    sign_in(client, room.city, "coordinator")
    first = typed(room, headline_en="First", revision=1)
    second = typed(room, headline_en="Second", revision=1, **{"initial-headline_en": "Old"})

    client.post(of_room(room, alert, "alert_change"), first)
    answer = client.post(of_room(room, alert, "alert_change"), second)

    assert answer.status_code == 422
    assert "Second" in answer.content.decode()
    assert alert.texts.get().headline == "First"


def test_the_governor_reads_signs_and_it_is_sent(client, room):
    alert = room.draft(expires_at=now() + dt.timedelta(hours=1))
    ask_cosign(alert, revision=1, by=room.mayor, at=now())
    sign_in(client, room.province, "coordinator")

    page = client.get(alert.get_absolute_url())
    stale = client.post(of_room(room, alert, "alert_cosign"), {"revision": 1})
    answer = client.post(of_room(room, alert, "alert_cosign"), {"revision": alert.revision})

    alert.refresh_from_db()
    assert page.context["may"]["cosign"]
    assert (stale.status_code, answer.status_code, alert.state) == (409, 302, "sent")


def test_signing_too_late_says_so_and_sends_nothing(client, room):
    # It was asked for at noon of a day that is long over.
    alert = room.waiting()
    sign_in(client, room.province, "coordinator")

    answer = client.post(of_room(room, alert, "alert_cosign"), {"revision": alert.revision})

    alert.refresh_from_db()
    assert (answer.status_code, alert.state) == (409, "waiting")
    assert "run out" in answer.context["problem"]


def test_who_wrote_it_is_told_that_a_second_person_signs(client, room):
    alert = room.draft()
    me = sign_in(client, room.city, "coordinator")
    alert.cosigner, alert.written_by, alert.state = room.city, me, "waiting"
    alert.answer_by = NOON
    alert.save()

    answer = client.post(of_room(room, alert, "alert_cosign"), {"revision": 1})

    assert answer.status_code == 403
    assert "second person" in answer.context["problem"]


def test_cancelling_needs_a_reason_and_is_one_step(client, room):
    alert = room.sent()
    sign_in(client, room.city, "coordinator")

    refused = client.post(of_room(room, alert, "alert_cancel"), {"reason": " "})
    done = client.post(of_room(room, alert, "alert_cancel"), {"reason": "It was a hoax."})
    again = client.post(of_room(room, alert, "alert_cancel"), {"reason": "It was a hoax."})

    assert (refused.status_code, done.status_code, again.status_code) == (422, 302, 403)
    assert Alert.objects.get(kind="Cancel").note == "It was a hoax."


def test_the_file_of_a_draft_says_draft_of_itself(client, room):
    sign_in(client, room.city, "viewer")

    draft = client.get(of_room(room, room.draft(expires_at=now() + DAY), "alert_file"))
    sent = client.get(of_room(room, alert := room.sent(), "alert_file"))

    assert b"<status>Draft</status>" in draft.content
    assert sent.content.decode() == alert.content
    assert sent["Content-Type"] == "application/cap+xml; charset=utf-8"


@pytest.mark.parametrize(
    "name",
    ["alert", "alert_change", "alert_update", "alert_file", "alert_ask", "alert_cosign"],
)
def test_strangers_and_rooms_that_are_not_its_own_find_nothing(client, room, name):
    alert = room.sent()
    elsewhere = Room()
    sign_in(client, elsewhere.city)

    method = client.post if name in {"alert_ask", "alert_cosign"} else client.get
    own_room = method(of_room(room, alert, name))
    other_room = method(address(name, elsewhere.incident.pk, alert.pk))

    assert (own_room.status_code, other_room.status_code) == (404, 404)


def test_the_list_costs_the_same_however_long_it_is(client, room, flat_queries):
    sign_in(client, room.city, "coordinator")

    def add_row():
        AlertTextFactory(alert=AlertFactory(incident=room.incident))

    client.get(address("alerts", room.incident.pk))
    flat_queries(lambda: client.get(address("alerts", room.incident.pk)), add_row=add_row, cost=17)


def test_a_page_of_each_state_says_what_to_do_now(client, room):
    sign_in(client, room.province, "coordinator")
    pages = {
        state: client.get(alert.get_absolute_url()).content.decode()
        for state, alert in {
            "draft": room.draft(),
            "waiting": room.waiting(),
            "sent": room.sent(),
        }.items()
    }

    assert "nothing was sent" in pages["draft"]
    assert "Sign and send" in pages["waiting"]
    assert "Cancel it at once" in pages["sent"]
