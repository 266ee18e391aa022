"""Tables that leave the platform as CSV files which spreadsheets open without harm."""

import csv
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse

_HXL = re.compile(r"#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*")
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

    `tags` are those of the Humanitarian Exchange Language, one a column, such as "#adm1+code";
    they stand right below the headings, so that machines read the file in any language.
    """
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")
    write_csv(response, headings, rows, tags=tags)
    return response


def write_csv(
    file: Any,
    headings: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    tags: Sequence[str] = (),
) -> int:
    """Write a table into an open file; return how many rows it has below its head."""
    writer = csv.writer(file)
    writer.writerow([_harmless(one) for one in headings])
    if tags:
        writer.writerow(hxl_row(tags, columns=len(headings)))
    count = 0
    for row in rows:
        writer.writerow([_harmless(one) for one in row])
        count += 1
    return count


def is_tag_row(cells: Sequence[str]) -> bool:
    """Return whether a row of a table holds HXL tags and nothing else."""
    told = [cell.strip() for cell in cells if cell.strip()]
    return bool(told) and all(_HXL.fullmatch(cell) for cell in told)


def hxl_row(tags: Sequence[str], *, columns: int) -> list[str]:
    """Return the row of HXL tags below the headings. Raises ValueError if they do not fit."""
    wrong = [tag for tag in tags if tag and not _HXL.fullmatch(tag)]
    if wrong or len(tags) != columns:
        message = f"{columns} columns need as many HXL tags; got {len(tags)}, wrong: {wrong}."
        raise ValueError(message)
    return list(tags)


def _harmless(value: object) -> object:
    """Keep a text from being run as a formula; numbers stay numbers."""
    text = str(value)
    if isinstance(value, int | float | Decimal) or not text.startswith(_FORMULA):
        return value
    return f"'{text}"
