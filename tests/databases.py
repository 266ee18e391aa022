"""Migrated databases for tests: made once for a state of the migrations, copied ever after.

To migrate costs half a minute; to copy what came of it costs almost nothing. The copy is known by
a fingerprint of every migration of every installed app, so a changed migration is never met with
a database from before the change.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from contextlib import closing, contextmanager
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

ROOT = Path(__file__).parents[1]
SERVER = os.environ.get("TEST_DATABASE_URL", "")
# Enough to go back and forth between a few branches and checkouts.
MOST_KEPT = 12
# Any number will do, as long as all who make templates on one server use the same.
LOCK_OF_TEMPLATES = 72_637_911


def fingerprint():
    """Name the state of the migrations, and of what carries them out."""
    state = hashlib.sha256()
    for part in (version("django"), sys.version, sqlite3.sqlite_version, *settings.INSTALLED_APPS):
        state.update(f"{part}\0".encode())
    for app in apps.get_app_configs():
        for file in migrations_of(app.label):
            content = file.read_bytes()
            state.update(f"{app.label}\0{file.name}\0{len(content)}\0".encode() + content)
    return state.hexdigest()[:20]


def migrations_of(label):
    """Return the files that an app's migrations are made of."""
    name, _is_set = MigrationLoader.migrations_module(label)
    package = importlib.util.find_spec(name) if name else None
    if package is None:
        return []
    folder = Path(package.origin).parent
    return sorted(
        file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts
    )


def kept_in():
    """Return the folder of kept databases: all checkouts of one person share what they made."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    shared = caches / "tansiq-tests"
    try:
        shared.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return ROOT / ".cache" / "databases"
    is_ours = shared.stat().st_uid == os.getuid() and os.access(shared, os.W_OK)
    return shared if is_ours else ROOT / ".cache" / "databases"


def keep(name, make, *, folder, most=MOST_KEPT):
    """Return the kept file of this name; `make(path)` makes it if there is none.

    Of processes that ask at the same time one makes it and the others wait. A file stands under
    its name only when it is whole, so one who was stopped half-way leaves nothing that harms.
    """
    kept = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    # A few locks, so that one who makes something else seldom has to wait.
    with (folder / f".lock-{name[0]}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            making = f".making-{name[0]}-"
            for left in folder.glob(f"{making}*"):
                shutil.rmtree(left)
            with tempfile.TemporaryDirectory(dir=folder, prefix=making) as beside:
                made = Path(beside) / name
                make(made)
                made.rename(kept)
        os.utime(kept)
        newest_first = sorted(folder.glob("[!.]*"), key=_age)
        for old in newest_first[most:]:
            old.unlink(missing_ok=True)
    return kept


def _age(file):
    try:
        return -file.stat().st_mtime_ns
    except FileNotFoundError:  # Another process removed it; it was old.
        return 0


@cache
def migrated_file():
    """Return a SQLite file as the migrations leave it. Copy it; never write to it."""
    return keep(f"{fingerprint()}.sqlite3", _migrate_a_file, folder=kept_in())


def copy_into(connection):
    """Fill an open SQLite connection with a migrated database."""
    with closing(sqlite3.connect(f"file:{migrated_file()}?mode=ro", uri=True)) as migrated:
        migrated.backup(connection)


def copy_to(file):
    """Make a migrated SQLite database under this name."""
    shutil.copyfile(migrated_file(), file)
    # As a server leaves it: several processes that change the mode at once lock each other out.
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode=WAL")


def copy_on_server(name):
    """Make a migrated database of this name on the PostgreSQL server of this run."""
    with server_with_template() as (server, template):
        _execute(server, "CREATE DATABASE {} TEMPLATE {}", name, template)


@contextmanager
def server_with_template():
    """Give the server, and a migrated database on it that nobody removes meanwhile."""
    template = f"tansiq_template_{fingerprint()}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        # Held until the connection ends.
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK_OF_TEMPLATES])
        query = "SELECT datname FROM pg_database WHERE datname LIKE 'tansiq\\_template\\_%'"
        found = {name for (name,) in server.execute(query)}
        if template not in found:
            _migrate_a_template(server, template)
            for old in found:
                _execute(server, "DROP DATABASE {}", old)
        yield server, template


def begin_as_copy(connection):
    """Let Django's test database of this connection begin as a copy of a migrated one.

    Whoever asks Django for something else (to keep the database, to remember its contents)
    gets what Django does.
    """
    creation = connection.creation
    begin_migrated = creation.create_test_db

    def create(verbosity=1, autoclobber=False, serialize=True, keepdb=False):  # noqa: FBT002 -- Django calls it so
        if keepdb or serialize:
            return begin_migrated(verbosity, autoclobber, serialize, keepdb)
        make = partial(creation._create_test_db, verbosity, autoclobber)
        if connection.vendor == "postgresql":
            with server_with_template() as (_server, template):
                connection.settings_dict["TEST"]["TEMPLATE"] = template
                name = make()
        else:
            name = make()
        connection.close()
        settings.DATABASES[connection.alias]["NAME"] = name
        connection.settings_dict["NAME"] = name
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            copy_into(connection.connection)
        return name

    creation.create_test_db = create


def environment(folder, database_url):
    """Return what the processes of an installation of its own are told about it."""
    others = ("TANSIQ_", "DATABASE_URL", "DJANGO_", "PYTEST_", "PYTHONDONTWRITEBYTECODE")
    # What one process compiled need not be compiled by the next.
    bytecode = {"PYTHONPYCACHEPREFIX": str(ROOT / ".cache" / "bytecode")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    return (bytecode | kept) | {
        "PYTHONPATH": str(ROOT / "src"),
        "TANSIQ_DATA_DIR": str(folder),
        "TANSIQ_SECRET_KEY": "for tests only, long enough to please the checks 0123456789",
        "DATABASE_URL": database_url,
    }


def _migrate(database_url, folder):
    command = [sys.executable, "-m", "tansiq", "migrate", "--verbosity", "0"]
    result = subprocess.run(  # noqa: S603 -- our own command
        command,
        env=environment(folder, database_url),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def _migrate_a_file(file):
    _migrate(f"sqlite:///{file}", file.parent)
    # All of it in one file: what is copied must not have a part of itself in a log beside it.
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode=DELETE")
        database.execute("VACUUM")


def _migrate_a_template(server, template):
    making = f"tansiq_making_{uuid.uuid4().hex[:12]}"
    _execute(server, "CREATE DATABASE {}", making)
    try:
        with tempfile.TemporaryDirectory(prefix="tansiq-template-") as folder:
            _migrate(urlunsplit(urlsplit(SERVER)._replace(path=f"/{making}")), Path(folder))
        _execute(server, "ALTER DATABASE {} RENAME TO {}", making, template)
    finally:
        _execute(server, "DROP DATABASE IF EXISTS {}", making)


def _execute(server, statement, *names):
    server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
