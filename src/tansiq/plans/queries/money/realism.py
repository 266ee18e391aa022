"""Is the plan realistic? What is planned against what was spent last year, and by how many."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.core import formats
from tansiq.plans.models import Plan, StaffYear
from tansiq.plans.queries.money.sums import Exchange, Figure, Tally

# From here on more money than last year is said to be a strain on the same people.
_MUCH_MORE = Fraction(3, 2)
_ABOUT_THE_SAME = (Fraction(9, 10), Fraction(11, 10))


@dataclass(frozen=True)
class Realism:
    """Plain sentences about one year of a plan, and whether they should give pause."""

    year: int
    planned: Figure
    spent_before: Figure
    committed_before: Figure
    posts_planned: int | None
    posts_before: int | None
    growth: Fraction | None
    sentences: list[str]
    is_doubtful: bool


def realism_of(plan: Plan, by_year: dict[int, Tally], exchange: Exchange, *, year: int) -> Realism:
    """Compare what is planned in a year with what was spent and who was there the year before."""
    this, before = by_year.get(year, Tally()), by_year.get(year - 1, Tally())
    planned, spent = exchange.figure(this.planned), exchange.figure(before.spent)
    committed = exchange.figure(before.committed)
    posts, filled = _posts(plan, year)
    growth = ratio(planned, spent)
    sentences = [_about_money(planned, spent, growth, year), _about_posts(posts, filled, year)]
    share = ratio(spent, committed)
    if share is not None and share < _ABOUT_THE_SAME[0]:
        words = _("Of what was committed in %(year)s, %(share)s was spent.")
        sentences.append(words % {"year": _digits(year - 1), "share": _percent(share)})
    is_doubtful = _is_doubtful(growth, posts, filled)
    if is_doubtful:
        sentences.append(_("Say who will do the additional work, or spread it over more years."))
    return Realism(
        year=year,
        planned=planned,
        spent_before=spent,
        committed_before=committed,
        posts_planned=posts,
        posts_before=filled,
        growth=growth,
        sentences=[one for one in sentences if one],
        is_doubtful=is_doubtful,
    )


def ratio(of: Figure, to: Figure) -> Fraction | None:
    """Return how many times one sum is of another; None if a rate is missing, or it is nothing."""
    if not (of.is_whole and to.is_whole) or to.amount <= 0:
        return None
    return Fraction(of.amount, to.amount)


def _posts(plan: Plan, year: int) -> tuple[int | None, int | None]:
    """Return the posts planned in this year and those filled the year before, in hundredths."""
    rows = {one.year: one for one in StaffYear.objects.filter(plan=plan, year__in=(year - 1, year))}
    planned = rows[year].planned if year in rows else None
    filled = rows[year - 1].there if year - 1 in rows else None
    return planned, filled


def _is_doubtful(growth: Fraction | None, posts: int | None, filled: int | None) -> bool:
    if growth is None:
        return False
    if not posts or not filled:
        return growth >= _MUCH_MORE
    return growth / Fraction(posts, filled) >= _MUCH_MORE


def _about_money(planned: Figure, spent: Figure, growth: Fraction | None, year: int) -> str:
    facts = {"year": _digits(year), "before": _digits(year - 1)}
    if planned.is_zero:
        return _("No money is planned for %(year)s yet.") % facts
    if not (planned.is_whole and spent.is_whole):
        return (
            _(
                "What is planned for %(year)s cannot be compared with %(before)s: a rate of "
                "exchange is missing."
            )
            % facts
        )
    if growth is None:
        return (
            _("Nothing is entered as spent in %(before)s, so there is nothing to compare with.")
            % facts
        )
    return _compared(growth) % (facts | {"times": _times(growth), "share": _percent(growth)})


def _compared(growth: Fraction) -> str:
    low, high = _ABOUT_THE_SAME
    if low <= growth <= high:
        return _("For %(year)s you plan about as much as you spent in %(before)s.")
    if growth < 1:
        return _("For %(year)s you plan %(share)s of what you spent in %(before)s.")
    return _("For %(year)s you plan %(times)s times what you spent in %(before)s.")


def _about_posts(posts: int | None, filled: int | None, year: int) -> str:
    facts = {
        "year": _digits(year),
        "before": _digits(year - 1),
        "posts": post_words(posts),
        "filled": post_words(filled),
    }
    if posts is None and filled is None:
        return _("How many people work on the plan is not entered.")
    if filled is None:
        return (
            _("Posts planned: %(posts)s. How many were filled in %(before)s is not entered.")
            % facts
        )
    if posts is None:
        return _("Posts filled in %(before)s: %(filled)s. Those planned are not entered.") % facts
    if posts == filled:
        return _("The same number of people would do it (posts: %(posts)s).") % facts
    if posts > filled:
        return _("Posts: %(posts)s instead of %(filled)s; they must be filled in time.") % facts
    return _("Fewer people would do it (posts: %(posts)s instead of %(filled)s).") % facts


def post_words(hundredths: int | None) -> str:
    """Return 250 hundredths of a post as "2.5"."""
    if hundredths is None:
        return ""
    number = Decimal(hundredths).scaleb(-2).normalize()
    return formats.number(number, get_language() or "en")


def _times(growth: Fraction) -> str:
    tenths = Decimal(round(growth * 10)).scaleb(-1)
    return formats.number(tenths, get_language() or "en")


def _percent(share: Fraction) -> str:
    return formats.percent(Decimal(round(share * 100)).scaleb(-2), get_language() or "en")


def _digits(year: int) -> str:
    return formats.digits(str(year), get_language() or "en")
