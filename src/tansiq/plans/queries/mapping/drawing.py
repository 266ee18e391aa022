"""A map as a drawing with its legend, and the same as a table."""

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.core import charts, formats
from tansiq.plans.queries.mapping.page import MapPage, Row


def picture_of(shown: MapPage) -> SafeString:
    """Draw the map under its one message, darker for more, hatched for what is not known."""
    language = get_language() or "en"
    values = {
        row.place.code: None if row.value.number is None else float(row.value.number)
        for row in shown.rows
    }
    said = {row.place.code: _said(row, language) for row in shown.rows}
    drawn = charts.choropleth(
        shown.outline,
        values,
        shown.layer.scale,
        title=shown.layer.title,
        language=language,
        link=shown.place_url,
        said=said,
    )
    legend = charts.legend(values, shown.layer.scale, language=language)
    return format_html("{}{}", drawn, legend)


def _said(row: Row, language: str) -> str:
    words = row.value.words or _("not known")
    if not row.value.of:
        return words
    return f"{words} ({_base(row, language)})"


def _base(row: Row, language: str) -> str:
    numbers = (formats.number(row.value.base, language), formats.number(row.value.of, language))
    return _("%(part)s of %(whole)s") % {"part": numbers[0], "whole": numbers[1]}


def table_rows(shown: MapPage) -> SafeString:
    """Write the rows of the table; a country has hundreds, so this is no template."""
    language, layer = get_language() or "en", shown.layer
    value_label, base_label = escape(layer.heading), escape(layer.base_heading)
    unknown, has_base = escape(_("not known")), layer.has_base
    number = ' class="num"' if layer.is_number else ""
    lines = []
    for row in shown.rows:
        words = escape(row.value.words) or f'<span class="soft">{unknown}</span>'
        base = ""
        if has_base:
            told = escape(_base(row, language)) if row.value.of else ""
            base = f'<td class="num" data-label="{base_label}">{told}</td>'
        lines.append(
            f'<tr><th scope="row"><a href="{escape(shown.place_url(row.place.code))}"'
            f' dir="auto">{escape(row.place)}</a></th>'
            f'<td{number} data-label="{value_label}">{words}</td>{base}</tr>'
        )
    return SafeString("".join(lines))
