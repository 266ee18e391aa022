import csv
import json
import re
import resource
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import openpyxl
import polars as pl
import pytest

from chorus import picture as parts
from chorus.report import (
    LANGUAGES,
    LanguageError,
    ReportError,
    UnsafePictureError,
    document,
    page,
    schema,
    write_report,
)
from chorus.report.document import schema_text
from chorus.report.wording import entries
from tests.chorus import pictures

ROOT = Path(__file__).parents[2]
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
# What no number of the invented picture looks like, in any way of writing it.
PLANTED = 7351


class Elements(HTMLParser):
    """Collects which elements a page has, and where its links and sources point."""

    VOID = ("meta", "link", "br", "img", "input", "hr")

    def __init__(self):
        super().__init__()
        self.names, self.targets, self.open = [], [], []

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        self.targets += [value for name, value in attrs if name in {"href", "src"}]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.names.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def elements(html):
    found = Elements()
    found.feed(html)
    assert found.open == []
    return found


def every_byte(folder):
    """All files of a report as text, with workbooks unpacked."""
    said = []
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path)
            said += [str(value) for sheet in book for row in sheet.values for value in row]
        elif path.suffix == ".parquet":
            said.append(str(pl.read_parquet(path).rows()))
        elif path.is_file():
            said.append(path.read_text("utf-8"))
    return "\n".join(said)


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading, tags, *rows = csv.reader(file)
    return heading, tags, [dict(zip(tags, row, strict=True)) for row in rows]


# --- words


def placeholders(entry):
    texts = entry.values() if isinstance(entry, dict) else [entry]
    return {frozenset(PLACEHOLDER.findall(text)) - {"count"} for text in texts}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_words_with_the_same_placeholders(language):
    english, theirs = entries("en"), entries(language)

    assert {name: set(section) for name, section in theirs.items()} == {
        name: set(section) for name, section in english.items()
    }
    for name, section in english.items():
        for key, entry in section.items():
            assert placeholders(theirs[name][key]) == placeholders(entry), f"{name}.{key}"


def test_arabic_chooses_among_its_six_plural_forms():
    from chorus.report.wording import Words  # noqa: PLC0415 -- used here alone

    words = Words("ar")

    said = {words("say.posts", count=count) for count in (0, 1, 2, 3, 11, 100)}

    assert len(said) == 6


def test_a_language_without_words_is_refused_with_those_there_are():
    with pytest.raises(LanguageError, match="Choose among en, ar"):
        page(pictures.full(), "xx")


# --- the page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", [pictures.full, pictures.early, pictures.empty])
def test_page_is_whole_and_needs_nothing_but_itself(language, make):
    html = page(make(), language)

    found = elements(html)
    assert {"script", "link", "img", "iframe"}.isdisjoint(found.names)
    assert all(target.startswith("#") for target in found.targets)
    assert "url(http" not in html
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in html


def test_links_within_the_page_lead_somewhere():
    html = page(pictures.full(), "en")

    targets = {target[1:] for target in elements(html).targets}

    assert targets <= set(re.findall(r'id="([^"]+)"', html))


def test_page_escapes_what_people_wrote():
    bad = '<img src=x onerror="alert(1)">'
    tags = (pictures.tag(bad, 500), pictures.tag("'\"><b>", 400))
    shown = replace(pictures.claims()[0], text=f"{bad} & more")
    busy = pictures.full(
        tags=tags,
        claims=(shown,),
        bursts=(replace(pictures.bursts()[1], name=bad),),
        communities=(replace(pictures.communities()[0], tags=(bad,)),),
        advice=(parts.Advice("amplify", tags=(bad,)),),
        incident=replace(pictures.full().incident, name=bad),
        place_names=(parts.PlaceName("salora", "city", (("en", bad),)),),
        cards=(parts.Card(bad, bad, bad, (bad,), (), (bad,)),),
    )

    html = page(busy, "en")

    assert "img" not in elements(html).names
    assert bad not in html
    assert "onerror=" not in re.sub(r"&lt;.*?&gt;", "", html)


def test_hidden_figures_are_said_and_never_zero():
    html = page(pictures.early(), "en")

    needs = html[html.index('id="needs"') : html.index('id="claims"')]
    assert needs.count("&lt;10 people") == len(pictures.NEEDS)
    assert ">0<" not in needs


