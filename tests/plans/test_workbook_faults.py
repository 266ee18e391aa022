"""Workbooks with something wrong in them: each fault is said with its cell, nothing is saved."""

import csv
import datetime as dt
import io
import time
import tracemalloc
import zipfile

import openpyxl
import pytest
from django.utils.translation import override

from tansiq.core.documents.package import WorkbookError
from tansiq.plans.models import ActionStatus, Version
from tansiq.plans.workbooks.reading import parse
from tansiq.plans.workbooks.taking import look_at
from tests.factories import NOON, PeriodFactory, ReportFactory
from tests.plans.workbooks import Edited, keys, made, make_city

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_city()


@pytest.fixture
def book(city, tmp_path):
    return Edited(made(city.scope(), tmp_path))


def looked_at(city, book):
    content = book if isinstance(book, bytes) else book.content()
    return look_at(parse(content, city.scope()), city.scope())


def problems(look):
    return {one.where: one.message for one in look.problems}


def written(look):
    """Return what a file changes, by column."""
    return {one.column: one.new for one in look.changes}


# -- values --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1500", "1500"),
        (1500.0, "1500"),
        ("١٬٥٠٠", "1500"),
        ("۱۵۰۰", "1500"),
        ("1,500", "1500"),
        ("1 500", "1500"),
        ("1\u202f500", "1500"),
        ("1'500", "1500"),
        (" 1500 ", "1500"),
        ("=1000+500", None),
    ],
)
def test_number_is_read_in_the_digits_and_marks_of_many(city, book, text, number):
    where = book.write("figures", keys(city)["figures"], "number", text)

    look = looked_at(city, book)

    if number is None:
        # Nobody has worked out the formula that this library wrote.
        assert problems(look) == {where: "This formula has no result yet. Write the value itself."}
    else:
        assert (problems(look), written(look)) == ({}, {"number": number})


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "١٬٥٠٠"),
        ("en", "1,500"),
        ("fil", "1,500"),
        ("fr", "1\u202f500"),
        ("id", "1.500"),
        ("ms", "1,500"),
    ],
)
def test_thousands_are_read_as_the_language_of_the_workbook_writes_them(
    city, tmp_path, language, text
):
    book = Edited(made(city.scope(), tmp_path, language=language))
    book.write("figures", keys(city)["figures"], "number", text)

    with override("fr"):
        assert written(looked_at(city, book)) == {"number": "1500"}


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("number", -5, "A figure here cannot be below zero."),
        ("number", "-5", "A figure here cannot be below zero."),
        ("number", 12.5, "Write a whole number."),
        ("number", "many", "Write the number alone, in digits, such as 1200."),
        ("number", dt.date(2026, 5, 1), "Write the number alone, in digits, such as 1200."),
        ("number", 1e300, "This number is too long. Check what you typed."),
        ("number", 10**14, "This number is too large. Check the unit."),
        ("as_of", 46156, "This is a number, not a day. Write the day as 2026-05-14, or give the "
                         "cell the format of a date."),
        ("as_of", "2026-02-30", "There is no such day. Check it."),
        ("as_of", "soon", "Write the day as year, month and day: 2026-05-14."),
        ("as_of", dt.date(2020, 1, 1), "The date of this figure is outside the reporting period."),
        ("note", "x" * 2001, "Ensure this value has at most 2000 characters (it has 2001)."),
        ("base", 5, "This indicator needs no base."),
    ],
)  # fmt: skip
def test_wrong_value_is_said_with_its_cell(city, book, column, value, said):
    where = book.write("figures", keys(city)["figures"], column, value)
    if not isinstance(value, dt.date):
        book.cell("figures", keys(city)["figures"], column).number_format = "General"

    assert problems(looked_at(city, book)) == {where: said}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-05-14", "2026-05-14"),
        ("2026/05/14", "2026-05-14"),
        ("14/05/2026", "2026-05-14"),
        ("05/14/2026", "2026-05-14"),
        ("14.5.2026", "2026-05-14"),
        ("14 May 2026", "2026-05-14"),
        ("May 14, 2026", "2026-05-14"),
        ("14 Mei 2026", "2026-05-14"),
        ("14 mai 2026", "2026-05-14"),
        ("١٤ مايو ٢٠٢٦", "2026-05-14"),
        ("١٤/٥/٢٠٢٦", "2026-05-14"),
        ("04/04/2026", "2026-04-04"),
        ("03/04/2026", None),
    ],
)
def test_day_as_text_is_read_where_it_can_be_only_one(city, book, text, day):
    where = book.write("milestones", keys(city)["milestones"], "reached_on", text)

    look = looked_at(city, book)

    if day is None:
        assert problems(look) == {
            where: "Is this 2026-04-03 or 2026-03-04? Write it as year, month and day, such as "
            "2026-04-03."
        }
    else:
        assert (problems(look), written(look)) == ({}, {"reached_on": day})


