"""The 4Ws workbook: given out, filled in, looked at cell by cell, taken whole or not at all."""

import datetime as dt
import io
import shutil

import pytest
from django.urls import reverse
from django.utils.translation import override

from tansiq.access.models import LogEntry
from tansiq.core.documents.package import WorkbookError
from tansiq.incidents.forms.fourws import look_at
from tansiq.incidents.fourws.making import make
from tansiq.incidents.fourws.reading import Parsed, parse
from tansiq.incidents.models import Service
from tests.factories import (
    NOON,
    TODAY,
    IncidentFactory,
    PlaceFactory,
    ServiceFactory,
    actor_of,
)
from tests.people import sign_in
from tests.plans.test_workbook_libreoffice import saved_by_libreoffice
from tests.plans.workbooks import Edited

pytestmark = pytest.mark.django_db
SHEET = "services"


def given_out(room, *, language="en"):
    with override(language):
        return make(room, actor_of(room.owner), author="Desk", at=NOON)


def looked(room, content):
    parsed = parse(content, room)
    return look_at(parsed, room, actor=actor_of(room.owner), today=TODAY)


def key(service):
    return f"service:{service.pk}"


def filled(book, place, **changes):
    row = book.empty_row(SHEET)
    values = {
        "who": "Red Crescent", "kind": "Psychosocial support", "place": place.code,
        "activity": "Psychological first aid", "starts_on": dt.date(2026, 5, 4), "capacity": 12,
        "languages": "ar, en", "is_accessible": "Yes",
    }  # fmt: skip
    return {name: book.write(SHEET, row, name, value) for name, value in (values | changes).items()}


def test_an_unchanged_workbook_changes_nothing():
    service = ServiceFactory(languages=["ar", "en"], note="Ring the bell", hours="8–16")

    look = looked(service.incident, given_out(service.incident))

    assert (look.problems, look.cells, look.rows, look.changes_nothing) == ([], [], [], True)


def test_what_was_filled_in_is_shown_cell_by_cell_and_nothing_is_saved_by_looking():
    service = ServiceFactory()
    room = service.incident
    book = Edited(given_out(room))
    where = book.write(SHEET, key(service), "capacity", 30)
    book.write(SHEET, key(service), "kind", "Food and water")
    filled(book, room.place)

    look = looked(room, book.content())

    assert look.problems == []
    assert [(one.before, one.after) for one in look.cells] == [
        ("Medical help", "Food and water"),
        ("20", "30"),
    ]
    assert where in {one.where for one in look.cells}
    assert "Red Crescent" in {one.after for one in look.rows[0]}
    service.refresh_from_db()
    assert (service.capacity, Service.objects.count()) == (20, 1)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("capacity", "many", "number"),
        ("capacity", 5, "More places are taken than there are"),
        ("starts_on", "04/05/2026", "Is this"),
        ("starts_on", "soon", "Write the day"),
        ("ends_on", dt.date(2020, 1, 1), "ends before it starts"),
        ("kind", "Massage", "Choose one of these"),
        ("place", "xx-999", "No area of this room"),
        ("languages", "klingon", "klingon"),
        ("note", "patient aged 12 waits", "Boards hold counts only"),
        ("hours", "ask Pak Budi", "names a person"),
        ("who", "", "Choose the organisation"),
    ],
)
def test_what_cannot_be_taken_is_named_by_its_cell(column, value, said):
    service = ServiceFactory(taken=10)
    book = Edited(given_out(service.incident))
    where = book.write(SHEET, key(service), column, value)

    look = looked(service.incident, book.content())

    assert [one for one, _told in look.problems] == [where]
    assert said in look.problems[0][1]


def test_formulas_give_what_they_come_to_and_without_a_result_are_refused():
    service = ServiceFactory()
    book = Edited(given_out(service.incident))
    where = book.write(SHEET, key(service), "capacity", "=10+20")

    look = looked(service.incident, book.content())

    assert look.problems == [(where, "This formula has no result yet. Write the value itself.")]


def test_what_somebody_changed_meanwhile_is_not_covered():
    service = ServiceFactory()
    book = Edited(given_out(service.incident))
    where = book.write(SHEET, key(service), "capacity", 30)
    Service.objects.update(capacity=50, revision=2)

    look = looked(service.incident, book.content())

    assert [one for one, _told in look.problems] == [where]
    assert "50" in look.problems[0][1]


def test_a_workbook_of_another_room_or_with_a_changed_seal_is_refused():
    room, other = IncidentFactory(), IncidentFactory()
    content = given_out(room)
    with pytest.raises(WorkbookError, match="another incident"):
        parse(content, other)

    book = Edited(content)
    book.book["_tansiq"].cell(1, 1).value = "eyJyb29tIjo5fQ:forged"
    with pytest.raises(WorkbookError, match="hidden sheets"):
        parse(book.content(), room)
    with pytest.raises(WorkbookError):
        parse(b"id,name\n1,a\n", room)


def test_a_row_that_is_twice_is_refused():
    service = ServiceFactory()
    book = Edited(given_out(service.incident))
    page = book.by_key[SHEET]
    row = book.empty_row(SHEET)
    for cell in page[book.row(SHEET, key(service))]:
        page.cell(row, cell.column).value = cell.value

    look = looked(service.incident, book.content())

    assert len(look.problems) == 1


