"""Rows of the picture about hashtags: rounded, and in the words of the code book."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from chorus.communities import Family
from chorus.foldable import QUARTER_HOUR
from chorus.hashtags import QUARTERS_AN_HOUR
from chorus.lives import Life
from chorus.picture import CommunityRow, Point, Share, TagRow
from chorus.released import Released, Use

ROUNDED_TO: Final = 5
QUARTER_MINUTES: Final = 60 // QUARTERS_AN_HOUR
# More tags than these are not read by anybody.
MOST_TAGS: Final = 200
MOST_FAMILIES: Final = 40
MOST_OF_A_FAMILY: Final = 12

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SHARES_TO: Final = 20


def rounded(count: int) -> int:
    """Return a count to the nearest 5; the same for the same count, always."""
    return (count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO


def moment(quarter: int) -> datetime:
    """Return the beginning of a quarter-hour that is numbered from 1970."""
    try:
        return _EPOCH + timedelta(microseconds=quarter * QUARTER_HOUR)
    except OverflowError:
        # A platform's broken clock; no post is from there.
        return _EPOCH


def shares(parts: Mapping[str, float]) -> tuple[Share, ...]:
    """Return shares to the nearest 0.05, the largest first, without those that round to nothing."""
    rows = [Share(name, round(part * _SHARES_TO) / _SHARES_TO) for name, part in parts.items()]
    return tuple(sorted((row for row in rows if row.share > 0), key=lambda row: -row.share))


def tag_rows(tags: Iterable[Released], families: Iterable[Family]) -> tuple[TagRow, ...]:
    """Return a row for each tag, with the number of its family."""
    number_of = {tag.row: family.number for family in families for tag in family.tags}
    return tuple(_tag_row(tag, number_of.get(tag.row)) for tag in list(tags)[:MOST_TAGS])


def community_rows(families: Iterable[Family]) -> tuple[CommunityRow, ...]:
    """Return a row for each family."""
    return tuple(_community_row(family) for family in list(families)[:MOST_FAMILIES])


def _tag_row(tag: Released, community: int | None) -> TagRow:
    kind, life = tag.use.kind, tag.life
    return TagRow(
        tag=tag.name,
        posts=rounded(tag.use.posts),
        spread=rounded(tag.use.spread),
        authors=rounded(tag.use.authors),
        first_at=moment(life.first),
        last_at=moment(life.last),
        peak_at=_peak(life),
        half_life=_half_life(life),
        origin=tag.origin,
        kind=kind.name,
        certainty=round(kind.certainty, 2),
        kinds=shares(kind.shares),
        languages=_languages(tag.use),
        community=community,
        series=tuple(
            Point(moment(start), None if uses is None else rounded(uses))
            for start, uses in life.course
        ),
    )


def _community_row(family: Family) -> CommunityRow:
    kind, life = family.use.kind, family.life
    return CommunityRow(
        number=family.number,
        tags=tuple(tag.name for tag in family.tags[:MOST_OF_A_FAMILY]),
        posts=rounded(family.use.posts),
        authors=rounded(family.use.authors),
        first_at=moment(life.first),
        last_at=moment(life.last),
        origin=family.origin,
        kind=kind.name,
        certainty=round(kind.certainty, 2),
        kinds=shares(kind.shares),
        peak_at=_peak(life),
        half_life=_half_life(life),
        is_alive=life.is_alive,
    )


def _peak(life: Life) -> datetime | None:
    return None if life.peak is None else moment(life.peak)


def _half_life(life: Life) -> int | None:
    return None if life.half_life is None else life.half_life * QUARTER_MINUTES


def _languages(use: Use) -> tuple[Share, ...]:
    return shares(use.language_shares())
