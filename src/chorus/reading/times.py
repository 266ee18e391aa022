"""Times as platforms and spreadsheets write them, understood as UTC.

Each way of writing is tried in one fixed order on what the ways before it did not understand, so
that what a value means never depends on its neighbours.
"""

from collections.abc import Callable, Iterator
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

_MOMENT: Final = pl.Datetime("us", "UTC")

# With a zone: ISO 8601, X of old (Wed Aug 27 13:08:45 +0000 2008), RFC 2822 with and without a day.
_ZONED: Final = (
    "%Y-%m-%dT%H:%M:%S%.f%#z",
    "%a %b %d %H:%M:%S %z %Y",
    "%Y-%m-%dT%H:%M%#z",
    "%a, %d %b %Y %H:%M:%S %z",
    "%d %b %Y %H:%M:%S %z",
    "%a, %d %b %Y %H:%M %z",
)
# Without one. Day and month in figures with slashes are not guessed: 05/06 is two days.
_LOCAL: Final = (
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    "%Y/%m/%dT%H:%M:%S%.f",
    "%Y/%m/%dT%H:%M",
    "%a, %d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M:%S",
)
_DAYS: Final = ("%Y-%m-%d", "%Y/%m/%d")

# Epoch numbers are told apart by size: each bound lies in the year 5138 of the smaller unit and in
# 1973 of the larger. Smaller numbers are years, or days since 1900, and no moments.
_SECONDS_FROM: Final = 1e8
_SECONDS_BELOW: Final = 1e11
_MILLISECONDS_BELOW: Final = 1e14
_MICROSECONDS_BELOW: Final = 1e17

# Names of UTC in RFC 2822 and ISO, and a space instead of the T, one way of writing each.
_TIDY: Final = (
    (r"\s*(?:Z|UTC|GMT|UT)$", "+0000"),
    (r"^(\d{4}[-/]\d\d[-/]\d\d)\s+(\d)", "${1}T${2}"),
    (r"^(\d{4}.*\d)\s+([+-]\d)", "${1}${2}"),
)


def parse_times(values: pl.Series, zone: str, time_format: str | None = None) -> pl.Series:
    """Return texts as moments in UTC, in microseconds; what is not understood becomes null.

    `zone` is an IANA name; it is only used where the text has none. Epoch numbers may be seconds,
    milliseconds, microseconds or nanoseconds.
    """
    nothing = pl.Series(values.name, [None], dtype=pl.String).new_from_index(0, len(values))
    found, left = nothing.cast(_MOMENT), values
    for read in _ways(zone, time_format):
        if left.null_count() == len(left):
            break
        found = found.zip_with(found.is_not_null(), read(left))
        left = left.zip_with(found.is_null(), nothing)
    return found


def is_zone(name: str) -> bool:
    """Return whether a time zone of this IANA name is known."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True


def _ways(zone: str, time_format: str | None) -> Iterator[Callable[[pl.Series], pl.Series]]:
    if time_format is not None:
        yield _custom(time_format, zone)
    for pattern in _ZONED[:2]:
        yield _zoned(pattern)
    yield _epoch
    # What comes now is rarer, and needs tidying first.
    for pattern in _ZONED:
        yield _zoned(pattern, tidy=True)
    for pattern in _LOCAL:
        yield _local(pattern, zone)
    for pattern in _DAYS:
        yield _day(pattern, zone)


def _zoned(pattern: str, *, tidy: bool = False) -> Callable[[pl.Series], pl.Series]:
    def read(values: pl.Series) -> pl.Series:
        texts = _tidied(values) if tidy else values
        return texts.str.to_datetime(pattern, time_unit="us", time_zone="UTC", strict=False)

    return read


def _local(pattern: str, zone: str) -> Callable[[pl.Series], pl.Series]:
    def read(values: pl.Series) -> pl.Series:
        moments = _tidied(values).str.to_datetime(pattern, time_unit="us", strict=False)
        return _placed(moments, zone)

    return read


def _day(pattern: str, zone: str) -> Callable[[pl.Series], pl.Series]:
    def read(values: pl.Series) -> pl.Series:
        days = values.str.strip_chars().str.to_date(pattern, strict=False)
        return _placed(days.cast(pl.Datetime("us")), zone)

    return read


def _custom(pattern: str, zone: str) -> Callable[[pl.Series], pl.Series]:
    has_zone = "%z" in pattern or "%#z" in pattern or "%:z" in pattern
    return _zoned(pattern) if has_zone else _as_written(pattern, zone)


def _as_written(pattern: str, zone: str) -> Callable[[pl.Series], pl.Series]:
    has_hour = any(mark in pattern for mark in ("%H", "%I", "%T", "%R", "%X", "%c", "%s"))
    if not has_hour:
        return _day(pattern, zone)

    def read(values: pl.Series) -> pl.Series:
        return _placed(values.str.to_datetime(pattern, time_unit="us", strict=False), zone)

    return read


def _epoch(values: pl.Series) -> pl.Series:
    numbers = values.str.strip_chars().cast(pl.Float64, strict=False)
    whole = values.str.strip_chars().cast(pl.Int64, strict=False)
    name = values.name
    size = numbers.abs()
    frame = pl.DataFrame({"n": numbers, "i": whole, "size": size})
    micros = (
        pl.when(pl.col("size") < _SECONDS_FROM)
        .then(None)
        .when(pl.col("size") < _SECONDS_BELOW)
        .then(
            pl.coalesce(pl.col("i") * 1_000_000, (pl.col("n") * 1e6).cast(pl.Int64, strict=False))
        )
        .when(pl.col("size") < _MILLISECONDS_BELOW)
        .then(pl.coalesce(pl.col("i") * 1_000, (pl.col("n") * 1e3).cast(pl.Int64, strict=False)))
        .when(pl.col("size") < _MICROSECONDS_BELOW)
        .then(pl.coalesce(pl.col("i"), pl.col("n").cast(pl.Int64, strict=False)))
        .otherwise(pl.col("i") // 1_000)
    )
    return frame.select(micros.alias(name))[name].cast(_MOMENT)


def _placed(moments: pl.Series, zone: str) -> pl.Series:
    # An hour that a zone skips in spring never was; one that it repeats is taken as the first.
    placed = moments.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return placed.dt.convert_time_zone("UTC")


def _tidied(values: pl.Series) -> pl.Series:
    texts = values.str.strip_chars()
    for pattern, instead in _TIDY:
        texts = texts.str.replace(pattern, instead)
    return texts
