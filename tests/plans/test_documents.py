"""The shelf of a plan: taken with care, read through the gate, published and taken back."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.access.actor import PASSER_BY
from tansiq.access.models import LogEntry, Marking
from tansiq.plans.models import Document, PublicContact
from tests.factories import (
    ContactFactory,
    DocumentFactory,
    OrganisationFactory,
    PlanFactory,
    PublicContactFactory,
)
from tests.people import sign_in

pytestmark = pytest.mark.django_db
PUBLISHED = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def plan():
    return PlanFactory(owner__place__code="id", marking="clear", published_at=PUBLISHED)


def at(name, plan):
    return reverse(f"plans:{name}", args=[plan.country.code, plan.slug])


def add(client, plan, name="decree.txt", content=b"Article 1\n", **changes):
    data = {
        "file": SimpleUploadedFile(name, content),
        "title": "Decree 7",
        "kind": "legal",
        "language": "id",
        "dated_on": "2025-03-01",
        "marking": "clear",
    }
    return client.post(at("document_add", plan), data | changes)


def test_document_is_kept_under_a_name_that_says_nothing(client, plan):
    sign_in(client, plan.owner, "coordinator")

    answer = add(client, plan, "../Peraturan 7.txt")

    assert answer.status_code == 302
    document = Document.objects.get()
    assert (document.name, document.size, document.owner) == ("Peraturan 7.txt", 10, plan.owner)
    assert re.fullmatch(r"[0-9a-f]{32}\.txt", Path(document.file.name).name)
    assert document.is_public
    assert LogEntry.objects.filter(rule="plans.document_add").count() == 1


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"title": ""}, {"title"}),
        ({"file": ""}, {"file"}),
        ({"file": SimpleUploadedFile("a.pdf", b"<html><script>")}, {"file"}),
        ({"file": SimpleUploadedFile("a.exe", b"MZ")}, {"file"}),
        ({"dated_on": "2999-01-01"}, {"dated_on"}),
        ({"dated_on": "last week"}, {"dated_on"}),
        ({"marking": "red"}, {"marking"}),
        ({"kind": "poem"}, {"kind"}),
        ({"language": "xx"}, {"language"}),
    ],
)
def test_wrong_document_is_said_at_its_field_and_nothing_is_kept(client, plan, changes, wrong):
    sign_in(client, plan.owner, "coordinator")

    answer = add(client, plan, **changes)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == wrong
    assert not Document.objects.exists()


def test_same_file_is_not_taken_twice(client, plan):
    sign_in(client, plan.owner, "coordinator")
    add(client, plan)

    answer = add(client, plan, title="The same again")

    assert set(answer.context["form"].errors) == {"file"}
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "status"), [("viewer", 403), ("contributor", 403), ("coordinator", 302)]
)
def test_only_coordinators_of_the_owner_add_documents(client, plan, role, status):
    sign_in(client, plan.owner, role)

    assert add(client, plan).status_code == status


def test_stranger_adds_nothing(client, plan):
    sign_in(client, OrganisationFactory(), "lead")

    assert add(client, plan).status_code == 403


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    marking=st.sampled_from(Marking.values),
    is_published=st.booleans(),
    plan_marking=st.sampled_from(Marking.values),
    plan_is_published=st.booleans(),
)
def test_passer_by_reads_a_document_only_if_it_and_its_plan_are_public(
    marking, is_published, plan_marking, plan_is_published
):
    document = DocumentFactory(
        marking=marking,
        published_at=PUBLISHED if is_published else None,
        plan__marking=plan_marking,
        plan__published_at=PUBLISHED if plan_is_published else None,
    )

    seen = Document.objects.visible_to(PASSER_BY).filter(pk=document.pk).exists()

    both_clear = marking == plan_marking == "clear"
    assert seen == (both_clear and is_published and plan_is_published)


def test_public_document_is_sent_to_everybody_and_kept_by_caches(client, plan):
    document = DocumentFactory(plan=plan)

    answer = client.get(reverse("plans:document", args=[document.pk]))

    assert b"".join(answer.streaming_content) == b"one line\n"
    assert answer["Cache-Control"] == "public, max-age=300"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert not LogEntry.objects.filter(rule="export:plans.document_view").exists()


def test_taking_a_document_is_written_down_for_members(client, plan):
    document = DocumentFactory(plan=plan, marking="green")
    sign_in(client, plan.owner, "viewer")

    answer = client.get(reverse("plans:document", args=[document.pk]))
    b"".join(answer.streaming_content)

    assert LogEntry.objects.filter(rule="export:plans.document_view").count() == 1


def test_document_is_published_and_taken_back(client, plan):
    document = DocumentFactory(plan=plan, published_at=None)
    sign_in(client, plan.owner, "coordinator")

    client.post(reverse("plans:document_publish", args=[document.pk]))
    document.refresh_from_db()
    was_public = document.is_public
    client.post(reverse("plans:document_unpublish", args=[document.pk]))

    document.refresh_from_db()
    assert (was_public, document.is_public) == (True, False)


def test_document_that_is_not_clear_is_not_published(client, plan):
    document = DocumentFactory(plan=plan, marking="amber", published_at=None)
    sign_in(client, plan.owner, "coordinator")

    client.post(reverse("plans:document_publish", args=[document.pk]))

    document.refresh_from_db()
    assert document.published_at is None


def test_removing_asks_first_and_takes_the_file_along(
    client, plan, django_capture_on_commit_callbacks
):
    document = DocumentFactory(plan=plan)
    path = Path(document.file.path)
    sign_in(client, plan.owner, "coordinator")
    address = reverse("plans:document_remove", args=[document.pk])

    asked = client.get(address)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address)

    assert asked.status_code == 200
    assert not Document.objects.exists()
    assert not path.exists()


def test_shelf_costs_the_same_for_many_documents(client, plan, flat_queries):
    sign_in(client, plan.owner, "coordinator")

    flat_queries(
        lambda: client.get(at("documents", plan)),
        add_row=lambda: DocumentFactory(plan=plan),
        cost=COST,
    )


COST = 14


def contact_of(**changes):
    return {
        "office": "Plan desk",
        "email": "desk@example.org",
        "phone": "",
        "address": "",
        "agrees": "on",
        "revision": 1,
    } | changes


def test_contact_of_the_office_is_published_with_consent(client, plan):
    sign_in(client, plan.owner, "lead")

    client.post(at("contact", plan), contact_of())
    client.post(at("contact", plan), contact_of(phone="+62 21 555"))

    contact = PublicContact.objects.get()
    assert (contact.office, contact.phone, contact.revision) == ("Plan desk", "+62 21 555", 2)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"agrees": ""}, "agrees"),
        ({"email": ""}, "__all__"),
        ({"email": "somebody@example.org"}, "email"),
        ({"email": "Listed@Example.org"}, "email"),
    ],
)
def test_contact_without_consent_or_of_a_person_is_refused(client, plan, changes, wrong):
    sign_in(client, plan.owner, "lead", email="somebody@example.org")
    ContactFactory(email="listed@example.org")

    answer = client.post(at("contact", plan), contact_of(**changes))

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {wrong}
    assert not PublicContact.objects.exists()


def test_contact_is_withdrawn(client, plan):
    PublicContactFactory(plan=plan)
    sign_in(client, plan.owner, "lead")

    client.post(at("contact_withdraw", plan))

    assert not PublicContact.objects.exists()
