"""Whole installations for tests: a data directory, a database, and the `tansiq` command.

What happens between processes (a killed server, a backup while somebody writes, two who append
at once) cannot be tried inside one test process and its one transaction.
"""

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.databases import SERVER, copy_on_server, copy_to, environment


class Instance:
    """One installation in a directory of its own, on the database this run is about."""

    def __init__(self, folder, database_url):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.database_url = database_url
        self.environment = environment(self.folder, database_url)

    def run(self, *arguments, **environment):
        """Run one `tansiq` command to its end and return what it said."""
        return subprocess.run(  # noqa: S603 -- our own command
            [sys.executable, "-m", "tansiq", *map(str, arguments)],
            env=self.environment | environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def start(self, *arguments, **environment):
        """Start one `tansiq` command and return the running process."""
        return subprocess.Popen(  # noqa: S603 -- our own command
            [sys.executable, "-m", "tansiq", *map(str, arguments)],
            env=self.environment | environment,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def start_script(self, code):
        """Start a script inside the set-up platform and return the running process."""
        return self.start("shell", "--no-imports", "-c", code)

    def script(self, code):
        """Run a script inside the set-up platform; return what it printed."""
        result = self.run("shell", "--no-imports", "-c", code)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout.strip()

    @contextmanager
    def up(self, *arguments, **environment):
        """Serve on a free port; give the process and its address."""
        port = free_port()
        process = self.start("up", "--port", port, *arguments, **environment)
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(f"{address}/healthz", process)
            yield process, address
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait(10)
            process.stdout.close()


def free_port():
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        return plug.getsockname()[1]


def wait_for(address, process, *, seconds=120):
    """Wait until something answers there; fail with what the process said if it ends."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise AssertionError(process.stdout.read())
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 -- our own address
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    message = f"Nothing answered at {address}."
    raise AssertionError(message)


class Instances:
    """Makes installations; what is migrated is a copy of one that was migrated before."""

    def __init__(self, folder):
        self._folder = Path(folder)
        self._databases = []

    def make(self):
        """Return a new installation with an empty, migrated database."""
        instance = self.make_unmigrated(create=copy_on_server)
        if not SERVER:
            copy_to(instance.folder / "tansiq.sqlite3")
        return instance

    def make_unmigrated(self, create=None):
        """Return a new installation whose database has no tables yet."""
        name = f"tansiq_{uuid.uuid4().hex[:12]}"
        folder = self._folder / name
        if not SERVER:
            return Instance(folder, f"sqlite:///{folder / 'tansiq.sqlite3'}")
        (create or _create)(name)
        self._databases.append(name)
        return Instance(folder, urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}")))

    def close(self):
        for name in self._databases:
            _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _create(name):
    _execute(f'CREATE DATABASE "{name}"')


def _execute(statement):
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(statement)
