"""A half-year of a city, from the workbook that goes out to the report of the nation, by hand.

The pages are walked as people walk them; the workbook is opened and saved by an office program on
the way, and every document that comes out is read again.
"""

import io
import shutil
import subprocess
import zipfile

import pytest
from django.urls import reverse

from tansiq.plans.models import Edition, Report, RollUp
from tests.people import sign_in
from tests.plans.test_workbook_pages import confirm, looked_at, taken_out
from tests.plans.workbooks import Edited, keys, make_city

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.usefixtures("in_july"),
    pytest.mark.skipif(
        not shutil.which("soffice"),
        reason="LibreOffice is not installed here (Debian: apt-get install libreoffice-calc-nogui)",
    ),
]


def saved_in_an_office(content, folder):
    """Return the workbook as LibreOffice writes it after opening it."""
    source = folder / "filled.xlsx"
    source.write_bytes(content)
    target = folder / "saved"
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(target), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603 -- our own
    return (target / "filled.xlsx").read_bytes()


def text_of(content, kind, folder):
    """Return the words of a document, as a reader program finds them."""
    if kind == "docx":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.read("word/document.xml").decode()
    path = folder / "report.pdf"
    path.write_bytes(content)
    command = ["pdftotext", "-layout", str(path), "-"]
    found = subprocess.run(command, check=True, capture_output=True, timeout=60)  # noqa: S603 -- our own
    return found.stdout.decode()


def test_half_year_goes_from_the_workbook_to_the_report_of_the_nation(client, tmp_path):
    city = make_city()
    country = city.country

    # The city fills in its workbook and sends it in.
    sign_in(client, country.city, "coordinator")
    book = Edited(taken_out(client, city))
    key = keys(city)
    book.write("figures", key["figures"], "number", 1234)
    book.write("words", key["words"], "text", "Five circles of mothers met.")
    filled = saved_in_an_office(book.content(), tmp_path)
    page = looked_at(client, city, filled)
    assert len(page.context["changes"]) == 2
    assert confirm(client, page).status_code == 200
    sent = client.post(reverse("plans:report_send", args=[city.report.pk]))
    assert sent.url == reverse("plans:report_receipt", args=[city.report.pk])

    # The province accepts it; the figure counts for every level above.
    sign_in(client, country.province, "coordinator")
    accepted = client.post(
        reverse("plans:report_accept", args=[city.report.pk]), {"answer": "Thank you. Go on."}
    )
    assert accepted.status_code == 302
    assert Report.objects.get(pk=city.report.pk).status == "accepted"
    rolled_up = RollUp.objects.filter(indicator=country.people, part="", period=country.period)
    totals = dict(rolled_up.values_list("place__name", "total"))
    assert totals == {"Surabaya": 1234, "East Java": 1234, "Indonesia": 1234}

    # The nation takes the figures, writes its words, and gives out the report.
    sign_in(client, country.nation, "lead")
    client.post(reverse("plans:national_start", args=[country.period.pk]))
    edition = Edition.objects.get()
    ask = reverse("plans:edition_document", args=[edition.pk])
    digits = {"ar": "١٬٢٣٤", "en": "1,234", "id": "1.234"}
    for kind in ("pdf", "docx"):
        for language, figure in digits.items():
            answer = client.post(ask, {"language": language, "kind": kind})
            content = b"".join(answer) if answer.streaming else answer.content
            words = text_of(content, kind, tmp_path)
            assert figure in words, (kind, language)
            assert "RAN PE" in words, (kind, language)
