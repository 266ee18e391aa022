"""What leaves the desk: mails, digests, an office's own routes. Marked words stay."""

import datetime as dt
import http.server
import json
import threading

import pytest
from django.core import mail

from tansiq.access.models import Notice
from tansiq.access.notices import send_waiting_mails, told_from
from tansiq.exchange.actions.delivery import send_waiting
from tansiq.exchange.actions.digests import send_digests
from tansiq.exchange.actions.items import Draft, acknowledge, send_item, write_item
from tansiq.exchange.models import Dispatch, Item, ItemKind, MailChoice, Receipt, ReceiptState
from tests.factories import (
    NOON,
    DispatchFactory,
    MailChoiceFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    ReceiptFactory,
    RouteFactory,
    actor_of,
)
from tests.people import sign_in

pytestmark = pytest.mark.django_db
SECRET = "The second gate is unguarded"
DAY = dt.timedelta(days=1)


@pytest.fixture
def sender():
    return OrganisationFactory(name="The nation")


@pytest.fixture
def city():
    return OrganisationFactory(name="The city")


@pytest.fixture
def reader(city):
    return MembershipFactory(organisation=city, role="contributor").person


def _send(sender, city, *, at=NOON, **more):
    given = {
        "kind": ItemKind.BRIEFING,
        "title": SECRET,
        "text": f"{SECRET}, and more.",
        "language": "en",
        "expires_on": NOON.date() + 30 * DAY,
        "audience": [{"to": "organisation", "pk": city.pk}],
    }
    by = actor_of(sender)
    item = write_item(sender, Draft(**{**given, **more}), by=by, at=at)
    send_item(item, by=by, at=at)
    return item


def test_a_mail_tells_the_words_once_and_the_notice_does_not_tell_them_again(sender, city, reader):
    _send(sender, city)

    sent = (send_waiting(at=NOON), send_waiting(at=NOON), send_waiting_mails(at=NOON))

    assert sent == (1, 0, 0)
    [letter] = mail.outbox
    assert letter.to == [reader.email]
    assert SECRET in letter.subject
    assert f"{SECRET}, and more." in letter.body


@pytest.mark.parametrize("marking", ["amber+strict", "red"])
def test_marked_words_stay_inside_whatever_the_road(sender, city, reader, marking):
    RouteFactory(organisation=city, channel="email")
    _send(sender, city, marking=marking, people=[reader.pk])

    send_waiting(at=NOON)

    everything = "".join(f"{one.subject}{one.body}{one.alternatives}" for one in mail.outbox)
    assert mail.outbox
    assert SECRET not in everything
    assert "something for you" in everything


def test_what_is_for_one_person_does_not_go_to_the_office(sender, city, reader):
    RouteFactory(organisation=city)
    _send(sender, city, marking="red", people=[reader.pk])

    send_waiting(at=NOON)

    assert [letter.to for letter in mail.outbox] == [[reader.email]]


def test_arabic_is_written_from_right_to_left(sender, city, reader):
    reader.language = "ar"
    reader.save()
    _send(sender, city)

    send_waiting(at=NOON)

    [(html, _kind)] = mail.outbox[0].alternatives
    assert 'dir="rtl"' in html
    assert 'lang="ar"' in html


@pytest.mark.parametrize(
    "change",
    [
        {"recalled_at": NOON},
        {"purged_at": NOON},
        {"expires_on": NOON.date() - DAY},
    ],
)
def test_what_does_not_hold_any_more_is_not_sent(sender, city, reader, change):
    item = _send(sender, city)
    Item.objects.filter(pk=item.pk).update(**change)

    assert send_waiting(at=NOON) == 0
    assert mail.outbox == []
    assert set(Dispatch.objects.values_list("state", flat=True)) == {"dropped"}


def test_who_left_the_office_before_the_mail_gets_none(sender, city, reader):
    _send(sender, city, marking="amber")
    reader.memberships.update(ends_on=NOON.date() - DAY)

    assert send_waiting(at=NOON) == 0
    assert mail.outbox == []


def test_a_history_that_is_written_afterwards_mails_nobody(sender, city, reader):
    with told_from(NOON + DAY):
        _send(sender, city, at=NOON)

    assert (Notice.objects.count(), Dispatch.objects.count()) == (0, 0)


def test_a_title_of_several_lines_makes_no_header(sender, city, reader):
    item = _send(sender, city)
    # Forms and actions refuse such a title; the mail does not rely on them.
    Item.objects.filter(pk=item.pk).update(title="Hello\r\nBcc: everybody@example.org")

    send_waiting(at=NOON)

    [letter] = mail.outbox
    assert "\n" not in letter.subject
    assert letter.recipients() == [reader.email]


def test_who_wants_one_a_day_gets_one_a_day_and_warnings_at_once(sender, city, reader):
    MailChoiceFactory(person=reader, rhythm="daily", last_on=NOON.date() - DAY)
    _send(sender, city, title="A first one")
    _send(sender, city, title="A second one")
    _send(sender, city, title="Beware", kind=ItemKind.WARNING)

    at_once = send_waiting(at=NOON)
    digests = [send_digests(at=NOON + n * dt.timedelta(hours=1)) for n in (1, 2)]

    assert (at_once, digests) == (1, [1, 0])
    warning, digest = mail.outbox
    assert "Beware" in warning.subject
    assert {"A first one", "A second one"} <= set(digest.body.replace("- ", "").split(" · ")) | {
        one.split(" · ")[0].removeprefix("- ") for one in digest.body.splitlines()
    }