def test_rules_of_the_register_are_those_of_its_form(city, book):
    key = keys(city)["activities"]
    book.write("activities", key, "people_reached", 10)
    women = book.write("activities", key, "women_reached", 20)
    place = book.write("activities", key, "place", "Nowhere")
    look = looked_at(city, book)
    told = problems(look)

    assert told.pop(place).startswith("Choose one of these: Surabaya")
    assert told == {women: "More women and girls than people in all."}


def test_status_in_another_of_our_languages_is_understood(city, book):
    with override("fil"):
        word = str(ActionStatus.DELAYED.label)
    assert word.lower() != "delayed"
    book.write("actions", keys(city)["actions"], "status", word)
    where = book.write("activities", keys(city)["activities"], "audience", "martians")

    look = looked_at(city, book)

    assert written(look) == {"status": "delayed"}
    assert problems(look)[where].startswith("Choose one of these: Communities, ")


# -- the shape of a sheet --------------------------------------------------------------------------


def test_merged_cells_are_named(city, book):
    page, key = book.by_key["figures"], keys(city)["figures"]
    row = book.row("figures", key)
    columns = book.columns("figures")
    page.merge_cells(
        start_row=row, end_row=row, start_column=columns["number"], end_column=columns["base"]
    )

    [(where, said)] = problems(looked_at(city, book)).items()

    assert where.startswith("Figures!")
    assert ":" in where
    assert said.startswith("These cells are merged.")


@pytest.mark.parametrize("way", ["keys", "tags", "headings"])
def test_moved_columns_are_found_again(city, book, way):
    """Swap two columns; take away the hidden keys, and then the tags, too."""
    page, columns = book.by_key["figures"], book.columns("figures")
    book.write("figures", keys(city)["figures"], "number", 1500)
    one, two = columns["number"], columns["as_of"]
    for row in range(1, page.max_row + 1):
        first, second = page.cell(row, one), page.cell(row, two)
        formats = second.number_format, first.number_format
        first.value, second.value = second.value, first.value
        first.number_format, second.number_format = formats
    for row, gone in ((1, way != "keys"), (4, way == "headings")):
        for column in range(3, page.max_column + 1):
            page.cell(row, column).value = None if gone else page.cell(row, column).value

    look = looked_at(city, book)

    assert (problems(look), written(look)) == ({}, {"number": "1500"})


def test_missing_column_and_rows_are_said_and_change_nothing(city, book):
    page = book.by_key["figures"]
    page.delete_cols(book.columns("figures")["note"])
    page.delete_rows(book.row("figures", keys(city)["figures"]))

    look = looked_at(city, book)

    assert look.changes_nothing
    assert look.parsed.notices == [
        "Figures: these columns are gone, and their cells stay as they are: How good this figure "
        "is.",
        "Figures: 1 row was taken out of the sheet. Nothing is deleted by that.",
    ]


def test_doubled_foreign_and_new_rows_are_named(city, book):
    page, key = book.by_key["actions"], keys(city)["actions"]
    row = book.row("actions", key)
    for at, name in ((row + 1, key), (row + 2, "action:999999"), (row + 3, None)):
        for column in range(1, page.max_column + 1):
            page.cell(at, column).value = page.cell(row, column).value
        page.cell(at, 1).value = name

    assert set(problems(looked_at(city, book)).values()) == {
        f"This row is the same as row {row}. Take one of the two out.",
        "The hidden key of this row is not one of this workbook. Take the row out.",
        "No rows can be added on this sheet. Take this row out.",
    }


def test_error_in_a_cell_is_named(city, book):
    cell = book.cell("figures", keys(city)["figures"], "number")
    cell.value, cell.data_type = "#REF!", "e"

    assert problems(looked_at(city, book)) == {
        f"Figures!{cell.coordinate}": "This cell shows an error (#REF!). Write the value itself."
    }


def test_result_of_a_formula_is_taken_and_said(city, book):
    where = book.write("figures", keys(city)["figures"], "number", "=1000+500")
    content = with_result(book.content(), where.partition("!")[2], "1500")

    look = looked_at(city, content)

    assert (problems(look), written(look)) == ({}, {"number": "1500"})
    assert look.parsed.notices == [f"Formulas are not kept, only what they come to now: {where}."]


def with_result(content, address, value):
    """Put the result of a formula where a spreadsheet program would."""
    return changed(
        content,
        lambda name, text: (
            text.replace(b"<v></v>", b"<v>" + value.encode() + b"</v>").replace(
                b"<v />", b"<v>" + value.encode() + b"</v>"
            )
            if b"1000+500" in text
            else text
        ),
    )


def changed(content, change):
    """Return the package with its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


# -- another workbook ------------------------------------------------------------------------------


def test_sheet_from_another_workbook_is_named(city, book, tmp_path):
    other = make_city()
    foreign = Edited(made(other.scope(), tmp_path)).by_key["figures"]
    page = book.by_key["figures"]
    for row in foreign.iter_rows():
        for cell in row:
            page.cell(cell.row, cell.column).value = cell.value

    assert problems(looked_at(city, book)) == {
        "Figures": "This sheet comes from a workbook of another plan, place or period. Take it out."
    }


def test_workbook_of_another_plan_place_or_period_is_refused_by_name(city, tmp_path):
    later = PeriodFactory(
        plan=city.country.plan,
        starts_on=dt.date(2026, 7, 1),
        ends_on=dt.date(2026, 12, 31),
        due_on=dt.date(2027, 1, 30),
    )
    report = ReportFactory(period=later, place=city.country.place, owner=city.country.city)
    scope = city.scope()
    scope.period, scope.report = later, report
    other = make_city()

    for content, said in (
        (made(scope, tmp_path), "another period: .* · Surabaya · July.–.December 2026"),
        (made(other.scope(), tmp_path), "something else: "),
    ):
        with pytest.raises(WorkbookError, match=said):
            parse(content, city.scope())


def test_workbook_of_an_earlier_version_of_the_plan_is_refused(city, tmp_path):
    details = {"plan": city.plan, "content": "{}", "kept_at": NOON}
    Version.objects.create(number=1, **details)
    content = made(city.scope(), tmp_path)
    assert looked_at(city, content).changes_nothing
    Version.objects.create(number=2, **details)

    with pytest.raises(WorkbookError, match="The plan has a new version"):
        parse(content, city.scope())


@pytest.mark.parametrize("name", ["_tansiq", "_base"])
def test_workbook_with_changed_hidden_sheets_is_refused(city, book, name):
    page = book.book[name]
    page.cell(1, page.max_column).value = str(page.cell(1, page.max_column).value) + " "
    with pytest.raises(WorkbookError, match="hidden sheets"):
        parse(book.content(), city.scope())
    del book.book[name]
    with pytest.raises(WorkbookError, match="hidden sheets are missing"):
        parse(book.content(), city.scope())


# -- another kind of file --------------------------------------------------------------------------


def old_excel(*, password):
    name = "EncryptedPackage".encode("utf-16-le") if password else b"Workbook"
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + name + bytes(600)


def zip_of(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return out.getvalue()


def table():
    out = io.StringIO()
    csv.writer(out).writerows([["code", "figure"], ["1.1", "5"]])
    return out.getvalue().encode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (table(), "perhaps a CSV file"),
        (old_excel(password=True), "protected by a password"),
        (old_excel(password=False), "old Excel file"),
        (zip_of(readme="x"), "archive of something else"),
        (zip_of(mimetype="x", content_xml="x"), "OpenDocument"),
        (zip_of(**{"xl__workbook.bin": "x"}), "binary Excel"),
        (zip_of(**{"xl__vbaProject.bin": "x", "xl__workbook_xml": "x"}), "macros"),
        (zip_of(xl__workbook_xml="<not xml"), "damaged"),
        (zip_of(xl__workbook_xml="<!DOCTYPE x []><x/>"), "damaged"),
        (b"PK\x03\x04" + bytes(50), "damaged"),
    ],
)
def test_file_of_another_kind_is_refused_with_what_to_do(city, content, said):
    with pytest.raises(WorkbookError, match=said):
        parse(content, city.scope())


def test_file_with_macros_is_refused_even_if_all_else_is_right(city, book):
    content = io.BytesIO(book.content())
    with zipfile.ZipFile(content, "a") as package:
        package.writestr("xl/vbaProject.bin", b"x")

    with pytest.raises(WorkbookError, match="macros"):
        parse(content.getvalue(), city.scope())


@pytest.mark.slow
def test_two_hundred_megabytes_of_blank_rows_are_refused_quickly_in_little_memory(city, book):
    blank = b'<row spans="1:12" ht="15" customHeight="1"></row>' * 4_300_000
    content = changed(
        book.content(),
        lambda name, text: (
            text.replace(b"</sheetData>", blank + b"</sheetData>")
            if name.endswith("sheet4.xml")
            else text
        ),
    )
    content = packed(content)
    assert len(blank) > 200_000_000
    tracemalloc.start()
    begun = time.process_time()

    with pytest.raises(WorkbookError, match="empty rows"):
        parse(content, city.scope())

    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(content) < 5_000_000
    assert time.process_time() - begun < 30
    assert peak < 20_000_000


def packed(content):
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return out.getvalue()


@pytest.mark.parametrize("address", ["XFD9", "C1048576"])
def test_cell_far_away_is_refused_before_a_table_is_made_of_it(city, book, address):
    book.by_key["figures"][address] = 1

    with pytest.raises(WorkbookError, match=f"reaches as far as cell {address}"):
        parse(book.content(), city.scope())


def test_formula_that_somebody_wrote_as_a_title_goes_out_as_text(city, tmp_path):
    city.things["activity"].title = '=HYPERLINK("http://x","y")'
    city.things["activity"].partners = "@SUM(1)"
    city.things["activity"].save()

    sheet = Edited(made(city.scope(), tmp_path))

    cells = [
        sheet.cell("activities", keys(city)["activities"], one) for one in ("title", "partners")
    ]
    assert [(one.data_type, one.value) for one in cells] == [
        ("s", '=HYPERLINK("http://x","y")'),
        ("s", "@SUM(1)"),
    ]
    assert not openpyxl.load_workbook(io.BytesIO(sheet.content())).defined_names
