"""Django under ASGI, with a fixed number of threads that keep their database connections.

Django's own handler makes a thread for each request, and with it a new database connection:
0.9 ms and an empty page cache each time on SQLite, and no bound on how many there are. Here a
request waits for one of a few threads. A body is read before that and an answer is sent after
it, so that a slow telephone holds no thread; an event stream leaves its thread at once.
"""

import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections, connections
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase


class ThreadedHandler(ASGIHandler):
    def __init__(self, threads: int) -> None:
        # Not the parent's, which would make every middleware a second time, as asynchronous.
        # All our middleware and views are synchronous; one thread runs the whole chain.
        self.load_middleware(is_async=False)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        # Without the parent's ThreadSensitiveContext, which costs a thread for each request.
        await self.handle(scope, receive, send)

    async def run_get_response(self, request: HttpRequest) -> HttpResponseBase:
        loop, context = asyncio.get_running_loop(), contextvars.copy_context()
        answering = loop.run_in_executor(self._threads, context.run, self._answer, request)
        response = await answering
        cast("Any", response)._handler_class = type(self)  # noqa: SLF001 -- as the parent does
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        return response

    def close(self) -> None:
        """Let the threads end after what they are doing."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        close_old_connections()
        try:
            return self.get_response(request)
        finally:
            close_old_connections()
            if any(one.in_atomic_block for one in connections.all(initialized_only=True)):
                # Nobody may inherit a transaction that somebody forgot to end.
                connections.close_all()


def make_application() -> ThreadedHandler:
    """Return the whole of Django as one ASGI application."""
    return ThreadedHandler(settings.THREADS)
