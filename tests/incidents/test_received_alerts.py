"""Alerts of others: taken in once, refused with a reason, followed from message to message."""

import datetime as dt
import http.server
import threading

import pytest
from cryptography.hazmat.primitives import serialization
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.access.actor import Actor
from tansiq.incidents.actions.received import (
    SourceError,
    change_source,
    forget_old,
    keep_source,
    take_in,
)
from tansiq.incidents.alert_intake import ask_all
from tansiq.incidents.cap.errors import CapError
from tansiq.incidents.cap.index import read_index
from tansiq.incidents.cap.values import Kind, Status
from tansiq.incidents.cap.writing import write_alert
from tansiq.incidents.models import AlertSource, ReceivedAlert, RefusedAlert
from tests.factories import (
    AlertSourceFactory,
    OrganisationFactory,
    ReceivedAlertFactory,
    actor_of,
)
from tests.incidents.alerts import SENT, alert, info
from tests.incidents.test_cap_signatures import NOW, pair, signed
from tests.people import sign_in

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def source(db):
    return AlertSourceFactory()


def take(source, some, at=NOW):
    content = some if isinstance(some, bytes) else write_alert(some)
    return take_in(source, content, by=SYSTEM, at=at)


def following(kind, *earlier, **changes):
    """Return a later message about these."""
    return alert(
        identifier=f"later-{kind}",
        kind=kind,
        sent=SENT + dt.timedelta(minutes=5),
        references=tuple(one.reference for one in earlier),
        **changes,
    )


def test_an_alert_is_taken_in_once_however_often_it_comes(source):
    first, again = take(source, alert()), take(source, alert())

    assert (first.is_new, again.is_new, first.alert) == (True, False, again.alert)
    kept = ReceivedAlert.objects.get()
    assert (kept.headline, kept.languages) == ("Stay away from the market", ["en", "fil"])


def test_two_sources_of_one_organisation_keep_an_alert_once_and_others_their_own(source):
    beside = AlertSourceFactory(owner=source.owner)
    elsewhere = AlertSourceFactory()
    for one in (source, beside, elsewhere):
        take(one, alert())

    assert set(ReceivedAlert.objects.values_list("source", flat=True)) == {source.pk, elsewhere.pk}


@pytest.mark.parametrize(
    "content",
    [
        b"hello",
        write_alert(alert()).replace(b"cap:1.2", b"cap:1.1"),
        write_alert(alert()).replace(b"+08:00", b"Z"),
        write_alert(alert()).replace(b"<alert", b'<!DOCTYPE a [<!ENTITY b "c">]><alert'),
        write_alert(alert(sent=SENT + dt.timedelta(days=1), infos=(info(expires=None),))),
    ],
    ids=["no XML", "CAP 1.1", "wrong dates", "entities", "sent tomorrow"],
)
def test_a_bad_file_is_refused_once_with_its_reason(source, content):
    take(source, content)
    arrival = take(source, content)

    assert arrival.alert is None
    assert RefusedAlert.objects.get().reason == arrival.reason
    assert not ReceivedAlert.objects.exists()


def test_of_a_source_that_signs_only_its_signed_alerts_are_taken_in(source):
    office, forger = pair(), pair()
    source.certificate = office[1].public_bytes(serialization.Encoding.PEM).decode()

    forged = take(source, signed(alert(), forger))
    plain = take(source, alert())
    true = take(source, signed(alert(), office))

    assert (forged.alert, plain.alert) == (None, None)
    assert true.alert.is_signed
    assert RefusedAlert.objects.count() == 2


@pytest.mark.parametrize("kind", [Kind.UPDATE, Kind.CANCEL])
@pytest.mark.parametrize("late", [False, True], ids=["in order", "the later one first"])
def test_a_later_message_ends_the_earlier_whichever_comes_first(source, kind, late):
    messages = [alert(), following(kind, alert())]
    for one in reversed(messages) if late else messages:
        take(source, one)

    earlier = ReceivedAlert.objects.get(kind="Alert")
    assert earlier.replaced_by == ReceivedAlert.objects.get(kind=kind)
    current = set(ReceivedAlert.objects.current(NOW))
    assert current == ({earlier.replaced_by} if kind == Kind.UPDATE else set())


