"""What the tests themselves stand on: factories, the closed network, the log, the languages."""

import os
import socket
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from factory.django import DjangoModelFactory

from tansiq.access.log import record
from tansiq.access.models import LogEntry
from tansiq.core.catalogues import compile_catalogues
from tests import factories
from tests.conftest import ROOT
from tests.factories import NOON, OrganisationFactory, PlaceFactory, actor_of

FACTORIES = [
    thing
    for thing in vars(factories).values()
    if isinstance(thing, type)
    and issubclass(thing, DjangoModelFactory)
    and thing is not DjangoModelFactory
]


@pytest.mark.django_db
@pytest.mark.parametrize("factory", FACTORIES, ids=lambda factory: factory.__name__)
def test_every_factory_makes_a_valid_object_and_then_another(factory):
    factory().full_clean()
    factory().full_clean()


@pytest.mark.django_db
def test_place_factory_links_a_place_to_all_above_it():
    country = PlaceFactory()
    province = PlaceFactory(parent=country)

    city = PlaceFactory(parent=province)

    links = city.links_up.values_list("ancestor", "depth")
    assert set(links) == {(city.pk, 0), (province.pk, 1), (country.pk, 2)}


@pytest.mark.django_db
def test_actor_of_reaches_no_higher_than_the_role_given():
    organisation = OrganisationFactory()

    actor = actor_of(organisation, "coordinator")

    reached = [
        role
        for role in ("viewer", "contributor", "coordinator", "lead", "administrator")
        if actor.is_at_least(role, in_organisation=organisation.pk)
    ]
    assert reached == ["viewer", "contributor", "coordinator"]


def test_network_is_off():
    with pytest.raises(RuntimeError, match="Tests run without a network"):
        socket.create_connection(("example.org", 443), timeout=1)
    with socket.socket() as plug, pytest.raises(RuntimeError, match="without a network"):
        plug.connect(("192.0.2.1", 443))


def test_loopback_stays_reachable():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()


@pytest.mark.django_db(transaction=True)
def test_log_refuses_change_and_removal_and_is_emptied_between_tests_all_the_same():
    record(actor_of(OrganisationFactory()), "plans.adopt", None, at=NOON)

    for attempt in (LogEntry.objects.all().delete, lambda: LogEntry.objects.update(rule="x")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attempt()
    call_command("flush", verbosity=0, interactive=False)

    assert not LogEntry.objects.exists()
    record(actor_of(OrganisationFactory()), "plans.adopt", None, at=NOON)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        LogEntry.objects.update(rule="x")


def test_catalogues_are_compiled_when_they_changed_and_only_then(tmp_path):
    source = tmp_path / "fr" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid "place"\nmsgstr "lieu"\n', encoding="utf-8")

    assert compile_catalogues(tmp_path) == [source]
    assert compile_catalogues(tmp_path) == []
    later = source.with_suffix(".mo").stat().st_mtime_ns + 1
    os.utime(source, ns=(later, later))
    assert compile_catalogues(tmp_path) == [source]
    assert [file.name for file in source.parent.iterdir() if file.suffix == ".part"] == []


SKIPPED = """
import pytest

def test_that_something_is_installed():
    pytest.skip("Chromium is missing.")
"""


@pytest.mark.slow
@pytest.mark.parametrize(("switch", "ended_with"), [("", 0), ("1", 1)])
def test_switch_turns_a_skipped_test_into_a_failure(tmp_path, switch, ended_with):
    (tmp_path / "test_planted.py").write_text(SKIPPED, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-c", os.devnull]
    environment = {
        "PYTHONPATH": os.pathsep.join(["src", "."]),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "REQUIRE_ALL_TESTS": switch,
    }

    result = subprocess.run(  # noqa: S603 -- a fixed command
        [*command, "--rootdir", str(tmp_path), str(tmp_path)],
        env=os.environ | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == ended_with, result.stdout


def test_this_run_uses_the_database_that_was_asked_for():
    wanted = "postgresql" if os.environ.get("TEST_DATABASE_URL") else "sqlite"
    assert connection.vendor == wanted