def test_a_digest_names_nothing_that_may_not_stand_in_a_mail(sender, city, reader):
    MailChoiceFactory(person=reader, rhythm="weekly")
    _send(sender, city, title="An open one")
    _send(sender, city, marking="amber+strict")

    send_digests(at=NOON)

    [letter] = mail.outbox
    everything = letter.body + str(letter.alternatives)
    assert "An open one" in everything
    assert "1 more" in everything
    assert SECRET not in everything


def test_an_empty_digest_is_not_sent(reader):
    MailChoiceFactory(person=reader, rhythm="daily")

    assert send_digests(at=NOON) == 0
    assert MailChoice.objects.get().last_on == NOON.date()


def test_the_digest_forgets_what_was_answered(sender, city, reader):
    MailChoiceFactory(person=reader, rhythm="daily", last_on=NOON.date() - DAY)
    item = _send(sender, city)
    by = actor_of(city)
    acknowledge(Receipt.objects.get(item=item), ReceiptState.UNDERSTOOD, by=by, at=NOON)

    assert send_digests(at=NOON) == 0


@pytest.fixture
def office(settings):
    """Answer as a program of an office does, and keep what came."""
    came = []

    class Office(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append((self.headers.get("X-Tansiq-Signature"), json.loads(body)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Office)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.CHANNELS_MAY_BE_PRIVATE = True
    settings.CHANNEL_SECRET = "a secret of the two"
    came_at = f"http://127.0.0.1:{server.server_port}/tansiq"
    yield came_at, came
    server.shutdown()
    server.server_close()


def test_a_program_gets_the_words_signed_and_a_marked_one_gets_a_hint(sender, city, reader, office):
    address, came = office
    RouteFactory(organisation=city, channel="webhook", address=address)
    _send(sender, city, marking="green")
    _send(sender, city, marking="amber+strict")

    send_waiting(at=NOON)

    (signature, first), (_signature, second) = came
    assert signature.startswith("t=")
    assert first["title"] == SECRET
    assert SECRET not in json.dumps(second)
    assert first["id"] != second["id"]


def test_a_text_message_goes_to_the_gateway_of_the_operator(settings, sender, city, reader, office):
    settings.SMS_URL, came = office
    RouteFactory(organisation=city, channel="sms", address="+62 21 555", only_warnings=True)
    _send(sender, city)
    _send(sender, city, kind=ItemKind.WARNING)

    send_waiting(at=NOON)

    [(_signature, message)] = came
    assert message["to"] == "+62 21 555"
    assert SECRET in message["text"]
    assert len(message["text"]) < 250


def test_a_gateway_that_nobody_set_up_is_said_and_not_tried_again(sender, city, reader):
    route = RouteFactory(organisation=city, channel="sms", address="+62 21 555")
    _send(sender, city)

    send_waiting(at=NOON)
    send_waiting(at=NOON)

    route.refresh_from_db()
    assert "set up" in route.problem
    assert Dispatch.objects.get(route=route).attempts == 1


def test_a_program_on_the_inside_is_not_called(sender, city, reader, office, settings):
    settings.CHANNELS_MAY_BE_PRIVATE = False
    address, came = office
    RouteFactory(organisation=city, channel="webhook", address=address)
    _send(sender, city)

    send_waiting(at=NOON)

    assert came == []
    assert Dispatch.objects.get(route__isnull=False).state == "waiting"


def test_of_two_processes_one_sends(sender, city, reader):
    _send(sender, city)
    one = Dispatch.objects.get()
    Dispatch.objects.filter(pk=one.pk).update(attempts=1)

    # The other process claimed it after we had read it.
    from tansiq.exchange.actions import delivery  # noqa: PLC0415 -- its private step is what is asked

    assert delivery._send(one, at=NOON) is False
    assert mail.outbox == []


def test_only_an_administrator_says_how_the_office_is_reached(client, city):
    sign_in(client, city, "lead")
    address = f"/exchange/delivery/{city.slug}/add/"
    assert client.get(address).status_code == 403
    client.logout()

    sign_in(client, city, "administrator")
    body = {"channel": "webhook", "address": "http://example.org/in", "language": "en"}
    assert "https://" in client.post(address, body).content.decode()
    assert client.post(address, body | {"address": "https://example.org/in"}).status_code == 302

    page = client.get("/exchange/delivery/").content.decode()
    assert "https://example.org/in" in page


def test_the_addresses_of_another_office_do_not_exist(client, city):
    route = RouteFactory()
    sign_in(client, city, "administrator")

    assert client.get(f"/exchange/delivery/routes/{route.pk}/").status_code == 404
    assert (
        client.post(f"/exchange/delivery/routes/{route.pk}/remove/", {"sure": "yes"}).status_code
        == 404
    )


def test_i_choose_how_often_mails_come(client, city):
    person = sign_in(client, city)

    answer = client.post("/exchange/delivery/", {"rhythm": "weekly"})

    assert answer.status_code == 302
    assert MailChoice.objects.get(person=person).rhythm == "weekly"


def test_messages_are_known_to_both_sides_alone():
    receipt = ReceiptFactory()
    DispatchFactory(receipt=receipt, person=PersonFactory())

    assert Dispatch.objects.visible_to(actor_of(receipt.organisation)).count() == 1
    assert Dispatch.objects.visible_to(actor_of(OrganisationFactory())).count() == 0
