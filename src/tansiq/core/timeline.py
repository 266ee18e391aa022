"""A time line as inline SVG: stretches of time as bars, days as marks, and where today is.

Drawn on the server like all charts; it prints, needs no script, and runs from right to left where
the reader does. What it shows stands beside it as a list, for phones and for who cannot see it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from tansiq.core import formats
from tansiq.core.drawing import ACCENT, INK, RAIL, SOFT, TONES, Sheet, fill, short, svg

WIDTH = 960
_BAR, _LANE, _LINE, _TOP = 40, 22, 17, 34
# A letter is about this wide; labels that would meet stand on different lines.
_LETTER = 6.6
_LONGEST = 44
_ROOM_FOR_A_NAME = 95
_DAYS_A_YEAR = 366
_DETAILED, _COARSE = 2 * _DAYS_A_YEAR, 7 * _DAYS_A_YEAR


@dataclass(frozen=True)
class Span:
    """A stretch of time; `share` (0 to 1) of it is painted as done."""

    label: str
    starts_on: date
    ends_on: date
    tone: str = "calm"
    share: float = 0.0
    url: str = ""


@dataclass(frozen=True)
class Mark:
    """A day. One that is critical is named on the drawing; others on pointing at them."""

    label: str
    on: date
    tone: str = "calm"
    is_critical: bool = False
    url: str = ""


@dataclass(frozen=True)
class Lane:
    """A row of marks under a name."""

    label: str
    marks: Sequence[Mark] = field(default_factory=tuple)


@dataclass(frozen=True)
class _Axis:
    starts_on: date
    ends_on: date
    language: str

    @property
    def days(self) -> int:
        return max((self.ends_on - self.starts_on).days, 1)

    def at(self, day: date) -> float:
        """Return how far along a day stands; what lies outside stands at the edge."""
        passed = min(max((day - self.starts_on).days, 0), self.days)
        return passed / self.days * WIDTH

    def ticks(self) -> list[tuple[date, str]]:
        """Return the days that are named: every quarter, half year or year, as fits."""
        every = 3 if self.days <= _DETAILED else 6 if self.days <= _COARSE else 12
        found = []
        for year in range(self.starts_on.year, self.ends_on.year + 1):
            for month in range(1, 13, every):
                day = date(year, month, 1)
                if self.starts_on <= day and self.at(day) < WIDTH - _ROOM_FOR_A_NAME:
                    found.append((day, self._name(day, every)))
        return found

    def _name(self, day: date, every: int) -> str:
        year = formats.digits(str(day.year), self.language)
        return year if every == 12 else formats.month(day, self.language)  # noqa: PLR2004 -- months


def timeline(
    spans: Sequence[Span],
    lanes: Sequence[Lane],
    *,
    today: date,
    title: str,
    language: str,
) -> SafeString:
    """Draw spans one below the other, then lanes of marks; nothing if there is nothing."""
    axis = _axis_of(spans, lanes, today, language)
    if axis is None:
        return SafeString("")
    sheet = Sheet(WIDTH, language)
    body: list[str] = []
    top = float(_TOP)
    for span in spans:
        body.append(_linked(_drawn_span(span, axis, sheet, top), span.url))
        top += _BAR
    for lane in lanes:
        drawn, height = _drawn_lane(lane, axis, sheet, top)
        body.append(drawn)
        top += height
    frame = _drawn_axis(axis, sheet, top, today)
    told = gettext("A time line. The list beside it says the same.")
    picture = svg([*frame, *body], (WIDTH, top + 8), title=title, told=told, classes="road")
    # A picture with links inside is a group, or screen readers would not find them.
    return SafeString(picture.replace('role="img"', 'role="group"', 1))


def _axis_of(
    spans: Sequence[Span], lanes: Sequence[Lane], today: date, language: str
) -> _Axis | None:
    days = [day for span in spans for day in (span.starts_on, span.ends_on)]
    days += [mark.on for lane in lanes for mark in lane.marks]
    if not days:
        return None
    first, latest = min(days), max(days)
    room = max((latest - first).days // 40, 10)
    if first - timedelta(days=_DAYS_A_YEAR) < today < latest + timedelta(days=_DAYS_A_YEAR):
        first, latest = min(first, today), max(latest, today)
    return _Axis(first - timedelta(days=room), latest + timedelta(days=room), language)


def _drawn_axis(axis: _Axis, sheet: Sheet, bottom: float, today: date) -> Iterable[str]:
    for day, name in axis.ticks():
        at = axis.at(day)
        x = sheet.x(at)
        yield f'<path class="rail-line" stroke="{RAIL}" d="M{x} 20V{short(bottom)}"/>'
        yield sheet.text(name, at + 4, 13, classes="soft", size="12")
    if axis.starts_on < today < axis.ends_on:
        at = axis.at(today)
        x = sheet.x(at)
        yield (
            f'<path class="now-line" stroke="{ACCENT}" stroke-width="1.5" stroke-dasharray="3 3"'
            f' d="M{x} 20V{short(bottom + 6)}"/>'
        )
        word = pgettext("on a time line", "today")
        side = "end" if at > WIDTH - 60 else "start"
        yield sheet.text(
            word, at + (-4 if side == "end" else 4), 28, classes="strong", size="12", side=side
        )


def _drawn_span(span: Span, axis: _Axis, sheet: Sheet, top: float) -> str:
    start, end = axis.at(span.starts_on), axis.at(span.ends_on)
    length = max(end - start, 4)
    days = formats.months(span.starts_on, span.ends_on, axis.language)
    label = f"{span.label} · {days}"
    wide = len(label) * _LETTER
    # Where the words would run out of the sheet they lean to the end of the bar instead.
    side, at = ("end", max(end, wide)) if start + wide > WIDTH else ("start", start)
    done = length * min(max(span.share, 0.0), 1.0)
    return (
        f"<title>{escape(label)}</title>"
        + sheet.text(label, at, top + 16, side=side, size="13")
        + f'<rect class="rail" fill="{RAIL}" x="{sheet.x(start, length)}" y="{short(top + 22)}"'
        f' width="{short(length)}" height="10" rx="5"/>'
        + (
            f'<rect {fill(span.tone)} x="{sheet.x(start, done)}" y="{short(top + 22)}"'
            f' width="{short(done)}" height="10" rx="5"/>'
            if done
            else ""
        )
        + f'<rect fill="none" stroke="{TONES.get(span.tone, SOFT)}" class="line-{span.tone}"'
        f' x="{sheet.x(start, length)}" y="{short(top + 22)}" width="{short(length)}"'
        ' height="10" rx="5"/>'
    )


def _drawn_lane(lane: Lane, axis: _Axis, sheet: Sheet, top: float) -> tuple[str, float]:
    marks = sorted(lane.marks, key=lambda mark: (mark.on, mark.label))
    lines = _lines_for([mark for mark in marks if mark.is_critical], axis)
    rows = max(lines.values(), default=-1) + 1
    middle = top + 26 + rows * _LINE
    parts = [
        sheet.text(lane.label, 0, top + 15, classes="strong", size="13"),
        f'<path class="rail-line" stroke="{RAIL}" d="M0 {short(middle)}H{WIDTH}"/>',
    ]
    for mark in marks:
        words = ""
        if mark in lines:
            y = middle - 12 - lines[mark] * _LINE
            words = _named(mark, axis, sheet, y)
        told = f"{formats.short_day(mark.on, axis.language)}: {mark.label}"
        body = f"<title>{escape(told)}</title>{words}{_sign(mark, axis, sheet, middle)}"
        parts.append(_linked(body, mark.url))
    return "".join(parts), middle - top + _LANE


def _lines_for(marks: Sequence[Mark], axis: _Axis) -> dict[Mark, int]:
    """Give each label the lowest line on which it meets no other."""
    ends: list[float] = []
    lines: dict[Mark, int] = {}
    for mark in marks:
        start, end = _reach(mark, axis)
        line = next((n for n, taken in enumerate(ends) if taken <= start), len(ends))
        if line == len(ends):
            ends.append(end)
        ends[line] = end
        lines[mark] = line
    return lines


def _words_of(mark: Mark) -> str:
    return mark.label if len(mark.label) <= _LONGEST else f"{mark.label[: _LONGEST - 1].rstrip()}…"


def _reach(mark: Mark, axis: _Axis) -> tuple[float, float]:
    """Return from where to where the label of a mark runs."""
    wide = len(_words_of(mark)) * _LETTER + 16
    at = axis.at(mark.on)
    return (at - wide, at) if at + wide > WIDTH else (at, at + wide)


def _named(mark: Mark, axis: _Axis, sheet: Sheet, y: float) -> str:
    start, _end = _reach(mark, axis)
    at = axis.at(mark.on)
    side = "end" if start < at else "start"
    return sheet.text(_words_of(mark), at, y, side=side, size="12")


def _sign(mark: Mark, axis: _Axis, sheet: Sheet, y: float) -> str:
    """Draw a diamond; a late one is a triangle, a reached one is filled: readable in grey."""
    x = float(sheet.x(axis.at(mark.on)))
    size = 7 if mark.is_critical else 5
    paint = fill(mark.tone)
    if mark.tone == "late":
        path = f"M{short(x)} {short(y - size)}l{size} {size * 1.7:.1f}h{-2 * size}z"
    else:
        path = f"M{short(x)} {short(y - size)}l{size} {size} {-size} {size} {-size} {-size}z"
        if mark.tone != "done":
            edge = TONES.get(mark.tone, INK)
            paint = f'class="sign line-{mark.tone}" fill="#fff" stroke="{edge}" stroke-width="1.75"'
    return f'<path {paint} d="{path}"/>'


def _linked(markup: str, url: str) -> str:
    return f'<a href="{escape(url)}">{markup}</a>' if url else f"<g>{markup}</g>"
