"""Documents: what people wrote comes out as they wrote it, in PDF and Word, both directions."""

import datetime as dt
import io
import re
import shutil
import subprocess
import unicodedata
import zipfile

import docx
import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tansiq.core import charts
from tansiq.core.documents import fonts
from tansiq.core.documents.model import (
    Bullets,
    Cell,
    Document,
    Figure,
    Heading,
    PageBreak,
    Paragraph,
    Table,
)
from tansiq.core.documents.pdf import as_pdf
from tansiq.core.documents.word import as_word
from tansiq.core.documents.words import REPLACED, breakable, clean

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
AT = dt.datetime(2026, 7, 10, 9, tzinfo=dt.UTC)
HOSTILE = '#panic("x") *b* $1+1$ <b>&amp; ]]> \\ @x'

needs_pdftotext = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext of poppler-utils is not installed."
)


def document(*blocks, **fields):
    details = {
        "title": "Report",
        "language": "en",
        "author": "National body",
        "made_at": AT,
        "marking": "TLP:AMBER",
        "footer": "Made from edition 1",
        "blocks": blocks or (Heading("First"), Paragraph("Some words.")),
    }
    return Document(**details | fields)


def text_of_pdf(content):
    command = [shutil.which("pdftotext"), "-", "-"]
    answer = subprocess.run(command, input=content, capture_output=True, check=True)  # noqa: S603 -- a fixed command
    return answer.stdout.decode()


def part_of_word(content, name="word/document.xml"):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return file.read(name)


def words_of_word(content):
    tree = etree.fromstring(part_of_word(content))
    return ["".join(p.itertext(f"{W}t")) for p in tree.iter(f"{W}p")]


def seen(text):
    """Return only what a reader sees of a text: letters, in the order in which they are said."""
    return "".join(one for one in text if unicodedata.category(one) not in {"Cf", "Zs", "Cc"})


def unjoined(text):
    """Lam and alef are drawn as one sign; pdftotext gives the two back in either order."""
    return seen(re.sub("ل([اأإآ])", r"\1ل", text))


@needs_pdftotext
def test_pdf_shows_hostile_text_literally():
    content = as_pdf(
        document(
            Heading(HOSTILE),
            Paragraph(HOSTILE),
            Table(HOSTILE, [HOSTILE, "N"], [[Cell(HOSTILE), "1"]]),
            title=HOSTILE,
            footer=HOSTILE,
        )
    )

    # On the first page title and footer; in the text heading, paragraph, caption and two cells.
    assert seen(text_of_pdf(content)).count(seen('#panic("x")')) >= 7


@needs_pdftotext
def test_arabic_pdf_holds_its_words_in_order():
    sentence = "أرسلت عشرون ولاية تقاريرها عن النصف الأول"
    table = Table("الأماكن", ["المكان", "الحالة"], [["سورابايا", "مقبول"]])

    content = as_pdf(document(Heading("ملخص"), Paragraph(sentence), table, language="ar"))

    found = unicodedata.normalize("NFKC", text_of_pdf(content))
    assert unjoined(sentence) in unjoined(found)
    assert unjoined("سورابايا") in unjoined(found)


def test_pdf_is_tagged_and_says_its_language_title_and_standard():
    figure = Figure(charts.bars([charts.Item("A", 1)], title="T", language="en"), "One bar: A, 1")

    content = as_pdf(document(Heading("First"), figure, language="fr"))

    assert b"/Lang(fr)" in content
    assert b"/StructTreeRoot" in content
    assert b"/MarkInfo" in content
    assert b"pdfuaid:part>1<" in content
    assert b"One bar: A, 1" in content
    assert b"/DisplayDocTitle true" in content


def test_pdf_is_the_same_to_the_byte_when_made_again():
    assert as_pdf(document()) == as_pdf(document())
    assert as_pdf(document()) != as_pdf(document(made_at=AT + dt.timedelta(days=1)))


def test_word_file_is_the_same_to_the_byte_when_made_again():
    assert as_word(document()) == as_word(document())


