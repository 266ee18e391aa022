"""Charts as inline SVG, drawn on the server: they print, need no script and carry no style.

Every function takes plain data and the reader's language and returns safe markup. Colours come
from the stylesheet by class; the attributes beside them serve documents, which have none. Texts
are isolated, so that an Arabic label and a Latin number keep their order.
"""

import hashlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from tansiq.core import formats
from tansiq.core.drawing import ACCENT, RAIL, SOFT, STEPS, Sheet, fill, short, svg
from tansiq.core.geometry import Outline, Shape

WIDTH = 400
_ROOM_FOR_A_NUMBER = 30
_MIDDLE = 3


@dataclass(frozen=True)
class Item:
    """One bar or part of a chart; the tone is a status (late, ...), or the accent."""

    label: str
    value: float
    tone: str = ""
    url: str = ""


def _told(items: Sequence[Item], language: str) -> str:
    return "; ".join(f"{one.label}: {formats.number(one.value, language)}" for one in items)


def bars(
    items: Sequence[Item], *, title: str, language: str, most: float | None = None
) -> SafeString:
    """Draw one bar a line, its name and number above it; `most` is the length of a full bar."""
    sheet = Sheet(WIDTH, language)
    whole = most or max((one.value for one in items), default=0) or 1
    parts = []
    for line, one in enumerate(items):
        top = line * 44
        length = max(0.0, min(1.0, one.value / whole)) * WIDTH
        row = (
            sheet.text(one.label, 0, top + 15)
            + sheet.text(sheet.number(one.value), WIDTH, top + 15, side="end", classes="strong")
            + f'<rect class="rail" fill="{RAIL}" y="{top + 22}" width="{WIDTH}" height="9"'
            + ' rx="4.5"/>'
            + f'<rect {fill(one.tone)} x="{sheet.x(0, length)}" y="{top + 22}"'
            f' width="{short(length)}" height="9" rx="4.5"/>'
        )
        parts.append(_linked(row, one.url))
    size = (WIDTH, max(len(items) * 44 - 8, 1))
    return svg(parts, size, title=title, told=_told(items, language))


def _linked(markup: str, url: str) -> str:
    return f'<a href="{escape(url)}">{markup}</a>' if url else markup


def stacked(items: Sequence[Item], *, title: str, language: str) -> SafeString:
    """Draw the parts of a whole as one bar, and below it each part by name and number."""
    sheet = Sheet(WIDTH, language)
    whole = sum(one.value for one in items) or 1
    parts, start = [], 0.0
    for place, one in enumerate(items):
        length = one.value / whole * WIDTH
        gap = 1.5 if length > 3 else 0  # noqa: PLR2004 -- a sliver keeps its whole width
        parts.append(
            f'<rect {fill(one.tone, place)} x="{sheet.x(start, length - gap)}" y="0"'
            f' width="{short(max(length - gap, 0))}" height="18" rx="2"/>'
        )
        y = 42 + place * 24
        parts.append(
            f'<rect {fill(one.tone, place)} x="{sheet.x(0, 11)}" y="{y - 10}"'
            ' width="11" height="11" rx="2.5"/>'
        )
        share = formats.percent(one.value / whole, language)
        parts.append(sheet.text(one.label, 19, y))
        parts.append(sheet.text(share, WIDTH, y, side="end", classes="strong"))
        start += length
    size = (WIDTH, 28 + len(items) * 24)
    return svg(parts, size, title=title, told=_told(items, language))