@pytest.mark.parametrize(
    "changes", [{"sender": "other@else.example"}, {"status": Status.EXERCISE}], ids=str
)
def test_nobody_takes_back_the_words_of_another_and_no_exercise_ends_a_warning(source, changes):
    take(source, alert())
    take(source, following(Kind.CANCEL, alert(), **changes))

    assert ReceivedAlert.objects.get(kind="Alert").replaced_by is None


def test_a_cancellation_by_way_of_another_source_ends_nothing(source):
    take(source, alert())
    take(AlertSourceFactory(owner=source.owner), following(Kind.CANCEL, alert()))

    assert ReceivedAlert.objects.get(kind="Alert").replaced_by is None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(4)))
def test_a_chain_ends_the_same_in_whatever_order_it_comes(db, order):
    first = alert()
    second = following(Kind.UPDATE, first)
    third = alert(
        identifier="third",
        kind=Kind.UPDATE,
        sent=SENT + HOUR / 2,
        references=(first.reference, second.reference),
    )
    fourth = alert(
        identifier="fourth",
        kind=Kind.CANCEL,
        sent=SENT + HOUR,
        references=(third.reference,),
    )
    source = AlertSourceFactory()

    for place in order:
        take(source, (first, second, third, fourth)[place], at=NOW + 2 * HOUR)

    standing = ReceivedAlert.objects.filter(source=source, replaced_by=None)
    assert [one.identifier for one in standing] == ["fourth"]
    assert not ReceivedAlert.objects.filter(source=source).current(NOW).exists()


@pytest.mark.parametrize("status", [Status.EXERCISE, Status.TEST, Status.DRAFT, Status.SYSTEM])
def test_only_what_is_meant_in_earnest_counts_as_in_force(source, status):
    take(source, alert(status=status))

    assert not ReceivedAlert.objects.current(NOW).exists()


def test_what_has_ended_is_not_in_force_and_goes_after_three_months(source):
    take(source, alert())

    assert ReceivedAlert.objects.current(NOW).exists()
    assert not ReceivedAlert.objects.current(NOW + 12 * HOUR).exists()
    assert forget_old(at=NOW + dt.timedelta(days=30)) == 0
    assert forget_old(at=NOW + dt.timedelta(days=92)) >= 1
    assert not ReceivedAlert.objects.exists()


def test_a_certificate_that_is_none_is_told(source):
    city = OrganisationFactory()
    facts = {"name": "Office", "address": "https://a.example/", "is_active": True}
    by = actor_of(city, "administrator")

    with pytest.raises(SourceError, match="no certificate"):
        keep_source(city, facts | {"certificate": "hello"}, by=by, at=NOW)
    kept = keep_source(city, facts | {"certificate": ""}, by=by, at=NOW)
    change_source(kept, facts | {"certificate": "", "name": "New"}, revision=1, by=by, at=NOW)

    assert AlertSource.objects.get(owner=city).name == "New"


# --- Lists of other systems.


def listing(*links):
    entries = "".join(
        f'<entry><link href="/page"/><link type="application/cap+xml" href="{one}"/></entry>'
        for one in links
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()


@pytest.mark.parametrize(
    ("content", "links"),
    [
        (
            listing("/a.xml", "b.xml", "/a.xml"),
            ["https://o.example/a.xml", "https://o.example/x/b.xml"],
        ),
        (
            b"<rss><channel><item><link> https://o.example/1.cap </link></item></channel></rss>",
            ["https://o.example/1.cap"],
        ),
        (listing("javascript:alert(1)", "ftp://o.example/a", "//[bad"), []),
        (
            b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/c"/></entry></feed>',
            ["https://o.example/c"],
        ),
    ],
    ids=["atom", "rss", "odd links", "atom without kinds"],
)
def test_links_of_a_list_are_made_whole(content, links):
    assert list(read_index(content, address="https://o.example/x/list").links) == links


def test_alerts_that_stand_in_the_list_are_found():
    inside = write_alert(alert()).split(b"?>", 1)[1]
    entry = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><content>%s</content></entry></feed>'

    (found,) = read_index(entry % inside, address="https://o.example/").alerts
    assert b"sample-2026-1" in found
    assert read_index(write_alert(alert()), address="https://o.example/").alerts


@pytest.mark.parametrize("content", [b"", b"<html/>", b'<!DOCTYPE a [<!ENTITY b "c">]><rss/>'])
def test_what_is_no_list_is_told(content):
    with pytest.raises(CapError):
        read_index(content, address="https://o.example/")


@pytest.fixture
def office(settings):
    """Serve files as another office would; the paths are filled by the test."""
    settings.ALERTS_MAY_BE_PRIVATE = True
    files, asked = {}, []

    class Office(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            body = files.get(self.path)
            self.send_response(200 if body is not None else 500)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_arguments):
            pass

    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Office)
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}", files, asked
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def test_what_is_new_at_a_source_is_fetched_once(office):
    address, files, asked = office
    source = AlertSourceFactory(address=f"{address}/list")
    files["/list"] = listing("/good.xml", "/bad.xml", "/gone.xml")
    files["/good.xml"], files["/bad.xml"] = write_alert(alert()), b"no alert"

    assert ask_all(at=NOW) == 1
    asked.clear()
    assert ask_all(at=NOW) == 0

    # What failed on the way is asked for again; what was refused is not.
    assert asked == ["/list", "/gone.xml"]
    source.refresh_from_db()
    assert "/gone.xml" in source.problem
    assert source.fetched_at == NOW
    assert RefusedAlert.objects.get().came_from == f"{address}/bad.xml"