def test_do_first_puts_the_clock_that_ran_out_on_top():
    html = page(pictures.full(), "en")

    first = html.index('href="#claim-4"')
    assert first < html.index('href="#claim-2"') < html.index('href="#hostility"')


def test_text_of_a_claim_stands_only_where_the_picture_has_it():
    html = page(pictures.full(), "en")

    assert html.count("<blockquote") == 1
    assert html.count("Text not shown: fewer than 10 people wrote exactly this.") == 3


def test_hours_are_those_of_the_incident():
    assert "13 May 2026, 07:30" in page(pictures.full(), "en")
    moved = replace(pictures.full().incident, zone="+03:00")
    assert "13 May 2026, 03:30" in page(pictures.full(incident=moved), "en")


# --- nothing hidden leaves


def planted():
    """A cell that ought to be hidden, with a number of a single person in it."""
    return parts.Cell("information.blood", posts=None, spread=PLANTED)


@pytest.mark.parametrize("where", ["needs", "solidarity", "series", "places", "languages"])
def test_a_hidden_figure_that_still_carries_a_number_stops_the_report(where, tmp_path):
    picture = pictures.full(**{where: parts.Table((planted(),))})

    with pytest.raises(UnsafePictureError, match="Nothing was written"):
        write_report(picture, tmp_path / "report", languages=LANGUAGES)

    assert list(tmp_path.iterdir()) == []


def test_a_figure_of_too_few_people_stops_the_report(tmp_path):
    few = parts.Cell("information.blood", posts=PLANTED, authors=5)

    with pytest.raises(UnsafePictureError, match="fewer than 10 people"):
        write_report(pictures.full(needs=parts.Table((few,))), tmp_path / "report")

    assert list(tmp_path.iterdir()) == []


def test_a_burst_that_tells_no_authors_passes_and_one_of_too_few_stops_the_report(tmp_path):
    burst = pictures.bursts()[1]

    write_report(pictures.full(bursts=(replace(burst, authors=None),)), tmp_path)

    with pytest.raises(UnsafePictureError, match="fewer than 10 people"):
        write_report(pictures.full(bursts=(replace(burst, authors=5),)), tmp_path)


def test_hidden_cells_have_no_number_in_any_file(tmp_path):
    hidden = parts.Cell("information.blood", place="salora")
    blank = pictures.empty(
        needs=parts.Table((hidden,)), places=parts.Table((hidden,)), series=parts.Table((hidden,))
    )

    write_report(blank, tmp_path, languages=LANGUAGES)

    _, _, rows = rows_of(tmp_path / "tables" / "needs.csv")
    assert [row["#indicator+posts+num"] for row in rows] == ["<10 people"]
    cells = pl.read_parquet(tmp_path / "cells.parquet")
    assert cells["hidden"].all()
    assert cells.select("posts", "spread", "authors", "low", "high").null_count().row(0) == (3,) * 5
    assert str(PLANTED) not in every_byte(tmp_path)


# --- data


def test_document_follows_its_schema():
    for make in (pictures.full, pictures.early, pictures.empty):
        jsonschema.Draft202012Validator(schema()).validate(json.loads(document(make())))


def test_schema_refuses_what_is_not_a_report():
    content = json.loads(document(pictures.full()))
    content["tags"][0]["handle"] = "somebody"

    with pytest.raises(jsonschema.ValidationError, match="handle"):
        jsonschema.Draft202012Validator(schema()).validate(content)


def test_published_schema_is_the_one_in_force():
    """Write it anew with `python -m chorus.report` when the picture has changed."""
    published = ROOT / "docs" / "reference" / "chorus-report.schema.json"
    shipped = ROOT / "src" / "chorus" / "report" / "chorus-report.schema.json"

    assert published.read_text("utf-8") == shipped.read_text("utf-8") == schema_text()


