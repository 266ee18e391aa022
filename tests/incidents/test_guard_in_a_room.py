"""In a room nobody waits for the guard: what a device kept is taken, said afterwards and marked."""

from urllib.parse import unquote

import pytest

from tansiq.access.models import LogEntry
from tansiq.incidents.models import Entry
from tests.incidents import test_room_pages as pages
from tests.incidents.test_room_pages import address, text_of

pytestmark = pytest.mark.django_db
at, city, room, mayor = pages.at, pages.city, pages.room, pages.mayor
LINE = "Bridge closed. Ask Sgt. Peter Omondi, 0733 902 114."


@pytest.fixture
def write(client, room, mayor):
    def post(text=LINE, **headers):
        return client.post(address("note", room), {"text": text}, headers=headers)

    return post


def traces():
    entries = LogEntry.objects.filter(rule__startswith="guard.").order_by("pk")
    return [(one.rule, one.detail["kinds"]) for one in entries]


def test_line_that_a_queue_brings_is_taken_at_once_and_told_and_logged(write):
    answer = write(**{"X-Queued": "yes"})

    assert answer.status_code == 204
    assert Entry.objects.filter(text=LINE).count() == 1
    assert "name of a person, telephone number" in unquote(answer["X-Says"])
    assert traces() == [("guard.unasked", {"name": 1, "telephone": 1})]


def test_line_without_a_queue_is_asked_about_first(write):
    answer = write()

    assert answer.status_code == 422
    assert "<mark>0733 902 114" in answer.content.decode()
    assert not Entry.objects.filter(text=LINE).exists()
    assert traces() == []


def test_line_that_holds_something_says_so_and_leads_to_a_correction_without_it(
    client, room, write
):
    write(**{"X-Queued": "yes"})
    entry = Entry.objects.get(text=LINE)
    page = text_of(client.get(address("log", room)))
    way = f"{address('entry', room, entry.pk)}?mask=yes"

    offered = client.get(way).context["form"].initial["text"]
    client.post(address("correct", room, entry.pk), {"text": offered})

    assert f'<a href="{way}">seems to hold: name of a person, telephone number</a>' in page
    assert offered == "Bridge closed. Ask [name of a person], [telephone number]."
    assert "seems to hold" not in text_of(client.get(address("log", room)))


def test_line_about_nobody_is_not_marked(client, room, write):
    write("Bridge closed until 18:30, 250 people on foot.")

    assert "seems to hold" not in text_of(client.get(address("log", room)))
