"""Live events: told when saved, replayed after a break, to those of the channel only."""

import asyncio
import datetime as dt

import pytest
from django.db import connection, transaction
from django.test import RequestFactory
from django.urls import reverse

from tansiq.core import live
from tansiq.core.models import LiveEvent
from tests.factories import NOON, OrganisationFactory, PersonFactory
from tests.people import sign_in


@transaction.atomic
def tell(number, channel="room:1"):
    return [live.announce(channel, "told", {"n": n}, at=NOON).pk for n in range(number)]


@pytest.mark.django_db
def test_what_an_action_told_is_undone_with_the_action():
    @transaction.atomic
    def act_and_fail():
        tell(1)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        act_and_fail()

    assert not LiveEvent.objects.exists()


@pytest.mark.django_db
def test_reading_goes_on_after_the_last_one_seen_on_this_channel_only():
    first, second = tell(2)
    tell(1, channel="room:2")
    (third,) = tell(1)

    events = live.read_events(first, channels=["room:1"])

    assert [event.id for event in events] == [second, third]


@pytest.mark.django_db
def test_old_events_are_forgotten_after_a_day():
    tell(2)
    recent = live.announce("room:1", "told", {}, at=NOON + dt.timedelta(hours=2))

    assert live.forget_old_events(at=NOON + dt.timedelta(hours=25)) == 2

    assert set(LiveEvent.objects.all()) == {recent}


def test_an_event_is_written_as_the_standard_says():
    event = live.Event(7, "room:1", "told", {"text": "two\nlines"})

    assert event.as_text() == 'id: 7\nevent: told\ndata: {"text":"two\\nlines"}\n\n'


@pytest.mark.parametrize(
    ("given", "seen"),
    [("7", 7), ("0", 0), ("", None), ("-1", None), ("x", None), ("9" * 19, None), ("٧", None)],
)
def test_last_event_id_is_a_number_or_nothing(given, seen):
    request = RequestFactory().get("/live", {"after": given})

    assert live._last_seen(request) == seen


async def tell_elsewhere(number, channel="room:1"):
    """Tell something in a thread of its own, as an action does, and leave no connection there."""

    def act():
        try:
            return tell(number, channel)
        finally:
            connection.close()

    return await asyncio.to_thread(act)


def leave(response):
    """Close what the server closes when a page is left (but not the test's connection)."""
    for closer in response._resource_closers:
        closer()


class Page:
    """An open page: reads a stream as a browser does."""

    def __init__(self, channel, after=None):
        self.events = live.follow(channel, after)

    async def next(self):
        return await asyncio.wait_for(anext(self.events), 5)

    async def opened(self):
        """Start reading, and return when the stream is joined."""
        task = asyncio.create_task(self.next())
        while not live.hub().streams:
            await asyncio.sleep(0.01)
        return task


def run(coroutine_function):
    async def main():
        try:
            await asyncio.wait_for(coroutine_function(), 20)
        finally:
            live.close_streams()

    asyncio.run(main())


@pytest.mark.django_db(transaction=True)
def test_an_open_page_hears_what_is_told_and_a_page_elsewhere_does_not():
    async def story():
        page, elsewhere = Page("room:1"), Page("room:2")
        waiting, other = await page.opened(), await elsewhere.opened()

        (told,) = await tell_elsewhere(1)

        assert (await waiting).id == told
        await asyncio.sleep(2 * live.POLL_SECONDS)
        assert not other.done()
        other.cancel()

    run(story)


@pytest.mark.django_db(transaction=True)
def test_a_page_that_comes_back_gets_what_it_missed_and_then_what_is_new(monkeypatch):
    monkeypatch.setattr(live, "MOST_REPLAYED", 2)
    seen, *missed = tell(6)

    async def story():
        page = Page("room:1", after=seen)
        got = [(await page.next()).id for _ in missed]
        (new,) = await tell_elsewhere(1)

        assert got == missed
        assert (await page.next()).id == new

    run(story)


@pytest.mark.django_db(transaction=True)
def test_a_page_hears_what_another_process_told(monkeypatch):
    # The wake-up reaches only the streams of the process in which something was told.
    monkeypatch.setattr(live, "wake_streams", lambda: None)

    async def story():
        waiting = await Page("room:1").opened()

        (told,) = await tell_elsewhere(1)

        assert (await waiting).id == told

    run(story)


@pytest.mark.django_db(transaction=True)
def test_a_quiet_stream_says_that_it_is_still_there(monkeypatch):
    monkeypatch.setattr(live, "COMMENT_SECONDS", 0.05)

    async def story():
        assert await Page("room:1").next() is None

    run(story)


