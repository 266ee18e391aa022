"""A room with many people in it: how soon a line is on every screen, and whether one is ever lost.

A real server (or two, on PostgreSQL) serves a room of the whole shipped playbook. Every person
follows the room's stream; lines are written over HTTP at a steady rate. People lose their line at
random times and come back; half-way through a server is killed with SIGKILL and started again.

    make bench-incidents
    python -m benchmarks.incidents --people 500 --rate 5 --seconds 300 [--servers 2]
"""

import argparse
import asyncio
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.bench import figure, start

start()

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.urls import reverse
from django.utils.timezone import now

from benchmarks.rooms import make_room, people_in

ROOT = Path(__file__).parents[1]
# A person loses the line once in so many seconds on average.
BREAKS_AFTER = 60.0
BACK_WITHIN = 3.0
CATCHING_UP = 30.0


@dataclass
class Told:
    """What was sent, what the server confirmed, and when each line was on which screen."""

    sent: dict[int, float] = field(default_factory=dict)
    confirmed: set[int] = field(default_factory=set)
    waits: list[float] = field(default_factory=list)
    replayed: int = 0
    breaks: int = 0


class Server:
    """One web process, on a port of its own."""

    def __init__(self) -> None:
        with socket.socket() as plug:
            plug.bind(("127.0.0.1", 0))
            self.port: int = plug.getsockname()[1]
        self.peak_mb = 0.0
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "tansiq", "up", "--port", str(self.port)]
        environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
        log = Path(os.environ["TANSIQ_DATA_DIR"]) / f"server-{self.port}.log"
        with log.open("ab") as out:
            self.process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)  # noqa: S603 -- our own

    def look(self) -> None:
        """Remember the most memory that it ever held."""
        status = Path(f"/proc/{self.process.pid}/status")
        if status.exists():
            lines = status.read_text(encoding="ascii").splitlines()
            held = next((line for line in lines if line.startswith("VmHWM")), "VmHWM: 0 kB")
            self.peak_mb = max(self.peak_mb, int(held.split()[1]) / 1024)

    def kill(self) -> None:
        self.look()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


