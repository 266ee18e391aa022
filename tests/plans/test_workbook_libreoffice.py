"""A workbook that was opened and saved by LibreOffice says the same as before."""

import datetime as dt
import shutil
import subprocess

import pytest

from tansiq.plans.workbooks.reading import parse
from tansiq.plans.workbooks.taking import look_at
from tests.plans.workbooks import Edited, keys, made, make_city

SOFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed."),
]


def saved_by_libreoffice(content, folder, *formats):
    """Open a file, save it in these formats one after the other, and return the last."""
    path = folder / "file.xlsx"
    path.write_bytes(content)
    for number, name in enumerate(formats):
        out = folder / f"step-{number}"
        command = [
            SOFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless",
            "--convert-to", name, "--outdir", str(out), str(path),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=240)  # noqa: S603 -- a fixed command
        path = out / f"file.{name}"
    return path.read_bytes()


@pytest.mark.parametrize("formats", [["xlsx"], ["ods", "xlsx"]], ids="-".join)
@pytest.mark.parametrize("language", ["ar", "id"])
def test_unchanged_workbook_saved_by_libreoffice_changes_nothing(tmp_path, language, formats):
    city = make_city(
        narrative="Two circles.\n\nتدريب ٤٠ معلمًا\n=1+1", blockers="+62 no bus", wishes="1-2"
    )
    city.things["action"].starts_on = dt.date(2026, 1, 31)
    city.things["action"].save()

    content = saved_by_libreoffice(
        made(city.scope(), tmp_path, language=language), tmp_path, *formats
    )
    parsed = parse(content, city.scope())

    assert (parsed.touched, parsed.added, list(parsed.problems), parsed.notices) == ([], [], [], [])


def test_what_was_filled_in_comes_through_libreoffice(tmp_path):
    city = make_city()
    book = Edited(made(city.scope(), tmp_path))
    key = keys(city)
    book.write("figures", key["figures"], "number", "=1000+500")
    book.write("milestones", key["milestones"], "reached_on", dt.date(2026, 6, 1))
    book.write("money", key["money"], "spent", 0.1)
    row = book.empty_row("activities")
    for column, value in {
        "title": "Training", "place": "Surabaya", "starts_on": dt.date(2026, 5, 14),
        "ends_on": dt.date(2026, 5, 15), "audience": "Communities", "theme": "Something else",
        "funding": "City budget",
    }.items():  # fmt: skip
        book.write("activities", row, column, value)

    look = look_at(
        parse(saved_by_libreoffice(book.content(), tmp_path, "xlsx"), city.scope()), city.scope()
    )

    assert list(look.problems) == []
    # LibreOffice works out the formula; the file then holds what it comes to.
    assert {one.column: one.new for one in look.changes} == {
        "number": "1500",
        "reached_on": "2026-06-01",
        "spent": "0.1",
    }
    assert [one.title for one in look.steps.new_activities] == ["Training"]
