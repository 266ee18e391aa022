"""Collected static files, answered in the event loop before Django is asked.

WhiteNoise finds the file, chooses the compressed copy and makes the headers; its middleware
would do so in a thread, after the rest of the chain was entered.
"""

from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any, BinaryIO

from whitenoise.middleware import WhiteNoiseMiddleware

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]

_CHUNK = 64 * 1024


class StaticFiles:
    """Answer what lies in STATIC_ROOT; hand everything else on."""

    def __init__(self, application: Application) -> None:
        self._application = application
        # Reads the names of all files once.
        self._files = WhiteNoiseMiddleware(lambda _request: None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._files.files.get(scope.get("path", "")) if scope["type"] == "http" else None
        if found is None:
            await self._application(scope, receive, send)
            return
        answer = found.get_response(scope["method"], _as_meta(scope["headers"]))
        headers = [(key.encode("latin1"), value.encode("latin1")) for key, value in answer.headers]
        await send(
            {"type": "http.response.start", "status": int(answer.status), "headers": headers}
        )
        for chunk in _chunks(answer.file):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def _as_meta(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return the headers as WSGI names them, which is how WhiteNoise reads them."""
    return {
        "HTTP_" + key.decode("latin1").upper().replace("-", "_"): value.decode("latin1")
        for key, value in headers
    }


def _chunks(file: BinaryIO | None) -> Iterator[bytes]:
    if file is None:
        return
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