def test_merged_cells_are_refused():
    service = ServiceFactory()
    book = Edited(given_out(service.incident))
    row = book.row(SHEET, key(service))
    book.by_key[SHEET].merge_cells(start_row=row, end_row=row, start_column=3, end_column=4)

    assert "merged" in looked(service.incident, book.content()).problems[0][1]


@pytest.mark.parametrize("language", ["ar", "fr", "id"])
def test_words_of_lists_are_read_in_the_language_of_the_workbook(language):
    service = ServiceFactory(is_accessible=True)

    look = looked(service.incident, given_out(service.incident, language=language))

    assert (look.problems, look.changes_nothing) == ([], True)


def test_a_file_is_the_same_for_a_reader_of_another_language():
    room = IncidentFactory(owner__names={"ar": "بلدية"})
    ServiceFactory(incident=room, body="", organisation=room.owner)

    look = looked(room, given_out(room, language="ar"))

    assert (look.problems, look.changes_nothing) == ([], True)


def test_what_was_read_can_be_kept_between_preview_and_confirmation():
    room = IncidentFactory()
    book = Edited(given_out(room))
    filled(book, room.place)
    parsed = parse(book.content(), room)

    again = Parsed.from_text(parsed.as_text())

    assert again.fingerprint() == parsed.fingerprint()
    assert again.added == parsed.added


# --- pages


def at(name, room):
    return reverse(f"incidents:{name}", args=[room.pk])


def sent(client, room, content):
    file = io.BytesIO(content)
    file.name = "filled.xlsx"
    return client.post(at("fourws", room), {"file": file})


def test_a_workbook_goes_out_is_filled_in_and_saved_on_confirmation(client):
    service = ServiceFactory()
    room = service.incident
    area = PlaceFactory(parent=room.place)
    sign_in(client, room.owner)
    book = Edited(client.get(at("fourws_file", room)).content)
    book.write(SHEET, key(service), "capacity", 30)
    filled(book, area)

    preview = sent(client, room, book.content())
    assert (preview.status_code, Service.objects.count()) == (200, 1)
    saved = client.post(at("fourws_save", room), {"seen": preview.context["seen"]})

    assert saved.status_code == 302
    service.refresh_from_db()
    made = Service.objects.exclude(pk=service.pk).get()
    assert service.capacity == 30
    assert (made.body, made.kind, made.place, made.languages, made.is_accessible) == (
        "Red Crescent", "psychosocial", area, ["ar", "en"], True,
    )  # fmt: skip
    rules = set(LogEntry.objects.values_list("rule", flat=True))
    assert {"export:incidents.fourws", "incidents.fourws_take"} <= rules


def test_an_organisation_of_the_room_is_known_by_its_name(client):
    room = IncidentFactory()
    sign_in(client, room.owner)
    book = Edited(client.get(at("fourws_file", room)).content)
    filled(book, room.place, who=str(room.owner).upper())

    preview = sent(client, room, book.content())
    client.post(at("fourws_save", room), {"seen": preview.context["seen"]})

    assert Service.objects.get().organisation == room.owner


def test_confirming_twice_or_something_forged_saves_nothing_more(client):
    room = IncidentFactory()
    sign_in(client, room.owner)
    service = ServiceFactory(incident=room)
    book = Edited(client.get(at("fourws_file", room)).content)
    book.write(SHEET, key(service), "capacity", 30)
    preview = sent(client, room, book.content())

    forged = client.post(at("fourws_save", room), {"seen": preview.context["seen"] + "x"})
    for _twice in range(2):
        client.post(at("fourws_save", room), {"seen": preview.context["seen"]})

    service.refresh_from_db()
    assert (forged.status_code, service.capacity, service.revision) == (302, 30, 2)


def test_a_workbook_of_an_exercise_says_so_and_red_never_leaves(client):
    exercise = IncidentFactory(is_exercise=True)
    sign_in(client, exercise.owner)
    answer = client.get(at("fourws_file", exercise))
    front = Edited(answer.content).book.worksheets[0]
    assert front.cell(1, 1).value.startswith("[EXERCISE]")
    assert "EXERCISE" in answer["Content-Disposition"]

    red = IncidentFactory(owner=exercise.owner, marking="red")
    member = sign_in(client, exercise.owner)
    red.named_people.add(member)
    assert client.get(at("fourws_file", red)).status_code == 403


def test_who_only_reads_takes_out_and_sends_nothing_in(client):
    room = IncidentFactory()
    sign_in(client, room.owner, "viewer")

    assert client.get(at("fourws_file", room)).status_code == 200
    assert client.get(at("fourws", room)).status_code == 403


# --- LibreOffice


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed.")
@pytest.mark.parametrize("formats", [["xlsx"], ["ods", "xlsx"]], ids="-".join)
def test_a_workbook_opened_and_saved_by_libreoffice_says_the_same(tmp_path, formats):
    service = ServiceFactory(languages=["ar"], note="=1+1", hours="1-2", ends_on=TODAY)
    room = service.incident
    content = given_out(room, language="ar")
    unchanged = looked(room, saved_by_libreoffice(content, tmp_path, *formats))
    assert (unchanged.problems, unchanged.cells, unchanged.rows) == ([], [], [])

    book = Edited(given_out(room))
    book.write(SHEET, key(service), "capacity", "=10+25")
    filled(book, room.place)
    look = looked(room, saved_by_libreoffice(book.content(), tmp_path, *formats))

    assert look.problems == []
    assert [(one.before, one.after) for one in look.cells] == [("20", "35")]
    assert len(look.rows) == 1
