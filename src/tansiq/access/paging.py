"""What every list and every single row of the API has in common."""

from typing import Any

from django.http import Http404


def page_of(rows: Any, limit: int, offset: int) -> dict[str, Any]:
    """Return one page of a visible queryset: how many there are in all, and these rows."""
    return {"total": rows.count(), "rows": list(rows[offset : offset + limit])}


def one_of(rows: Any, **lookup: Any) -> Any:
    """Return the one row of a visible queryset. Raises Http404."""
    found = rows.filter(**lookup).first()
    if found is None:
        raise Http404
    return found