def test_arabic_word_file_runs_from_right_to_left_everywhere():
    content = as_word(
        document(
            Heading("ملخص"),
            Paragraph("أرسلت 20 ولاية إلى BNPT تقاريرها"),
            Table("الأماكن", ["المكان", "الحالة"], [["سورابايا", "مقبول"]]),
            language="ar",
        )
    )

    tree = etree.fromstring(part_of_word(content))
    body = tree.find(f"{W}body")
    assert all(p.find(f"{W}pPr/{W}bidi") is not None for p in body.iter(f"{W}p"))
    assert all(t.find(f"{W}tblPr/{W}bidiVisual") is not None for t in body.iter(f"{W}tbl"))
    assert body.find(f"{W}sectPr/{W}bidi") is not None
    turned = {
        "".join(run.itertext(f"{W}t")): run.find(f"{W}rPr/{W}rtl") is not None
        for run in body.iter(f"{W}r")
        if run.find(f"{W}t") is not None
    }
    assert turned["أرسلت 20 ولاية إلى "]
    assert not turned["BNPT"]
    assert 'w:cs="Noto Sans Arabic"' in part_of_word(content, "word/styles.xml").decode()


def test_word_file_has_headings_table_headings_alternative_texts_and_properties():
    figure = Figure(charts.bars([charts.Item("A", 1)], title="T", language="id"), "Satu batang")
    table = Table("Places", ["Place", "N"], [["East", "1"]], numeric=frozenset({1}))

    content = as_word(document(Heading("One"), Heading("Two", 2), figure, table, language="id"))

    file = docx.Document(io.BytesIO(content))
    styles = [p.style.name for p in file.paragraphs if p.style.name.startswith("Heading")]
    assert styles == ["Heading 1", "Heading 2"]
    assert file.core_properties.title == "Report"
    assert file.core_properties.language == "id"
    assert file.core_properties.author == "National body"
    assert file.core_properties.created == AT
    xml = part_of_word(content).decode()
    assert 'descr="Satu batang"' in xml
    assert xml.count("<w:tblHeader/>") == 1
    assert '<w:tblCaption w:val="Places"/>' in xml
    assert "TLP:AMBER" in "".join(p.text for p in file.sections[0].header.paragraphs)


def test_page_shows_the_same_blocks_escaped():
    blocks = [Heading("<b>", anchor="a"), Paragraph("<i>", language="id"), PageBreak()]
    blocks += [Bullets(["<u>"]), Table("<s>", ["<th>"], [[Cell("<td>", link="/x/")]])]

    page = render_to_string("core/documents/_blocks.html", {"blocks": blocks})

    assert re.findall(r"&lt;\w+&gt;", page) == [
        f"&lt;{name}&gt;" for name in ("b", "i", "u", "s", "s", "th", "td")
    ]
    assert re.search(r'<a href="/x/"\s+dir="auto">', page)


def test_table_refuses_a_row_that_does_not_fit():
    with pytest.raises(ValueError, match="2 cells"):
        Table("T", ["a", "b"], [["only one"]])


def test_override_of_direction_ends_with_its_line():
    assert clean("a\u202eb\nc") == "a\u202eb\u202c\nc"
    assert clean("a\u2067b") == "a\u2067b\u2069"
    assert clean("a\u202cb\u2069") == "ab"


def test_what_no_file_can_hold_is_replaced_and_the_rest_kept():
    assert clean("a\x00b\x1bc\ud800d\uffff\U0001ffff") == f"a{REPLACED}b{REPLACED}c" + (
        f"{REPLACED}d{REPLACED}{REPLACED}"
    )
    assert clean("zero\u200bwidth\u200d") == "zero\u200bwidth\u200d"


def test_long_words_break_without_losing_a_letter():
    word = "x" * 200

    broken = breakable(f"a {word} b")

    assert broken.replace("\u200b", "") == f"a {word} b"
    assert max(map(len, re.split("[ \u200b]", broken))) < 27


def test_signs_without_a_shape_are_spelt_out():
    assert fonts.displayable("ok 😀") == "ok [U+1F600]"
    assert fonts.displayable("نعم é Ω") == "نعم é Ω"


anything = st.text(
    st.characters(codec="utf-16", exclude_categories=())
    | st.sampled_from('\x00\x1b\u202e\u2067\u200b\ufeff\n\r\u2028😀#<&$*_`"\\日ع'),
    max_size=60,
)


@settings(max_examples=40)
@given(text=anything)
def test_any_text_makes_a_readable_file_of_both_kinds(text):
    blocks = (
        Heading(text),
        Paragraph(text, "quote", "ar"),
        Bullets([text]),
        Table(text, [text, "n"], [[text, Cell(text, is_strong=True)]]),
        Figure(charts.bars([charts.Item(text, 1)], title=text, language="ar"), text, text),
    )
    whole = document(*blocks, title=text, footer=text, facts=[(text, text)], subject=text)

    assert as_pdf(whole).startswith(b"%PDF-1.7")
    assert clean(text).replace("\n", "") in words_of_word(as_word(whole))
