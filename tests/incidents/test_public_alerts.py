"""What anybody may fetch: the list, each alert as page and as file; and nothing else."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.timezone import now
from lxml import etree

from tansiq.incidents.actions.alerts import ask_cosign, cancel_alert, cosign_alert
from tansiq.incidents.cap.index import read_index
from tansiq.incidents.cap.reading import read_alert
from tansiq.incidents.models import Alert
from tests.incidents.test_alerts import ARABIC, ENGLISH, Room
from tests.people import sign_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def sent_now(room, *texts, **facts):
    """Send an alert at this very moment: public pages ask the clock."""
    alert = room.draft(*texts, **({"expires_at": now() + DAY} | facts))
    ask_cosign(alert, revision=1, by=room.mayor, at=now())
    cosign_alert(alert, revision=2, by=room.governor, at=now())
    return Alert.objects.get(pk=alert.pk)


def links(client, **asked):
    answer = client.get(reverse("alerts:feed"), asked)
    return set(read_index(answer.content, address="http://testserver/").links)


def file_of(alert):
    return f"http://127.0.0.1:8000/alerts/{alert.public_id}.xml"


def test_another_system_finds_each_alert_by_the_feed(client):
    room = Room()
    alert = sent_now(room, ENGLISH, ARABIC)
    cancelled = cancel_alert(alert, reason="Over", by=room.mayor, at=now())

    assert links(client) == {file_of(alert), file_of(cancelled)}
    answer = client.get(reverse("alerts:file", args=[alert.public_id]))
    assert answer["Content-Type"] == "application/cap+xml; charset=utf-8"
    assert read_alert(answer.content).infos[0].headline == ENGLISH["headline"]


def test_only_what_is_in_earnest_and_for_everybody_is_anywhere(client):
    room, practice = Room(), Room(is_exercise=True)
    hidden = [
        sent_now(room, status="Test"),
        sent_now(room, scope="Restricted", restriction="Police"),
        sent_now(practice),
        room.draft(),
        room.waiting(),
    ]

    assert links(client) == set()
    assert client.get(reverse("alerts:index")).context["alerts"] == []
    # Members see no more here than passers-by.
    sign_in(client, room.city)
    for alert in hidden:
        for name in ("alerts:show", "alerts:file"):
            assert client.get(reverse(name, args=[alert.public_id])).status_code == 404


def test_the_feed_can_be_narrowed_to_a_country_or_a_body(client):
    alert = sent_now(room := Room())
    country = room.city.country_code

    assert links(client, country=country) == links(client, organisation=room.city.slug)
    assert links(client, country=country) == {file_of(alert)}
    assert links(client, country="xx") == links(client, organisation="nobody") == set()


def test_the_feed_is_not_sent_twice(client):
    sent_now(Room())
    first = client.get(reverse("alerts:feed"))
    again = client.get(reverse("alerts:feed"), headers={"if-none-match": first["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    assert first["Content-Type"].startswith("application/atom+xml")


def test_what_ended_long_ago_leaves_the_feed_and_keeps_its_page(client):
    alert = sent_now(Room())
    Alert.objects.update(sent_at=now() - 10 * DAY, expires_at=now() - 9 * DAY)

    page = client.get(reverse("alerts:show", args=[alert.public_id]))
    assert links(client) == set()
    assert "The time of this alert is over" in page.content.decode()


def test_the_page_speaks_the_readers_language_first_and_is_no_siren(client):
    alert = sent_now(Room(), ENGLISH, ARABIC)

    page = client.get(
        reverse("alerts:show", args=[alert.public_id]), headers={"accept-language": "ar"}
    )

    assert [one.language for one in page.context["infos"]] == ["ar", "en"]
    english = client.get(reverse("alerts:show", args=[alert.public_id])).content.decode()
    assert "not the official warning" in english


def test_an_empty_feed_is_a_feed(client):
    root = etree.fromstring(client.get(reverse("alerts:feed")).content)

    assert root.tag == "{http://www.w3.org/2005/Atom}feed"


def test_a_replaced_alert_says_so(client):
    room = Room()
    alert = sent_now(room)
    cancel_alert(alert, reason="Over", by=room.mayor, at=now())

    page = client.get(reverse("alerts:show", args=[alert.public_id]))
    assert "A later message replaced this one" in page.content.decode()


def test_the_page_says_the_clock_of_the_place(client):
    alert = sent_now(Room(time_zone="Asia/Manila"))

    page = client.get(reverse("alerts:show", args=[alert.public_id])).content.decode()
    assert "(UTC+0800)" in page
