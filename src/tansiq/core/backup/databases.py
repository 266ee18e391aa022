"""The two databases: one consistent copy out, and a copy back in that can still be undone."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, ClassVar, Protocol

from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction

from tansiq.core.backup.manifest import BackupError, Contents, facts

# Where what was there waits until the restore has succeeded.
ASIDE = "before_restore"
Ask = Callable[[str], list[Any]]


class Database(Protocol):
    kind: ClassVar[str]
    member: ClassVar[str]

    def dump(self, to: Path) -> Contents:
        """Write one consistent copy, and say what is in exactly that copy."""

    def check(self, copy: Path, expected: Contents) -> None:
        """Look into a copy without touching anything. Raises BackupError."""

    def replace(self, copy: Path, expected: Contents) -> None:
        """Set what is there aside and put the copy in its place. Raises BackupError."""

    def undo(self) -> None:
        """Put back what was set aside, if anything was."""

    def finish(self) -> None:
        """Delete what was set aside, if anything was."""


def current() -> Database:
    return Postgresql() if connection.vendor == "postgresql" else Sqlite()


def _look_into(ask: Ask, present: Iterable[str]) -> Contents:
    """Read the contents of the tables that are present, through any connection."""
    tables = set(connection.introspection.django_table_names()) & set(present)
    found = {}
    for name, query in facts.items():
        rows = ask(query)
        found[name] = str(rows[0][0]) if rows else ""
    return Contents(
        migrations=tuple(
            f"{app}.{name}"
            for app, name in ask("SELECT app, name FROM django_migrations ORDER BY id")
        ),
        counts={
            table: int(ask(f'SELECT count(*) FROM "{table}"')[0][0])  # noqa: S608 -- our own table names
            for table in sorted(tables)
        },
        facts=found,
    )


def _demand_equal(found: Contents, expected: Contents) -> None:
    if found != expected:
        raise BackupError(
            "What is in the database of this backup differs from what its manifest says. "
            "Use another backup."
        )


class Sqlite:
    kind: ClassVar[str] = "sqlite"
    member: ClassVar[str] = "database.sqlite3"

    def __init__(self) -> None:
        self._path = Path(str(settings.DATABASES["default"]["NAME"]))
        self._aside = self._path.with_name(f"{self._path.name}.{ASIDE}")

    def dump(self, to: Path) -> Contents:
        connection.ensure_connection()
        with closing(sqlite3.connect(to)) as copy:
            # In one step: readers do not hold writers back, and the copy is of one moment.
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            return self._contents(copy)

    def check(self, copy: Path, expected: Contents) -> None:
        try:
            with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as opened:
                opened.execute("PRAGMA trusted_schema=OFF")
                if opened.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                    raise BackupError("The database in this backup is damaged.")
                _demand_equal(self._contents(opened), expected)
        except sqlite3.Error as problem:
            raise BackupError("The database in this backup cannot be read.") from problem

    def replace(self, copy: Path, expected: Contents) -> None:
        self._fold_changes_in()
        self._aside.mkdir(mode=0o700)
        # The database itself last: while it is in place, so is all that belongs to it.
        for file in reversed(self._names()):
            if file.exists():
                file.rename(self._aside / file.name)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # Across file systems this copies; only the last step, a rename, gives it its name.
        arriving = self._aside / "arriving"
        shutil.move(copy, arriving)
        arriving.rename(self._path)

    def undo(self) -> None:
        connections.close_all()
        if not self._aside.exists():
            return
        if (self._aside / self._path.name).exists():
            # What is in place came after the database was set aside.
            for file in self._names():
                file.unlink(missing_ok=True)
        for file in self._names():
            if (self._aside / file.name).exists():
                (self._aside / file.name).rename(file)
        shutil.rmtree(self._aside)

    def finish(self) -> None:
        shutil.rmtree(self._aside, ignore_errors=True)

    def _fold_changes_in(self) -> None:
        """Bring the log of changes into the database; one that is damaged is left as it is."""
        connections.close_all()
        if self._path.exists():
            with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(self._path)) as opened:
                opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _names(self) -> list[Path]:
        return [self._path.with_name(f"{self._path.name}{end}") for end in ("", "-wal", "-shm")]

    def _contents(self, opened: sqlite3.Connection) -> Contents:
        def ask(query: str) -> list[Any]:
            return opened.execute(query).fetchall()

        rows = ask("SELECT name FROM sqlite_master WHERE type = 'table'")
        return _look_into(ask, [name for (name,) in rows])


class Postgresql:
    kind: ClassVar[str] = "postgresql"
    member: ClassVar[str] = "database.dump"

    def dump(self, to: Path) -> Contents:
        with transaction.atomic():
            self._ask("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            # The tool sees exactly what we count.
            ((snapshot,),) = self._ask("SELECT pg_export_snapshot()")
            self._tool(
                "pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={to}", "--dbname"
            )
            return self._contents()

    def check(self, copy: Path, expected: Contents) -> None:
        # Counts are compared after loading, before what was there is given up.
        self._tool("pg_restore", "--list", str(copy), connect=False)

    def replace(self, copy: Path, expected: Contents) -> None:
        try:
            with transaction.atomic():
                ((schema,),) = self._ask("SELECT current_schema()")
                self._ask(f'ALTER SCHEMA "{schema}" RENAME TO "{ASIDE}"')
                self._ask(f'CREATE SCHEMA "{schema}"')
                self._ask(f"COMMENT ON SCHEMA \"{ASIDE}\" IS '{schema}'")
        except DatabaseError as problem:
            raise BackupError(
                "The old tables cannot be set aside. The database must belong to the user that "
                f"Tansiq connects as ({problem})."
            ) from problem
        self._tool(
            "pg_restore",
            *("--single-transaction", "--exit-on-error", "--no-owner", "--no-acl"),
            *(str(copy), "--dbname"),
        )
        _demand_equal(self._contents(), expected)

    def undo(self) -> None:
        connections.close_all()
        if not (schema := self._set_aside()):
            return
        with transaction.atomic():
            self._ask(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
            self._ask(f'ALTER SCHEMA "{ASIDE}" RENAME TO "{schema}"')

    def finish(self) -> None:
        if self._set_aside():
            self._ask(f'DROP SCHEMA "{ASIDE}" CASCADE')

    def _set_aside(self) -> str:
        """Return the name of the schema that was set aside, if there is one."""
        rows = self._ask(
            "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace "  # noqa: S608 -- a constant
            f"WHERE nspname = '{ASIDE}'"
        )
        return str(rows[0][0]) if rows else ""

    def _contents(self) -> Contents:
        return _look_into(self._ask, connection.introspection.table_names())

    def _ask(self, query: str) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall() if cursor.description else []

    def _tool(self, name: str, *arguments: str, connect: bool = True) -> None:
        """Run one of PostgreSQL's own tools; the password goes by the environment only."""
        program = shutil.which(name)
        if program is None:
            raise BackupError(
                f"{name} is not installed. Install the client tools of PostgreSQL "
                "(the package postgresql-client) in the version of your server or a newer one."
            )
        environment = {"PATH": str(Path(program).parent)}
        if connect:
            arguments = (*arguments, _address())
            environment["PGPASSWORD"] = str(settings.DATABASES["default"]["PASSWORD"])
        result = subprocess.run(  # noqa: S603 -- found in PATH, arguments are our own
            [program, *arguments], env=environment, capture_output=True, text=True, check=False
        )
        if result.returncode:
            reason = (result.stderr.strip().splitlines() or ["no reason given"])[0]
            raise BackupError(f"{name} failed: {reason}")


def _address() -> str:
    """Return where the database is, as PostgreSQL's tools read it, without the password.

    Only what DATABASE_URL says: the tools may be older than the library we connect with, and
    refuse settings they do not know.
    """
    # Not at the top: psycopg is not needed where SQLite is used.
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 -- see above

    given = settings.DATABASES["default"]
    names = {"host": "HOST", "port": "PORT", "user": "USER", "dbname": "NAME"}
    options = {key: value for key, value in given["OPTIONS"].items() if isinstance(value, str)}
    parts = {key: given[name] for key, name in names.items() if given.get(name)}
    return make_conninfo("", **options | parts)
