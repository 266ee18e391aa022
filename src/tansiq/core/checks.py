"""What `tansiq check` looks at on this machine. Each finding has an id, and a hint what to do.

These run only when an operator asks, not at each start: they need the database.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution
from django.db import connection
from django.utils.timezone import now

from tansiq.core import database, jobs
from tansiq.core.checking import when_asked

_LITTLE_ROOM = 1024**3
_NO_ROOM = 100 * 1024**2
_OTHERS = 0o077
_OLDEST_POSTGRESQL = 140_000
_LOCAL = {"127.0.0.1", "localhost", "::1"}


@when_asked
def address() -> Iterator[CheckMessage]:
    if not settings.HTTPS and urlsplit(settings.ORIGIN).hostname not in _LOCAL:
        yield Caution(
            f"People reach Tansiq at {settings.ORIGIN}, without encryption.",
            hint="Put a proxy with a certificate in front of it and set TANSIQ_ORIGIN to "
            "https://…; see docs/how-to/install.md.",
            id="core.W001",
        )
    if settings.HTTPS and not settings.PROXIES:
        yield Caution(
            "The origin is https, but no proxy is named: every page would be redirected for ever.",
            hint="Set TANSIQ_PROXIES to the address of the proxy, such as 127.0.0.1.",
            id="core.W002",
        )
    for name in ("DEBUG", "DEMO", "ADMIN"):
        if settings.HTTPS and getattr(settings, name):
            yield Caution(
                f"TANSIQ_{name} is on at a public address.",
                hint=f"Remove TANSIQ_{name} from the settings.",
                id="core.W003",
            )


@when_asked
def data_folder() -> Iterator[CheckMessage]:
    folder = Path(settings.DATA_DIR)
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Error(
            f"Tansiq cannot write to its data folder {folder}.",
            hint="Let it belong to the user that Tansiq runs as.",
            id="core.E001",
        )
        return
    if folder.stat().st_mode & _OTHERS:
        yield Caution(
            f"Other users of this machine can look into {folder}.",
            hint=f"chmod 700 {folder}",
            id="core.W004",
        )
    key = folder / "secret.key"
    if key.exists() and key.stat().st_mode & _OTHERS:
        yield Error(
            "Other users of this machine can read the secret key.",
            hint=f"chmod 600 {key}, then put a new key into it: the old one may be known.",
            id="core.E002",
        )
    free = shutil.disk_usage(folder).free
    if free < _LITTLE_ROOM:
        words = f"Only {free // 1024**2} MB are free in {folder}."
        hint = "Make room: without it nothing can be saved."
        if free < _NO_ROOM:
            yield Error(words, hint=hint, id="core.E003")
        else:
            yield Caution(words, hint=hint, id="core.W005")


@when_asked
def mail() -> Iterator[CheckMessage]:
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        yield Caution(
            "No mail server is named: mail is kept as files in the data folder.",
            hint="Set TANSIQ_MAIL_URL, such as smtps://user:password@mail.example.org:465.",
            id="core.W006",
        )


@when_asked
def state_of_database() -> list[CheckMessage]:
    return [*_version(), *_migrations()]


def _version() -> Iterator[CheckMessage]:
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        version = int(getattr(connection, "pg_version", 0))
        if version < _OLDEST_POSTGRESQL:
            yield Error(
                f"PostgreSQL {version // 10_000} is too old.",
                hint="Upgrade the database server to version 14 or newer.",
                id="core.E005",
            )
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]
        cursor.execute("SELECT 1 FROM pragma_compile_options WHERE compile_options = 'ENABLE_FTS5'")
        has_search = cursor.fetchone() is not None
    if mode not in {"wal", "memory"}:
        yield Caution(
            f"SQLite keeps its journal as {mode!r} instead of 'wal': readers wait for writers.",
            hint="Put the data folder on a local disk, not on a network file system.",
            id="core.W007",
        )
    if not has_search:
        yield Error(
            f"SQLite {sqlite3.sqlite_version} was built without its search index (FTS5).",
            hint="Use the SQLite of your distribution, or PostgreSQL.",
            id="core.E006",
        )


def _migrations() -> Iterator[CheckMessage]:
    if missing := database.unapplied_migrations():
        yield Error(
            f"The database is not up to date: {len(missing)} migrations are missing.",
            hint="Make a backup, then run `tansiq migrate`.",
            id="core.E007",
        )
        return
    if settings.JOBS == "none" and not jobs.is_worker_alive(at=now()):
        yield Caution(
            "TANSIQ_JOBS is none, and no worker gave a sign of life in the last two minutes.",
            hint="Start `tansiq worker` beside the server; without it no mail is sent.",
            id="core.W008",
        )
    if failed := jobs.queue_sizes().get("failed", 0):
        yield Caution(
            f"{failed} jobs failed in the last seven days.",
            hint="Look for `tansiq.jobs` and `django_tasks` in the log.",
            id="core.W009",
        )
