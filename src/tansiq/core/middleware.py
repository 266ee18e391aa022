import logging
import secrets
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_string

from tansiq.core import metrics
from tansiq.core.logs import route_name

Handler = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger("tansiq.request")

# Shorter answers grow by compression rather than shrink.
_WORTH_COMPRESSING = 500
_COMPRESSIBLE = ("text/", "application/json", "application/geo+json", "image/svg+xml")
# Asked every few seconds by machines; a line for each would bury the others.
_QUIET = {"core:healthz", "core:readyz", "core:metrics"}


def observe(get_response: Handler) -> Handler:
    """Give each request an id, count it, and write one line without personal data."""

    def middleware(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        # Our own, never the visitor's: it goes into the log.
        request_id = secrets.token_hex(8)
        request.__dict__["request_id"] = request_id
        response = get_response(request)
        response.headers["X-Request-ID"] = request_id
        seconds = time.perf_counter() - started
        route, method = route_name(request), metrics.known_method(request.method)
        metrics.count_request(route, method, response.status_code, seconds)
        if route not in _QUIET:
            facts: dict[str, Any] = {
                "request_id": request_id,
                "route": route,
                "method": method,
                "status": response.status_code,
                "ms": round(seconds * 1000, 1),
            }
            logger.info("%s %s", method, route or "-", extra={"facts": facts})
        return response

    return middleware


def compress(get_response: Handler) -> Handler:
    """Compress pages and JSON. An event stream passes as it is: compression would hold it back.

    A random number of bytes is added each time, so that the length tells nobody whether a guess
    that the page repeats was right (BREACH).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if _is_compressible(response):
            patch_vary_headers(response, ["Accept-Encoding"])
            if "gzip" in request.headers.get("Accept-Encoding", ""):
                response.content = compress_string(response.content, max_random_bytes=100)
                response.headers["Content-Encoding"] = "gzip"
                response.headers["Content-Length"] = str(len(response.content))
                tag = response.headers.get("ETag", "")
                if tag.startswith('"'):
                    response.headers["ETag"] = f"W/{tag}"
        return response

    return middleware


def _is_compressible(response: HttpResponse) -> bool:
    return (
        not response.streaming
        and not response.has_header("Content-Encoding")
        and len(response.content) >= _WORTH_COMPRESSING
        and response.headers.get("Content-Type", "").startswith(_COMPRESSIBLE)
    )


def protect(get_response: Handler) -> Handler:
    """Add the content security policy: nothing inline, nothing from elsewhere.

    Pages of somebody who is signed in are not kept, by the browser or on the way: after signing
    out, the back button of a shared telephone shows nothing.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=()"
        )
        person = getattr(request, "user", None)
        if person is not None and person.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware
