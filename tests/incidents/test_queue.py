"""What a device's queue is answered: taken, signed out and refused can be told apart."""

from urllib.parse import unquote

import pytest
from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import RequestFactory
from django.urls import reverse

from tansiq.incidents.middleware import queued
from tests.factories import OrganisationFactory
from tests.people import sign_in


def answered(response, *, method="post", **headers):
    request = getattr(RequestFactory(), method)("/incidents/1/log/", headers=headers)
    return queued(lambda _request: response)(request)


QUEUED = {"X-Queued": "yes"}


def test_a_form_that_was_taken_leads_on_without_a_page():
    answer = answered(redirect("/incidents/1/"), **QUEUED)

    assert (answer.status_code, answer["X-Then"]) == (204, "/incidents/1/")


def test_what_the_next_page_would_have_said_is_told():
    request = RequestFactory().post("/incidents/1/log/", headers=QUEUED)
    request.session = {}
    request._messages = FallbackStorage(request)
    messages.info(request, "Somebody was quicker: 14:02.")

    answer = queued(lambda _request: redirect("/incidents/1/"))(request)

    assert unquote(answer["X-Says"]) == "Somebody was quicker: 14:02."


@pytest.mark.parametrize("address", ["/account/login/?next=/incidents/1/", "/consent/4/"])
def test_who_must_sign_in_first_is_told_so(address):
    assert answered(redirect(address), **QUEUED).status_code == 401


def test_a_form_that_is_shown_again_was_refused():
    assert answered(HttpResponse("Say what it is."), **QUEUED).status_code == 422


def test_a_page_that_was_only_read_is_no_refusal():
    assert answered(HttpResponse("known"), method="get", **QUEUED).status_code == 200


def test_whoever_has_no_queue_gets_pages_as_ever():
    assert answered(redirect("/incidents/1/")).status_code == 302


@pytest.mark.django_db
def test_a_device_learns_who_is_signed_in(client):
    assert client.get(reverse("incidents:queue"), headers=QUEUED).status_code == 401

    person = sign_in(client, OrganisationFactory())

    told = client.get(reverse("incidents:queue"), headers=QUEUED).json()
    assert told["person"] == person.pk
    assert set(told) == {"person", "token"}
