"""The charts of the report: bars with their error, posts over time, and small lines.

All of them read without colour: what is hidden is hatched, marks carry a number, and a table with
the same figures stands beside each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from markupsafe import Markup

from chorus.report.drawing import Sheet, short, svg
from chorus.report.wording import Words

HATCH: Final = "hatched"
_NICE: Final = (1, 2, 3, 4, 5, 6, 8)
# Steps between two words on a time axis, in hours.
_STEPS: Final = (1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 720)
_DAY_HOURS: Final = 24
_FEWEST: Final = 2
_MARK_WIDTH: Final = 18


@dataclass(frozen=True)
class Step:
    """One step of a line: how many posts from `start` on, None where they are hidden."""

    start: datetime
    posts: int | None


@dataclass(frozen=True)
class Mark:
    """A moment on a line with a number that the table beside it explains, and its level."""

    at: datetime
    number: int
    level: str


@dataclass(frozen=True)
class Series:
    """Posts over time in steps of equal length."""

    title: str
    steps: tuple[Step, ...]
    minutes: int
    marks: tuple[Mark, ...] = ()

    @property
    def most(self) -> int:
        return max((step.posts or 0 for step in self.steps), default=0)

    @property
    def hidden(self) -> int:
        return sum(step.posts is None for step in self.steps)

    @property
    def is_drawable(self) -> bool:
        return len(self.steps) >= _FEWEST and self.most > 0

    @property
    def ends(self) -> datetime:
        return self.steps[-1].start + timedelta(minutes=self.minutes)


def bar(posts: int | None, error: tuple[int, int] | None, most: float, words: Words) -> Markup:
    """Draw one bar with its error as a thin line; the number stands in words beside it.

    The drawing fills its box whatever its width, so it carries no text; `most` is a full box.
    """
    sheet, whole = Sheet(200, words), most or 1
    if posts is None:
        parts = [f'<rect class="{HATCH}" x="{sheet.x(0, 24)}" y="2" width="24" height="10"/>']
    else:
        parts = [sheet.box(0, 2, (max(posts / whole * 200, 1), 10), "bar")]
        parts += _error(sheet, error, whole) if error else []
    return Markup(  # noqa: S704 -- numbers and our own classes only
        '<svg class="barline" viewBox="0 0 200 14" preserveAspectRatio="none" aria-hidden="true"'
        f' direction="ltr">{"".join(parts)}</svg>'
    )


def _error(sheet: Sheet, error: tuple[int, int], whole: float) -> list[str]:
    low, high = (min(max(end / whole, 0), 1) * 199 for end in error)
    parts = []
    # A light line below the dark one keeps it visible where it crosses the bar.
    for classes in ("error-under", "error"):
        parts.append(sheet.line(low, high, 7, classes))
        parts += [sheet.upright(end, (3, 11), classes) for end in (low, high)]
    return parts


def timeline(series: Series, *, incident: datetime, words: Words, wide: bool) -> Markup:
    """Draw posts over time as an area, with the incident, the hidden steps and the marks."""
    width, height = (940, 236) if wide else (340, 220)
    sheet = Sheet(width, words)
    plot = _Plot(series, sheet, (44, width - 10), (34, height - 30))
    parts = [*_levels(plot), *_area(plot), *_axis(plot, wanted=8 if wide else 3)]
    if series.steps[0].start <= incident < series.ends:
        at = plot.x(incident)
        parts.append(sheet.upright(at, (14, plot.bottom), "incident"))
        parts.append(sheet.text(words("say.incident"), at + 6, 12, classes="soft small"))
    parts += [part for mark in _apart(plot) for part in _mark(plot, mark)]
    told = describe(series, words)
    kind = "wide" if wide else "slim"
    return svg(parts, (width, height), title=series.title, told=told, classes=kind)


def small(series: Series, *, words: Words) -> Markup:
    """Draw the same without an axis but its two ends, for many of them side by side."""
    sheet = Sheet(260, words)
    plot = _Plot(series, sheet, (2, 258), (16, 62))
    parts = [*_area(plot), sheet.line(2, 258, 62, "axis")]
    parts += [part for mark in _apart(plot) for part in _mark(plot, mark)]
    ends = (words.clock, words.clock)
    if series.ends - series.steps[0].start > timedelta(days=1):
        ends = (words.short_day, words.short_day)
    parts.append(sheet.text(ends[0](series.steps[0].start), 2, 78, classes="soft small"))
    parts.append(sheet.text(ends[1](series.ends), 258, 78, side="end", classes="soft small"))
    return svg(
        parts, (260, 84), title=series.title, told=describe(series, words), classes="multiple"
    )


def spark(series: Series, *, words: Words) -> Markup:
    """Draw a line as small as a word."""
    sheet = Sheet(96, words)
    plot = _Plot(series, sheet, (2, 94), (3, 23))
    told = describe(series, words)
    return svg(_area(plot), (96, 26), title=series.title, told=told, classes="spark")


def describe(series: Series, words: Words) -> str:
    """Say in a sentence or two what a line shows."""
    peak = max(series.steps, key=lambda step: step.posts or 0)
    told = words(
        "say.chart",
        start=words.moment(series.steps[0].start),
        end=words.moment(series.ends),
        most=series.most,
        peak=words.moment(peak.start),
    )
    if series.hidden:
        told += " " + words("say.chart_hidden", count=series.hidden)
    return told


class _Plot:
    """Where a moment and a number stand between the edges of a drawing."""

    def __init__(
        self, series: Series, sheet: Sheet, across: tuple[float, float], down: tuple[float, float]
    ) -> None:
        self.series, self.sheet = series, sheet
        self.start, self.end = across
        self.top, self.bottom = down
        self.ceiling = ceiling(series.most)
        self.whole = (series.ends - series.steps[0].start).total_seconds()

    def x(self, at: datetime) -> float:
        share = (at - self.series.steps[0].start).total_seconds() / self.whole
        return self.start + min(max(share, 0), 1) * (self.end - self.start)

    def y(self, posts: float) -> float:
        return self.bottom - posts / self.ceiling * (self.bottom - self.top)

    @property
    def step(self) -> float:
        return (self.end - self.start) / len(self.series.steps)


def ceiling(most: int) -> int:
    """Return the next number from 10, 20, 30, 40, 50, 60, 80, 100 ... that holds the most."""
    power = 10
    while True:
        for nice in _NICE:
            if nice * power >= most:
                return nice * power
        power *= 10


def _area(plot: _Plot) -> list[str]:
    parts = []
    for run in _runs(plot.series.steps):
        at = plot.x(run[0].start)
        if run[0].posts is None:
            height = min(12.0, plot.bottom - plot.top)
            size = (plot.step * len(run), height)
            parts.append(plot.sheet.box(at, plot.bottom - height, size, HATCH))
        else:
            parts.append(_stairs(plot, run))
    return parts


def _stairs(plot: _Plot, run: Sequence[Step]) -> str:
    """Draw steps as stairs: a count belongs to its whole step, not to a moment."""
    line = []
    for step in run:
        at, y = plot.x(step.start), short(plot.y(step.posts or 0))
        line.append(f"{plot.sheet.x(at)} {y}L{plot.sheet.x(at + plot.step)} {y}")
    path = "M" + "L".join(line)
    first, last = plot.x(run[0].start), plot.x(run[-1].start) + plot.step
    floor = short(plot.bottom)
    closed = f"{path}L{plot.sheet.x(last)} {floor}L{plot.sheet.x(first)} {floor}Z"
    return f'<path class="area" d="{closed}"/><path class="trend" d="{path}"/>'


def _runs(steps: Sequence[Step]) -> list[list[Step]]:
    """Cut steps wherever shown ones turn into hidden ones or back."""
    runs: list[list[Step]] = []
    for step in steps:
        if runs and (runs[-1][-1].posts is None) == (step.posts is None):
            runs[-1].append(step)
        else:
            runs.append([step])
    return runs


def _levels(plot: _Plot) -> list[str]:
    parts = []
    for posts in (0, plot.ceiling // 2, plot.ceiling):
        y = plot.y(posts)
        parts.append(plot.sheet.line(plot.start, plot.end, y, "grid" if posts else "axis"))
        number = plot.sheet.words.number(posts)
        parts.append(
            plot.sheet.text(number, plot.start - 8, y + 4, side="end", classes="soft small")
        )
    return parts


def _axis(plot: _Plot, *, wanted: int) -> list[str]:
    words = plot.sheet.words
    hours = next((step for step in _STEPS if plot.whole / 3600 / step <= wanted), _STEPS[-1])
    midnight = words.local(plot.series.steps[0].start).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    parts, tick = [], midnight
    while tick < plot.series.ends:
        at = plot.x(tick)
        # A word too near an edge would be cut; its neighbour says enough.
        if tick > plot.series.steps[0].start and plot.start + 12 < at < plot.end - 20:
            is_day = hours >= _DAY_HOURS or words.local(tick).hour == 0
            said = words.short_day(tick) if is_day else words.clock(tick)
            parts.append(plot.sheet.upright(at, (plot.bottom, plot.bottom + 5), "axis"))
            parts.append(
                plot.sheet.text(said, at, plot.bottom + 20, side="middle", classes="soft small")
            )
        tick += timedelta(hours=hours)
    return parts


def _apart(plot: _Plot) -> list[Mark]:
    """Leave out marks that would cover an earlier one; the table below has them all."""
    kept: list[Mark] = []
    for mark in sorted(plot.series.marks, key=lambda mark: (mark.at, mark.number)):
        if not kept or plot.x(mark.at) - plot.x(kept[-1].at) >= _MARK_WIDTH:
            kept.append(mark)
    return kept


def _mark(plot: _Plot, mark: Mark) -> list[str]:
    """Draw a triangle (watch) or a diamond (alert) above the line, with its number."""
    at = plot.x(mark.at) + plot.step / 2
    x = float(plot.sheet.x(min(at, plot.end - 8)))
    y = max(plot.top - 4, 8.0)
    shape = "M0 -7L7 5L-7 5Z" if mark.level == "watch" else "M0 -8L8 0L0 8L-8 0Z"
    number = plot.sheet.words.number(mark.number)
    where = f"translate({short(x)} {short(y)})"
    return [
        f'<path class="mark {mark.level}" d="{shape}" transform="{where}"/>',
        f'<text class="mark-number {mark.level}" x="{short(x)}" y="{short(y + 3.5)}"'
        f' text-anchor="middle">{number}</text>',
    ]
