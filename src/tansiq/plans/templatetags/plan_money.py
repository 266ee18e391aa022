"""Amounts of money on pages: rounded for reading, exact on demand, each with its currency."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from tansiq.core import formats, money
from tansiq.plans.queries.money import Figure
from tansiq.plans.queries.money.realism import post_words

register = template.Library()


def _language() -> str:
    return get_language() or "en"


@register.simple_tag
def amount(figure: Figure, exactly: object = "") -> SafeString:
    """Write a sum in the country's currency, or by currency where a rate is missing.

    Rounded, unless `exactly`. What rates of exchange went into is marked with ≈.
    """
    return _joined(
        _shown(figure) or {figure.currency: 0}, exactly, is_reckoned=_is_reckoned(figure)
    )


@register.simple_tag
def by_currency(sums: Mapping[str, int], exactly: object = "") -> SafeString:
    """Write each currency of a sum for itself."""
    return _joined(sums, exactly)


@register.simple_tag
def open_amount(figure: Figure, exactly: object = "") -> SafeString:
    """Write only what is still to be found of a gap."""
    still_open = {code: one for code, one in _shown(figure).items() if one > 0}
    return _joined(still_open, exactly, is_reckoned=_is_reckoned(figure))


def _shown(figure: Figure) -> Mapping[str, int]:
    return {figure.currency: figure.amount} if figure.is_whole else figure.sums


def _is_reckoned(figure: Figure) -> bool:
    return figure.is_whole and figure.is_reckoned


def _joined(sums: Mapping[str, int], exactly: object, *, is_reckoned: bool = False) -> SafeString:
    write = money.exact if exactly else money.short
    mark = "≈ " if is_reckoned else ""
    parts = ((mark, write(one, code, _language())) for code, one in sums.items())
    return format_html_join(" + ", '<span class="nowrap">{}{}</span>', parts)


@register.filter
def exact_money(value: int | None, currency: str) -> str:
    """Write an amount that is kept in the smallest unit with all its digits."""
    return "" if value is None else money.exact(value, currency, _language())


@register.filter
def short_money(value: int | None, currency: str) -> str:
    """Write an amount that is kept in the smallest unit, rounded for reading."""
    return "" if value is None else money.short(value, currency, _language())


@register.filter
def rate(value: Any) -> str:
    """Write a rate of exchange with all its digits, in those of the reader."""
    _units, decimals = money.as_units(value)
    return formats.number(value, _language(), decimals=decimals)


@register.filter
def posts(hundredths: int | None) -> str:
    """Write hundredths of a post as 2.5."""
    return post_words(hundredths)


@register.filter
def plain_year(year: int | str) -> str:
    """Write a year in the reader's digits, without marks between them."""
    return formats.digits(str(year), _language())
