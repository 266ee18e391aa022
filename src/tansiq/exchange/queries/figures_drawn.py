"""The figures as charts, and as rows for a file."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from tansiq.core import charts, formats
from tansiq.exchange.models import Direction
from tansiq.exchange.queries.figures import CountryFigures, Line, OwnFigures, line

_SHORT: Final = (pgettext_lazy("figures", "Sent"), pgettext_lazy("figures", "Acknowledged"))


def trends(figures: CountryFigures) -> Iterator[SafeString]:
    """Yield for each way how much was acknowledged of what was sent in each month."""
    for way in Direction:
        months = [(month, line(way.label, sums)) for month, sums in figures.months[way]]
        if sum(one.acknowledged.share is not None for _month, one in months) > 1:
            yield _trend(way, months)


def _trend(way: Direction, months: Sequence[tuple[dt.date, Line]]) -> SafeString:
    language = get_language() or "en"
    shares = [(month, one.acknowledged.share) for month, one in months]
    known = [
        (formats.month(month, language), round(share * 100))
        for month, share in shares
        if share is not None
    ]
    title = _("Of a hundred that went %(direction)s, so many were acknowledged") % {
        "direction": way.label
    }
    drawn = charts.trend(known, title=title, language=language)
    heads = (_("Month of sending"), *_SHORT, _("Share"))
    rows = [_month_row(month, one, language) for month, one in months]
    return charts.figure(title, drawn, charts.table_twin(heads, rows, caption=title))


def _month_row(month: dt.date, one: Line, language: str) -> tuple[str, ...]:
    share = one.acknowledged.share
    return (
        formats.month(month, language),
        formats.number(one.sent, language),
        formats.number(one.acknowledged.part, language),
        "–" if share is None else formats.percent(share, language),
    )


# -- As a table for programs and spreadsheets ------------------------------------------------------


@dataclass(frozen=True)
class Head:
    """A column of the file: its name for programs, its words for people."""

    key: str
    words: Any
    decimals: int | None = 0


HEADS: Final = (
    Head("group", gettext_lazy("By what"), None),
    Head("line", gettext_lazy("Line"), None),
    Head("side", gettext_lazy("Side"), None),
    Head("sent", pgettext_lazy("figures", "Sent")),
    Head("acknowledged", pgettext_lazy("figures", "Acknowledged")),
    Head("acknowledged_share", gettext_lazy("Share acknowledged"), 3),
    Head("acknowledged_median_hours", gettext_lazy("Half acknowledged within, in hours"), 2),
    Head("acknowledged_p90_hours", gettext_lazy("Nine of ten acknowledged within, in hours"), 2),
    Head("asked", gettext_lazy("Words wished for")),
    Head("declined", gettext_lazy("Cannot, because")),
    Head("answered", pgettext_lazy("figures", "Answered")),
    Head("answered_share", gettext_lazy("Share answered"), 3),
    Head("answered_median_hours", gettext_lazy("Half answered within, in hours"), 2),
    Head("answered_p90_hours", gettext_lazy("Nine of ten answered within, in hours"), 2),
    Head("decided", gettext_lazy("Led to a decision")),
    Head("decided_share", gettext_lazy("Share that led to a decision"), 3),
)


def rows_of_country(figures: CountryFigures) -> list[list[Any]]:
    groups = (
        (pgettext("figures", "direction"), figures.directions),
        (pgettext("figures", "pair of levels"), figures.levels),
        (pgettext("figures", "kinds of actor"), figures.kinds),
        (pgettext("figures", "kind of item"), figures.items),
    )
    return [_row(name, one, "") for name, lines in groups for one in lines]


def rows_of_own(figures: OwnFigures) -> list[list[Any]]:
    groups: Iterable[tuple[str, Any]] = (
        (pgettext("figures", "all"), [figures.whole]),
        (pgettext("figures", "level"), figures.levels),
        (pgettext("figures", "kind of item"), figures.items),
    )
    return [
        _row(name, side, both.label)
        for name, lines in groups
        for both in lines
        for side in (both.sent, both.came)
    ]


def _row(group: str, one: Line, label: str) -> list[Any]:
    """Return the cells in the order of `HEADS`; what is not shown is not in the file either."""
    sums = one.sums
    came, answered, decided = one.acknowledged, one.answered, one.decided
    return [
        group,
        label or one.label,
        one.label if label else "",
        sums.sent,
        sums.acknowledged,
        _rounded(came.share),
        _hours(came.median),
        _hours(came.most),
        sums.asked,
        sums.declined,
        sums.answered,
        _rounded(answered.share),
        _hours(answered.median),
        _hours(answered.most),
        sums.decided,
        _rounded(decided.share),
    ]


def _rounded(share: float | None) -> float | str:
    return "" if share is None else round(share, 3)


def _hours(time: dt.timedelta | None) -> float | str:
    return "" if time is None else round(time.total_seconds() / 3600, 2)
