"""Structured logs: one JSON object a line, with nothing that names a person.

No address, no user, no query string, and the name of the route instead of the path.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest


class JsonFormatter(logging.Formatter):
    """Writes a record as JSON; what was passed as `extra={"facts": {...}}` becomes its keys."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class WithoutPath(logging.Filter):
    """Django writes the path into its messages; put the route's name and the error id there."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            route = route_name(request)
            given = {request.path, request.path_info, request.get_full_path()}
            record.args = tuple(route if one in given else one for one in record.args)
            record.__dict__["facts"] = {"request_id": getattr(request, "request_id", "")}
        return True


def route_name(request: HttpRequest) -> str:
    """Return the name of the route, such as `plans:detail`; empty when nothing matched."""
    match = request.resolver_match
    return (match.view_name or "unnamed") if match is not None else ""