@pytest.mark.django_db(transaction=True)
def test_a_stream_ends_when_the_process_stops_and_when_it_has_lived_long_enough(monkeypatch):
    async def story():
        waiting = await Page("room:1").opened()
        live.close_streams()
        with pytest.raises(StopAsyncIteration):
            await waiting

    run(story)
    monkeypatch.setattr(live, "LIFE_SECONDS", 0.0)

    async def short_story():
        with pytest.raises(StopAsyncIteration):
            await Page("room:1").next()

    run(short_story)


@pytest.mark.django_db(transaction=True)
def test_a_page_too_slow_to_keep_up_is_ended_rather_than_fed_from_memory(monkeypatch):
    monkeypatch.setattr(live, "MOST_WAITING", 3)

    async def story():
        waiting = await (page := Page("room:1")).opened()
        first, *_rest = await tell_elsewhere(9)
        assert (await waiting).id == first
        assert [event.data["n"] async for event in page.events] == [1, 2]

    run(story)


@pytest.mark.django_db(transaction=True)
def test_no_place_is_kept_for_a_page_that_left():
    async def story():
        page = Page("room:1")
        waiting = await page.opened()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await page.events.aclose()

        assert live.hub().streams == set()

    run(story)


@pytest.mark.django_db
def test_stream_tells_proxies_and_caches_to_leave_it_alone(client):
    sign_in(client, OrganisationFactory())

    response = client.get(reverse("core:live"), headers={"Accept-Encoding": "gzip"})

    assert response.streaming
    assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert response.headers["X-Accel-Buffering"] == "no"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in response.headers
    leave(response)
    assert live.open_streams() == 0


@pytest.mark.django_db
def test_one_reader_cannot_take_all_places(client, monkeypatch):
    monkeypatch.setattr(live, "MOST_OF_ONE_READER", 2)
    sign_in(client, OrganisationFactory())
    pages = [client.get(reverse("core:live")) for _ in range(3)]

    assert [page.status_code for page in pages] == [200, 200, 503]
    assert pages[2].headers["Retry-After"] == "60"
    for page in pages:
        leave(page)
    again = client.get(reverse("core:live"))
    assert again.status_code == 200
    leave(again)


@pytest.mark.django_db
@pytest.mark.parametrize("route", ["core:live", "core:live_poll"])
def test_who_is_not_signed_in_hears_nothing(client, route):
    assert client.get(reverse(route)).status_code == 403


@pytest.mark.django_db
def test_polling_answers_with_what_is_new_of_my_own_and_else_with_nothing(client):
    me = sign_in(client, OrganisationFactory())
    seen, new = tell(2, channel=f"person:{me.pk}")
    tell(1, channel=f"person:{PersonFactory().pk}")

    first = client.get(reverse("core:live_poll"), {"after": seen})
    again = client.get(
        reverse("core:live_poll"), {"after": new}, headers={"If-None-Match": first.headers["ETag"]}
    )

    assert first.json() == {
        "latest": new,
        "events": [{"id": new, "name": "told", "data": {"n": 1}}],
    }
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.django_db(transaction=True)
def test_readers_of_one_audience_are_filled_for_once_and_some_hear_nothing():
    first, second = tell(2)
    asked = []

    def filling(audience, answers):
        def fill(event):
            asked.append((event.id, audience))
            return answers.get(event.id)

        return live.Filling(audience, fill)

    ours = filling("ours", {first: {"line": "one"}, second: {"line": "two"}})
    theirs = filling("theirs", {second: {"line": "deux"}})

    events = live.read_events(0, channels=["room:1"])

    async def story():
        answers = [
            await asyncio.gather(*(live.hub().text_for(event, one) for one in (ours, ours, theirs)))
            for event in events
        ]
        assert answers == [
            [f'id: {first}\nevent: told\ndata: {{"line":"one"}}\n\n'] * 2 + [""],
            [f'id: {second}\nevent: told\ndata: {{"line":"two"}}\n\n'] * 2
            + [f'id: {second}\nevent: told\ndata: {{"line":"deux"}}\n\n'],
        ]
        assert sorted(asked) == sorted(
            (event, who) for event in (first, second) for who in ("ours", "theirs")
        )

    run(story)


@pytest.mark.django_db(transaction=True)
def test_an_event_that_cannot_be_filled_is_told_bare(caplog):
    (told,) = tell(1)

    def fill(_event):
        raise RuntimeError

    (event,) = live.read_events(0, channels=["room:1"])

    async def story():
        text = await live.hub().text_for(event, live.Filling("ours", fill))
        assert text == f'id: {told}\nevent: told\ndata: {{"n":0}}\n\n'

    run(story)
    assert "could not be filled" in caplog.text
