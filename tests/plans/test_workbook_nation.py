"""The workbook of all places: made by a job, sent in again, and in the form of another body."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from tansiq.access.models import LogEntry
from tansiq.core.exports import is_tag_row
from tansiq.plans.models import BudgetLine, Plan, Report, Workbook
from tansiq.plans.workbooks.profiles import FIELDS, profiles, profiles_for
from tansiq.plans.workbooks.taking import forget_expired
from tests.factories import ActionFactory, ActivityFactory, BudgetLineFactory, ObjectiveFactory
from tests.people import sign_in
from tests.plans.reporting import JULY, make_country, sent_report
from tests.plans.workbooks import Edited

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("in_july", "jobs_in_july", "media"),
]


@pytest.fixture
def jobs_in_july(monkeypatch):
    """Let the jobs believe so, too; they are another edge that reads the clock."""
    monkeypatch.setattr("tansiq.plans.workbooks.jobs.now", lambda: JULY)


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def country():
    country = make_country()
    for plan in Plan.objects.filter(parent=country.plan):
        ActionFactory(plan=plan, objective=ObjectiveFactory(plan=plan), code="1.1")
    sent_report(country)
    return country


def made(client, country, form=""):
    """Have a file made, and return its content and the row that kept it."""
    url = reverse("plans:period_excel_make", args=[country.period.pk])
    page = client.post(url, {"form": form}, follow=True)
    workbook = Workbook.objects.get(way="out")
    assert (page.status_code, workbook.state, workbook.said) == (200, "ready", "")
    file = client.get(reverse("plans:workbook_file", args=[workbook.pk]))
    return b"".join(file.streaming_content), workbook


def test_all_places_stand_below_one_another_with_a_summary(client, country):
    sign_in(client, country.province, "coordinator")
    shared = {"plan": country.plan, "owner": country.city, "place": country.place}
    ActivityFactory(**shared, title="Circle", marking="green")
    ActivityFactory(**shared, title="Ours", marking="amber")

    content, workbook = made(client, country)

    book = openpyxl.load_workbook(io.BytesIO(content))
    sheets = [one.title for one in book.worksheets if one.sheet_state == "visible"]
    assert sheets == [
        "Read me", "Summary", "Actions", "Milestones", "Figures", "In words", "Money", "Activities",
    ]  # fmt: skip
    places = {row[3].value for row in book["Actions"].iter_rows(min_row=5)}
    assert places == {"East Java", "Surabaya", "Malang"}
    assert {row[3].value for row in book["Figures"].iter_rows(min_row=5)} == {"Surabaya"}
    assert [row[2].value for row in book["Activities"].iter_rows(min_row=5)] == ["Circle"]
    assert workbook.expires_at == JULY + timedelta(hours=1)
    assert LogEntry.objects.get(rule="export:plans.workbook").detail["sha256"] == workbook.sha256


def test_answers_to_places_are_given_in_the_workbook(client, country):
    person = sign_in(client, country.province, "coordinator")
    content, _workbook = made(client, country)
    report = Report.objects.get()
    book = Edited(content)
    book.write("words", f"words:{report.pk}:answer", "text", "The trainers come in May.")
    file = io.BytesIO(book.content())
    file.name = "all.xlsx"

    url = reverse("plans:period_excel", args=[country.period.pk])
    page = client.post(url, {"file": file}, follow=True)
    [change] = page.context["changes"]
    assert (change.current, change.new) == ("empty", "The trainers come in May.")
    assert not Workbook.objects.get(way="in").file
    done = client.post(
        reverse("plans:workbook_confirm", args=[page.context["workbook"].pk]),
        {"seen": page.context["seen"]},
        follow=True,
    )

    report.refresh_from_db()
    assert (report.answer, report.answered_at) == ("The trainers come in May.", JULY)
    assert done.context["done"]["cells"] == 1
    entry = LogEntry.objects.get(rule="plans.report_answer")
    assert entry.person_id == person.pk


def test_what_is_not_ours_is_refused_and_nothing_is_saved(client, country):
    sign_in(client, country.province, "coordinator")
    content, _workbook = made(client, country)
    report = Report.objects.get()
    book = Edited(content)
    where = book.write("words", f"words:{report.pk}:narrative", "text", "Rewritten.")
    file = io.BytesIO(book.content())
    file.name = "all.xlsx"

    url = reverse("plans:period_excel", args=[country.period.pk])
    page = client.post(url, {"file": file}, follow=True)

    assert [(one.where, one.message) for one in page.context["look"].problems] == [
        (where, "This report is locked. Ask the level above to reopen it.")
    ]


def test_unreadable_file_is_said_on_the_page_of_progress(client, country):
    sign_in(client, country.province, "coordinator")
    file = io.BytesIO(b"code,figure\n1.1,5\n")
    file.name = "all.xlsx"

    url = reverse("plans:period_excel", args=[country.period.pk])
    page = client.post(url, {"file": file}, follow=True)

    assert "perhaps a CSV file" in page.content.decode()
    assert (Workbook.objects.get().state, bool(Workbook.objects.get().file)) == ("failed", False)


def test_file_is_for_its_maker_only_and_gone_after_an_hour(client, country):
    sign_in(client, country.province, "coordinator")
    _content, workbook = made(client, country)
    url = reverse("plans:workbook_file", args=[workbook.pk])
    assert default_storage.exists(workbook.file.name)

    assert forget_expired(at=JULY + timedelta(minutes=59)) == 0
    assert forget_expired(at=JULY + timedelta(minutes=61)) == 1

    assert not default_storage.exists(workbook.file.name)
    assert client.get(url).status_code == 404


def test_somebody_else_does_not_get_the_file(client, country):
    sign_in(client, country.province, "coordinator")
    _content, workbook = made(client, country)
    sign_in(client, country.province, "lead")

    assert client.get(reverse("plans:workbook_file", args=[workbook.pk])).status_code == 404


def test_nobody_reports_to_a_city(client, country):
    sign_in(client, country.city, "lead")

    for name in ("period_excel", "period_excel_make"):
        url = reverse(f"plans:{name}", args=[country.period.pk])
        assert client.post(url, {"form": ""}).status_code == 403


# -- forms of other bodies -------------------------------------------------------------------------


def test_profiles_name_fields_that_exist_and_say_how_sure_they_are():
    assert profiles()
    for one in profiles().values():
        assert {column["field"] for column in one.columns} <= FIELDS
        assert is_tag_row([column["tag"] for column in one.columns])
    assert profiles()["id-monitoring"].is_proposal


def rows_of_csv(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_indonesian_form_holds_figures_and_exact_money_as_csv_and_as_sheet(client, country):
    sign_in(client, country.province, "coordinator")
    plan = Plan.objects.get(place=country.place)
    BudgetLineFactory(
        plan=plan, title="=Halls", planned=100_001, spent=150_002, year=country.period.ends_on.year
    )
    assert BudgetLine.objects.count() == 1

    table = rows_of_csv(made(client, country, "id-monitoring.csv")[0])
    Workbook.objects.all().delete()
    sheet = openpyxl.load_workbook(
        io.BytesIO(made(client, country, "id-monitoring.xlsx")[0])
    ).worksheets[0]

    assert table[0][:2] == ["Kode wilayah", "Nama wilayah"]
    assert is_tag_row(table[1])
    body = {row[6] + row[7]: row for row in table[2:]}
    assert body["1.1People trained"][5:12] == [
        "kinerja", "1.1", "People trained", "", "", "12", "",
    ]  # fmt: skip
    assert body["'=Halls"][5:13] == [
        "anggaran", "", "'=Halls", "IDR", "1000.01", "1500.02", "-500.01", "150",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[3]][2:4] == ["Kode wilayah", "Nama wilayah"]
    money = next(row for row in sheet.iter_rows(min_row=5) if row[9].value == "=Halls")
    assert [cell.value for cell in money][10:14] == ["IDR", 1000.01, 1500.02, -500.01]
    assert money[9].data_type == "s"


def test_form_of_a_country_is_offered_to_that_country_only():
    assert "id-monitoring" in {one.key for one in profiles_for("id")}
    assert "id-monitoring" not in {one.key for one in profiles_for("my")}
