"""Small multiples of a few steps: how strong something is at several times or in several places."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from tansiq.core.drawing import ACCENT, RAIL, SOFT, Sheet, short, svg

_WIDTH, _ROW, _HEAD = 400, 62, 26
_BAR, _GAP, _RISE = 7, 3, 6
# Which way a line from below to above goes: falling, steady, rising.
_SLOPES = {"falling": 8, "steady": 0, "rising": -8}


@dataclass(frozen=True)
class Mark:
    """One cell: so many of the steps are filled, and which way it moves; `words` say both."""

    step: int
    trend: str
    words: str


@dataclass(frozen=True)
class Row:
    """One line of cells under its name; None where nothing is known."""

    label: str
    marks: Sequence[Mark | None]


def levels(
    columns: Sequence[str], rows: Sequence[Row], *, steps: int, title: str, language: str
) -> SafeString:
    """Draw each row as cells under the columns: steps like stairs, an arrow for the trend."""
    sheet = _sheet(language)
    wide = _WIDTH / max(len(columns), 1)
    parts = [
        sheet.text(name, n * wide, 14, classes="soft small", size="12")
        for n, name in enumerate(columns)
    ]
    for line, row in enumerate(rows):
        top = _HEAD + line * _ROW
        parts.append(sheet.text(row.label, 0, top + 14, classes="strong", size="13"))
        for n, mark in enumerate(row.marks):
            parts.append(_cell(sheet, mark, n * wide, foot=top + 22 + steps * _RISE, steps=steps))
    told = "; ".join(_told(columns, row) for row in rows)
    size = (_WIDTH, _HEAD + max(len(rows), 1) * _ROW)
    return svg(parts, size, title=title, told=told, classes="levels")


def _sheet(language: str) -> Sheet:
    return Sheet(_WIDTH, language)


def _told(columns: Sequence[str], row: Row) -> str:
    known = [(name, one) for name, one in zip(columns, row.marks, strict=True) if one is not None]
    return f"{row.label}: " + ", ".join(f"{name} {one.words}" for name, one in known)


def _cell(sheet: Sheet, mark: Mark | None, at: float, *, foot: float, steps: int) -> str:
    if mark is None:
        return (
            f'<line class="axis" stroke="{SOFT}" stroke-dasharray="2 3" x1="{sheet.x(at)}"'
            f' x2="{sheet.x(at + 24)}" y1="{short(foot)}" y2="{short(foot)}"/>'
        )
    bars = "".join(_step(sheet, n, at, foot, is_full=n < mark.step) for n in range(steps))
    return bars + _arrow(sheet, mark.trend, at + steps * (_BAR + _GAP) + 4, foot - _RISE - 3)


def _step(sheet: Sheet, n: int, at: float, foot: float, *, is_full: bool) -> str:
    high = (n + 1) * _RISE
    paint = f'class="fill-on" fill="{ACCENT}"' if is_full else f'class="rail" fill="{RAIL}"'
    x = sheet.x(at + n * (_BAR + _GAP), _BAR)
    return f'<rect {paint} x="{x}" y="{short(foot - high)}" width="{_BAR}" height="{high}" rx="1"/>'


def _arrow(sheet: Sheet, trend: str, at: float, middle: float) -> str:
    """Draw an arrow along the line of reading; a trend that is not known has none."""
    if trend not in _SLOPES:
        return sheet.text("?", at + 2, middle + 5, classes="soft", size="13")
    slope = _SLOPES[trend]
    from_y, to_y = middle - slope / 2, middle + slope / 2
    tip, tail = at + 13, at
    # The head: two short strokes back from the tip, turned with the slope.
    heads = {
        "rising": ((-5, 0), (0, 5)),
        "falling": ((-5, 0), (0, -5)),
        "steady": ((-4, -3.5), (-4, 3.5)),
    }
    strokes = [((tail, from_y), (tip, to_y))]
    strokes += [((tip, to_y), (tip + dx, to_y + dy)) for dx, dy in heads[trend]]
    path = "".join(
        f"M{sheet.x(x1)} {short(y1)}L{sheet.x(x2)} {short(y2)}" for (x1, y1), (x2, y2) in strokes
    )
    return f'<path class="trend" fill="none" stroke="{ACCENT}" stroke-width="1.75" d="{path}"/>'