def trend(
    points: Sequence[tuple[str, float]], *, title: str, language: str, target: float | None = None
) -> SafeString:
    """Draw values over periods as a line with its last value, and the target as a dashed one."""
    sheet = Sheet(WIDTH, language)
    told = "; ".join(f"{name}: {formats.number(value, language)}" for name, value in points)
    if not points:
        return svg([], (WIDTH, 1), title=title, told=gettext("No values yet."))
    values = [value for _, value in points] + ([] if target is None else [target])
    low, high = min(0.0, *values), max(*values, 0.0) or 1.0
    end = WIDTH - 64

    def y(value: float) -> float:
        return 96 - (value - low) / ((high - low) or 1) * 78

    def x(place: int) -> float:
        return 4 + place / max(len(points) - 1, 1) * (end - 4)

    spots = [f"{sheet.x(x(n))},{short(y(value))}" for n, (_, value) in enumerate(points)]
    last = points[-1][1]
    axis = f'x1="{sheet.x(0)}" x2="{sheet.x(end)}" y1="{short(y(low))}" y2="{short(y(low))}"'
    parts = [
        f'<line class="axis" stroke="{RAIL}" {axis}/>',
        f'<polyline class="trend" fill="none" stroke="{ACCENT}" stroke-width="2"'
        f' points="{" ".join(spots)}"/>',
        f'<circle class="point" fill="{ACCENT}" r="4" cx="{sheet.x(x(len(points) - 1))}"'
        f' cy="{short(y(last))}"/>',
        sheet.text(sheet.number(last), end + 10, y(last) + 5, classes="strong"),
        sheet.text(points[0][0], 0, 114, classes="soft small", size="12"),
    ]
    if len(points) > 1:
        where = {"side": "end", "classes": "soft small", "size": "12"}
        parts.append(sheet.text(points[-1][0], end, 114, **where))
    if target is not None:
        level = short(y(target))
        parts.append(
            f'<line class="aim" stroke="{SOFT}" stroke-dasharray="4 3" x1="{sheet.x(0)}"'
            f' x2="{sheet.x(end)}" y1="{level}" y2="{level}"/>'
        )
        words = gettext("target %(value)s") % {"value": sheet.number(target)}
        # Above its line, unless that is where the last value stands.
        rise = -6 if y(target) > 14 else 14  # noqa: PLR2004 -- the height of a line of text
        parts.append(sheet.text(words, 0, y(target) + rise, classes="soft small", size="12"))
        told += f"; {words}"
    return svg(parts, (WIDTH, 120), title=title, told=told)


def ring(part: float, whole: float, *, title: str, language: str) -> SafeString:
    """Draw a share as a ring with the per cent inside."""
    share = max(0.0, min(1.0, part / whole)) if whole else 0.0
    around = 2 * math.pi * 26
    centre = 'cx="32" cy="32" r="26" fill="none" stroke-width="8"'
    words = formats.isolate(formats.percent(share, language), language)
    parts = [
        f'<circle class="ring-rail" stroke="{RAIL}" {centre}/>',
        f'<circle class="ring" stroke="{ACCENT}" {centre} transform="rotate(-90 32 32)"'
        f' stroke-dasharray="{short(share * around)} {short(around)}"/>',
        f'<text class="strong" x="32" y="37" text-anchor="middle" font-size="14">{words}</text>',
    ]
    counts = (formats.number(part, language), formats.number(whole, language))
    told = gettext("%(part)s of %(whole)s") % {"part": counts[0], "whole": counts[1]}
    return svg(parts, (64, 64), title=title, told=told, classes="small-ring")


# --- maps


@dataclass(frozen=True)
class Scale:
    """Which colour a value has. `bins` are the least value of each step, `names` their words."""

    bins: Sequence[float]
    names: Sequence[object] = ()

    def step(self, value: float) -> int:
        """Return the step a value falls into, from 0."""
        return max(sum(value >= least for least in self.bins) - 1, 0)

    def shade(self, step: int) -> int:
        """Spread few steps over all colours, so that the last step is always the darkest."""
        return round(step * (len(STEPS) - 1) / max(len(self.bins) - 1, 1))

    def words(self, value: float | None, language: str) -> str:
        """Say a value: by the name of its step if there are names, else as a number."""
        if value is None:
            return gettext("not known")
        return str(self.names[self.step(value)]) if self.names else formats.number(value, language)

    def range(self, step: int, language: str) -> str:
        """Say which values belong to a step: "5 to 9"."""
        if self.names:
            return str(self.names[step])
        least = self.bins[step]
        low = formats.number(least, language)
        if step + 1 == len(self.bins):
            return gettext("%(least)s or more") % {"least": low}
        above = self.bins[step + 1]
        if above == least + 1:
            return low
        whole = float(above).is_integer() and float(least).is_integer()
        top = formats.number(above - 1 if whole else above, language)
        return gettext("%(least)s to %(most)s") % {"least": low, "most": top}


