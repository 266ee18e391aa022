"""A document as a Word file: heading styles, table headings, alternative texts, both directions.

The body is written as XML of our own making over the package that python-docx keeps; its own
way of filling tables, cell by cell, takes a minute for six hundred places.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm

from tansiq.core.documents.model import (
    Block,
    Bullets,
    Document,
    Figure,
    Heading,
    PageBreak,
    Paragraph,
    Table,
    cell_of,
)
from tansiq.core.documents.pdf import picture_of
from tansiq.core.documents.words import clean, is_rtl, runs_rtl

_LATIN, _ARABIC = "Noto Sans", "Noto Sans Arabic"
_INK, _SOFT, _ACCENT, _LINE = "16242B", "4F6069", "0B6E75", "C5D0D3"
_TLP = {"TLP:GREEN": "33FF00", "TLP:RED": "FF2B2B"}
_TLP |= dict.fromkeys(("TLP:AMBER", "TLP:AMBER+STRICT"), "FFC000")
# The room between the margins, in twentieths of a point.
_ROOM = 9640
# Eighths of a point.
_THIN, _THICK = 4, 12
_EPOCH = (1980, 1, 1, 0, 0, 0)
_RTL_LETTERS = "\u0590-\u08ff\ufb1d-\ufefc"
_ARABIC_WORDS = f"[{_RTL_LETTERS}](?:[^A-Za-z\u00c0-\u024f]*[{_RTL_LETTERS}])?"
_LATIN_WORDS = f"[A-Za-z\u00c0-\u024f](?:[^{_RTL_LETTERS}]*[A-Za-z\u00c0-\u024f0-9])?"
_SIZES = {"lead": 23, "small": 17}


def as_word(document: Document) -> bytes:
    """Return the file. The same document gives the same bytes."""
    package = docx.Document()
    writer = _Writer(package, document)
    writer.write()
    made = io.BytesIO()
    package.save(made)
    return _with_one_date(made.getvalue())


def _with_one_date(content: bytes) -> bytes:
    """Pack the file anew without the moment of packing, which would change every time."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            entry = zipfile.ZipInfo(info.filename, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(info))
    return packed.getvalue()


