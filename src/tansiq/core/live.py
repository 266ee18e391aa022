"""Live events: an outbox in the database, and streams that carry it to open pages.

`announce` writes a row in the transaction of the action, so that an event is told exactly when
its cause was saved. Each process reads the outbox when one of its own actions was saved, and
each half second for those of other processes. The id of an event is the id of its row; a page
that comes back says the last one it saw and gets the rest.
"""

import asyncio
import json
import logging
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Hashable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.db import OperationalError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _

from tansiq.core.models import LiveEvent
from tansiq.core.order import append_in_order

logger = logging.getLogger("tansiq.live")

KEPT = timedelta(days=1)
POLL_SECONDS = 0.5
COMMENT_SECONDS = 15.0
# After this the page connects anew and is asked again who it is.
LIFE_SECONDS = 15 * 60.0
RETRY_MS = 3000
HELLO = "hello"
MOST_STREAMS = 1000
MOST_OF_ONE_READER = 12
MOST_WAITING = 200
MOST_REPLAYED = 500
MOST_FILLED = 512
_PATIENCE = (0.02, 0.1, 0.5)


class Event(NamedTuple):
    id: int
    channel: str
    name: str
    data: dict[str, Any]

    def as_text(self) -> str:
        data = json.dumps(self.data, separators=(",", ":"))
        return f"id: {self.id}\nevent: {self.name}\ndata: {data}\n\n"


@dataclass(frozen=True)
class Filling:
    """How a stream turns the codes of an event into what its reader shows.

    `fill` gives the data to send, or None for what this reader must not hear of; it may read the
    database. Readers with the same `audience` get the same: it is asked once for all of them.
    """

    audience: Hashable
    fill: Callable[[Event], dict[str, Any] | None]


def announce(channel: str, name: str, data: dict[str, Any], *, at: datetime) -> LiveEvent:
    """Tell open pages on this channel something, once the transaction around this is saved.

    `data` holds numbers and codes, never words; see LiveEvent.
    """
    (event,) = _announce([channel], name, data, at)
    return event


def announce_to_people(
    people: Iterable[int], name: str, data: dict[str, Any], *, at: datetime
) -> None:
    """Tell the open pages of each of these people something; see `announce`."""
    if channels := [channel_of_person(pk) for pk in people]:
        _announce(channels, name, data, at)


def _announce(
    channels: Iterable[str], name: str, data: dict[str, Any], at: datetime
) -> list[LiveEvent]:
    with transaction.atomic(savepoint=False):
        append_in_order()
        events = LiveEvent.objects.bulk_create(
            LiveEvent(channel=channel, name=name, data=data, at=at) for channel in channels
        )
        transaction.on_commit(wake_streams)
    return events


def channel_of_person(person_id: int) -> str:
    """Return the channel that only this person's pages read."""
    return f"person:{person_id}"


def read_events(after: int, *, channels: Iterable[str] = (), most: int = 0) -> list[Event]:
    """Return what was told after this event, on these channels (or on all)."""
    rows = LiveEvent.objects.filter(pk__gt=after).order_by("pk")
    if channels:
        rows = rows.filter(channel__in=channels)
    found = rows.values_list("pk", "channel", "name", "data")
    return [Event(*row) for row in (found[:most] if most else found)]


def latest_id(channel: str = "") -> int:
    """Return the id of the latest event; a page that shows the state of now starts there."""
    rows = LiveEvent.objects.filter(channel=channel) if channel else LiveEvent.objects.all()
    return rows.order_by("-pk").values_list("pk", flat=True).first() or 0


def forget_old_events(*, at: datetime) -> int:
    """Delete events that nobody will ask for again; return how many."""
    deleted, _by_model = LiveEvent.objects.filter(at__lt=at - KEPT).delete()
    return deleted