async def ask(port: int, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send one request on a connection of its own; return status, headers and body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        await writer.drain()
        answer = await asyncio.wait_for(reader.read(), 20)
    finally:
        writer.close()
    head, _blank, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    if not first:
        raise ConnectionError
    headers = {
        name.lower(): value.strip() for name, _colon, value in (one.partition(":") for one in lines)
    }
    return int(first.split()[1]), headers, body


def request(method: str, address: str, cookie: str, body: bytes = b"", **headers: str) -> bytes:
    lines = [
        f"{method} {address} HTTP/1.1",
        "Host: 127.0.0.1",
        "Connection: close",
        f"Cookie: {cookie}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    if body:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Screen:
    """One person's open page: reads the stream, breaks off now and then, and comes back."""

    def __init__(self, port: int, stream: str, cookie: str, told: Told) -> None:
        self.port, self.stream, self.cookie, self.told = port, stream, cookie, told
        self.seen: set[int] = set()
        self.latest = self.coming = ""
        self.joined = asyncio.Event()

    async def live(self) -> None:
        while True:
            with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                await self._follow()
            self.told.breaks += 1
            await asyncio.sleep(random.uniform(0.1, BACK_WITHIN))  # noqa: S311 -- no secret

    async def _follow(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        more = {"Last_Event_ID": self.latest} if self.latest else {}
        writer.write(request("GET", self.stream, self.cookie, Accept="text/event-stream", **more))
        loop = asyncio.get_running_loop()
        begun = loop.time()
        ends = begun + random.expovariate(1 / BREAKS_AFTER)
        try:
            while loop.time() < ends:
                line = await asyncio.wait_for(reader.readline(), 40)
                if not line:
                    return
                self._read(line, begun=begun, at=loop.time())
        finally:
            # Cut, not closed: the server learns of it as it would of a telephone in a tunnel.
            writer.transport.abort()

    def _read(self, line: bytes, *, begun: float, at: float) -> None:
        if line.startswith(b"id: "):
            self.coming = line[4:].strip().decode()
        elif line == b"\n":
            # As browsers do: an event that broke off before its end was not seen.
            self.latest = self.coming
        elif line.startswith(b"event: hello"):
            self.joined.set()
        elif line.startswith(b"data: ") and b"update-" in line:
            number = int(line.partition(b"update-")[2].split(b".")[0])
            if number in self.seen:
                return
            self.seen.add(number)
            sent = self.told.sent[number]
            if sent > begun + 1:
                self.told.waits.append(at - sent)
            else:
                self.told.replayed += 1


async def write_lines(
    servers: list[Server], address: str, cookie: str, told: Told, *, rate: float, seconds: float
) -> None:
    """Write lines at this rate; one that was not confirmed is sent again under the same key."""
    loop = asyncio.get_running_loop()
    token = cookie.partition("csrftoken=")[2].split(";")[0]
    begun = loop.time()
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, begun + number / rate - loop.time()))
        key = str(uuid.uuid4())
        fields = {"text": f"update-{number}. The gate is open.", "client_key": key}
        body = urlencode(fields | {"csrfmiddlewaretoken": token}).encode()
        told.sent[number] = loop.time()
        while number not in told.confirmed:
            server = servers[number % len(servers)]
            try:
                status, _headers, _body = await ask(
                    server.port, request("POST", address, cookie, body, X_Queued="yes")
                )
            except (OSError, TimeoutError):
                status = 0
            if status == 204:
                told.confirmed.add(number)
            else:
                assert status in {0, 500, 502, 503}, f"A line was refused with {status}."
                await asyncio.sleep(0.2)


async def kill_half_way(servers: list[Server], seconds: float) -> None:
    await asyncio.sleep(seconds / 2)
    servers[0].kill()
    servers[0].start()


async def catch_up(screens: list[Screen], told: Told) -> int:
    """Wait until every screen has every confirmed line; return how many lines are missing."""
    ends = time.monotonic() + CATCHING_UP
    while time.monotonic() < ends and any(told.confirmed - one.seen for one in screens):
        await asyncio.sleep(0.2)
    return sum(len(told.confirmed - one.seen) for one in screens)


def cookies_of(people: list[Any]) -> list[str]:
    """Sign each person in, and return what their browser would send."""
    cookies = []
    for person in people:
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.create()
        token = "x" * 32
        cookies.append(
            f"{settings.SESSION_COOKIE_NAME}={session.session_key}; "
            f"{settings.CSRF_COOKIE_NAME}={token}; csrftoken={token}"
        )
    return cookies


async def wait_for(server: Server) -> None:
    for _tenth in range(600):
        try:
            status, _headers, _body = await ask(server.port, request("GET", "/healthz", ""))
        except OSError:
            status = 0
        if status == 200:
            return
        await asyncio.sleep(0.1)
    message = "The server does not answer."
    raise RuntimeError(message)


async def weight_of(port: int, address: str, cookie: str) -> float:
    """Return the KB that a second visit to the room brings over the line."""
    got = request("GET", address, cookie, Accept_Encoding="gzip")
    status, headers, body = await ask(port, got)
    assert status == 200, status
    assert headers.get("content-encoding") == "gzip"
    return len(body) / 1024


async def play(
    addresses: dict[str, str], cookies: list[str], servers: list[Server], given: argparse.Namespace
) -> tuple[Told, int]:
    """Let everybody follow the room while lines are written; return what happened, and the lost."""
    for server in servers:
        await wait_for(server)
    figure(
        "incidents.room_kb",
        await weight_of(servers[0].port, addresses["room"], cookies[0]),
        "KB",
        60,
    )
    told = Told()
    screens = [
        Screen(servers[number % len(servers)].port, addresses["live"], cookie, told)
        for number, cookie in enumerate(cookies)
    ]
    living = [asyncio.create_task(one.live()) for one in screens]
    await asyncio.gather(*(one.joined.wait() for one in screens))
    killing = asyncio.create_task(kill_half_way(servers, given.seconds))
    await write_lines(
        servers, addresses["note"], cookies[0], told, rate=given.rate, seconds=given.seconds
    )
    await killing
    lost = await catch_up(screens, told)
    for one in living:
        one.cancel()
    return told, lost


def report(told: Told, lost: int, servers: list[Server], *, people: int) -> None:
    waits = statistics.quantiles((1000 * wait for wait in told.waits), n=100)
    more = {"people": people, "lines": len(told.confirmed), "servers": len(servers)}
    more["database"] = connections["default"].vendor
    figure("incidents.event_p50_ms", waits[49], "ms", 100, measured=len(told.waits), **more)
    figure("incidents.event_p99_ms", waits[98], "ms", 400, **more)
    broke = {"breaks": told.breaks, "replayed": told.replayed, "killed": 1}
    figure("incidents.lost_updates", lost, "updates", 0, **broke, **more)
    for server in servers:
        server.look()
    figure("incidents.memory_mb", max(one.peak_mb for one in servers), "MB", None, **more)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--rate", type=float, default=5)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--servers", type=int, default=1)
    given = parser.parse_args()
    room = make_room(given.people, at=now())
    cookies = cookies_of(people_in(room))
    names = ("room", "live", "note")
    addresses = {name: reverse(f"incidents:{name}", args=[room.pk]) for name in names}
    servers = []
    try:
        for _number in range(given.servers):
            # One after another: each takes the data directory for itself while it starts.
            servers.append(Server())
            asyncio.run(wait_for(servers[-1]))
        told, lost = asyncio.run(play(addresses, cookies, servers, given))
        report(told, lost, servers, people=given.people)
    finally:
        for server in servers:
            server.kill()


if __name__ == "__main__":
    main()
