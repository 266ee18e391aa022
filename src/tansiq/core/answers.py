"""Answers that browsers and caches may keep: the same page is not sent twice."""

import hashlib
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

# So long a cache on the way may answer for us; what is taken off the public pages is gone then.
PUBLIC_SECONDS = 300


def cacheable(
    request: HttpRequest, response: HttpResponse, *, changed_at: datetime | None = None
) -> HttpResponse:
    """Give an answer for everybody its ETag, and say nothing again where it is known already.

    Only for what is the same for every passer-by; members' pages are never kept.
    """
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    if changed_at is not None:
        response.headers["Last-Modified"] = http_date(changed_at.timestamp())
    if not request.user.is_authenticated:
        response.headers["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
    modified = None if changed_at is None else int(changed_at.timestamp())
    known = get_conditional_response(request, etag=etag, last_modified=modified, response=response)
    return known or response
