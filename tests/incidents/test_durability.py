"""A line that was confirmed is there afterwards: after kill -9, a full disk, a power cut.

On PostgreSQL the server answers for its own disk; there only our process is killed.
"""

import os
import shutil
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from pathlib import Path

import pytest

from tests.instances import Instance

pytestmark = pytest.mark.slow

# Makes a room with one person who may write in it; prints the room and the person's session.
SETTING = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils.timezone import now
from benchmarks.rooms import make_room, people_in
room = make_room(1, at=now())
[person] = people_in(room)
session = SessionStore()
session[SESSION_KEY] = str(person.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = person.get_session_auth_hash()
session.create()
print(room.pk, session.session_key, settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
"""
KEPT = """
from tansiq.incidents.models import Entry
print(" ".join(Entry.objects.filter(kind="note").order_by("pk").values_list("text", flat=True)))
"""
CHAIN = """
from tansiq.access.log import broken_seals
print(len(list(broken_seals())))
"""


@pytest.fixture
def instance(instances):
    made = instances.make()
    made.environment["PYTHONPATH"] += os.pathsep + str(Path(__file__).parents[2])
    return made


@pytest.fixture
def writer(instance):
    return Writer(*instance.script(SETTING).split())


class Writer:
    """Somebody who writes lines, one after another, each under a key of its own."""

    def __init__(self, room, session, session_cookie, csrf_cookie):
        self.room = room
        token = "x" * 32
        self.token = token
        self.cookie = f"{session_cookie}={session}; {csrf_cookie}={token}"
        self.confirmed = []

    def write(self, address, text, key=None):
        """Send one line; return the status, 0 when no answer came."""
        fields = {
            "text": text,
            "client_key": key or uuid.uuid4(),
            "csrfmiddlewaretoken": self.token,
        }
        request = urllib.request.Request(  # noqa: S310 -- our own address
            f"{address}/incidents/{self.room}/log/note/",
            data=urllib.parse.urlencode(fields).encode(),
            headers={"Cookie": self.cookie, "X-Queued": "yes"},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 -- our own address
                status = answer.status
        except urllib.error.HTTPError as refused:
            status = refused.code
        except (OSError, urllib.error.URLError):
            status = 0
        if status == 204:
            self.confirmed.append(text)
        return status

    def write_until_killed(self, address, prefix, process, *, after):
        """Write so many lines, then more while the server is killed; return the lost one."""
        killer = threading.Timer(0.05 * after, process.send_signal, [signal.SIGKILL])
        for number in range(10_000):
            if number == after:
                killer.start()
            text = f"{prefix}-{number}"
            if self.write(address, text) != 204:
                killer.join()
                return text
        raise AssertionError


def kept(instance):
    return instance.script(KEPT).split()


def test_a_confirmed_line_survives_a_killed_server_and_arrives_once(instance, writer):
    for time_around in range(3):
        with instance.up() as (process, address):
            text = writer.write_until_killed(
                address, f"round-{time_around}", process, after=5 + time_around
            )
        assert text not in writer.confirmed

    assert len(writer.confirmed) >= 18
    found = kept(instance)
    assert [text for text in found if text in set(writer.confirmed)] == writer.confirmed
    # Of each round at most the line that was being written when the server died.
    assert len(found) - len(writer.confirmed) <= 3
    assert instance.script(CHAIN) == "0"


def test_what_is_sent_again_after_a_lost_answer_is_kept_once(instance, writer):
    key = uuid.uuid4()
    with instance.up() as (_process, address):
        statuses = [writer.write(address, "once", key) for _again in range(3)]

    assert statuses == [204, 204, 204]
    assert kept(instance) == ["once"]


@pytest.fixture
def plug(tmp_path):
    """Build the disk whose plug can be pulled; return the variables that put it in place."""
    library = tmp_path / "unplugged.so"
    source = Path(__file__).with_name("unplugged.c")
    command = ["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"]
    subprocess.run(command, check=True, capture_output=True, timeout=60)  # noqa: S603 -- a fixed command
    (tmp_path / "disk").mkdir()
    return {
        "LD_PRELOAD": str(library),
        "UNPLUGGED_DISK": str(tmp_path / "disk"),
        "UNPLUGGED_FULL": str(tmp_path / "full"),
    }


@pytest.mark.sqlite
def test_a_confirmed_line_survives_a_power_cut(instance, writer, plug, tmp_path):
    disk = Path(plug["UNPLUGGED_DISK"])
    shutil.copy(instance.folder / "tansiq.sqlite3", disk)
    with instance.up(**plug) as (process, address):
        writer.write_until_killed(address, "cut", process, after=12)

    # Only what was synced is left, as the worst of disks would leave it.
    survived = Instance(tmp_path / "survived", f"sqlite:///{disk / 'tansiq.sqlite3'}")
    survived.environment["PYTHONPATH"] = instance.environment["PYTHONPATH"]
    assert len(writer.confirmed) >= 12
    assert kept(survived)[: len(writer.confirmed)] == writer.confirmed
    assert survived.script(CHAIN) == "0"


@pytest.mark.sqlite
def test_a_full_disk_confirms_nothing_and_loses_nothing(instance, writer, plug):
    full = Path(plug["UNPLUGGED_FULL"])
    with instance.up(**plug) as (_process, address):
        assert writer.write(address, "before") == 204
        full.touch()
        refused = [writer.write(address, f"full-{number}") for number in range(3)]
        full.unlink()
        time.sleep(0.2)
        assert writer.write(address, "after") == 204

    assert all(status >= 500 for status in refused), refused
    assert kept(instance) == ["before", "after"]
    assert instance.script(CHAIN) == "0"
