"""The one process, from outside: it starts, serves, streams, stops, and outlives being killed."""

import http.client
import re
import signal
import socket
import sqlite3
import time
import urllib.error
import urllib.request
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from tests.instances import SERVER, free_port, wait_for

pytestmark = pytest.mark.slow

SIGN_IN = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from tansiq.access.models import Person
person = Person.objects.create_user("siti@example.org", name="Siti")
session = SessionStore()
session[SESSION_KEY] = str(person.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = person.get_session_auth_hash()
session.save()
print(person.pk, session.session_key)
"""


def get(address, **headers):
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 -- our own address
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 -- our own address
        return response.status, response.headers, response.read()


WHAT_MIGRATING_LEAVES = """
from django.db import connection
queries = ["SELECT app, name FROM django_migrations", "SELECT codename FROM auth_permission"]
if connection.vendor == "sqlite":
    queries += ["SELECT type, name, sql FROM sqlite_master"]
else:
    own = "current_schema()"
    queries += [
        "SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE NOT tgisinternal",
        f"SELECT indexdef FROM pg_indexes WHERE schemaname = {own}",
        "SELECT table_name, column_name, data_type, is_nullable "
        f"FROM information_schema.columns WHERE table_schema = {own}",
    ]
with connection.cursor() as cursor:
    for query in queries:
        cursor.execute(query)
        rows = sorted(map(str, cursor.fetchall()))
        assert rows, query
        print("\\n".join(rows))
"""


def open_stream(address, session):
    """Connect to the live events of the signed-in person; return the response once it began."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=15)
    connection.request("GET", "/live", headers={"Cookie": f"sessionid={session}"})
    response = connection.getresponse()
    assert response.readline() == b"retry: 3000\n"
    return connection, response


def test_a_database_that_is_not_up_to_date_is_a_sentence_and_can_be_mended(instances):
    instance = instances.make_unmigrated()

    refused = instance.run("up", "--port", free_port())

    assert refused.returncode == 1
    assert re.search(r"not up to date: \d+ migrations are missing", refused.stderr)
    assert "Traceback" not in refused.stderr
    with instance.up("--migrate") as (_process, address):
        assert get(f"{address}/healthz")[2] == b"alive\n"
    # The other tests begin with a copy: it must be what migrating makes.
    assert instance.script(WHAT_MIGRATING_LEAVES) == instances.make().script(WHAT_MIGRATING_LEAVES)


def test_two_that_start_at_the_same_moment_both_serve(instance):
    ports = [free_port(), free_port()]
    servers = [instance.start("up", "--port", port) for port in ports]
    try:
        for port, server in zip(ports, servers, strict=True):
            wait_for(f"http://127.0.0.1:{port}/healthz", server)
    finally:
        for server in servers:
            server.kill()
            server.communicate()


def test_a_taken_port_is_a_sentence(instance):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = instance.run("up", "--port", taken.getsockname()[1])

    assert result.returncode == 1
    assert "Choose another port with --port." in result.stderr


def test_static_files_are_hashed_compressed_and_kept_by_browsers(instance):
    with instance.up() as (_process, address):
        with pytest.raises(urllib.error.HTTPError) as missing:
            get(f"{address}/nowhere")
        page = missing.value.read().decode()
        found = re.search(r"/static/core/ui\.[0-9a-f]{12}\.css", page)
        assert found, page[:2000]
        status, headers, body = get(address + found[0], **{"Accept-Encoding": "gzip"})
        _status, module, _body = get(f"{address}/static/vendor/maplibre/maplibre-gl.mjs")

    assert (status, headers["Content-Encoding"], body[:2]) == (200, "gzip", b"\x1f\x8b")
    assert headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"].startswith("text/css")
    assert module["Content-Type"].startswith("text/javascript")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments, **_named):
        return None