def test_tables_add_up_to_the_picture(tmp_path):
    picture = pictures.full()

    write_report(picture, tmp_path, formats=("csv", "parquet"))

    for name in ("needs", "solidarity", "series", "places", "languages"):
        _, tags, rows = rows_of(tmp_path / "tables" / f"{name}.csv")
        cells = getattr(picture, name).cells
        said = [row["#indicator+posts+num"] for row in rows]
        assert len(rows) == len(cells)
        assert sum(int(one) for one in said if one.isdigit()) == sum(c.posts or 0 for c in cells)
        assert said.count("<10 people") == sum(cell.is_hidden for cell in cells)
        assert all(tag.startswith("#") for tag in tags)
    stored = pl.read_parquet(tmp_path / "cells.parquet").filter(pl.col("table") == "series")
    assert stored["posts"].sum() == sum(cell.posts or 0 for cell in picture.series.cells)


def test_a_formula_in_a_text_stays_a_text(tmp_path):
    bad = "=HYPERLINK(1)"
    claim = replace(pictures.claims()[0], text=bad)

    write_report(pictures.full(claims=(claim,)), tmp_path, formats=("csv", "xlsx"))

    _, _, rows = rows_of(tmp_path / "tables" / "claims.csv")
    assert rows[0]["#description"] == f"'{bad}"
    sheet = openpyxl.load_workbook(tmp_path / "report.en.xlsx")["Claims"]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == bad)
    assert cell.data_type == "s"


def test_sheets_run_from_right_to_left_in_arabic(tmp_path):
    write_report(pictures.full(), tmp_path, languages=("ar", "en"), formats=("xlsx",))

    arabic = openpyxl.load_workbook(tmp_path / "report.ar.xlsx")
    english = openpyxl.load_workbook(tmp_path / "report.en.xlsx")
    assert all(sheet.sheet_view.rightToLeft for sheet in arabic)
    assert not any(sheet.sheet_view.rightToLeft for sheet in english)


# --- writing


def test_report_is_the_same_twice(tmp_path):
    for name in ("one", "two"):
        write_report(pictures.full(), tmp_path / name, formats=("html", "json", "csv"))

    assert every_byte(tmp_path / "one") == every_byte(tmp_path / "two")


@contextmanager
def files_no_longer_than(size):
    """Let every write beyond a size fail, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_failure_leaves_the_old_report_whole(tmp_path):
    folder = tmp_path / "report"
    write_report(pictures.early(), folder)
    before = every_byte(folder)

    with files_no_longer_than(60_000), pytest.raises(ReportError, match="is unchanged"):
        write_report(pictures.full(), folder)

    assert every_byte(folder) == before
    assert list(tmp_path.iterdir()) == [folder]


def test_what_else_stands_in_the_folder_stays(tmp_path):
    (tmp_path / "notes.txt").write_text("ours")

    write_report(pictures.full(), tmp_path, formats=("json",))

    assert {path.name for path in tmp_path.iterdir()} == {"notes.txt", "report.json"}


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "report").write_text("")

    with pytest.raises(ReportError, match="Name a folder"):
        write_report(pictures.full(), tmp_path / "report")


def test_an_unknown_format_is_refused(tmp_path):
    with pytest.raises(ReportError, match="no format 'pdf'"):
        write_report(pictures.full(), tmp_path, formats=("pdf",))


# --- on a busy day


def test_marks_never_cover_each_other():
    at = pictures.AT
    bursts = [
        replace(pictures.bursts()[0], name=f"information.{name}", peak_at=at)
        for name in ("blood", "medical", "food_water")
    ]

    html = page(pictures.full(bursts=tuple(bursts)), "en")

    drawn = html[html.index('class="chart wide"') : html.index('class="chart slim"')]
    assert drawn.count('class="mark alert"') == 1


def test_many_claims_wait_behind_one_tap_in_the_order_of_the_picture():
    claims = tuple(replace(pictures.claims()[1], number=number) for number in range(9, 0, -1))

    html = page(pictures.full(claims=claims, advice=()), "en")

    order = [
        int(number) for number in re.findall(r'<article class="card claim" id="claim-(\d+)"', html)
    ]
    assert order == list(range(9, 0, -1))
    assert html.index('id="claim-4"') < html.index("All of them (9)") < html.index('id="claim-3"')


def test_posts_that_name_no_place_are_called_so():
    cells = (pictures.cell("all", 500, place=""), pictures.cell("all", 300, place="salora"))

    html = page(pictures.full(places=parts.Table(cells)), "en")

    assert "No place named" in html
    assert "Salora</th>" in html
