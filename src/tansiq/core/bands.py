"""Wholes that are cut into parts, one band below the other, each part with its name under it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString

from tansiq.core import formats
from tansiq.core.drawing import RAIL, Sheet, fill, short, svg

_WIDTH, _ROW, _HIGH = 400, 70, 20
_LETTER = 6.1


@dataclass(frozen=True)
class Part:
    """So many of a hundred under one name; the tone, a status or s1 to s6, is the same in each."""

    label: str
    hundredths: int
    tone: str


@dataclass(frozen=True)
class Band:
    """One whole; without parts, `words` say why there are none."""

    label: str
    parts: Sequence[Part]
    words: str = ""


def bands(rows: Sequence[Band], *, title: str, language: str) -> SafeString:
    """Draw each band with the names of the parts that have room for one."""
    sheet = Sheet(_WIDTH, language)
    drawn = [_band(sheet, row, line * _ROW) for line, row in enumerate(rows)]
    told = "; ".join(_told(row, language) for row in rows)
    size = (_WIDTH, max(len(rows), 1) * _ROW - 8)
    return svg(drawn, size, title=title, told=told, classes="bands")


def _told(row: Band, language: str) -> str:
    parts = ", ".join(f"{one.label} {_percent(one, language)}" for one in row.parts)
    return f"{row.label}: {parts or row.words}"


def _percent(part: Part, language: str) -> str:
    return formats.percent(part.hundredths / 100, language)


def _band(sheet: Sheet, row: Band, top: float) -> str:
    name = sheet.text(row.label, 0, top + 14, classes="strong", size="13")
    if not row.parts:
        rail = f'<rect class="rail" fill="{RAIL}" y="{short(top + 22)}" width="{_WIDTH}"'
        return (
            name
            + f'{rail} height="{_HIGH}" rx="3"/>'
            + sheet.text(row.words, 8, top + 36, classes="soft", size="12")
        )
    drawn, at = [name], 0.0
    for part in row.parts:
        drawn.append(_part(sheet, part, at, top))
        at += part.hundredths / 100 * _WIDTH
    return "".join(drawn)


def _paint(tone: str) -> str:
    if tone.startswith("s") and tone[1:].isdecimal():
        return fill("", int(tone[1:]) - 1)
    return fill(tone) if tone else f'class="rail" fill="{RAIL}"'


def _part(sheet: Sheet, part: Part, at: float, top: float) -> str:
    wide = part.hundredths / 100 * _WIDTH
    share = _percent(part, sheet.language)
    gap = 1.5 if wide > 3 else 0  # noqa: PLR2004 -- a sliver keeps its whole width
    markup = (
        f"<g><title>{escape(part.label)}: {escape(share)}</title>"
        f'<rect {_paint(part.tone)} x="{sheet.x(at, wide - gap)}" y="{short(top + 22)}"'
        f' width="{short(max(wide - gap, 0))}" height="{_HIGH}" rx="2"/></g>'
    )
    for words in (f"{part.label} {share}", share):
        if len(words) * _LETTER < wide:
            return markup + sheet.text(words, at, top + 55, classes="soft small", size="11")
    return markup
