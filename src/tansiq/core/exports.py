"""Tables that leave the platform as CSV files which spreadsheets open without harm."""

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

# What a spreadsheet would take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(
    name: str,
    headings: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    tags: Sequence[str] = (),
) -> HttpResponse:
    """Answer with a CSV file in UTF-8, marked so that spreadsheets read its Arabic.

    `tags` are the HXL tags of the columns; they stand in a row of their own below the headings.
    """
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([_harmless(one) for one in headings])
    if tags:
        writer.writerow(tags)
    writer.writerows([_harmless(one) for one in row] for row in rows)
    return response


def _harmless(value: object) -> object:
    """Keep a text from being run as a formula; numbers stay numbers."""
    text = str(value)
    if isinstance(value, int | float) or not text.startswith(_FORMULA):
        return value
    return f"'{text}"
