"""The pages of a workbook: taken out, sent in, looked at, confirmed, and written down."""

import datetime as dt
import io

import openpyxl
import pytest
from django.urls import reverse

from tansiq.access.models import LogEntry
from tansiq.plans.models import Activity, Datapoint, Report, Workbook
from tests.people import sign_in
from tests.plans.workbooks import Edited, keys, made, make_city, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_july")]


def taken_out(client, city):
    answer = client.get(reverse("plans:report_excel_file", args=[city.report.pk]))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def confirm(client, page, **choices):
    """Press the button below a preview."""
    workbook = page.context["workbook"]
    data = {"seen": page.context["seen"]}
    data |= {f"choice:{name}": value for name, value in choices.items()}
    return client.post(reverse("plans:workbook_confirm", args=[workbook.pk]), data, follow=True)


def looked_at(client, city, content):
    """Send a file in and return the page that shows what it changes."""
    sent = send(client, city, content)
    assert sent.status_code == 302, sent.context["form"].errors
    return client.get(sent.url)


def test_workbook_goes_out_comes_in_and_is_saved_once_confirmed(client):
    city = make_city()
    person = sign_in(client, city.country.city, "coordinator")
    book = Edited(taken_out(client, city))
    key = keys(city)
    book.write("figures", key["figures"], "number", 1500)
    book.write("actions", key["actions"], "status", "At risk")
    book.write("words", key["words"], "text", "We trained.")

    page = looked_at(client, city, book.content())

    assert len(page.context["changes"]) == 3
    assert Datapoint.objects.get().amount == 120
    done = confirm(client, page)
    assert done.status_code == 200
    assert Datapoint.objects.get().amount == 1500
    assert Report.objects.get().narrative == "We trained."
    city.things["action"].refresh_from_db()
    assert city.things["action"].status == "at_risk"
    entry = LogEntry.objects.get(rule="plans.workbook_take")
    assert (entry.person_id, entry.detail["cells"]) == (person.pk, 3)
    assert LogEntry.objects.get(rule="export:plans.workbook").detail["rows"]["figures"] == 2


def test_same_file_sent_again_changes_nothing(client):
    city = make_city()
    sign_in(client, city.country.city, "coordinator")
    book = Edited(taken_out(client, city))
    book.write("figures", keys(city)["figures"], "number", 1500)
    row = book.empty_row("activities")
    for column, value in NEW.items():
        book.write("activities", row, column, value)
    confirm(client, looked_at(client, city, book.content()))
    assert Activity.objects.count() == 2

    page = looked_at(client, city, book.content())

    assert page.context["look"].changes_nothing
    assert "changes nothing" in page.content.decode()
    assert Activity.objects.count() == 2


NEW = {
    "title": "Training of village heads",
    "place": "Surabaya",
    "starts_on": dt.date(2026, 5, 14),
    "ends_on": "15.05.2026",
    "audience": "Communities",
    "theme": "Something else",
    "funding": "City budget",
    "amount": 1500000,
    "currency": "IDR",
    "people_reached": "١٬٢٠٠",
    "women_reached": 700,
}


def test_new_row_is_registered_by_the_place_under_its_plan(client):
    city = make_city()
    sign_in(client, city.country.city, "contributor")
    book = Edited(taken_out(client, city))
    row = book.empty_row("activities")
    for column, value in NEW.items():
        book.write("activities", row, column, value)

    confirm(client, looked_at(client, city, book.content()))

    activity = Activity.objects.get(title="Training of village heads")
    assert (activity.owner, activity.plan, activity.place) == (
        city.country.city,
        city.plan,
        city.country.place,
    )
    assert (activity.ends_on, activity.people_reached, activity.amount) == (
        dt.date(2026, 5, 15),
        1200,
        1500000,
    )
    assert (activity.status, activity.marking) == ("not_started", "green")


def test_two_peoples_files_merge_by_cell_and_a_conflict_is_shown(client):
    city = make_city()
    sign_in(client, city.country.city, "coordinator")
    key = keys(city)
    first, second = (Edited(taken_out(client, city)) for _n in range(2))
    first.write("figures", key["figures"], "number", 1500)
    first.write("words", key["words"], "text", "By the first.")
    second.write("figures", key["figures"], "number", 1700)
    second.write("actions", key["actions"], "status", "Done")
    confirm(client, looked_at(client, city, first.content()))

    page = looked_at(client, city, second.content())

    [conflict] = page.context["conflicts"]
    assert (conflict.base, conflict.current, conflict.new) == ("120", "1,500", "1,700")
    assert [one.new for one in page.context["changes"]] == ["Done"]
    assert confirm(client, page).status_code == 409
    assert Datapoint.objects.get().amount == 1500
    confirm(client, page, **{conflict.name: "mine"})
    assert Datapoint.objects.get().amount == 1700
    assert Report.objects.get().narrative == "By the first."


def test_theirs_leaves_the_cell_and_takes_the_rest(client):
    city = make_city()
    sign_in(client, city.country.city, "coordinator")
    key = keys(city)
    book = Edited(taken_out(client, city))
    book.write("figures", key["figures"], "number", 1700)
    book.write("actions", key["actions"], "status", "Done")
    Datapoint.objects.update(amount=99)

    page = looked_at(client, city, book.content())
    confirm(client, page, **{page.context["conflicts"][0].name: "theirs"})

    assert Datapoint.objects.get().amount == 99
    city.things["action"].refresh_from_db()
    assert city.things["action"].status == "done"


def test_what_moved_between_preview_and_confirmation_is_shown_anew(client):
    city = make_city()
    sign_in(client, city.country.city, "coordinator")
    book = Edited(taken_out(client, city))
    book.write("figures", keys(city)["figures"], "number", 1700)
    page = looked_at(client, city, book.content())
    Datapoint.objects.update(amount=99)

    again = confirm(client, page)

    assert again.status_code == 409
    assert [one.current for one in again.context["conflicts"]] == ["99"]
    assert Datapoint.objects.get().amount == 99


