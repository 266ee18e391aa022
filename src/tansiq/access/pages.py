"""Long lists in pages."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

ROWS = 50


def page_of(
    request: HttpRequest, rows: QuerySet[Any] | Sequence[Any], *, size: int = ROWS
) -> Page[Any]:
    """Return the page that the address asks for; a wrong number gives the nearest page."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