@pytest.mark.parametrize(("proxies", "status"), [("127.0.0.0/8", 404), ("", 301)])
def test_only_a_proxy_that_was_named_is_believed_that_the_caller_came_by_https(
    instance, proxies, status
):
    settings = {"TANSIQ_ORIGIN": "https://tansiq.example.org", "TANSIQ_PROXIES": proxies}
    forwarded = {
        "Host": "tansiq.example.org",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "192.0.2.7",
    }
    with instance.up(**settings) as (_process, address):
        request = urllib.request.Request(f"{address}/nowhere", headers=forwarded)  # noqa: S310 -- our own address
        with pytest.raises(urllib.error.HTTPError) as answered:
            urllib.request.build_opener(NoRedirect).open(request, timeout=10)

    answered.value.close()
    assert answered.value.code == status


def test_process_works_on_jobs_and_is_ready(instance):
    with instance.up() as (_process, address):
        for _attempt in range(50):
            try:
                assert get(f"{address}/readyz")[0] == 200
                break
            except urllib.error.HTTPError:
                time.sleep(0.1)
        else:
            pytest.fail("The worker gave no sign of life.")


def test_asked_to_stop_it_ends_open_streams_and_itself_within_three_seconds(instance):
    _person, session = instance.script(SIGN_IN).split()
    with instance.up() as (process, address):
        connection, response = open_stream(address, session)
        with closing(connection):
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            rest = response.read()
            seconds = time.monotonic() - began
        code = process.wait(15)
        said = process.stdout.read()

    assert code == 0
    assert seconds < 3
    assert rest.count(b"event:") == 1
    assert "Traceback" not in said


def test_what_another_process_told_reaches_an_open_page(instance):
    person, session = instance.script(SIGN_IN).split()
    tell = (
        "from django.utils.timezone import now; from tansiq.core.live import announce;"
        f"print(announce('person:{person}', 'notice', {{'n': 3}}, at=now()).pk)"
    )
    with instance.up() as (_process, address):
        connection, response = open_stream(address, session)
        with closing(connection):
            told = instance.script(tell)
            lines = [response.readline() for _ in range(7)]

    assert lines[:4] == [b"id: 0\n", b"event: hello\n", b"data: {}\n", b"\n"]
    assert lines[4:] == [f"id: {told}\n".encode(), b"event: notice\n", b'data: {"n":3}\n']


WRITE = """
import sys
from django.utils.timezone import now
from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.core.live import announce
for number in range(100_000):
    record(Actor.system("a test"), "plans.adopt", None, at=now(), detail={"n": number})
    # What was confirmed to somebody.
    print(number, flush=True)
"""


def test_killed_without_warning_it_loses_nothing_that_was_confirmed(instance):
    with instance.up() as (server, _address):
        writer = instance.start_script(WRITE)
        confirmed = [int(writer.stdout.readline()) for _ in range(50)]
        time.sleep(0.3)
        writer.kill()
        server.kill()
        confirmed += [int(line) for line in writer.stdout.read().split()]
        server.wait(10)
    writer.wait(10)
    writer.stdout.close()

    with instance.up() as (_server, address):
        assert get(f"{address}/healthz")[0] == 200

    kept = instance.script(
        "from tansiq.access.models import LogEntry;"
        "rows = LogEntry.objects.order_by('pk').values_list('detail', flat=True);"
        "print(*[row['n'] for row in rows])"
    )
    assert [int(n) for n in kept.split()][: len(confirmed)] == confirmed
    assert instance.run("audit", "verify").returncode == 0
    if not SERVER:
        with closing(sqlite3.connect(instance.folder / "tansiq.sqlite3")) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_worker_of_its_own_stops_when_asked(instance):
    worker = instance.start("worker")
    assert worker.stdout.readline() == "Tansiq works on its jobs.\n"
    time.sleep(0.5)

    worker.send_signal(signal.SIGTERM)

    code = worker.wait(15)
    said = worker.stdout.read()
    worker.stdout.close()
    assert code == 0
    assert "Traceback" not in said
