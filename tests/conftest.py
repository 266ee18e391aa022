"""What every test of the platform stands on.

The database is SQLite in memory, or the server named in TEST_DATABASE_URL. The network is off,
the catalogues are compiled, and where REQUIRE_ALL_TESTS is set no test may be skipped.
"""

import os
import re
import socket
import sys
from pathlib import Path

import hypothesis
import pytest
from django.db import connection

from tansiq.core.catalogues import compile_catalogues
from tests.databases import begin_as_copy
from tests.instances import Instances

ROOT = Path(__file__).parents[1]
LOOPBACK = re.compile(r"^(localhost|127\.\d+\.\d+\.\d+|::1|0\.0\.0\.0|::)$")

hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_configure(config):
    # Each file is replaced in one step, so workers that do this at the same time do no harm.
    compile_catalogues(ROOT / "src" / "tansiq" / "locale")
    config.stash[_network] = _close_the_network()


def pytest_unconfigure(config):
    config.stash[_network].undo()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Where everything is installed, a skipped test means that something is missing: fail it."""
    outcome = yield
    _fail_if_skipped(outcome.get_result())


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector):
    outcome = yield
    _fail_if_skipped(outcome.get_result())


def _fail_if_skipped(report):
    if report.skipped and os.environ.get("REQUIRE_ALL_TESTS") and not hasattr(report, "wasxfail"):
        _path, _line, reason = report.longrepr
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL_TESTS is set, but this was skipped. {reason}"


def pytest_collection_modifyitems(items):
    if connection.vendor == "postgresql":
        return
    reason = "SQLite is in use. Name a server in TEST_DATABASE_URL to run the PostgreSQL tests."
    for item in items:
        if "postgres" in item.keywords and not os.environ.get("REQUIRE_ALL_TESTS"):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(autouse=True)
def _read_playbooks_anew():
    """Keys of rows begin anew with each test; what was read under them is another one's."""
    # Imported late: tests of the listening library run where Django was never installed.
    playbooks = sys.modules.get("tansiq.incidents.models.playbooks")
    if playbooks is not None:
        playbooks.forget_documents()


@pytest.fixture
def flat_queries(django_assert_num_queries):
    """Assert that a page costs the same number of queries for one row as for three."""

    def check(visit, *, add_row, cost):
        add_row()
        with django_assert_num_queries(cost):
            visit()
        add_row()
        add_row()
        with django_assert_num_queries(cost):
            visit()

    return check


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_use_migrations):
    """Begin with a copy of a migrated database; see tests/databases.py."""
    if django_db_use_migrations:
        begin_as_copy(connection)


@pytest.fixture(scope="session", autouse=True)
def _log_may_be_emptied_between_tests(django_db_setup, django_db_blocker):
    """Let Django empty the tables after a test that commits, the append-only log among them.

    Only that emptying is let through; within a test the log refuses as it does in production.
    PostgreSQL empties with TRUNCATE, which the log's row triggers do not see.
    """
    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "sqlite":
            flush = type(connection.ops).execute_sql_flush
            patch.setattr(type(connection.ops), "execute_sql_flush", _without_triggers(flush))
        yield


def _without_triggers(flush):
    def flush_all(operations, statements):
        with operations.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            try:
                flush(operations, statements)
            finally:
                for _name, sql in triggers:
                    cursor.execute(sql)

    return flush_all


@pytest.fixture(scope="session")
def instances(tmp_path_factory):
    """Make whole installations with a database of their own; see tests/instances.py."""
    makes = Instances(tmp_path_factory.mktemp("instances"))
    yield makes
    makes.close()


@pytest.fixture
def instance(instances):
    return instances.make()


_network = pytest.StashKey()


class NetworkIsOffError(RuntimeError):
    """A test tried to reach another machine."""


def _close_the_network():
    """Refuse every connection and look-up that leaves this machine."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _loopback_only(getattr(socket.socket, name)))
    look_up = socket.getaddrinfo

    def local_look_up(host, *arguments, **more):
        _refuse_unless_local(host)
        return look_up(host, *arguments, **more)

    patch.setattr(socket, "getaddrinfo", local_look_up)
    return patch


def _loopback_only(connect):
    def guarded(self, address):
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            _refuse_unless_local(address[0])
        return connect(self, address)

    return guarded


def _refuse_unless_local(host):
    name = host.decode() if isinstance(host, bytes) else host
    if name and not LOOPBACK.match(name):
        message = f"A test tried to reach {name}. Tests run without a network."
        raise NetworkIsOffError(message)