def test_a_source_that_fails_says_so_and_the_others_are_asked(office):
    address, files, _asked = office
    broken = AlertSourceFactory(address=f"{address}/nothing")
    strange = AlertSourceFactory(address=f"{address}/page")
    AlertSourceFactory(address=f"{address}/one.xml")
    AlertSourceFactory(address=f"{address}/idle", is_active=False)
    files["/one.xml"], files["/page"] = write_alert(alert()), b"<html/>"

    assert ask_all(at=NOW) == 1

    broken.refresh_from_db()
    strange.refresh_from_db()
    assert "500" in broken.problem
    assert "no list of alerts" in strange.problem


def test_an_address_of_the_inside_is_not_asked_by_default():
    source = AlertSourceFactory(address="http://127.0.0.1:9/list")

    assert ask_all(at=NOW) == 0
    source.refresh_from_db()
    assert "private network" in source.problem


# --- Pages.


def page(name, *where):
    return reverse(f"incidents:{name}", args=where)


def upload(content):
    return {"file": SimpleUploadedFile("alert.xml", content)}


def test_a_contributor_brings_a_file_and_reads_it(client):
    city = OrganisationFactory()
    sign_in(client, city, "contributor")

    answer = client.post(page("alert_bring", city.pk), upload(write_alert(alert())), follow=True)

    assert answer.status_code == 200
    assert "Stay away from the market" in answer.content.decode()
    assert "Nothing proves who sent this" in answer.content.decode()


def test_a_refused_file_is_told_and_listed(client):
    city = OrganisationFactory()
    sign_in(client, city, "contributor")

    answer = client.post(page("alert_bring", city.pk), upload(b"hello"), follow=True)
    listed = client.get(AlertSource.objects.get(owner=city).get_absolute_url())

    assert "The file was refused" in answer.content.decode()
    assert "no XML file" in listed.content.decode()


def test_an_administrator_chooses_a_source_and_others_do_not(client):
    city = OrganisationFactory()
    sign_in(client, city, "administrator")
    facts = {"name": "Weather", "address": "https://o.example/list", "is_active": "on"}

    wrong = client.post(page("alert_source_keep", city.pk), facts | {"address": "o.example"})
    done = client.post(page("alert_source_keep", city.pk), facts)
    twice = client.post(page("alert_source_keep", city.pk), facts)
    sign_in(client, city, "lead")
    refused = client.get(page("alert_source_keep", city.pk))

    assert [one.status_code for one in (wrong, done, twice, refused)] == [422, 302, 422, 403]


def test_strangers_see_neither_source_nor_alert(client):
    received = ReceivedAlertFactory(source__marking="amber+strict")
    sign_in(client, OrganisationFactory())

    pages = [received.get_absolute_url(), received.source.get_absolute_url()]
    pages.append(page("received_file", received.pk))

    assert {client.get(one).status_code for one in pages} == {404}
    assert list(client.get(page("received")).context["page"]) == []


def test_the_list_shows_what_is_in_force_and_costs_the_same(client, flat_queries):
    source = AlertSourceFactory()
    sign_in(client, source.owner)
    over = ReceivedAlertFactory(source=source, expires_at=NOW)

    def add_row():
        ReceivedAlertFactory(source=source)

    client.get(page("received"))
    flat_queries(lambda: client.get(page("received")), add_row=add_row, cost=12)

    assert over not in client.get(page("received")).context["page"]
    assert over in client.get(page("received"), {"all": "1"}).context["page"]