def test_fault_in_the_middle_leaves_everything_as_it_was(client, monkeypatch):
    city = make_city()
    sign_in(client, city.country.city, "coordinator")
    key = keys(city)
    book = Edited(taken_out(client, city))
    book.write("actions", key["actions"], "status", "Done")
    book.write("figures", key["figures"], "number", 1700)
    row = book.empty_row("activities")
    for column, value in NEW.items():
        book.write("activities", row, column, value)
    page = looked_at(client, city, book.content())

    def breaks(*_things, **_more):
        raise MemoryError

    monkeypatch.setattr("tansiq.plans.actions.workbooks.register_activities", breaks)
    before = list(LogEntry.objects.values_list("rule", flat=True))
    with pytest.raises(MemoryError):
        confirm(client, page)

    city.things["action"].refresh_from_db()
    assert city.things["action"].status == "not_started"
    assert Datapoint.objects.get().amount == 120
    assert list(LogEntry.objects.values_list("rule", flat=True)) == before
    assert Workbook.objects.get(way="in").state == "ready"


def test_viewer_takes_a_locked_workbook_and_sends_none(client):
    city = make_city()
    sign_in(client, city.country.city, "viewer")
    content = taken_out(client, city)
    pages = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    key = keys(city)["figures"]

    assert all(page.protection.sheet for page in pages if page.sheet_state == "visible")
    assert Edited(content).cell("figures", key, "number").protection.locked
    assert send(client, city, content).status_code == 403


def test_cells_that_are_not_the_senders_are_refused_with_the_reason(client, tmp_path):
    city = make_city()
    sign_in(client, city.country.city, "contributor")
    book = Edited(made(city.scope(), tmp_path))
    where = book.write("actions", keys(city)["actions"], "starts_on", dt.date(2026, 2, 1))

    page = looked_at(client, city, book.content())

    assert [(one.where, one.message) for one in page.context["look"].problems] == [
        (where, "Only a coordinator of the organisation that owns the plan can change it.")
    ]
    assert confirm(client, page).status_code == 409


def test_workbook_of_somebody_else_is_not_there(client):
    city = make_city()
    sign_in(client, city.country.city, "coordinator")
    looked_at(client, city, taken_out(client, city))
    sign_in(client, city.country.city, "coordinator")

    workbook = Workbook.objects.get()
    assert client.get(reverse("plans:workbook", args=[workbook.pk])).status_code == 404


def test_red_report_never_leaves_as_a_file(client):
    city = make_city()
    person = sign_in(client, city.country.city, "coordinator")
    Report.objects.update(marking="red")
    city.report.named_people.add(person)

    for name in ("report_excel", "report_excel_file"):
        assert client.get(reverse(f"plans:{name}", args=[city.report.pk])).status_code == 403


def test_red_activity_is_not_in_the_workbook_and_the_strictest_marking_is_on_each_sheet(client):
    city = make_city()
    sign_in(client, city.country.city, "coordinator")
    city.things["activity"].marking = "red"
    city.things["activity"].save()
    Report.objects.update(marking="amber+strict")

    book = Edited(taken_out(client, city))

    with pytest.raises(StopIteration):
        book.row("activities", keys(city)["activities"])
    pages = [one for one in book.book.worksheets if one.sheet_state == "visible"]
    assert len(pages) == 7
    assert {one.oddHeader.center.text for one in pages} == {"TLP:AMBER+STRICT"}


def test_plan_has_a_workbook_of_its_own_and_names_those_of_its_reports(client):
    city = make_city()
    sign_in(client, city.country.city, "contributor")
    where = [city.plan.country.code, city.plan.slug]

    page = client.get(reverse("plans:excel", args=where))
    file = client.get(reverse("plans:excel_file", args=where))
    book = Edited(b"".join(file.streaming_content))
    book.write("actions", keys(city)["actions"], "status", "Done")
    upload = io.BytesIO(book.content())
    upload.name = "plan.xlsx"
    look = client.post(reverse("plans:excel", args=where), {"file": upload}, follow=True)

    assert [one.pk for one in page.context["reports"]] == [city.report.pk]
    assert set(book.by_key) == {"actions", "milestones", "money", "activities"}
    assert [one.new for one in look.context["changes"]] == ["Done"]
    done = confirm(client, look)
    assert client.get(done.context["back_url"]).status_code == 200
    assert done.context["log_url"] == ""


def test_who_may_read_the_log_is_led_there(client):
    city = make_city()
    sign_in(client, city.country.city, "administrator")
    book = Edited(taken_out(client, city))
    book.write("actions", keys(city)["actions"], "status", "Done")

    done = confirm(client, looked_at(client, city, book.content()))

    assert client.get(done.context["log_url"]).status_code == 200


def test_workbook_of_a_report_is_no_workbook_of_the_plan(client):
    city = make_city()
    sign_in(client, city.country.city, "contributor")
    file = io.BytesIO(taken_out(client, city))
    file.name = "report.xlsx"

    url = reverse("plans:excel", args=[city.plan.country.code, city.plan.slug])
    page = client.post(url, {"file": file})

    assert page.status_code == 422
    assert "This workbook is of another period" in str(page.context["form"].errors)


def test_what_was_looked_at_can_be_dropped(client):
    city = make_city()
    sign_in(client, city.country.city, "contributor")
    page = looked_at(client, city, taken_out(client, city))

    url = reverse("plans:workbook_drop", args=[page.context["workbook"].pk])
    assert client.post(url).status_code == 302
    assert not Workbook.objects.exists()
