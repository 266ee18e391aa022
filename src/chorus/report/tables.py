"""The picture as tables: headings in the reader's language, HXL tags below, then the rows.

Codes stand beside names, so that a machine finds the same in every language. A hidden figure is
said in words; an empty cell means that nothing is known, and neither ever means zero.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chorus.picture import Cell, CommunityRow, Share, TagRow
from chorus.picture import Table as Grid
from chorus.report.sayings import Sayings

Value = str | int | float | datetime | None
_HXL: Final = re.compile(r"#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*")

_LABEL = (("code", "#indicator+code"), ("label", "#indicator+name"))
_COUNTS = (
    ("posts", "#indicator+posts+num"),
    ("low", "#indicator+posts+min+num"),
    ("high", "#indicator+posts+max+num"),
    ("spread", "#indicator+reposts+num"),
    ("authors", "#indicator+authors+num"),
)
_SEEN = (("first", "#date+first"), ("latest", "#date+latest"))
_KIND = (("origin", "#meta+origin"), ("kind", "#meta+kind"), ("share", "#meta+certainty+num"))


@dataclass(frozen=True)
class Table:
    """One table: its name, and for each column a heading and an HXL tag."""

    name: str
    title: str
    headings: tuple[str, ...]
    tags: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def tables_of(say: Sayings) -> tuple[Table, ...]:
    """Return all tables of the picture, also those without rows."""
    picture = say.picture
    return (
        _grid("needs", picture.needs, say),
        _grid("solidarity", picture.solidarity, say),
        _grid("series", picture.series, say),
        _grid("places", picture.places, say),
        _grid("languages", picture.languages, say),
        _hostility(say),
        _claims(say),
        _tags(say),
        _families(say),
        _bursts(say),
        _left_out(say),
        _heads(say),
    )


def _table(
    name: str, columns: Iterable[tuple[str, str]], rows: Iterable[tuple[Value, ...]], say: Sayings
) -> Table:
    keys, tags = zip(*columns, strict=True)
    wrong = [tag for tag in tags if not _HXL.fullmatch(tag)]
    if wrong:
        message = f"These are no HXL tags: {wrong}."
        raise ValueError(message)
    headings = tuple(say.words(f"table.{key}") for key in keys)
    return Table(name, say.words(f"file.{name}"), headings, tags, tuple(rows))


def _grid(name: str, grid: Grid, say: Sayings) -> Table:
    """Return cells as rows, with a column for each part that stands apart in this grid."""
    apart = {
        "from": ("#date+start", lambda cell: cell.start and say.words.local(cell.start)),
        "place": ("#loc+name", lambda cell: None if cell.place is None else say.place(cell.place)),
        "language": ("#meta+language", lambda cell: cell.language),
    }
    parts = {"from": "start", "place": "place", "language": "language"}
    used = [
        key for key in apart if any(getattr(cell, parts[key]) is not None for cell in grid.cells)
    ]
    columns = [(key, apart[key][0]) for key in used] + [*_LABEL, *_COUNTS]
    readers: list[Callable[[Cell], Value]] = [apart[key][1] for key in used]
    rows = (
        (
            *(read(cell) for read in readers),
            cell.label,
            say.label(cell.label),
            *_counts(cell.posts, (cell.low, cell.high, cell.spread, cell.authors), say),
        )
        for cell in grid.cells
    )
    return _table(name, columns, rows, say)


def _counts(posts: int | None, rest: tuple[float | None, ...], say: Sayings) -> tuple[Value, ...]:
    """Say of a hidden row that it is hidden, and show none of its other figures."""
    return (posts, *rest) if posts is not None else (say.too_few, *(None for _ in rest))


def _hostility(say: Sayings) -> Table:
    columns = (
        ("place", "#loc+name"),
        *_LABEL,
        ("posts", "#indicator+posts+num"),
        ("low", "#indicator+posts+min+num"),
        ("high", "#indicator+posts+max+num"),
        ("authors", "#indicator+authors+num"),
        ("expected", "#indicator+usual+num"),
        ("growth", "#indicator+ratio+num"),
    )
    rows = (
        (
            say.place(row.place),
            row.label,
            say.label(row.label),
            *_counts(row.posts, (row.low, row.high, row.authors), say),
            row.usual,
            row.ratio,
        )
        for row in say.picture.hostility
    )
    return _table("hostility", columns, rows, say)


def _claims(say: Sayings) -> Table:
    columns = (
        ("number", "#meta+id"),
        ("harm", "#indicator+harm+name"),
        ("text", "#description"),
        ("posts", "#indicator+posts+num"),
        ("spread", "#indicator+reposts+num"),
        ("authors", "#indicator+authors+num"),
        ("variants", "#indicator+wordings+num"),
        ("growth", "#indicator+growth+num"),
        *_SEEN,
        ("triage", "#meta+triage+minutes+num"),
        ("due", "#date+due"),
        ("language", "#meta+language"),
    )
    local = say.words.local
    rows = (
        (
            row.number,
            say.harm(row),
            row.text or say.words("claims.no_text", k=say.picture.settings.k),
            row.posts,
            row.spread,
            row.authors,
            row.variants,
            row.growth,
            local(row.first_at),
            local(row.last_at),
            row.triage,
            local(row.due_at),
            _codes(row.languages),
        )
        for row in say.picture.claims
    )
    return _table("claims", columns, rows, say)


def _codes(shares: Iterable[Share]) -> str:
    return "; ".join(f"{share.name} {share.share:.2f}" for share in shares)


def _tags(say: Sayings) -> Table:
    columns = (
        ("tag", "#meta+tag"),
        ("posts", "#indicator+posts+num"),
        ("spread", "#indicator+reposts+num"),
        ("authors", "#indicator+authors+num"),
        *_KIND,
        *_SEEN,
        ("half_life", "#meta+half_life+minutes+num"),
        ("family", "#meta+family"),
        ("language", "#meta+language"),
    )
    rows = (
        (
            f"#{row.tag}",
            row.posts,
            row.spread,
            row.authors,
            *_kind(row, say),
            row.half_life,
            row.community,
            _codes(row.languages),
        )
        for row in say.picture.tags
    )
    return _table("tags", columns, rows, say)


def _kind(row: TagRow | CommunityRow, say: Sayings) -> tuple[Value, ...]:
    words = say.words
    return (
        words.code("origin", row.origin),
        words.code("kind", row.kind),
        row.certainty,
        words.local(row.first_at),
        words.local(row.last_at),
    )


def _families(say: Sayings) -> Table:
    columns = (
        ("family", "#meta+family"),
        ("tags", "#meta+tags"),
        ("posts", "#indicator+posts+num"),
        ("authors", "#indicator+authors+min+num"),
        *_KIND,
        *_SEEN,
        ("half_life", "#meta+half_life+minutes+num"),
    )
    rows = (
        (
            row.number,
            " ".join(f"#{tag}" for tag in row.tags),
            row.posts,
            row.authors,
            *_kind(row, say),
            row.half_life,
        )
        for row in say.picture.communities
    )
    return _table("families", columns, rows, say)


def _bursts(say: Sayings) -> Table:
    columns = (
        ("what", "#meta+subject"),
        ("code", "#indicator+code"),
        ("level", "#severity"),
        ("from", "#date+start"),
        ("peak", "#date+peak"),
        ("posts", "#indicator+posts+num"),
        ("authors", "#indicator+authors+num"),
        ("expected", "#indicator+expected+num"),
        ("measure", "#indicator+z+num"),
    )
    rows = (
        (
            row.subject,
            row.name,
            say.words(f"level.{row.level}"),
            say.words.local(row.start),
            say.words.local(row.peak_at),
            *_counts(row.posts, (row.authors, row.expected), say),
            round(row.z, 1),
        )
        for row in say.picture.bursts
    )
    return _table("bursts", columns, rows, say)


def _left_out(say: Sayings) -> Table:
    columns = (("step", "#meta+step"), ("reason", "#meta+reason"), ("posts", "#meta+posts+num"))
    rows = (
        (row.step, say.words.code("reason", row.reason), row.posts)
        for row in say.picture.ledger.dropped
    )
    return _table("left_out", columns, rows, say)


def _heads(say: Sayings) -> Table:
    columns = (
        ("code", "#meta+head"),
        ("version", "#meta+version"),
        ("what", "#meta+test"),
        ("language", "#meta+language"),
        ("measure", "#meta+measure"),
        ("value", "#indicator+score+num"),
        ("low", "#indicator+score+min+num"),
        ("high", "#indicator+score+max+num"),
    )
    rows = (
        (
            card.head,
            card.version,
            figure.test,
            figure.language,
            figure.measure,
            figure.value,
            figure.low,
            figure.high,
        )
        for card in say.picture.cards
        for figure in card.figures
    )
    return _table("heads", columns, rows, say)
