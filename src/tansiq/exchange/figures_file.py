"""The figures as a workbook that is read: a front page with the method, and one sheet."""

import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, get_language_bidi, pgettext
from django.utils.translation import gettext as _

from tansiq.core import formats
from tansiq.core.documents.columns import Column, Kind, Row
from tansiq.core.documents.workbooks import Page, Words, WorkbookWriter
from tansiq.exchange.queries.figures import Span
from tansiq.exchange.queries.figures_drawn import HEADS


def workbook(
    title: str, rows: Sequence[Sequence[Any]], *, span: Span, author: str, at: datetime
) -> bytes:
    """Return the workbook in the language that is active."""
    target = io.BytesIO()
    writer = WorkbookWriter(
        target,
        scope="exchange-figures",
        marking="TLP:GREEN",
        words=Words("", "", "", ""),
        rtl=get_language_bidi(),
        author=author,
    )
    name = pgettext("sheet", "Figures")
    writer.front(_front(title, span, at))
    writer.table(name, title, _columns(), (_row(number, row) for number, row in enumerate(rows)))
    writer.close("")
    return target.getvalue()


def _front(title: str, span: Span, at: datetime) -> Page:
    language = get_language() or "en"
    about: list[tuple[str, ...]] = [
        (_("Sent in"), formats.months(span.first, span.latest, language)),
        (_("Taken"), formats.moment(at, language)),
    ]
    return Page(
        pgettext("sheet", "Read me"),
        title,
        [(_("What this is"), about), (_("How it is counted"), [(one,) for one in method()])],
    )


def method() -> list[str]:
    """Return how the figures are made and what they cannot say, in sentences."""
    least = formats.number(settings.FIGURES_LEAST, get_language() or "en")
    return [
        _("Each recipient of an item counts once, in the month of sending."),
        _("What nobody has acknowledged or answered yet stays in the whole, also before its day."),
        _("Times are of those that came back; the number still open stands beside them."),
        _("“Cannot, because …” is an answer: it leaves the whole of which answers are a share."),
        _("Of fewer than %(count)s cases the number is shown, and no share or time.")
        % {"count": least},
        _("TLP:RED and what was taken back never count. What was deleted at its end still does."),
        _("A time may be off by 5%%; a time under a minute by half a minute.") % {},
    ]


def _columns() -> list[Column]:
    return [
        Column(
            head.key,
            str(head.words),
            f"#meta+{head.key}",
            kind=Kind.TEXT if head.decimals is None else Kind.NUMBER,
            width=30 if head.decimals is None else 15,
            decimals=head.decimals or 0,
        )
        for head in HEADS
    ]


def _row(number: int, cells: Sequence[Any]) -> Row:
    values = {
        head.key: Decimal(str(cell)) if isinstance(cell, int | float) else cell or None
        for head, cell in zip(HEADS, cells, strict=True)
    }
    return Row(str(number), 0, values)
