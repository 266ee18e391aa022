"""Fetching what somebody else publishes: limited in size and time, never from the inside.

Connections go the same way as those of `posting`: to the very address that was checked. Redirects
are followed a few times, and each is checked like the first.
"""

import contextlib
import http.client
import socket
import threading
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urljoin, urlsplit

from tansiq.core.posting import PostingError, Target, connection_to

SECONDS: Final = 20.0
_MOST_STEPS = 4
_MOVED = {301, 302, 303, 307, 308}
_UNCHANGED = 304
_FINE = 200


class FetchingError(Exception):
    """Nothing usable came from the address; the text says why."""


@dataclass(frozen=True)
class Fetched:
    """What came; `is_unchanged` when the other side says that it is what we know already."""

    content: bytes
    url: str
    etag: str = ""
    is_unchanged: bool = False


def fetch_content(target: Target, *, most: int, etag: str = "") -> Fetched:
    """Return at most so many bytes from the address. Raises FetchingError."""
    for _step in range(_MOST_STEPS):
        answer, content = _ask(target, most, etag)
        if answer.status in _MOVED:
            target = replace(target, url=urljoin(target.url, answer.headers.get("Location", "")))
            continue
        if answer.status == _UNCHANGED:
            return Fetched(b"", target.url, etag, is_unchanged=True)
        if answer.status != _FINE:
            raise FetchingError(f"The other side answered {answer.status}.")
        if len(content) > most:
            raise FetchingError(f"The answer is longer than {most} bytes.")
        return Fetched(content, target.url, answer.headers.get("ETag", "")[:200])
    raise FetchingError("The address leads on and on.")


def _ask(target: Target, most: int, etag: str) -> tuple[http.client.HTTPResponse, bytes]:
    parts = urlsplit(target.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise FetchingError("The address must begin with http:// or https:// and name a host.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"User-Agent": "Tansiq", "Accept-Encoding": "identity"}
    if etag:
        headers["If-None-Match"] = etag
    try:
        connection = connection_to(target)
        connection.connect()
    except (PostingError, OSError) as problem:
        raise FetchingError(str(problem)) from problem
    # Each single wait is limited by the connection; who sends a byte now and then is cut off here.
    watchdog = threading.Timer(SECONDS, _cut, [connection.sock])
    watchdog.daemon = True
    watchdog.start()
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer, answer.read(most + 1)
    except (OSError, ValueError, http.client.HTTPException) as problem:
        raise FetchingError(f"The other side cannot be reached: {problem}") from problem
    finally:
        watchdog.cancel()
        connection.close()


def _cut(plug: socket.socket) -> None:
    # Closing alone would leave whoever waits in it waiting; it may be closed already.
    with contextlib.suppress(OSError):
        plug.shutdown(socket.SHUT_RDWR)
