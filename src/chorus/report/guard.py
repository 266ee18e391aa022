"""The last look at a picture before it becomes a report: nothing of too few people goes through.

Suppression has hidden what must be hidden. Should it ever fail, nothing is written at all.
"""

from collections.abc import Iterator
from typing import Protocol

from chorus.picture import BurstRow, Cell, HostilityRow, Picture


class UnsafePictureError(Exception):
    """The picture shows what fewer than k people are behind; it must not become a report."""


class _Counted(Protocol):
    @property
    def authors(self) -> int | None: ...


def check(picture: Picture) -> None:
    """Look through a whole picture.

    Raises UnsafePictureError if a figure has too few authors, or a hidden one says anything.
    """
    # The number of authors is itself rounded, so that 12 of at least 12 may stand as 10.
    least = picture.settings.k - picture.settings.rounding / 2
    for row in _rows(picture):
        if row.authors is None or row.authors < least:
            raise UnsafePictureError(
                f"A figure of the picture has fewer than {picture.settings.k} people behind it."
                " Nothing was written; report this fault."
            )
    for cell in _hidden(picture):
        if any(value is not None for value in _figures(cell)):
            raise UnsafePictureError(
                "A hidden figure of the picture can be worked out. Nothing was written; report"
                " this fault."
            )


def _rows(picture: Picture) -> Iterator[_Counted]:
    yield from (cell for cell in _cells(picture) if cell.posts is not None)
    yield from picture.claims
    yield from picture.tags
    yield from picture.communities
    # A burst of a hashtag repeats a point of its small line, which tells no authors of its own.
    yield from (row for row in picture.bursts if row.authors is not None)


def _hidden(picture: Picture) -> Iterator[Cell | HostilityRow | BurstRow]:
    yield from (cell for cell in _cells(picture) if cell.posts is None)
    yield from (row for row in picture.bursts if row.posts is None)


def _cells(picture: Picture) -> Iterator[Cell | HostilityRow]:
    for name in ("needs", "solidarity", "series", "places", "languages"):
        yield from getattr(picture, name).cells
    yield from picture.hostility


def _figures(cell: Cell | HostilityRow | BurstRow) -> tuple[float | None, ...]:
    if isinstance(cell, BurstRow):
        return (cell.authors, cell.expected)
    rest = (cell.spread,) if isinstance(cell, Cell) else (cell.ratio,)
    return (cell.authors, cell.low, cell.high, *rest)