@dataclass(frozen=True)
class _Look:
    """How a paragraph and its letters look, where that is not its style's."""

    size: int = 0
    colour: str = ""
    bold: bool = False
    keep: bool = False
    borders: str = ""

    @property
    def letters(self) -> str:
        size, colour = self.size, self.colour
        return (
            ("<w:b/><w:bCs/>" if self.bold else "")
            + (f'<w:color w:val="{colour}"/>' if colour else "")
            + (f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' if size else "")
        )


_PLAIN = _Look()
_CAPTION = _Look(bold=True, keep=True)


class _Writer:
    def __init__(self, package: Any, document: Document) -> None:
        self.package, self.document = package, document
        self.language = document.language
        self.rtl = is_rtl(document.language)
        self.body = package.element.body

    def write(self) -> None:
        self._properties()
        self._styles()
        self._frame()
        self._first_page()
        for block in self.document.blocks:
            self._block(block)

    # -- What stands around the text --

    def _properties(self) -> None:
        about, document = self.package.core_properties, self.document
        made = document.made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        about.title, about.author = clean(document.title)[:255], clean(document.author)[:255]
        about.subject, about.language = clean(document.subject)[:255], document.language
        about.keywords = clean(", ".join(document.keywords))[:255]
        about.last_modified_by, about.comments = about.author, ""
        about.created = about.modified = made
        about.revision = 1

    def _styles(self) -> None:
        styles = self.package.styles
        for name, size, colour in (
            ("Normal", 20, _INK),
            ("Title", 48, _ACCENT),
            ("Heading 1", 30, _ACCENT),
            ("Heading 2", 23, _INK),
            ("Heading 3", 20, _INK),
        ):
            element = styles[name].element
            for old in element.findall(qn("w:rPr")):
                element.remove(old)
            bold = "" if name == "Normal" else "<w:b/><w:bCs/>"
            element.append(
                _xml(
                    f'<w:rPr {nsdecls("w")}>{_fonts()}{bold}<w:color w:val="{colour}"/>'
                    f'<w:sz w:val="{size}"/><w:szCs w:val="{size + 2}"/>'
                    f'<w:lang w:val="{self._latin_language()}" w:bidi="ar"/></w:rPr>'
                )
            )
        normal = styles["Normal"].paragraph_format
        normal.space_after, normal.line_spacing = Cm(0.2), 1.15
        borders = styles["Title"].element.find(f"{qn('w:pPr')}/{qn('w:pBdr')}")
        if borders is not None:
            borders.getparent().remove(borders)

    def _latin_language(self) -> str:
        return "en" if self.rtl else self.language

    def _frame(self) -> None:
        section = self.package.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin, section.bottom_margin = Cm(2.4), Cm(2.2)
        if self.rtl:
            # The properties of the only section stand last in the body.
            self.body[-1].append(_xml(f"<w:bidi {nsdecls('w')}/>"))
        head = _xml_of(section.header.paragraphs[0])
        words = " · ".join(filter(None, [self.document.state, self.document.title]))
        tab = f"<w:r {nsdecls('w')}><w:tab/></w:r>"
        self._fill(head, self._run(words, _Look(16, _SOFT)) + tab + self._marking())
        foot = _xml_of(section.footer.paragraphs[0])
        number = (
            f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:rPr><w:sz w:val="16"/>'
            f'<w:szCs w:val="16"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple>'
        )
        self._fill(foot, self._run(self.document.footer, _Look(15, _SOFT)) + tab + number)

    def _fill(self, paragraph: Any, runs: str) -> None:
        """Put runs into a paragraph of the head or foot, with one tab to the far edge."""
        for old in paragraph.findall(qn("w:pPr")):
            paragraph.remove(old)
        bidi = "<w:bidi/>" if self.rtl else ""
        tabs = '<w:tab w:val="clear" w:pos="4320"/><w:tab w:val="clear" w:pos="8640"/>'
        tabs += f'<w:tab w:val="end" w:pos="{_ROOM}"/>'
        paragraph.append(_xml(f"<w:pPr {nsdecls('w')}><w:tabs>{tabs}</w:tabs>{bidi}</w:pPr>"))
        for run in list(_xml(f"<w:p {nsdecls('w')}>{runs}</w:p>")):
            paragraph.append(run)

    def _marking(self) -> str:
        name = self.document.marking
        if not name:
            return ""
        return (
            f"<w:r {nsdecls('w')}><w:rPr>{_fonts()}<w:b/><w:bCs/>"
            f'<w:color w:val="{_TLP.get(name, "FFFFFF")}"/><w:sz w:val="17"/><w:szCs w:val="17"/>'
            '<w:shd w:val="clear" w:color="auto" w:fill="000000"/></w:rPr>'
            f"{_text(f' {name} ')}</w:r>"
        )

    def _first_page(self) -> None:
        document = self.document
        if document.marking:
            self._append(f"<w:p {nsdecls('w')}>{self._properties_of('')}{self._marking()}</w:p>")
        self._append(self._paragraph(document.title, style="Title"))
        if document.subtitle:
            self._append(self._paragraph(document.subtitle, _Look(26, _SOFT)))
        if document.facts:
            rows = [(one, other) for one, other in document.facts]
            self._append(self._grid(rows, widths=(1, 2), numeric=frozenset(), name=document.title))
        if document.contents_title:
            self._append(self._paragraph(document.contents_title, _CAPTION))
            for block in document.blocks:
                if isinstance(block, Heading) and block.level == 1:
                    self._append(self._paragraph(block.text))
            self._append(_PAGE_BREAK)

    # -- Blocks --

    def _block(self, block: Block) -> None:
        match block:
            case Heading():
                self._append(self._paragraph(block.text, style=f"Heading {min(block.level, 3)}"))
            case Paragraph():
                self._append(self._said(block))
            case Bullets():
                for item in block.items:
                    self._append(self._paragraph(item, style="List Bullet"))
            case Table():
                self._table(block)
            case Figure():
                self._figure(block)
            case PageBreak():
                self._append(_PAGE_BREAK)

    def _said(self, block: Paragraph) -> str:
        language = block.language or self.language
        extra = ""
        if block.kind == "quote":
            side = "right" if runs_rtl(block.text, language) else "left"
            line = f'<w:{side} w:val="single" w:sz="18" w:space="8" w:color="{_LINE}"/>'
            extra = f"<w:pBdr>{line}</w:pBdr>"
        colour = _SOFT if block.kind == "small" else ""
        look = _Look(_SIZES.get(block.kind, 0), colour, bold=block.kind == "warning", borders=extra)
        return self._paragraph(block.text, look, language=block.language)

    def _table(self, table: Table) -> None:
        caption = self._paragraph(table.caption, _CAPTION)
        self._append(caption)
        rows = [[cell_of(one) for one in row] for row in table.rows]
        written = [[(one.text, one.is_strong) for one in row] for row in rows]
        self._append(
            self._grid(
                written,
                widths=table.shares,
                numeric=table.numeric,
                name=table.caption,
                headings=table.headings,
            )
        )
        self._append(self._paragraph(""))

    def _figure(self, figure: Figure) -> None:
        if figure.caption:
            self._append(self._paragraph(figure.caption, _CAPTION))
        self.package.add_picture(io.BytesIO(picture_of(figure.svg)), width=Cm(12))
        paragraph = _xml_of(self.package.paragraphs[-1])
        about = paragraph.find(f".//{qn('wp:docPr')}")
        about.set("descr", clean(figure.alternative))
        about.set("title", clean(figure.caption)[:255])
        if self.rtl:
            paragraph.get_or_add_pPr().append(_xml(f"<w:bidi {nsdecls('w')}/>"))

    # -- XML --

    def _append(self, xml: str) -> None:
        # The properties of the section stand last in the body.
        self.body.insert(len(self.body) - 1, _xml(xml))

    def _properties_of(
        self, style: str, *, text: str = "", language: str = "", more: str = "", after: str = ""
    ) -> str:
        name = f'<w:pStyle w:val="{style.replace(" ", "")}"/>' if style else ""
        rtl = self._runs_rtl(text, language)
        # In the order the standard demands: style, keep, borders, direction, spacing, side.
        return f"<w:pPr>{name}{more}{'<w:bidi/>' if rtl else ''}{after}</w:pPr>"

    def _paragraph(
        self, text: str, look: _Look = _PLAIN, *, style: str = "", language: str = ""
    ) -> str:
        more = ("<w:keepNext/>" if look.keep else "") + look.borders
        # What belongs to the following is set off from what stands before.
        after = '<w:spacing w:before="200"/>' if look.keep else ""
        properties = self._properties_of(
            style, text=text, language=language, more=more, after=after
        )
        run = self._run(text, look, language=language)
        return f"<w:p {nsdecls('w')}>{properties}{run}</w:p>"

    def _run(self, text: str, look: _Look = _PLAIN, *, language: str = "") -> str:
        said = language or self.language
        arabic = said if is_rtl(said) else "ar"
        latin = said if not is_rtl(said) else "en"
        rtl = self._runs_rtl(text, language)
        return "".join(
            f"<w:r {nsdecls('w')}><w:rPr>{look.letters}"
            + (f'<w:rtl/><w:lang w:bidi="{arabic}"/>' if turned else f'<w:lang w:val="{latin}"/>')
            + f"</w:rPr>{_text(part)}</w:r>"
            for part, turned in _parts_of(clean(text), rtl=rtl)
        )

    def _runs_rtl(self, text: str, language: str) -> bool:
        """Say whether a text runs from right to left; our own words run as the document does."""
        return runs_rtl(text, language) if language else self.rtl

    def _grid(
        self,
        rows: Any,
        *,
        widths: Any,
        numeric: frozenset[int],
        name: str,
        headings: Any = (),
    ) -> str:
        whole = sum(widths)
        columns = [_ROOM * one // whole for one in widths]
        grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in columns)
        head = ""
        if headings:
            cells = "".join(
                self._cell(text, columns[n], n in numeric, bold=True, rule=_THICK)
                for n, text in enumerate(headings)
            )
            head = f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>"
        lines = "".join(
            "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
            + "".join(self._cell_of(one, columns[n], n in numeric) for n, one in enumerate(row))
            + "</w:tr>"
            for row in rows
        )
        visual = "<w:bidiVisual/>" if self.rtl else ""
        label = quoteattr(clean(name)[:255])
        return (
            f'<w:tbl {nsdecls("w")}><w:tblPr>{visual}<w:tblW w:w="{_ROOM}" w:type="dxa"/>'
            '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="50" w:type="dxa"/>'
            '<w:right w:w="50" w:type="dxa"/></w:tblCellMar>'
            '<w:tblLook w:firstRow="1" w:noVBand="1"/>'
            f"<w:tblCaption w:val={label}/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
            f"{head}{lines}</w:tbl>"
        )

    def _cell_of(self, value: Any, width: int, is_number: bool) -> str:  # noqa: FBT001 -- where it stands
        text, bold = value if isinstance(value, tuple) else (value, False)
        return self._cell(text, width, is_number, bold=bold, rule=_THIN)

    def _cell(self, text: str, width: int, is_number: bool, *, bold: bool, rule: int) -> str:  # noqa: FBT001 -- where it stands
        side = '<w:jc w:val="end"/>' if is_number else ""
        after = f'<w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/>{side}'
        direction = "<w:bidi/>" if self.rtl else ""
        run = self._run(text, _Look(17, bold=bold))
        colour = _INK if rule > _THIN else _LINE
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:tcBorders><w:bottom'
            f' w:val="single" w:sz="{rule}" w:space="0" w:color="{colour}"/>'
            f"</w:tcBorders></w:tcPr><w:p><w:pPr>{direction}{after}</w:pPr>{run}</w:p></w:tc>"
        )


_PAGE_BREAK = f'<w:p {nsdecls("w")}><w:r><w:br w:type="page"/></w:r></w:p>'


def _fonts() -> str:
    return (
        f'<w:rFonts w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" w:eastAsia="{_LATIN}" w:cs="{_ARABIC}"/>'
    )


def _parts_of(text: str, *, rtl: bool) -> list[tuple[str, bool]]:
    """Cut a text where its script changes: Word shows each part in the letters of its own."""
    if not text:
        return []
    if not rtl:
        cuts = re.split(f"({_ARABIC_WORDS})", text)
        return [(part, bool(n % 2)) for n, part in enumerate(cuts) if part]
    cuts = re.split(f"({_LATIN_WORDS})", text)
    return [(part, not n % 2) for n, part in enumerate(cuts) if part]


def _text(text: str) -> str:
    lines = [f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n")]
    return "<w:br/>".join(lines)


def _xml_of(thing: Any) -> Any:
    return thing._element  # noqa: SLF001 -- python-docx gives its XML no other way


def _xml(text: str) -> Any:
    return parse_xml(text)