class Stream:
    """One open page: the channel it reads and what still has to be sent to it."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._is_closed = False

    def put(self, event: Event) -> None:
        """Queue an event; a page too slow to keep up is closed and asks again from its last."""
        if self.queue.qsize() >= MOST_WAITING:
            self.close()
        if not self._is_closed:
            self.queue.put_nowait(event)

    def close(self) -> None:
        """End the stream after what is queued."""
        if not self._is_closed:
            self._is_closed = True
            self.queue.put_nowait(None)


class Hub:
    """All streams of one event loop, and the one reader of the outbox that feeds them."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self._changed = asyncio.Event()
        self._cursor = 0
        self._reader: asyncio.Task[None] | None = None
        self._joining = asyncio.Lock()
        self._is_closed = False
        self._filled: dict[Hashable, asyncio.Future[str]] = {}
        # One thread of its own, so that it keeps one database connection.
        self._database = ThreadPoolExecutor(1, thread_name_prefix="live")

    async def join(self, stream: Stream) -> None:
        async with self._joining:
            if self._reader is None or self._reader.done():
                self._cursor = await self.in_database(latest_id)
                self._reader = asyncio.create_task(self._read())
            self.streams.add(stream)

    def leave(self, stream: Stream) -> None:
        self.streams.discard(stream)

    def wake(self) -> None:
        self._changed.set()

    def close(self) -> None:
        self._is_closed = True
        for stream in list(self.streams):
            stream.close()
        if self._reader is not None:
            self._reader.cancel()
        # In that thread, which has a connection of its own.
        self._database.submit(connections.close_all)
        self._database.shutdown()

    async def in_database(self, function: Any, *arguments: Any, **named: Any) -> Any:
        """Run a read in the hub's thread; a database that is away for a moment is asked again."""

        def run() -> Any:
            for pause in _PATIENCE:
                try:
                    return function(*arguments, **named)
                except OperationalError:
                    connection.close()
                    time.sleep(pause)
            return function(*arguments, **named)

        return await asyncio.get_running_loop().run_in_executor(self._database, run)

    async def text_for(self, event: Event, filling: Filling | None) -> str:
        """Return the event as the stream writes it; empty for what the reader must not hear of."""
        if filling is None:
            return event.as_text()
        key = (event.id, filling.audience)
        asked = self._filled.get(key)
        if asked is None:
            asked = asyncio.ensure_future(self._fill(event, filling))
            self._filled[key] = asked
            while len(self._filled) > MOST_FILLED:
                del self._filled[next(iter(self._filled))]
        # One page that leaves must not take the answer from the others.
        return await asyncio.shield(asked)

    async def _fill(self, event: Event, filling: Filling) -> str:
        try:
            data = await self.in_database(filling.fill, event)
        except Exception:
            # The page learns that there is something, and asks for it itself.
            logger.exception("An event of %s could not be filled.", event.channel)
            return event.as_text()
        return "" if data is None else event._replace(data=data).as_text()

    async def _read(self) -> None:
        try:
            while self.streams or self._joining.locked():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), POLL_SECONDS)
                self._changed.clear()
                # Python 3.11 may lose a cancellation that comes together with what is waited for.
                if self._is_closed:
                    return
                self._tell(await self.in_database(read_events, self._cursor))
        except Exception:
            # Pages whose stream ends connect anew and say what they saw last.
            logger.exception("The outbox cannot be read; open streams are ended.")
            for stream in list(self.streams):
                stream.close()

    def _tell(self, events: list[Event]) -> None:
        for event in events:
            self._cursor = event.id
            for stream in self.streams:
                if stream.channel == event.channel:
                    stream.put(event)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()
# Streams are counted where they are asked for, which is in the threads that answer requests.
_counting = threading.Lock()
_open: dict[str, int] = {}


