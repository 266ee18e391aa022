"""The parts of the page, each as plain data with its words and drawings made.

The order of the page is what a person needs to do now; see `layout/report.html.jinja`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from chorus.picture import (
    ALL_POSTS,
    CLAIM_CLUSTER,
    TAG,
    BurstRow,
    Card,
    CardFigure,
    Cell,
    ClaimRow,
    HostilityRow,
    Table,
    TagRow,
)
from chorus.report.charts import Mark, Series, Step, bar, small, spark, timeline
from chorus.report.sayings import HOSTILITY_KEY, NEED_KEYS, Sayings, ranked

_SPARK_MINUTES = 15
_TAGS_SHOWN, _FAMILIES_SHOWN, _CLAIMS_SHOWN, _PLACES_SHOWN = 15, 12, 40, 40
_STEPS_OF_SHADE = 5


@dataclass(frozen=True)
class Bar:
    """One line of a bar chart that is a table at the same time."""

    name: str
    posts: str
    between: str
    authors: str
    spread: str
    drawing: Markup
    is_hidden: bool


@dataclass(frozen=True)
class Small:
    """One of many small charts."""

    name: str
    most: str
    drawing: Markup


@dataclass(frozen=True)
class Chart:
    """One chart in two sizes with its table."""

    wide: Markup
    slim: Markup
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class GridCell:
    """A cell of places by needs: its words, and how dark it is, from 0 to 5."""

    text: str
    shade: int
    is_hidden: bool


@dataclass(frozen=True)
class GridRow:
    name: str
    cells: tuple[GridCell, ...]


@dataclass(frozen=True)
class Trend:
    """Hostility towards a kind of group against what is usual."""

    name: str
    place: str
    posts: str
    between: str
    usual: str
    ratio: str
    is_raised: bool
    drawing: Markup
    is_hidden: bool


@dataclass(frozen=True)
class BurstLine:
    """A burst with the number that stands on the chart."""

    number: int
    name: str
    row: BurstRow


@dataclass(frozen=True)
class TagLine:
    """A hashtag with its small line."""

    row: TagRow
    line: Markup


def bars(cells: Iterable[Cell], say: Sayings, keys: Sequence[str] | None = None) -> list[Bar]:
    """Return the cells of some labels as bars, the largest first."""
    rows = ranked(cells, keys)
    most = max((max(cell.posts or 0, cell.high or 0) for cell in rows), default=0)
    return [_bar(cell, say.label(cell.label), most, say) for cell in rows]


def _bar(cell: Cell, name: str, most: int, say: Sayings) -> Bar:
    error = None if cell.low is None or cell.high is None else (cell.low, cell.high)
    return Bar(
        name=name,
        posts=say.count(cell.posts),
        between=say.between(cell.low, cell.high),
        authors="" if cell.is_hidden else say.count(cell.authors),
        spread="" if cell.spread is None else say.words.number(cell.spread),
        drawing=bar(cell.posts, error, most, say.words),
        is_hidden=cell.is_hidden,
    )


# --- over time


def burst_lines(say: Sayings) -> list[BurstLine]:
    """Return the bursts in their order of time, numbered as on the chart."""
    rows = sorted(say.picture.bursts, key=lambda row: (row.start, row.subject, row.name))
    return [BurstLine(number, _burst_name(row, say), row) for number, row in enumerate(rows, 1)]


def _burst_name(row: BurstRow, say: Sayings) -> str:
    if row.subject == TAG:
        return f"#{row.name}"
    if row.subject == CLAIM_CLUSTER:
        return say.words("claims.number", number=int(row.name))
    return say.words("hostility.title") if row.name == HOSTILITY_KEY else say.label(row.name)


def line_of(label: str, say: Sayings) -> Series | None:
    """Return a label over time, or None where time is not split or there is nothing to draw.

    A step without a cell held no post at all, for hidden cells are listed.
    """
    table = say.picture.series
    cells = [cell for cell in table.cells if cell.label == label and cell.start is not None]
    minutes = table.coarseness.minutes
    if not minutes or not cells:
        return None
    known = {cell.start: cell.posts for cell in cells if cell.start is not None}
    start = min(cell.start for cell in table.cells if cell.start is not None)
    end = max(cell.start for cell in table.cells if cell.start is not None)
    count = round((end - start) / timedelta(minutes=minutes)) + 1
    moments = (start + timedelta(minutes=minutes * n) for n in range(count))
    steps = tuple(Step(at, known.get(at, 0)) for at in moments)
    series = Series(say.label(label), steps, minutes, _marks(label, say))
    return series if series.is_drawable else None


def _marks(label: str, say: Sayings) -> tuple[Mark, ...]:
    return tuple(
        Mark(line.row.peak_at, line.number, line.row.level)
        for line in burst_lines(say)
        if line.row.name == label or (label == ALL_POSTS and line.row.subject != TAG)
    )


def chart(label: str, say: Sayings) -> Chart | None:
    """Return the chart of a label in two sizes, with its table."""
    series = line_of(label, say)
    if series is None:
        return None
    drawn = [
        timeline(series, incident=say.picture.incident.at, words=say.words, wide=wide)
        for wide in (True, False)
    ]
    rows = tuple((_moment(step.start, say), say.count(step.posts)) for step in series.steps)
    return Chart(drawn[0], drawn[1], rows)


def _moment(at: datetime, say: Sayings) -> str:
    return say.words.short_moment(at)


def smalls(labels: Iterable[str], say: Sayings) -> list[Small]:
    """Return small charts of those labels that have something to draw."""
    lines = [line for label in labels if (line := line_of(label, say))]
    return [
        Small(line.title, say.words("say.most", count=line.most), small(line, words=say.words))
        for line in lines
    ]


def tag_lines(say: Sayings) -> list[TagLine]:
    """Return the most used hashtags, each with its line."""
    rows = sorted(say.picture.tags, key=lambda row: (-row.posts, row.tag))[:_TAGS_SHOWN]
    return [TagLine(row, _spark(row, say)) for row in rows]


def _spark(row: TagRow, say: Sayings) -> Markup:
    steps = tuple(Step(point.start, point.posts) for point in row.series)
    gap = steps[1].start - steps[0].start if len(steps) > 1 else timedelta(minutes=_SPARK_MINUTES)
    series = Series(f"#{row.tag}", steps, round(gap / timedelta(minutes=1)))
    return spark(series, words=say.words) if series.is_drawable else Markup()


def families(say: Sayings) -> list[tuple[object, list[TagRow | str]]]:
    """Return the families of hashtags, the most used first; a tag with a row comes as it."""
    known = {row.tag: row for row in say.picture.tags}
    rows = sorted(say.picture.communities, key=lambda row: (-row.posts, row.number))
    return [(row, [known.get(tag, tag) for tag in row.tags]) for row in rows[:_FAMILIES_SHOWN]]


# --- claims, hostility


def claims(say: Sayings) -> list[ClaimRow]:
    """Return the claims in the order of the picture: how many people, and how little time."""
    return list(say.picture.claims[:_CLAIMS_SHOWN])


def trends(say: Sayings) -> list[Trend]:
    """Return hostility by target, all places first."""
    rows = sorted(
        say.picture.hostility,
        key=lambda row: (row.place is not None, row.label.startswith("target"), -(row.posts or 0)),
    )
    most = max((max(row.posts or 0, row.high or 0) for row in rows), default=0)
    return [_trend(row, most, say) for row in rows]


def _trend(row: HostilityRow, most: int, say: Sayings) -> Trend:
    error = None if row.low is None or row.high is None else (row.low, row.high)
    unknown = say.words("hostility.unknown")
    return Trend(
        name=say.label(row.label),
        place=say.place(row.place),
        posts=say.count(row.posts),
        between=say.between(row.low, row.high),
        usual=unknown if row.usual is None else say.words.number(row.usual),
        ratio=unknown if row.ratio is None else say.words("hostility.times", ratio=row.ratio),
        is_raised=row.is_raised,
        drawing=bar(row.posts, error, most, say.words),
        is_hidden=row.posts is None,
    )


def hostility_lead(say: Sayings) -> tuple[str, str]:
    """Return the tone and the sentence above the trend."""
    rows = say.picture.hostility
    if not rows:
        return "calm", say.words("hostility.none")
    if any(row.is_raised for row in rows):
        return "late", say.words("hostility.lead_raised")
    if all(row.usual is None for row in rows):
        return "risk", say.words("hostility.no_baseline")
    return "calm", say.words("hostility.lead_calm")


# --- places and languages


def place_grid(say: Sayings) -> tuple[list[str], list[GridRow]]:
    """Return places by needs: the heads of the columns, and the rows, the busiest place first."""
    table = say.picture.places
    labels = [ALL_POSTS, *NEED_KEYS]
    found = {(cell.place, cell.label): cell for cell in table.cells}
    shown = [label for label in labels if any(key[1] == label for key in found)]
    places = sorted(
        {cell.place for cell in table.cells if cell.place is not None},
        key=lambda place: (-_total(place, table), say.place(place)),
    )[:_PLACES_SHOWN]
    most = {
        label: max(found[place, label].posts or 0 for place in places if (place, label) in found)
        for label in shown
        if any((place, label) in found for place in places)
    }
    rows = [
        GridRow(
            say.place(place),
            tuple(
                _grid_cell(found.get((place, label)), most.get(label, 0), say) for label in shown
            ),
        )
        for place in places
    ]
    return [say.label(label) for label in shown], rows


def _total(place: str, table: Table) -> int:
    return sum(
        cell.posts or 0 for cell in table.cells if cell.place == place and cell.label == ALL_POSTS
    )


def _grid_cell(cell: Cell | None, most: int, say: Sayings) -> GridCell:
    if cell is None:
        return GridCell(say.words.number(0), 0, is_hidden=False)
    shade = (
        0 if not cell.posts or not most else 1 + round(cell.posts / most * (_STEPS_OF_SHADE - 1))
    )
    return GridCell(say.count(cell.posts), shade, cell.is_hidden)


def language_bars(say: Sayings) -> list[Bar]:
    """Return all posts by language, the largest first."""
    cells = [cell for cell in say.picture.languages.cells if cell.label == ALL_POSTS]
    cells.sort(key=lambda cell: (cell.is_hidden, -(cell.posts or 0), cell.language or ""))
    most = max((max(cell.posts or 0, cell.high or 0) for cell in cells), default=0)
    return [_bar(cell, say.words.tongue(cell.language), most, say) for cell in cells]


def others(say: Sayings) -> list[Bar]:
    """Return what else is reported beside needs."""
    keys = {cell.label for cell in say.picture.needs.cells} - set(NEED_KEYS)
    return bars(say.picture.needs.cells, say, tuple(keys))


def scores(card: Card) -> list[CardFigure]:
    """Return the scores of a head, each once, those over all languages first."""
    return sorted(
        dict.fromkeys(card.figures),
        key=lambda figure: (figure.test, figure.language is not None),
    )