def choropleth(
    places: Outline,
    values: Mapping[str, float | None],
    scale: Scale,
    *,
    title: str,
    language: str,
    link: Callable[[str], str] | None = None,
    said: Mapping[str, str] | None = None,
) -> SafeString:
    """Colour a country by value; darker is more, hatched is unknown, so that it reads in grey.

    Each place is a link if `link` gives an address for its code, and says its name and number, or
    the words `said` has for it.
    """
    told = gettext("A map. The table below it says the same.")
    hatch = f"h{hashlib.sha256(title.encode()).hexdigest()[:10]}"
    parts = [
        f'<pattern id="{hatch}" width="5" height="5" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(-45)"><rect class="none" width="5" height="5" fill="#fff"/>'
        '<path class="hatch" d="M0 1h5" stroke="#c5d0d3"/></pattern>'
    ]
    # Points are drawn last, or the shapes around them would cover them.
    for shape in sorted(places.shapes, key=lambda shape: not shape.path):
        value = values.get(shape.code)
        words = scale.words(value, language)
        told_of = f"{shape.name}: {said.get(shape.code, words) if said else words}"
        paint = f'fill="url(#{hatch})"'
        number = ""
        if value is not None:
            shade = scale.shade(scale.step(value))
            paint = f'fill="{STEPS[shade]}"'
            number = "" if scale.names else _number_on(shape, words, shade)
        kind = "unknown" if value is None else f"step-{shade}"
        body = _drawn(shape, f'class="KIND {kind}" {paint}') + number
        url = link(shape.code) if link else ""
        name = f"<title>{escape(told_of)}</title>"
        parts.append(f'<a href="{escape(url)}">{name}{body}</a>' if url else f"<g>{name}{body}</g>")
    picture = svg(parts, (places.width, places.height), title=title, told=told, classes="map")
    # A picture with links inside is a group, or screen readers would not find them.
    return SafeString(picture.replace('role="img"', 'role="group"', 1)) if link else picture


def _drawn(shape: Shape, paint: str) -> str:
    if shape.path:
        return f'<path {paint.replace("KIND", "area")} d="{shape.path}"/>'
    x, y = shape.at
    where = f'cx="{short(x)}" cy="{short(y)}" r="8"'
    return f"<circle {paint.replace('KIND', 'spot')} {where}/>"


def _number_on(shape: Shape, words: str, shade: int) -> str:
    if shape.room < _ROOM_FOR_A_NUMBER:
        return ""
    x, y = shape.at
    ink = "low" if shade < _MIDDLE else "mid" if shade == _MIDDLE else "high"
    return (
        f'<text class="ink-{ink} strong" x="{short(x)}" y="{short(y + 4)}" text-anchor="middle"'
        f' font-size="13" aria-hidden="true">{escape(words)}</text>'
    )


def legend(values: Mapping[str, float | None], scale: Scale, *, language: str) -> SafeString:
    """Say what each colour of a map means and how many places have it."""
    steps = [None if value is None else scale.step(value) for value in values.values()]
    rows: list[tuple[str, str, int]] = []
    for step in range(len(scale.bins)):
        shade = scale.shade(step)
        swatch = f'<rect class="step-{shade}" fill="{STEPS[shade]}" width="22" height="14"/>'
        rows.append((swatch, scale.range(step, language), steps.count(step)))
    if None in steps:
        swatch = (
            '<rect class="none" fill="#fff" width="22" height="14"/><path class="hatch"'
            ' stroke="#c5d0d3" d="M-6 14 8 0M0 14 14 0M6 14 20 0M12 14 26 0"/>'
        )
        rows.append((swatch, gettext("not known"), steps.count(None)))
    return format_html(
        '<ul class="legend map">{}</ul>',
        format_html_join(
            "",
            '<li><svg viewBox="0 0 22 14" aria-hidden="true">{}</svg>{} '
            '<span class="soft">{}</span></li>',
            ((SafeString(swatch), words, _places(n, language)) for swatch, words, n in rows),
        ),
    )


def _places(count: int, language: str) -> str:
    words = ngettext("%(count)s place", "%(count)s places", count)
    return words % {"count": formats.number(count, language)}


# --- beside every chart


def table_twin(
    headings: Sequence[object], rows: Iterable[Sequence[object]], *, caption: str
) -> SafeString:
    """Give the same as a table, one key away; the first column names the row."""
    head = format_html_join("", '<th scope="col">{}</th>', ((one,) for one in headings))
    lines = (
        (row[0], format_html_join("", '<td class="num">{}</td>', ((one,) for one in row[1:])))
        for row in rows
    )
    return format_html(
        "<details><summary>{}</summary>"
        '<div class="table-wrap"><table><caption>{}</caption><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div></details>",
        gettext("The same as a table"),
        caption,
        head,
        format_html_join("", '<tr><th scope="row">{}</th>{}</tr>', lines),
    )


def figure(message: str, *parts: SafeString) -> SafeString:
    """Put a chart under its one message, with what belongs to it below."""
    joined = format_html_join("", "{}", ((part,) for part in parts))
    return format_html("<figure><figcaption>{}</figcaption>{}</figure>", message, joined)
