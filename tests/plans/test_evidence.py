"""Files beside a report: taken with care, kept under names of our own, opened through the gate."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tansiq.access.models import LogEntry
from tansiq.plans.models import Evidence
from tests.factories import EvidenceFactory, ReportFactory
from tests.people import sign_in
from tests.plans.reporting import make_country, sent_report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_july")]


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def draft_of(country, **fields):
    return ReportFactory(
        period=country.period, place=country.place, owner=country.city, addressee=None, **fields
    )


def add(client, report, name="list.txt", content=b"one line\n", **changes):
    data = {
        "file": SimpleUploadedFile(name, content),
        "description": "Who took part, by sex",
        "nobody_exposed": "on",
    }
    return client.post(reverse("plans:evidence_add", args=[report.pk]), data | changes)


def test_file_is_kept_under_a_name_that_says_nothing(client):
    country = make_country()
    report = draft_of(country)
    sign_in(client, country.city, "contributor")

    answer = add(client, report, "../../قائمة المشاركين.txt")

    assert answer.status_code == 302
    evidence = Evidence.objects.get()
    assert evidence.name == "قائمة المشاركين.txt"
    assert re.fullmatch(r"[0-9a-f]{32}\.txt", Path(evidence.file.name).name)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"nobody_exposed": ""}, {"nobody_exposed"}),
        ({"description": ""}, {"description"}),
        ({"file": SimpleUploadedFile("a.pdf", b"<html><script>")}, {"file"}),
        ({"file": SimpleUploadedFile("a.exe", b"MZ")}, {"file"}),
        ({"file": ""}, {"file"}),
    ],
)
def test_file_that_cannot_be_taken_is_told_at_its_field(client, changes, wrong):
    country = make_country()
    report = draft_of(country)
    sign_in(client, country.city, "contributor")

    answer = add(client, report, **changes)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == wrong
    assert not Evidence.objects.exists()


def test_file_is_given_as_a_download_that_runs_nothing_and_is_recorded(client):
    country = make_country()
    report = draft_of(country)
    member = sign_in(client, country.city, "contributor")
    add(client, report, "a'b; X-Evil: 1.txt")
    evidence = Evidence.objects.get()

    answer = client.get(reverse("plans:evidence", args=[evidence.pk]))

    assert b"".join(answer.streaming_content) == b"one line\n"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "X-Evil" not in answer.headers
    entry = LogEntry.objects.get(rule="export:plans.evidence_view")
    assert (entry.person_id, entry.target_id) == (member.pk, evidence.pk)


@pytest.mark.parametrize(
    ("who", "expected"), [("city", 200), ("province", 200), ("nation", 404), ("other_city", 404)]
)
def test_file_opens_to_exactly_those_who_see_the_report(client, who, expected):
    country = make_country()
    evidence = EvidenceFactory(report=sent_report(country))
    sign_in(client, getattr(country, who), "viewer")

    answer = client.get(reverse("plans:evidence", args=[evidence.pk]))

    answer.close()
    assert answer.status_code == expected


def test_file_of_a_locked_report_is_neither_added_nor_removed(client):
    country = make_country()
    report = sent_report(country)
    evidence = EvidenceFactory(report=report)
    sign_in(client, country.city)

    assert add(client, report).status_code == 403
    assert client.post(reverse("plans:evidence_remove", args=[evidence.pk])).status_code == 403
    assert set(Evidence.objects.all()) == {evidence}


def test_removed_file_is_gone_from_the_disk(client, django_capture_on_commit_callbacks):
    country = make_country()
    report = draft_of(country)
    sign_in(client, country.city, "contributor")
    add(client, report)
    evidence = Evidence.objects.get()
    path = Path(evidence.file.path)
    assert path.exists()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("plans:evidence_remove", args=[evidence.pk]))

    assert not Evidence.objects.exists()
    assert not path.exists()


def test_file_that_is_lost_on_the_disk_is_not_found(client):
    country = make_country()
    evidence = EvidenceFactory(report=draft_of(country))
    Path(evidence.file.path).unlink()
    sign_in(client, country.city)

    assert client.get(reverse("plans:evidence", args=[evidence.pk])).status_code == 404
    assert not LogEntry.objects.filter(rule__startswith="export:").exists()
