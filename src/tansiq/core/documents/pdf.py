"""A document as an accessible PDF (PDF/UA-1): tagged, with title, language and alternative texts.

The layout stands in `document.typ`; the content goes in as JSON data, never as markup, so that
nothing a person wrote can be taken for an instruction. The same document gives the same bytes.
"""

import json
import logging
import re
from collections.abc import Callable
from datetime import UTC
from typing import Any

import typst

from tansiq.core import formats
from tansiq.core.documents import fonts
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
from tansiq.core.documents.words import breakable, clean, is_rtl, runs_rtl

logger = logging.getLogger("tansiq.documents")
Fit = Callable[[str], str]

_LAYOUT = fonts.FOLDER.parent / "document.typ"
_PICTURE = b'#set page(width: 400pt, height: auto, margin: 0pt, fill: white)\n\
#image(bytes(sys.inputs.svg), format: "svg", width: 400pt)'
_FAMILIES = ", ".join(fonts.FAMILIES)


class LayoutError(RuntimeError):
    """The layout program failed over a text."""


def as_pdf(document: Document) -> bytes:
    """Return the file.

    Should the layout program fail over an odd combination of invisible signs and marks, the
    document is set once more without those; and, before nobody gets anything, without the
    promise of PDF/UA.
    """
    for fit, standards in ((_fit, ["ua-1"]), (_fit_plainly, ["ua-1"])):
        try:
            return _set(document, fit, standards)
        except LayoutError:
            logger.warning("A document holds signs that cannot be set; they are left out.")
    return _set(document, _fit_plainly, [])


def _set(document: Document, fit: Fit, standards: list[str]) -> bytes:
    data = _data_of(document, fit)
    return _compiled(
        _LAYOUT,
        {"data": json.dumps(data, ensure_ascii=False)},
        format="pdf",
        pdf_standards=standards,
        timestamp=int(document.made_at.timestamp()),
    )


def picture_of(svg: str) -> bytes:
    """Return a drawing as a PNG of twice its size, for formats that know no SVG."""
    return _compiled(_PICTURE, {"svg": prepared(svg)}, format="png", ppi=160)


def _compiled(source: Any, inputs: dict[str, str], **options: Any) -> bytes:
    try:
        made: Any = typst.compile(
            source,
            sys_inputs=inputs,
            font_paths=[str(fonts.FOLDER)],
            ignore_system_fonts=True,
            **options,
        )
    except typst.TypstError as problem:
        raise LayoutError(str(problem)) from problem
    except BaseException as problem:
        # A fault inside the layout program comes as a class of its own that is no Exception.
        if type(problem).__name__ == "PanicException":
            raise LayoutError(str(problem)) from None
        raise
    return bytes(made)


def prepared(svg: str, fit: Fit = fonts.displayable) -> str:
    """Name our letters in a drawing, and spell out what they cannot show."""
    # A picture that stands alone must say what it is, and in which letters it is set.
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" font-family="{_FAMILIES}" '
    named = svg.replace("<svg ", opening, 1)
    # Drawings put isolates around texts; a drawing has one text an element, which is enough.
    return fit(re.sub("[\u2066-\u2069]", "", clean(named)))


def _fit(text: str) -> str:
    return breakable(fonts.displayable(clean(text)))


def _fit_plainly(text: str) -> str:
    return breakable(fonts.plain(clean(text)))


def _named(text: str) -> str:
    """Return a text that is not empty: a heading must say something, be it only a dash."""
    return text if any(letter.isprintable() and letter != " " for letter in text) else "–"


def _data_of(document: Document, fit: Fit) -> dict[str, Any]:
    made = document.made_at.astimezone(UTC)
    return {
        "title": _named(fit(document.title)),
        "subtitle": fit(document.subtitle),
        "subject": fit(document.subject),
        "author": fit(document.author),
        "keywords": [fit(one) for one in document.keywords],
        "language": document.language,
        "rtl": is_rtl(document.language),
        "page_digits": formats.digits("1", document.language),
        "made": [made.year, made.month, made.day, made.hour, made.minute, made.second],
        "facts": [[fit(one), fit(other)] for one, other in document.facts],
        "marking": fit(document.marking),
        "state": fit(document.state),
        "footer": fit(document.footer),
        "contents": fit(document.contents_title),
        "blocks": [_block(one, document.language, fit) for one in document.blocks],
    }


def _block(block: Block, language: str, fit: Fit) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "text": _named(fit(block.text)), "level": block.level}
        case Paragraph():
            said = block.language or language
            # What people wrote runs as its letters do; our own words as the document does.
            rtl = runs_rtl(block.text, said) if block.language else is_rtl(language)
            text = fit(block.text)
            return {"kind": "text", "as": block.kind, "text": text, "lang": said, "rtl": rtl}
        case Bullets():
            return {"kind": "list", "items": [fit(one) for one in block.items]}
        case Table():
            return _table(block, fit)
        case Figure():
            return {
                "kind": "figure",
                "svg": prepared(block.svg, fonts.displayable if fit is _fit else fonts.plain),
                "alt": _named(fit(block.alternative)),
                "caption": fit(block.caption),
            }
        case PageBreak():
            return {"kind": "break"}


def _table(table: Table, fit: Fit) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": fit(table.caption),
        "headings": [fit(one) for one in table.headings],
        "cells": [
            [fit(cell.text), cell.is_strong] for row in table.rows for cell in map(cell_of, row)
        ],
        "numeric": [n in table.numeric for n in range(len(table.headings))],
        "widths": list(table.shares),
    }
