"""The three figures that matter on a desk, each beside the same figure of the other side."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation, Place
from tansiq.core import formats
from tansiq.exchange.models import ALL, Obligation
from tansiq.exchange.queries.duty_pages import Side
from tansiq.exchange.queries.figures import Line, Times, country_figures, span_of, whole_of
from tansiq.exchange.queries.obligations import MOST_COUNTED, counted
from tansiq.exchange.templatetags.figures_ui import lasting

_MONTHS: Final = 12
_NOT_YET: Final = "–"


@dataclass(frozen=True)
class Matter:
    """One figure: its value, what it says, and the same seen from the other side."""

    value: str
    words: str
    other: str
    url: str
    # Said under the figure where cases are too few for it.
    base: str = ""
    is_late: bool = False


def matters_of(
    actor: Actor, organisation: Organisation, to_us: Side, by_us: Side, *, at: datetime
) -> list[Matter]:
    """Return what of ours came back, how soon, and what is late, over twelve months."""
    both = whole_of(actor, organisation, span_of(_MONTHS, today=at.date()))
    if not (both.sent.sent or both.came.sent or to_us.sums.open or by_us.sums.open):
        return []
    url = reverse("exchange:figures")
    late = Matter(
        value=by_us.sums.shown_late,
        words=_("late of what you owe"),
        other=_("late of what is owed to you: %(count)s") % {"count": to_us.sums.shown_late},
        url=by_us.url,
        is_late=bool(by_us.sums.late),
    )
    words = (
        (_("of what you sent was acknowledged"), _("of what came to you: %(value)s")),
        (_("until half of the answers to you came"), _("until yours went out: %(value)s")),
    )
    return [*_pair(both.sent, both.came, words, url), late]


def country_matters(actor: Actor, country: Place, *, at: datetime) -> list[Matter]:
    """Return the same of a country: downward beside upward, as whoever oversees it may know."""
    span = span_of(_MONTHS, today=at.date())
    figures = country_figures(actor, country, span, ALL)
    up, down, _across = figures.directions
    url = reverse("exchange:country_figures", args=[country.country_code])
    words = (
        (_("of what goes up is acknowledged"), _("of what goes down: %(value)s")),
        (_("until half of the answers came down"), _("until they came up: %(value)s")),
    )
    late_above = _late_in(country, at=at, is_nation=True)
    late_below = _late_in(country, at=at, is_nation=False)
    late = Matter(
        value=counted(late_above),
        words=_("late of what the nation owes"),
        other=_("late of what places and bodies owe: %(count)s") % {"count": counted(late_below)},
        url=url,
        is_late=bool(late_above),
    )
    return [*_pair(up, down, words, url), late]


def _late_in(country: Place, *, at: datetime, is_nation: bool) -> int:
    """Count what is late, never what is RED; up to the number where counting ends."""
    of_nation: dict[str, Any] = {"debtor__place__level": 0}
    rows: Any = Obligation.objects.filter(is_red=False, debtor__country_code=country.country_code)
    rows = rows.late(at).filter(**of_nation) if is_nation else rows.late(at).exclude(**of_nation)
    return int(rows.order_by().values("pk")[:MOST_COUNTED].count())


Words = tuple[tuple[str, str], tuple[str, str]]


def _pair(ours: Line, theirs: Line, words: Words, url: str) -> list[Matter]:
    (share, share_other), (time, time_other) = words
    return [
        Matter(
            _share(ours.acknowledged),
            share,
            share_other % {"value": _share(theirs.acknowledged)},
            url,
            base=_base(ours.acknowledged),
        ),
        Matter(
            _median(ours.answered),
            time,
            time_other % {"value": _median(theirs.answered)},
            url,
            base=_base(ours.answered),
        ),
    ]


def _share(times: Times) -> str:
    language = get_language() or "en"
    return _NOT_YET if times.share is None else formats.percent(times.share, language)


def _median(times: Times) -> str:
    return _NOT_YET if times.median is None else lasting(times.median)


def _base(times: Times) -> str:
    """Say how many cases there are where they are too few for a share or a time."""
    if times.whole >= times.least:
        return ""
    count = formats.number(times.whole, get_language() or "en")
    return _("too few to say: %(count)s so far") % {"count": count}
