"""What is written about a request, and how it is answered."""

import gzip
import json
import logging

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponse, JsonResponse
from django.test import RequestFactory
from django.urls import path

from tansiq.core import middleware
from tansiq.core.logs import JsonFormatter, WithoutPath
from tansiq.urls import *  # noqa: F403 -- the platform's own routes, and a few that fail
from tansiq.urls import urlpatterns as routes
from tests.factories import OrganisationFactory
from tests.people import sign_in

SECRET = "secret-in-the-address"


def refuse(request):
    raise PermissionDenied("Only the lead may <b>close</b> this.")


def break_down(request, word):
    raise ZeroDivisionError(word)


def mistrust(request):
    raise SuspiciousOperation


def long_page(request):
    response = HttpResponse("word " * 400)
    response.headers["ETag"] = '"v1"'
    return response


urlpatterns = [
    path("refuse", refuse, name="refuse"),
    path("break/<str:word>", break_down, name="break"),
    path("mistrust", mistrust),
    path("long", long_page),
    path("short", lambda request: JsonResponse({})),
    *routes,
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


def written(caplog):
    """Return the lines as the operator's log shows them."""
    records = [record for record in caplog.records if WithoutPath().filter(record)]
    return [json.loads(JsonFormatter().format(record)) for record in records]


def test_one_line_a_request_says_what_and_how_long_but_not_who(client, caplog):
    caplog.set_level(logging.INFO)
    person = sign_in(client, OrganisationFactory(), email="siti@example.org")
    caplog.clear()

    response = client.get(f"/?q={SECRET}", headers={"User-Agent": "Telephone"})

    (line,) = [line for line in written(caplog) if line["logger"] == "tansiq.request"]
    assert set(line) == {
        "at", "level", "logger", "message", "request_id", "route", "method", "status", "ms",
    }  # fmt: skip
    assert line["request_id"] == response.headers["X-Request-ID"]
    assert (line["route"], line["method"], line["status"]) == ("home:desk", "GET", 200)
    everything = json.dumps(written(caplog))
    for private in (SECRET, "127.0.0.1", "Telephone", person.email, person.name):
        assert private not in everything


def test_the_visitor_does_not_choose_the_request_id(client):
    response = client.get("/short", headers={"X-Request-ID": "planted"})

    assert response.headers["X-Request-ID"] != "planted"


def test_a_fault_shows_the_number_that_stands_in_the_log_and_not_the_path(client, caplog):
    client.raise_request_exception = False

    response = client.get(f"/break/{SECRET}")

    number = response.headers["X-Request-ID"]
    assert response.status_code == 500
    assert number in response.content.decode()
    faults = [line for line in written(caplog) if line["logger"] == "django.request"]
    assert [(line["request_id"], line["message"]) for line in faults] == [
        (number, "Internal Server Error: break")
    ]
    assert "ZeroDivisionError" in faults[0]["error"]


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/nowhere-at-all", 404, "Nothing here for you"),
        ("/mistrust", 400, "This request cannot be read"),
        ("/refuse", 403, "Only the lead may &lt;b&gt;close&lt;/b&gt; this."),
    ],
)
def test_refusals_have_a_page_that_says_why(client, address, status, words):
    response = client.get(address)

    assert response.status_code == status
    assert words in response.content.decode()


def test_a_form_without_its_token_gets_a_sentence_that_helps(client):
    client.handler.enforce_csrf_checks = True

    response = client.post("/short")

    assert response.status_code == 403
    assert "load the page again" in response.content.decode()


def test_pages_of_somebody_signed_in_are_kept_nowhere(client):
    public = client.get("/long")
    sign_in(client, OrganisationFactory())
    private = client.get("/long")

    assert "Cache-Control" not in public.headers
    assert private.headers["Cache-Control"] == "private, no-store"


def test_pages_are_compressed_for_who_can_read_that(client):
    packed = client.get("/long", headers={"Accept-Encoding": "gzip, br"})
    plain = client.get("/long")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content == b"word " * 400
    assert len(packed.content) == int(packed.headers["Content-Length"]) < len(plain.content) / 4
    assert packed.headers["ETag"] == 'W/"v1"'
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_short_answers_are_not_compressed(client):
    response = client.get("/short", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in response.headers


def test_what_is_compressed_already_passes_as_it_is():
    ready = HttpResponse(b"x" * 900, content_type="text/css", headers={"Content-Encoding": "br"})
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})

    response = middleware.compress(lambda _request: ready)(request)

    assert (response.headers["Content-Encoding"], len(response.content)) == ("br", 900)