def hub() -> Hub:
    """Return the hub of the running event loop."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())


def wake_streams() -> None:
    """Let the streams of this process look into the outbox now. Callable from any thread."""
    for loop, one in list(_hubs.items()):
        if not loop.is_closed():
            loop.call_soon_threadsafe(one.wake)


def close_streams() -> None:
    """End all streams of the running loop, so that the process can stop."""
    if (one := _hubs.pop(asyncio.get_running_loop(), None)) is not None:
        one.close()


def open_streams() -> int:
    return sum(_open.values())


async def _missed(here: Hub, channel: str, after: int) -> AsyncIterator[Event]:
    while True:
        found = await here.in_database(read_events, after, channels=[channel], most=MOST_REPLAYED)
        for event in found:
            yield event
        if len(found) < MOST_REPLAYED:
            return
        after = found[-1].id


async def follow(channel: str, after: int | None) -> AsyncGenerator[Event | None]:
    """Yield what is told on the channel, first what was missed; None when nothing happened.

    Ends when the stream has lived long enough, when it is too slow, or when the process stops.
    """
    here, stream = hub(), Stream(channel)
    await here.join(stream)
    try:
        sent = after if after is not None else 0
        if after is not None:
            async for event in _missed(here, channel, after):
                yield event
                sent = event.id
        ends = asyncio.get_running_loop().time() + LIFE_SECONDS
        while asyncio.get_running_loop().time() < ends:
            try:
                told = await asyncio.wait_for(stream.queue.get(), COMMENT_SECONDS)
            except TimeoutError:
                yield None
                continue
            if told is None:
                return
            if told.id > sent:
                yield told
                sent = told.id
    finally:
        here.leave(stream)


def stream_response(
    request: HttpRequest, channel: str, *, reader: str, filling: Filling | None = None
) -> HttpResponseBase:
    """Answer with the stream of one channel. The caller has asked who may read it.

    `reader` is whatever stands for the person, so that one person cannot take all places.
    """
    with _counting:
        if _open.get(reader, 0) >= MOST_OF_ONE_READER or open_streams() >= MOST_STREAMS:
            return _full()
        _open[reader] = _open.get(reader, 0) + 1
    body = _Body(channel, _last_seen(request), reader, filling)
    response = StreamingHttpResponse(body, content_type="text/event-stream; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    # A proxy that collects what we send would hold events back.
    response.headers["X-Accel-Buffering"] = "no"
    return response


class _Body:
    """The body of one stream. Gives its place back when closed, even if it was never read."""

    def __init__(
        self, channel: str, after: int | None, reader: str, filling: Filling | None
    ) -> None:
        self._channel, self._after, self._reader = channel, after, reader
        self._filling = filling
        self._is_open = True

    async def __aiter__(self) -> AsyncIterator[str]:
        try:
            start = self._after
            if start is None:
                start = await hub().in_database(latest_id, self._channel)
            # The page learns where it stands, so that it can go on from there later.
            hello = Event(start, self._channel, HELLO, {})
            yield f"retry: {RETRY_MS}\n{hello.as_text()}"
            async with aclosing(follow(self._channel, start)) as events:
                async for event in events:
                    if event is None:
                        yield ": still here\n\n"
                    elif text := await hub().text_for(event, self._filling):
                        yield text
        finally:
            self.close()

    def close(self) -> None:
        with _counting:
            if self._is_open:
                self._is_open = False
                _open[self._reader] -= 1
                if not _open[self._reader]:
                    del _open[self._reader]


def poll_response(request: HttpRequest, channel: str) -> HttpResponseBase:
    """Answer with what was told since `after`, for pages whose stream is cut on the way."""
    latest = latest_id(channel)
    tag = f'W/"{channel}.{latest}"'
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        after = _last_seen(request)
        told = []
        if after is not None:
            told = read_events(after, channels=[channel], most=MOST_REPLAYED)
        events = [{"id": one.id, "name": one.name, "data": one.data} for one in told]
        response = JsonResponse({"latest": latest, "events": events})
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _last_seen(request: HttpRequest) -> int | None:
    given = request.headers.get("Last-Event-ID") or request.GET.get("after") or ""
    # No id of ours has more digits; a longer one would not fit into the database.
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else None  # noqa: PLR2004 -- of 2**63


def _full() -> HttpResponse:
    words = _("Too many pages are open at once. This page asks for news by itself instead.")
    return HttpResponse(
        words, status=503, headers={"Retry-After": "60"}, content_type="text/plain; charset=utf-8"
    )
